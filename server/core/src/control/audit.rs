//! The record of who looked and what was done: one row a deed, written in the transaction that does it, so that neither is
//! ever there without the other. It holds no word, and names a member by a keyed hash only.

use chrono::{DateTime, Utc};
use spectrum_domain::audit::{Actor, Record, Verb};
use sqlx::PgConnection;

use crate::error::ServiceError;

/// The most that a page shows.
const SHOWN: i64 = 200;

/// Writes one record.
pub async fn record(
    connection: &mut PgConnection,
    at: DateTime<Utc>,
    actor: Actor,
    verb: Verb,
    member_hash: Option<&[u8; 32]>,
    count: u64,
) -> Result<(), sqlx::Error> {
    let (number, id) = actor.columns();
    sqlx::query!(
        "INSERT INTO audit (at, actor, actor_id, verb, member_hash, count) VALUES ($1, $2, $3, $4, $5, $6)",
        at,
        number,
        id,
        verb.number(),
        member_hash.map(<[u8; 32]>::as_slice),
        i64::try_from(count).unwrap_or(i64::MAX)
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What is recorded about a member, newest first.
pub(crate) async fn load(connection: &mut PgConnection, member_hash: &[u8; 32]) -> Result<Vec<Record>, ServiceError> {
    let rows = sqlx::query!(
        "SELECT at, actor, actor_id, verb, count FROM audit WHERE member_hash = $1 ORDER BY at DESC, verb LIMIT $2",
        member_hash,
        SHOWN
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            let impossible = |column| ServiceError::Inconsistent { table: "audit", column };
            Ok(Record {
                at: row.at,
                actor: Actor::from_columns(row.actor, row.actor_id).ok_or_else(|| impossible("actor"))?,
                verb: Verb::from_number(row.verb).ok_or_else(|| impossible("verb"))?,
                count: row.count,
            })
        })
        .collect()
}
