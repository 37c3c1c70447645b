//! Every table, tried by every role, with a member and without one: what each may see, write, change and take away is
//! declared in a snapshot, and anything that differs from it fails.

use rand::RngExt as _;
use spectrum_core::db::{
    pool::{Duty, PoolSizes},
    scope::{member_transaction, plain_transaction},
};
use sqlx::{
    AssertSqlSafe, PgConnection, PgPool, Postgres, Transaction,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::{
    isolation::{FEW, with_two},
    support::{Diary, TestApp, chance, member_id, poll_at_most},
};

const DUTIES: [(Duty, &str); 6] = [
    (Duty::Ingest, "ingest"),
    (Duty::Push, "push"),
    (Duty::Staff, "staff"),
    (Duty::System, "system"),
    (Duty::Web, "web"),
    (Duty::Worker, "worker"),
];

/// Whose rows an attempt reached.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// The role has no right to it at all.
    Refused,
    /// It may, and there was nothing for it.
    Nothing,
    /// The rows of the transaction's member.
    Own,
    /// Another member's as well, or a table that is nobody's.
    All,
}

impl Reach {
    const fn of(own: bool, others: bool) -> Self {
        match (own, others) {
            (_, true) => Self::All,
            (true, false) => Self::Own,
            (false, false) => Self::Nothing,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Refused => "-",
            Self::Nothing => "nothing",
            Self::Own => "own",
            Self::All => "all",
        }
    }
}

async fn begin(pool: &PgPool, scope: Option<Uuid>) -> Transaction<'static, Postgres> {
    match scope {
        Some(member) => member_transaction(pool, member.into()).await.expect("a transaction"),
        None => plain_transaction(pool).await.expect("a transaction"),
    }
}

/// Runs a statement and undoes it. `None`: no right to it; else whether it reached a row.
async fn reaches(pool: &PgPool, scope: Option<Uuid>, statement: &str) -> Option<bool> {
    let mut transaction = begin(pool, scope).await;
    let done = sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut *transaction).await;
    let outcome = match done {
        Ok(done) => Some(done.rows_affected() > 0),
        Err(error) => {
            let text = error.to_string();
            let database = error.into_database_error().expect("the database's own word");
            match database.code().as_deref() {
                // A right that is missing, and a policy that forbids the row, have one code.
                Some("42501") if text.contains("row-level security") => Some(false),
                Some("42501") => None,
                // The row was reached, and its neighbours or its keys held it.
                Some("23503" | "23505") => Some(true),
                _ => panic!("{statement}: {text}"),
            }
        }
    };
    transaction.rollback().await.expect("undone");
    outcome
}

/// How far the same statement reaches for the member of the transaction and for another.
async fn reach(pool: &PgPool, scope: Option<Uuid>, own: &str, others: &str) -> Reach {
    match (reaches(pool, scope, own).await, reaches(pool, scope, others).await) {
        (None, None) => Reach::Refused,
        (own, others) => Reach::of(own.unwrap_or(false), others.unwrap_or(false)),
    }
}

async fn columns(owner: &mut PgConnection, table: &str) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT attname::text FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
    )
    .bind(table)
    .fetch_all(owner)
    .await
    .expect("columns")
}

/// A row as it could be written: a copy of one that is there.
async fn copy(owner: &mut PgConnection, table: &str, of: &str) -> Option<String> {
    let row: Option<String> =
        sqlx::query_scalar(AssertSqlSafe(format!("SELECT to_jsonb(t)::text FROM {table} t {of} LIMIT 1")))
            .fetch_optional(owner)
            .await
            .expect("an answer");
    row.map(|row| {
        let row = row.replace('\'', "''");
        format!("INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, '{row}'::jsonb)")
    })
}

