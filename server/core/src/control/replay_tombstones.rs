//! After a backup was restored: finding those whom it brought back although they had been erased since.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use spectrum_domain::id::MemberId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{db::keyring::Ledger, error::ServiceError};

/// Members looked at in one statement.
const PAGE: i64 = 5_000;

/// Everybody who was erased.
#[derive(Debug, Default)]
pub(crate) struct Tombstones {
    members: HashMap<Vec<u8>, DateTime<Utc>>,
    references: HashMap<Vec<u8>, DateTime<Utc>>,
}

/// All tombstones; of several under one reference the newest.
pub(crate) async fn load(connection: &mut PgConnection) -> Result<Tombstones, ServiceError> {
    let rows = sqlx::query!("SELECT member_hash, reference_hash, erased_at FROM tombstone ORDER BY erased_at")
        .fetch_all(connection)
        .await?;
    let mut all = Tombstones::default();
    for row in rows {
        all.members.insert(row.member_hash, row.erased_at);
        all.references.insert(row.reference_hash, row.erased_at);
    }
    Ok(all)
}

/// Those of the next page of members who were erased, and where the page ended; nothing after the last.
pub(crate) async fn next_page(
    connection: &mut PgConnection,
    ledger: &Ledger,
    tombstones: &Tombstones,
    after: Uuid,
) -> Result<Option<(Vec<MemberId>, Uuid)>, ServiceError> {
    let rows = sqlx::query!(
        "SELECT member_id, host_id, external_ref, created_at FROM member WHERE member_id > $1 ORDER BY member_id LIMIT $2",
        after,
        PAGE
    )
    .fetch_all(connection)
    .await?;
    let Some(last) = rows.last().map(|row| row.member_id) else { return Ok(None) };
    let erased = rows
        .into_iter()
        .filter(|row| {
            // Who was erased is never made anew under the same id. Under a reference somebody new may have come since: they
            // are not meant.
            tombstones.members.contains_key(ledger.member_hash(MemberId(row.member_id)).as_slice())
                || tombstones
                    .references
                    .get(ledger.reference_hash(row.host_id.into(), &row.external_ref).as_slice())
                    .is_some_and(|erased_at| row.created_at <= *erased_at)
        })
        .map(|row| MemberId(row.member_id))
        .collect();
    Ok(Some((erased, last)))
}
