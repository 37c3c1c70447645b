//! The privacy matrix: for every column that says something of a member, whether their archive has it, whether an erasure
//! takes it away, who can read it, and that nobody reads it of another member. It is made from `columns.toml`: a new column
//! fails here until it is placed.

use std::collections::BTreeMap;

use serde_json::Value;
use spectrum_core::{
    Whom,
    control::archive::contents,
    db::{
        classes::{self, Column, Table},
        pool::Duty,
        scope::{member_transaction, plain_transaction},
    },
};
use spectrum_domain::{erasure::AskedBy, id::MemberId};
use sqlx::{
    AssertSqlSafe, PgConnection, Postgres, Transaction,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::support::{Files, TestApp, fill, lines, unzip};

/// Whose content a role may read, by table. What stands here is meant; everything else is closed.
const READERS: [(Duty, &str, &[&str]); 6] = [
    (
        Duty::Web,
        "spectrum_web",
        &[
            "member",
            "session",
            "session_vector",
            "exclusion",
            "correction",
            "export",
            "day_rollup",
            "week_rollup",
            "month_rollup",
            "edition",
            "card",
            "feedback",
            "device",
            "push_preference",
            "push_outbox",
        ],
    ),
    // Who hands in sessions of many members at once: never a word, a measure or a sum.
    (Duty::Ingest, "spectrum_ingest", &["member", "member_key", "session", "turn", "exclusion"]),
    (
        Duty::Worker,
        "spectrum_worker",
        &[
            "member",
            "member_key",
            "session",
            "turn",
            "turn_text",
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
            "rephrasing",
            "product_event",
            "exposure",
            "upgrade",
            "device",
            "push_preference",
            "push_outbox",
        ],
    ),
    // What is done for many members at once: their figures, never their words and what they said when, never their keys.
    (
        Duty::System,
        "spectrum_system",
        &[
            "member",
            "session",
            "session_vector",
            "turn_impact",
            "exclusion",
            "export",
            "day_rollup",
            "week_rollup",
            "month_rollup",
            "edition",
            "card",
            "feedback",
            "product_event",
            "exposure",
            "upgrade",
            "device",
            "push_preference",
            "push_outbox",
        ],
    ),
    // Who sends pushes: addresses with what opens them, and of a week whether and on how much it is told.
    (
        Duty::Push,
        "spectrum_push",
        &["member", "member_key", "device", "push_preference", "push_outbox", "edition", "week_rollup"],
    ),
    (Duty::Staff, "spectrum_staff", &[]),
];

/// Of some tables a role may read these columns alone.
const ONLY: [(&str, &str, &[&str]); 5] = [
    ("spectrum_web", "device", &["platform", "locale", "registered_at", "seen_at"]),
    ("spectrum_system", "device", &["seen_at"]),
    ("spectrum_push", "member", &["zone", "week_start", "locale", "use_counted", "consent_analytics"]),
    ("spectrum_push", "edition", &["flagged", "opened_at"]),
    ("spectrum_push", "week_rollup", &["sessions", "days"]),
];

/// Whether a role may read a column.
fn may_read(role: &str, tables: &[&str], table: &str, column: &str) -> bool {
    let only = ONLY.iter().find(|(r, t, _)| (*r, *t) == (role, table));
    tables.contains(&table) && only.is_none_or(|(.., columns)| columns.contains(&column))
}

/// Roles that see the rows of all members, within what they may read.
const FOR_MANY: [Duty; 3] = [Duty::Ingest, Duty::System, Duty::Push];

/// Columns that the archive does not have as they are, each with the reason.
const NOT_AS_IT_IS: [(&str, &str, &str); 4] = [
    ("member_key", "wrapped", "a secret"),
    ("turn_text", "ciphertext", "opened, in turn_text.jsonl"),
    ("export_part", "ciphertext", "the archive itself"),
    ("device", "address", "a secret"),
];

/// Columns that say something of a person who is no member.
const OF_OTHERS: [(&str, &str); 2] = [("staff", "email"), ("staff", "subject")];

/// The columns the matrix is about, with their tables.
fn columns() -> Vec<(&'static Table, &'static Column)> {
    let about = |column: &&Column| ["personal", "sealed", "derived", "key"].contains(&column.class.as_str());
    let of_others = |table: &Table, column: &Column| OF_OTHERS.contains(&(table.name.as_str(), column.name.as_str()));
    let all = classes::tables().iter().flat_map(|table| table.columns.iter().filter(about).map(move |c| (table, c)));
    all.filter(|(table, column)| !of_others(table, column)).collect()
}

/// What did not hold, by name.
#[derive(Default)]
struct Matrix {
    held: usize,
    failed: Vec<String>,
}

impl Matrix {
    fn hold(&mut self, name: String, holds: bool) {
        if holds {
            self.held += 1;
        } else {
            self.failed.push(name);
        }
    }
}

/// The values of a column over a member's rows, in an order of their own.
async fn values(owner: &mut PgConnection, table: &str, column: &str, member: MemberId) -> Vec<Value> {
    let query = format!("SELECT to_jsonb(\"{column}\") FROM {table} WHERE member_id = $1");
    let found: Vec<Option<Value>> =
        sqlx::query_scalar(AssertSqlSafe(query)).bind(member.uuid()).fetch_all(owner).await.expect("values");
    sorted(found.into_iter().map(Option::unwrap_or_default).collect())
}

fn sorted(mut values: Vec<Value>) -> Vec<Value> {
    values.sort_by_key(Value::to_string);
    values
}

/// How many values of a column a role finds; nothing where it may not look.
async fn found(mut as_role: Transaction<'static, Postgres>, query: String) -> Option<i64> {
    match sqlx::query_scalar(AssertSqlSafe(query)).fetch_one(&mut *as_role).await {
        Ok(count) => Some(count),
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("42501") => None,
        Err(error) => panic!("{error}"),
    }
}

fn in_the_archive(files: &Files, table: &str, column: &str) -> Option<Vec<Value>> {
    let copied = contents().any(|content| content.table == table && content.columns.contains(&column));
    copied.then(|| {
        let rows = lines(files, &format!("{table}.jsonl"));
        sorted(rows.into_iter().map(|row| row[column].clone()).collect())
    })
}

#[sqlx::test(migrations = "../migrations")]
async fn every_column_about_a_member_is_theirs_to_take_along_and_gone_when_they_go_and_closed_to_others(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let mut app = TestApp::new(database).await;
    let words = fill(&mut app, "ada").await;
    fill(&mut app, "eve").await;
    let (ada, eve) = (app.member("ada").await.member_id, app.member("eve").await.member_id);
    let mut owner = app.owner().await;
    // As it would be from the night after on.
    sqlx::query("UPDATE member SET first_used_on = '2026-11-20'").execute(&mut owner).await.expect("a day");
    // As if what was overruled had been told of before.
    sqlx::query("UPDATE edition SET corrected_of = told_by").execute(&mut owner).await.expect("who had told it");
    app.archive(eve).await;
    let files = unzip(&app.archive(ada).await);
    // That the archive was handed out is counted after it was gathered.
    sqlx::query("DELETE FROM product_event WHERE event = 19").execute(&mut owner).await.expect("deleted");
    let (mut matrix, mut report) = (Matrix::default(), Vec::new());
    for (table, column) in columns() {
        let (table, class) = (table.name.as_str(), column.class.as_str());
        let (column, name) = (column.name.as_str(), format!("{table}.{}", column.name));
        let held = values(&mut owner, table, column, ada).await;
        matrix
            .hold(format!("{name}: there is a value, or nothing is shown"), held.iter().any(|value| !value.is_null()));

        let placed = NOT_AS_IT_IS.iter().find(|(t, c, _)| (*t, *c) == (table, column));
        let told = in_the_archive(&files, table, column);
        let archive = if let Some((.., reason)) = placed {
            matrix.hold(format!("{name}: not copied into the archive"), told.is_none());
            *reason
        } else {
            matrix.hold(format!("{name}: every value is in the archive"), told.as_ref() == Some(&held));
            "yes"
        };
        let mut readers = Vec::new();
        for (duty, role, tables) in READERS {
            let may = may_read(role, tables, table, column);
            if may {
                readers.push(role.trim_start_matches("spectrum_"));
            }
            let pool = app.services.pools().of(duty);
            let of = |member: MemberId| {
                format!("SELECT count(*) FROM (SELECT \"{column}\" FROM {table} WHERE member_id = '{member}') AS t")
            };
            let scoped = async || member_transaction(pool, eve).await.expect("a transaction");
            let own = found(scoped().await, of(eve)).await;
            matrix.hold(format!("{name}: {role} may read it: {may}"), own.is_some() == may);
            let foreign = found(scoped().await, of(ada)).await;
            let nobodys = found(plain_transaction(pool).await.expect("a transaction"), of(ada)).await;
            if may && !FOR_MANY.contains(&duty) {
                matrix.hold(format!("{name}: {role} sees none of another member"), foreign == Some(0));
                matrix.hold(format!("{name}: {role} sees none without a member"), nobodys == Some(0));
                matrix.hold(format!("{name}: {role} sees the member's own"), own > Some(0));
            } else {
                matrix.hold(format!("{name}: {role} is told no more than it may"), foreign.is_some() == may);
            }
        }
        report.push(format!("{name:<32} {class:<9} {archive:<26} {}", readers.join(" ")));
    }
    let opened: Vec<String> = lines(&files, "turn_text.jsonl")
        .into_iter()
        .map(|line| line["text"].as_str().expect("words").to_owned())
        .collect();
    let (mut opened, mut sent) = (opened, words.into_values().collect::<Vec<_>>());
    opened.sort_unstable();
    sent.sort_unstable();
    matrix.hold("turn_text.ciphertext: every word is in the archive".to_owned(), opened == sent);

    let before: BTreeMap<String, usize> = kept(&mut owner, eve).await;
    app.services.order_erasure(Whom::Member(ada), AskedBy::Member).await.expect("ordered");
    app.run_due_jobs().await;
    for (table, column) in columns() {
        let left = values(&mut owner, &table.name, &column.name, ada).await;
        matrix.hold(format!("{}.{}: gone after the erasure", table.name, column.name), left.is_empty());
    }
    assert_eq!(kept(&mut owner, eve).await, before, "of others nothing is gone");
    assert_eq!(matrix.failed, Vec::<String>::new(), "{} assertions held", matrix.held);
    insta::assert_snapshot!("privacy", report.join("\n"));
    app.close().await;
}

/// How many values a member has in each column.
async fn kept(owner: &mut PgConnection, member: MemberId) -> BTreeMap<String, usize> {
    let mut all = BTreeMap::new();
    for (table, column) in columns() {
        let count = values(owner, &table.name, &column.name, member).await.len();
        all.insert(format!("{}.{}", table.name, column.name), count);
    }
    all
}

/// The tables of the matrix are those that the roles are told of: a table of a member's that no role is said to read, or a
/// name that is no table's, is a slip.
#[test]
fn the_expectations_name_tables_there_are() {
    let known: Vec<&str> = columns().into_iter().map(|(table, _)| table.name.as_str()).collect();
    for (_, role, tables) in READERS {
        for table in tables {
            assert!(known.contains(table), "{role} is said to read {table}");
        }
    }
    for table in known {
        assert!(READERS.iter().any(|(_, _, tables)| tables.contains(&table)), "nobody is said to read {table}");
    }
}
