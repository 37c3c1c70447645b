//! Members' keys as a whole: wrapping them under another master key while everything runs, and a copy of them that lies
//! apart from backups, so that backups hold no key.

use serde_json::Value;
use spectrum_domain::id::MemberId;
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

use crate::{ambient::Ambient, db::keyring::Keyring, error::ServiceError};

/// Keys of one transaction.
const PAGE: i64 = 500;

/// What a copy of the ledger holds besides keys, in the order in which it is put back.
pub(crate) const LEDGER: [&str; 4] = ["erasure", "erasure_store", "tombstone", "receipt"];

/// Wraps the next page of keys under the current master key. Gives how many that were and where the page ended; nothing
/// after the last.
pub(crate) async fn rotate_page(
    connection: &mut PgConnection,
    ambient: &Ambient,
    keyring: &Keyring,
    after: Uuid,
) -> Result<Option<(u64, Uuid)>, ServiceError> {
    // A member's keys are never split over two pages: there are few of them, and the page goes by the member.
    let rows = sqlx::query!(
        "SELECT member_id, version, wrapped, master_key_id FROM member_key
         WHERE master_key_id <> $1 AND member_id IN (
             SELECT DISTINCT member_id FROM member_key WHERE master_key_id <> $1 AND member_id > $2
             ORDER BY member_id LIMIT $3)
         ORDER BY member_id, version",
        keyring.id(),
        after,
        PAGE
    )
    .fetch_all(&mut *connection)
    .await?;
    let Some(last) = rows.last().map(|row| row.member_id) else { return Ok(None) };
    let mut anew: Vec<Vec<u8>> = Vec::with_capacity(rows.len());
    for row in &rows {
        anew.push(keyring.rewrap(ambient, MemberId(row.member_id), row.version, &row.master_key_id, &row.wrapped)?);
    }
    // A key that was destroyed or wrapped anew meanwhile is not the one that was read, and stays as it is.
    let done = sqlx::query!(
        "UPDATE member_key k SET wrapped = t.anew, master_key_id = $5
         FROM unnest($1::uuid[], $2::smallint[], $3::bytea[], $4::bytea[]) AS t (member_id, version, before, anew)
         WHERE k.member_id = t.member_id AND k.version = t.version AND k.wrapped = t.before",
        &rows.iter().map(|row| row.member_id).collect::<Vec<_>>(),
        &rows.iter().map(|row| row.version).collect::<Vec<_>>(),
        &rows.iter().map(|row| row.wrapped.clone()).collect::<Vec<_>>(),
        &anew,
        keyring.id()
    )
    .execute(connection)
    .await?;
    Ok(Some((done.rows_affected(), last)))
}

/// How many keys each master key wraps.
pub(crate) async fn count(connection: &mut PgConnection) -> Result<Vec<(String, i64)>, ServiceError> {
    let rows = sqlx::query!(
        r#"SELECT master_key_id, count(*) AS "keys!" FROM member_key GROUP BY master_key_id ORDER BY master_key_id"#
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.master_key_id, row.keys)).collect())
}

/// The next page of keys as they lie there, wrapped, and where it ended.
pub(crate) async fn copy_page(
    connection: &mut PgConnection,
    after: Uuid,
) -> Result<Option<(Vec<Value>, Uuid)>, ServiceError> {
    let rows: Vec<(Uuid, Value)> = sqlx::query_as(
        "SELECT member_id, to_jsonb(k) FROM member_key k WHERE member_id IN (
             SELECT DISTINCT member_id FROM member_key WHERE member_id > $1 ORDER BY member_id LIMIT $2)
         ORDER BY member_id, version",
    )
    .bind(after)
    .bind(PAGE)
    .fetch_all(connection)
    .await?;
    let Some(last) = rows.last().map(|(member, _)| *member) else { return Ok(None) };
    Ok(Some((rows.into_iter().map(|(_, row)| row).collect(), last)))
}

/// One of the ledger's tables as it lies there. An erasure that is under way is not ended by a copy, so it stays out.
pub(crate) async fn copy_table(connection: &mut PgConnection, table: &'static str) -> Result<Vec<Value>, ServiceError> {
    let only = match table {
        "erasure" => " WHERE state = 'done'",
        "erasure_store" => " WHERE erasure_id IN (SELECT erasure_id FROM erasure WHERE state = 'done')",
        _ => "",
    };
    let statement = format!("SELECT to_jsonb(t) FROM {table} t{only}");
    Ok(sqlx::query_scalar(AssertSqlSafe(statement)).fetch_all(connection).await?)
}

/// Puts rows of one of the ledger's tables back; those that are there stay. An erasure that the backup has as under way is
/// the one that was done since.
pub(crate) async fn restore_table(
    connection: &mut PgConnection,
    table: &'static str,
    rows: &[Value],
) -> Result<(), ServiceError> {
    let statement =
        format!("INSERT INTO {table} SELECT * FROM jsonb_populate_recordset(NULL::{table}, $1) ON CONFLICT DO NOTHING");
    sqlx::query(AssertSqlSafe(statement)).bind(Value::from(rows.to_vec())).execute(connection).await?;
    Ok(())
}

/// Puts keys back, of members who are here and have not been erased. The copy's wrapping is the newer one.
pub(crate) async fn restore_keys(connection: &mut PgConnection, rows: &[Value]) -> Result<u64, ServiceError> {
    let done = sqlx::query(
        "INSERT INTO member_key SELECT k.* FROM jsonb_populate_recordset(NULL::member_key, $1) k
         JOIN member m USING (member_id) WHERE m.state = 'active'
         ON CONFLICT (member_id, version) DO UPDATE SET wrapped = excluded.wrapped, master_key_id = excluded.master_key_id",
    )
    .bind(Value::from(rows.to_vec()))
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}