#[sqlx::test(migrations = "../migrations")]
async fn every_role_reaches_what_is_declared_and_nothing_else(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, mut owner, ada, eve) = with_two(database, FEW).await;
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
           AND NOT relispartition AND relname <> '_sqlx_migrations' ORDER BY 1",
    )
    .fetch_all(&mut owner)
    .await
    .expect("tables");
    let mut lines = Vec::new();
    for table in &tables {
        let columns = columns(&mut owner, table).await;
        let owned = columns.iter().any(|column| column == "member_id");
        let of = |member: Uuid| if owned { format!("WHERE member_id = '{member}'") } else { String::new() };
        let (own, others) = (of(ada.uuid()), of(eve.uuid()));
        let some = &columns[0];
        for (duty, role) in DUTIES {
            let pool = app.services.pools().of(duty);
            for (scope, named) in [(None, "nobody"), (Some(ada.uuid()), "a member")] {
                let select = |of: &str| format!("SELECT {} FROM {table} {of}", if owned { "member_id" } else { some });
                let update = |of: &str| format!("UPDATE {table} SET {some} = {some} {of}");
                let delete = |of: &str| format!("DELETE FROM {table} {of}");
                let sees = reach(pool, scope, &select(&own), &select(&others)).await;
                let changes = reach(pool, scope, &update(&own), &update(&others)).await;
                let takes = reach(pool, scope, &delete(&own), &delete(&others)).await;
                let (mine, theirs) = (copy(&mut owner, table, &own).await, copy(&mut owner, table, &others).await);
                let writes = match (mine, theirs) {
                    (Some(mine), Some(theirs)) => reach(pool, scope, &mine, &theirs).await.word(),
                    _ => "no row to try with",
                };
                lines.push(format!(
                    "{table:<16} {role:<7} for {named:<9} sees {:<8} writes {writes:<8} changes {:<8} takes away {}",
                    sees.word(),
                    changes.word(),
                    takes.word()
                ));
            }
        }
    }
    insta::assert_snapshot!("matrix", lines.join("\n"));
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn sixteen_members_on_three_connections_never_see_each_other(_: PgPoolOptions, database: PgConnectOptions) {
    const NAMES: [&str; 16] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p"];
    let app = TestApp::with_pools(database, PoolSizes { web: 3, ..FEW }).await;
    let mut owner = app.owner().await;
    let mut members = Vec::new();
    for member in NAMES {
        app.accept(&(Diary { member, zone: "Europe/London", days: 1 }).sessions()[0].events).await;
        members.push(member_id(&mut owner, app.host.uuid(), member).await);
    }
    app.run_due_jobs().await;
    let mut readers = JoinSet::new();
    for (seed, member) in (0..).zip(members) {
        let pool = app.services.pools().of(Duty::Web).clone();
        let mut chance = chance(seed);
        readers.spawn(async move {
            let (mut seen, mut left) = (0, 0);
            for _ in 0..60 {
                let read = async {
                    let mut transaction = member_transaction(&pool, member.into()).await.expect("a transaction");
                    // Without a condition: only the policy keeps the others out.
                    let ids: Vec<Uuid> =
                        sqlx::query_scalar("SELECT member_id FROM session UNION ALL SELECT member_id FROM member")
                            .fetch_all(&mut *transaction)
                            .await
                            .expect("rows");
                    sqlx::query("UPDATE session SET excluded = excluded")
                        .execute(&mut *transaction)
                        .await
                        .expect("own");
                    assert_eq!(ids, [member; 2]);
                    transaction
                };
                if chance.random_bool(0.3) {
                    left += usize::from(poll_at_most(chance.random_range(1..10), read).await.is_none());
                } else {
                    drop(read.await);
                    seen += 1;
                }
            }
            (seen, left)
        });
    }
    let (mut seen, mut left) = (0, 0);
    while let Some(done) = readers.join_next().await {
        let (read, gone) = done.expect("a reader");
        (seen, left) = (seen + read, left + gone);
    }
    assert!(seen > 500 && left > 50, "{seen} read to the end, {left} went away half-way");
    app.finish().await;
}
