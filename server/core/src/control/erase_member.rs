//! Erasure: everything about a member is gone, step by step, each in a transaction of its own and each taken once, so that
//! a process may be killed between any two and another goes on where it stood.

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use spectrum_domain::{
    erasure::{AskedBy, ErasureState},
    id::{ErasureId, MemberId},
    job::Job,
};
use sqlx::{AssertSqlSafe, PgConnection};

use super::{
    counting_delete::counting_delete,
    find_traces,
    issue_receipt::{Deed, ErasurePolicy, Kind, StoreCount, issue},
};
use crate::{
    ambient::Ambient,
    db::keyring::Ledger,
    error::ServiceError,
    product::sum_use,
    queue::{
        claim::ClaimedJob,
        enqueue::{NewJob, enqueue_again},
        forget,
    },
};

/// Where a member's rows lie besides `member` and `member_lookup`, those that refer to others first. A test holds the list
/// against the live schema.
pub const TABLES: [&str; 31] = [
    "upgrade",
    "exposure",
    "push_attempt",
    "push_outbox",
    "push_preference",
    "device_address",
    "device",
    "product_event",
    "member_spend",
    "rephrasing",
    "feedback",
    "card",
    "edition",
    "edition_due",
    "correction",
    "turn_impact",
    "session_vector",
    "exclusion",
    "turn_text",
    "turn",
    "session",
    "event_receipt",
    "day_rollup",
    "week_rollup",
    "month_rollup",
    "one_time_link",
    "web_session",
    "idempotency_key",
    "export_part",
    "export",
    KEY,
];

/// Goes after all that it opens.
const KEY: &str = "member_key";

/// By which a member comes in. They go in the request that asks for the erasure.
const WAYS_IN: [&str; 2] = ["one_time_link", "web_session"];

/// Rows that are counted and not read: what lets a member in is secret itself, and so may be an answer that is kept.
const UNREAD: [&str; 3] = ["one_time_link", "web_session", "idempotency_key"];

/// An erasure that is under way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Open {
    pub(crate) id: ErasureId,
    pub(crate) state: ErasureState,
    member: MemberId,
}

