//! Looking at the database from outside, as the login that sees everything.

use std::collections::BTreeMap;

use serde_json::Value;
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

/// The tables whose rows belong to a member and are closed by row-level security.
pub const MEMBER_TABLES: [&str; 28] = [
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
    "export",
    "export_part",
    "day_rollup",
    "week_rollup",
    "month_rollup",
    "edition",
    "card",
    "feedback",
    "edition_due",
    "member_spend",
    "rephrasing",
    "product_event",
    "exposure",
    "upgrade",
    "device",
    "push_preference",
    "push_outbox",
    "push_attempt",
];

/// The rows of a query, each as JSON, in an order of their own.
pub async fn rows(connection: &mut PgConnection, query: &str) -> Vec<Value> {
    let sql = format!("SELECT to_jsonb(t) FROM ({query}) AS t ORDER BY to_jsonb(t)::text");
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(connection).await.expect("rows")
}

/// Every row of every table, to tell whether anything changed. That a key was used is no change.
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
        let mut rows = rows(connection, &format!("SELECT * FROM {table}")).await;
        if table == "host_key" {
            for row in &mut rows {
                row["last_used_at"] = Value::Null;
            }
        }
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

/// Rows about a member in every table that names one, the queue's among them.
pub async fn rows_about(owner: &mut PgConnection, member: Uuid) -> BTreeMap<String, i64> {
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
           AND a.attname = 'member_id' AND NOT a.attisdropped",
    )
    .fetch_all(&mut *owner)
    .await
    .expect("tables");
    let mut found = BTreeMap::new();
    for table in tables {
        let count: i64 =
            sqlx::query_scalar(AssertSqlSafe(format!("SELECT count(*) FROM {table} WHERE member_id = $1")))
                .bind(member)
                .fetch_one(&mut *owner)
                .await
                .expect("a count");
        if count > 0 {
            found.insert(table, count);
        }
    }
    found
}

/// Makes of a member's first session one on each of so many days, everything that hangs on it included.
pub async fn multiply_sessions(owner: &mut PgConnection, member: Uuid, days: i32) {
    let copies = format!(
        "SET session_replication_role = replica; -- the first session's rows are whole, and so are their copies
         CREATE TEMP TABLE back AS SELECT n, gen_random_uuid() AS id FROM generate_series(1, {days} - 1) AS n;
         INSERT INTO session SELECT (jsonb_populate_record(s, jsonb_build_object(
             'session_id', back.id, 'external_ref', back.id, 'local_date', s.local_date - n))).*
             FROM session s, back WHERE s.member_id = '{member}';
         INSERT INTO turn SELECT (jsonb_populate_record(t, jsonb_build_object('session_id', back.id))).*
             FROM turn t, back WHERE t.member_id = '{member}';
         INSERT INTO turn_text SELECT (jsonb_populate_record(t, jsonb_build_object('session_id', back.id))).*
             FROM turn_text t, back WHERE t.member_id = '{member}';
         INSERT INTO turn_impact SELECT (jsonb_populate_record(i, jsonb_build_object('session_id', back.id))).*
             FROM turn_impact i, back WHERE i.member_id = '{member}';
         INSERT INTO session_vector SELECT (jsonb_populate_record(v, jsonb_build_object('session_id', back.id))).*
             FROM session_vector v, back WHERE v.member_id = '{member}';
         INSERT INTO event_receipt SELECT (jsonb_populate_record(r, jsonb_build_object('event_id', gen_random_uuid()))).*
             FROM event_receipt r, back WHERE r.member_id = '{member}';
         INSERT INTO day_rollup SELECT (jsonb_populate_record(d, jsonb_build_object('period', d.period - n))).*
             FROM day_rollup d, back WHERE d.member_id = '{member}';
         DROP TABLE back; SET session_replication_role = origin"
    );
    sqlx::raw_sql(AssertSqlSafe(copies)).execute(owner).await.expect("copies");
}
