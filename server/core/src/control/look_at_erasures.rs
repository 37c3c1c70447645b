//! How far erasures have come, in numbers and instants: whose they are is nowhere in it.

use chrono::{DateTime, Utc};
use spectrum_domain::{
    erasure::{AskedBy, ErasureState},
    id::ErasureId,
};
use sqlx::PgConnection;

use crate::error::ServiceError;

/// Erasures that are done and told of.
const TOLD: i64 = 50;

/// An erasure as an operator sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErasureStanding {
    /// Its number.
    pub erasure_id: ErasureId,
    /// Who asked for it.
    pub asked_by: AskedBy,
    /// How far it has come.
    pub state: ErasureState,
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
    /// When its last step was taken.
    pub moved_at: DateTime<Utc>,
    /// When it was done.
    pub done_at: Option<DateTime<Utc>>,
    /// Tables that were looked through.
    pub stores: i64,
    /// Rows that were found in them.
    pub rows_found: i64,
    /// Rows that were deleted.
    pub rows_deleted: i64,
    /// Rows that were there afterwards; nothing before that was looked at.
    pub rows_left: Option<i64>,
    /// The number of its receipt.
    pub receipt: Option<i64>,
}

/// Those under way, the oldest first, and then those that are done, the newest first.
pub(crate) async fn look(connection: &mut PgConnection) -> Result<Vec<ErasureStanding>, ServiceError> {
    let rows = sqlx::query!(
        r#"SELECT e.erasure_id AS "erasure_id!", e.asked_by AS "asked_by!", e.state AS "state!", e.requested_at AS "requested_at!", e.done_at,
                  greatest(e.requested_at, e.rows_deleted_at, e.key_destroyed_at, e.verified_at, e.done_at) AS "moved_at!",
                  s.stores AS "stores!", s.found AS "found!", s.deleted AS "deleted!", s.left_over,
                  (SELECT number FROM receipt AS r WHERE r.deed_id = e.erasure_id) AS receipt
           FROM (
               (SELECT erasure_id, asked_by, state, requested_at, rows_deleted_at, key_destroyed_at, verified_at, done_at
                FROM erasure WHERE state <> 'done')
               UNION ALL
               (SELECT erasure_id, asked_by, state, requested_at, rows_deleted_at, key_destroyed_at, verified_at, done_at
                FROM erasure WHERE state = 'done' ORDER BY done_at DESC LIMIT $1)
           ) AS e
           CROSS JOIN LATERAL (
               SELECT count(*) AS stores, coalesce(sum(rows_found), 0)::bigint AS found,
                      coalesce(sum(rows_deleted), 0)::bigint AS deleted, sum(rows_left)::bigint AS left_over
               FROM erasure_store AS o WHERE o.erasure_id = e.erasure_id) AS s
           ORDER BY e.done_at DESC NULLS FIRST, e.requested_at"#,
        TOLD
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            let impossible = |column| ServiceError::Inconsistent { table: "erasure", column };
            Ok(ErasureStanding {
                erasure_id: row.erasure_id.into(),
                asked_by: AskedBy::from_name(&row.asked_by).ok_or_else(|| impossible("asked_by"))?,
                state: ErasureState::from_name(&row.state).ok_or_else(|| impossible("state"))?,
                requested_at: row.requested_at,
                moved_at: row.moved_at,
                done_at: row.done_at,
                stores: row.stores,
                rows_found: row.found,
                rows_deleted: row.deleted,
                rows_left: row.left_over,
                receipt: row.receipt,
            })
        })
        .collect()
}