/// Shuts the member out at once, ends their sign-ins and orders the erasure. Asked twice, it is the same erasure; nothing
/// where there is no such member and never was.
pub(crate) async fn order(
    connection: &mut PgConnection,
    ambient: &Ambient,
    ledger: &Ledger,
    member: MemberId,
    by: AskedBy,
) -> Result<Option<(ErasureId, bool)>, ServiceError> {
    let now = ambient.now();
    let member_hash = ledger.member_hash(member);
    let known = sqlx::query!(
        "UPDATE member SET state = 'erasing', updated_at = $2 WHERE member_id = $1
         RETURNING host_id, external_ref, created_at",
        member.uuid(),
        now
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(known) = known else {
        let before = sqlx::query_scalar!(
            "SELECT erasure_id FROM erasure WHERE member_hash = $1 ORDER BY requested_at DESC LIMIT 1",
            member_hash.as_slice()
        )
        .fetch_optional(connection)
        .await?;
        return Ok(before.map(|id| (id.into(), false)));
    };
    let reference_hash = ledger.reference_hash(known.host_id.into(), &known.external_ref);
    let id: ErasureId = ambient.id();
    let new = sqlx::query!(
        "INSERT INTO erasure (erasure_id, member_id, host_id, member_hash, reference_hash, asked_by, state, requested_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'requested', $7) ON CONFLICT (member_id) DO NOTHING",
        id.uuid(),
        member.uuid(),
        known.host_id,
        member_hash.as_slice(),
        reference_hash.as_slice(),
        by.name(),
        now
    )
    .execute(&mut *connection)
    .await?
    .rows_affected()
        == 1;
    let open = find_open(connection, member).await?;
    let open = open.ok_or(ServiceError::Inconsistent { table: "erasure", column: "member_id" })?;
    for table in WAYS_IN {
        take(connection, ledger, &open, table).await?;
    }
    let job = NewJob::about(member, &Job::EraseMember, &[], known.created_at.date_naive(), now);
    enqueue_again(connection, &[job], now).await?;
    Ok(Some((open.id, new)))
}

/// The member's erasure that is under way, held still for this transaction.
pub(crate) async fn find_open(connection: &mut PgConnection, member: MemberId) -> Result<Option<Open>, ServiceError> {
    let row = sqlx::query!("SELECT erasure_id, state FROM erasure WHERE member_id = $1 FOR UPDATE", member.uuid())
        .fetch_optional(connection)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let state =
        ErasureState::from_name(&row.state).ok_or(ServiceError::Inconsistent { table: "erasure", column: "state" })?;
    Ok(Some(Open { id: row.erasure_id.into(), state, member }))
}

/// Deletes every row of the member's but those that name them and their key. Who works for them meanwhile waits for the
/// member's row.
pub(crate) async fn delete_rows(
    connection: &mut PgConnection,
    ledger: &Ledger,
    open: &Open,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    hold_member(connection, open.member).await?;
    sum_use::take_away(connection, open.member).await?;
    for table in TABLES.into_iter().filter(|table| *table != KEY) {
        take(connection, ledger, open, table).await?;
    }
    sqlx::query!(
        "UPDATE erasure SET state = 'rows_deleted', rows_deleted_at = $2 WHERE erasure_id = $1",
        open.id.uuid(),
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Deletes the key, the rows that name the member and their jobs, and sets the tombstone. After that no row about them can
/// be written: it would refer to nobody. What was written since the step before is deleted as well.
pub(crate) async fn destroy_key(
    connection: &mut PgConnection,
    ledger: &Ledger,
    open: &Open,
    but: Option<&ClaimedJob>,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let member = open.member.uuid();
    hold_member(connection, open.member).await?;
    let keys = sqlx::query_scalar!("SELECT wrapped FROM member_key WHERE member_id = $1 ORDER BY version", member)
        .fetch_all(&mut *connection)
        .await?;
    let keys: Vec<Vec<u8>> = keys.iter().map(|wrapped| Sha256::digest(wrapped).to_vec()).collect();
    for table in TABLES {
        take(connection, ledger, open, table).await?;
    }
    // The way to the member is found by what it leads from: that is its key.
    let ways = sqlx::query!(
        "DELETE FROM member_lookup l USING member m
         WHERE m.member_id = $1 AND l.host_id = m.host_id AND l.external_ref = m.external_ref",
        member
    )
    .execute(&mut *connection)
    .await?
    .rows_affected();
    note(connection, ledger, open, "member_lookup", same(ways), None).await?;
    take(connection, ledger, open, "member").await?;
    let forgotten = forget::forget(connection, open.member, but).await?;
    for (table, rows) in [("job", forgotten.jobs), ("job_dead", forgotten.dead), ("job_key", forgotten.keys)] {
        note(connection, ledger, open, table, (rows, rows), None).await?;
    }
    sqlx::query!(
        "INSERT INTO tombstone (member_hash, reference_hash, erased_at)
         SELECT member_hash, reference_hash, $2 FROM erasure WHERE erasure_id = $1 ON CONFLICT DO NOTHING",
        open.id.uuid(),
        now
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "UPDATE erasure SET state = 'key_destroyed', key_destroyed_at = $2, keys = keys || $3 WHERE erasure_id = $1",
        open.id.uuid(),
        now,
        &keys
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Counts what is left in every table that could name the member, by the live catalogue. Where something is, the erasure
/// begins again; false then.
pub(crate) async fn verify(
    connection: &mut PgConnection,
    open: &Open,
    now: DateTime<Utc>,
) -> Result<bool, ServiceError> {
    let mut left = 0;
    for (table, rows) in find_traces::rows_about(connection, open.member).await? {
        left += rows;
        sqlx::query!(
            "INSERT INTO erasure_store (erasure_id, store, rows_found, rows_deleted, rows_left) VALUES ($1, $2, 0, 0, $3)
             ON CONFLICT (erasure_id, store) DO UPDATE SET rows_left = excluded.rows_left",
            open.id.uuid(),
            table,
            rows
        )
        .execute(&mut *connection)
        .await?;
    }
    let state = if left == 0 { ErasureState::Verified } else { ErasureState::Requested };
    sqlx::query!(
        "UPDATE erasure SET state = $2, verified_at = $3 WHERE erasure_id = $1",
        open.id.uuid(),
        state.name(),
        (left == 0).then_some(now)
    )
    .execute(connection)
    .await?;
    Ok(left == 0)
}

/// Signs the receipt and lets the member's id go: nothing names them after this.
pub(crate) async fn conclude(
    connection: &mut PgConnection,
    ledger: &Ledger,
    policy: ErasurePolicy,
    open: &Open,
    now: DateTime<Utc>,
) -> Result<u64, ServiceError> {
    let erasure = sqlx::query!(
        "UPDATE erasure SET state = 'done', done_at = $2, member_id = NULL WHERE erasure_id = $1
         RETURNING asked_by, member_hash, reference_hash, requested_at, keys",
        open.id.uuid(),
        now
    )
    .fetch_one(&mut *connection)
    .await?;
    let stores = sqlx::query!(
        "SELECT store, rows_found, rows_deleted, rows_left, commitment FROM erasure_store WHERE erasure_id = $1
         ORDER BY store",
        open.id.uuid()
    )
    .fetch_all(&mut *connection)
    .await?;
    let stores: Vec<StoreCount> = stores
        .into_iter()
        .map(|row| {
            let left =
                row.rows_left.ok_or(ServiceError::Inconsistent { table: "erasure_store", column: "rows_left" })?;
            let (found, deleted, commitment) = (row.rows_found, row.rows_deleted, row.commitment);
            Ok(StoreCount { store: row.store, found, deleted, left, commitment })
        })
        .collect::<Result<_, ServiceError>>()?;
    let rows: i64 = stores.iter().map(|store| store.deleted).sum();
    let asked_by = AskedBy::from_name(&erasure.asked_by)
        .ok_or(ServiceError::Inconsistent { table: "erasure", column: "asked_by" })?;
    let deed = Deed {
        id: open.id.uuid(),
        kind: Kind::Erasure,
        asked_by,
        member_hash: erasure.member_hash,
        reference_hash: erasure.reference_hash,
        requested_at: erasure.requested_at,
        done_at: now,
        stores,
        keys: erasure.keys,
    };
    issue(connection, ledger, policy, &deed).await?;
    Ok(u64::try_from(rows).unwrap_or(0))
}

/// Holds the member's row: whoever works on an erasure does so first, or two of them would wait for each other.
pub(crate) async fn hold_member(connection: &mut PgConnection, member: MemberId) -> Result<(), ServiceError> {
    sqlx::query!("SELECT member_id FROM member WHERE member_id = $1 FOR UPDATE", member.uuid())
        .fetch_optional(connection)
        .await?;
    Ok(())
}

/// Deletes a table's rows of the member.
async fn take(
    connection: &mut PgConnection,
    ledger: &Ledger,
    open: &Open,
    table: &'static str,
) -> Result<(), ServiceError> {
    let statement = counting_delete(table, "true", !UNREAD.contains(&table));
    let (found, deleted, hash): (i64, i64, Option<Vec<u8>>) =
        sqlx::query_as(AssertSqlSafe(statement)).bind(open.member.uuid()).fetch_one(&mut *connection).await?;
    note(connection, ledger, open, table, (found, deleted), hash).await
}

fn same(rows: u64) -> (i64, i64) {
    let rows = i64::try_from(rows).unwrap_or(i64::MAX);
    (rows, rows)
}

/// Adds to what an erasure found and deleted in a table. What a later step finds is committed to on top of what an earlier
/// one did.
async fn note(
    connection: &mut PgConnection,
    ledger: &Ledger,
    open: &Open,
    store: &'static str,
    (found, deleted): (i64, i64),
    rows: Option<Vec<u8>>,
) -> Result<(), ServiceError> {
    let before = sqlx::query!(
        "SELECT commitment FROM erasure_store WHERE erasure_id = $1 AND store = $2",
        open.id.uuid(),
        store
    )
    .fetch_optional(&mut *connection)
    .await?;
    if before.is_some() && found == 0 && deleted == 0 {
        return Ok(());
    }
    let before = before.and_then(|row| row.commitment).unwrap_or_default();
    let commitment =
        rows.map(|rows| ledger.commitment(&[open.id.uuid().as_bytes(), store.as_bytes(), &before, &rows]).to_vec());
    sqlx::query!(
        "INSERT INTO erasure_store (erasure_id, store, rows_found, rows_deleted, commitment) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (erasure_id, store) DO UPDATE SET
             rows_found = erasure_store.rows_found + excluded.rows_found,
             rows_deleted = erasure_store.rows_deleted + excluded.rows_deleted, commitment = excluded.commitment",
        open.id.uuid(),
        store,
        found,
        deleted,
        commitment
    )
    .execute(connection)
    .await?;
    Ok(())
}
