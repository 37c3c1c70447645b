//! Looking at the database from outside, as the login that sees everything.

use std::collections::BTreeMap;

use serde_json::Value;
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

/// The tables whose rows belong to a member and are closed by row-level security.
pub const MEMBER_TABLES: [&str; 13] = [
    "member",
    "member_key",
    "session",
    "turn",
    "turn_text",
    "event_receipt",
    "session_vector",
    "turn_impact",
    "exclusion",
    "correction",
    "day_rollup",
    "week_rollup",
    "month_rollup",
];

/// The rows of a query, each as JSON, in an order of their own.
pub async fn rows(connection: &mut PgConnection, query: &str) -> Vec<Value> {
    let sql = format!("SELECT to_jsonb(t) FROM ({query}) AS t ORDER BY to_jsonb(t)::text");
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(connection).await.expect("rows")
}

/// Every row of every table, to tell whether anything changed.
pub async fn everything(connection: &mut PgConnection) -> BTreeMap<String, Vec<Value>> {
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT relname::text FROM pg_class
         WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1",
    )
    .fetch_all(&mut *connection)
    .await
    .expect("tables");
    let mut all = BTreeMap::new();
    for table in tables {
        let rows = rows(connection, &format!("SELECT * FROM {table}")).await;
        all.insert(table, rows);
    }
    all
}

/// The member a host means by a reference.
pub async fn member_id(connection: &mut PgConnection, host: Uuid, reference: &str) -> Uuid {
    sqlx::query_scalar("SELECT member_id FROM member_lookup WHERE host_id = $1 AND external_ref = $2")
        .bind(host)
        .bind(reference)
        .fetch_one(connection)
        .await
        .expect("the member")
}
