//! Looking for what may be left of a member: by the live catalogue and not by a list that somebody keeps, so that a table
//! which erasure does not know of is looked at as well.

use spectrum_domain::id::{HostId, MemberId};
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

use crate::{db::keyring::Ledger, error::ServiceError};

/// Rows in which something was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// `table.column`.
    pub place: String,
    /// How many.
    pub rows: i64,
}

/// What was looked at and what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// Columns looked at.
    pub columns: usize,
    /// What was found.
    pub traces: Vec<Trace>,
}

/// How many rows name the member in each table that has a `member_id`. The erasure itself names them until it is done, and
/// so does the job that does it.
pub(crate) async fn rows_about(
    connection: &mut PgConnection,
    member: MemberId,
) -> Result<Vec<(String, i64)>, ServiceError> {
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
           AND a.attname = 'member_id' AND NOT a.attisdropped AND c.relname <> 'erasure' ORDER BY 1",
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut found = Vec::with_capacity(tables.len());
    for table in tables {
        let but = if table == "job" { " AND kind <> 'erase_member'" } else { "" };
        let statement = format!("SELECT count(*) FROM \"{table}\" WHERE member_id = $1{but}");
        let rows: i64 =
            sqlx::query_scalar(AssertSqlSafe(statement)).bind(member.uuid()).fetch_one(&mut *connection).await?;
        found.push((table, rows));
    }
    Ok(found)
}

/// Whether this login sees every row there is. One that row-level security holds back would find nothing and call it proof.
pub async fn sees_everything(connection: &mut PgConnection) -> Result<bool, ServiceError> {
    let held_back: bool = sqlx::query_scalar(
        "SELECT coalesce(bool_or(row_security_active(oid)), false) FROM pg_class
         WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')",
    )
    .fetch_one(connection)
    .await?;
    Ok(!held_back)
}

/// A column of the live database.
struct Column {
    table: String,
    name: String,
    kind: String,
}

impl Column {
    fn place(&self) -> String {
        format!("{}.{}", self.table, self.name)
    }
}

async fn columns(connection: &mut PgConnection) -> Result<Vec<Column>, ServiceError> {
    let rows: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, NULL)
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'm') AND NOT c.relispartition
         ORDER BY 1, a.attnum",
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|(table, name, kind)| Column { table, name, kind }).collect())
}

const UUIDS: &str = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

/// Looks at every id there is, in columns of ids and inside text and JSON, for one whose keyed hash is this. It needs no
/// name of the member: whoever is in the database is held against the receipt.
pub async fn by_hash(
    connection: &mut PgConnection,
    ledger: &Ledger,
    member_hash: &[u8],
) -> Result<Search, ServiceError> {
    let mut search = Search::default();
    for column in columns(connection).await? {
        let Column { table, name, kind } = &column;
        let statement = match kind.as_str() {
            "uuid" => format!("SELECT \"{name}\", count(*) FROM \"{table}\" WHERE \"{name}\" IS NOT NULL GROUP BY 1"),
            "text" | "character varying" | "json" | "jsonb" | "text[]" => format!(
                "SELECT m[1]::uuid, count(*) FROM \"{table}\", regexp_matches(lower(\"{name}\"::text), '({UUIDS})', 'g') m
                 GROUP BY 1"
            ),
            _ => continue,
        };
        let ids: Vec<(Uuid, i64)> = sqlx::query_as(AssertSqlSafe(statement)).fetch_all(&mut *connection).await?;
        search.columns += 1;
        let rows: i64 = ids
            .into_iter()
            .filter(|(id, _)| ledger.member_hash(MemberId(*id)) == member_hash)
            .map(|(_, rows)| rows)
            .sum();
        if rows > 0 {
            search.traces.push(Trace { place: column.place(), rows });
        }
    }
    Ok(search)
}

/// Looks for a host's reference in every column of text, JSON and bytes.
pub async fn by_reference(connection: &mut PgConnection, reference: &str) -> Result<Search, ServiceError> {
    let mut search = Search::default();
    for column in columns(connection).await? {
        let Column { table, name, kind } = &column;
        // In JSON and bytes it stands between others, so it is looked for inside them; a column of text is a reference or
        // is none.
        let condition = match kind.as_str() {
            "text" | "character varying" => format!("\"{name}\" = $1"),
            "json" | "jsonb" | "text[]" => format!("position(to_json($1::text)::text in \"{name}\"::text) > 0"),
            "bytea" => format!("position(convert_to($1, 'UTF8') in \"{name}\") > 0 AND length($1) >= 6"),
            _ => continue,
        };
        let statement = format!("SELECT count(*) FROM \"{table}\" WHERE {condition}");
        let rows: i64 =
            sqlx::query_scalar(AssertSqlSafe(statement)).bind(reference).fetch_one(&mut *connection).await?;
        search.columns += 1;
        if rows > 0 {
            search.traces.push(Trace { place: column.place(), rows });
        }
    }
    Ok(search)
}

/// When somebody came under this reference, if somebody is there now.
pub async fn came_at(
    connection: &mut PgConnection,
    host: HostId,
    reference: &str,
) -> Result<Option<chrono::DateTime<chrono::Utc>>, ServiceError> {
    Ok(sqlx::query_scalar!(
        "SELECT created_at FROM member WHERE host_id = $1 AND external_ref = $2",
        host.uuid(),
        reference
    )
    .fetch_optional(connection)
    .await?)
}

/// The receipt with this number as it lies in the database, and the one before it.
pub async fn chain_at(connection: &mut PgConnection, number: i64) -> Result<Vec<(i64, String)>, ServiceError> {
    let rows = sqlx::query!(
        "SELECT number, body, signature FROM receipt WHERE number IN ($1, $2) ORDER BY number",
        number - 1,
        number
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.number, super::issue_receipt::document(&row.body, &row.signature))).collect())
}
