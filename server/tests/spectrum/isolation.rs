//! One member never sees another's rows: what row-level security does on a real database, in transactions that are
//! committed, forgotten and dropped half-way.

use rand::RngExt as _;
use spectrum_core::db::{
    pool::{Duty, PoolSizes},
    scope::{member_transaction, plain_transaction},
};
use spectrum_domain::{affect::Quadrant, correction::Correction, id::MemberId};
use sqlx::{
    AssertSqlSafe, PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::{Diary, MEMBER_TABLES, TestApp, chance, give_feedback, member_id, poll_at_most, session};

const DUTIES: [(Duty, &str); 2] = [(Duty::Web, "spectrum_web"), (Duty::Worker, "spectrum_worker")];

/// Ada and Eve, each with rows in every table of a member's.
pub async fn with_two(database: PgConnectOptions, sizes: PoolSizes) -> (TestApp, PgConnection, MemberId, MemberId) {
    let app = TestApp::with_pools(database, sizes).await;
    for name in ["ada", "eve"] {
        for sent in (Diary { member: name, zone: "Europe/London", days: 3 }).sessions() {
            app.accept(&sent.events).await;
        }
        app.run_due_jobs().await;
        let member = app.member(name).await;
        let first = Diary { member: name, zone: "Europe/London", days: 1 }.sessions().remove(0).session_id;
        app.services.exclude_session(&member, first.parse().expect("an id")).await.expect("left out");
        let other = Diary { member: name, zone: "Europe/London", days: 2 }.sessions().remove(1).session_id;
        let correction = Correction::of(Some(Quadrant::LowPleasant), None).expect("something");
        let corrected = app.services.correct_session(member.member_id, other.parse().expect("an id"), correction);
        corrected.await.expect("corrected");
        app.services.request_export(member.member_id).await.expect("ordered");
        let past = session(name, "past", "2026-11-11T09:00:00Z", "Europe/London", &["I felt calm and grateful today."]);
        app.accept(&past.events).await;
        app.run_due_jobs().await;
        give_feedback(&app, member.member_id).await;
    }
    let mut owner = app.owner().await;
    // Taken up as soon as it is there, so it is put there by hand.
    for rows in [
        "edition_due SELECT member_id, current_date",
        "member_spend SELECT member_id, current_date, 7",
        "use_sum SELECT 'day', current_date, 8, 'version', member_id::text, 20, 10",
        "use_period SELECT 'day', (now() + row_number() OVER () * interval '1 day')::date, now(), 0",
        "exposure SELECT member_id, 'teaser', 'feature', now()",
        "upgrade SELECT member_id, member_id, now(), now(), now()",
        "exposure_sum SELECT 'teaser', false, 'feature', current_date, row_number() OVER (), 10, 0",
        "arm_sum SELECT 'teaser', 'feature', current_date + row_number() OVER ()::integer, 10, array_fill(0::bigint, ARRAY[12])",
        "opened_sum SELECT current_date, 'before', false, row_number() OVER (), 10",
        "product_event SELECT member_id, '2026-11-20'::date, member_id, 8, '{}'::jsonb, 'app', '1', now()",
        "rephrasing SELECT member_id, member_id, 'week', current_date, '\\x01', '{}', now()",
        "device SELECT member_id, member_id, 'ios', 'apns', 'apns_token', 'production', '\\x01', '\\x01', 1, member_id::text::bytea, NULL, NULL, now(), now()",
        "device_address SELECT member_id::text::bytea, member_id, member_id",
        "push_preference SELECT member_id, 'weekly', true, NULL, NULL, NULL, 9, NULL, NULL, now()",
        "push_outbox SELECT member_id, member_id, 'weekly', '2026-11-09'::date, member_id, 'apns', 'waiting', NULL, now(), '2200-01-01'::timestamptz, '2200-01-02'::timestamptz, 0, now()",
        "push_attempt SELECT member_id, member_id, 1, 'apns', 'delivered', 'ok', 200, NULL, 40, 0, now()",
    ] {
        let insert = format!("INSERT INTO {rows} FROM member");
        sqlx::query(AssertSqlSafe(insert)).execute(&mut owner).await.expect("rows");
    }
    sqlx::query("UPDATE member SET first_used_on = '2026-11-20'").execute(&mut owner).await.expect("a day");
    let ada = member_id(&mut owner, app.host.uuid(), "ada").await.into();
    let eve = member_id(&mut owner, app.host.uuid(), "eve").await.into();
    for table in MEMBER_TABLES {
        let both: i64 = number(&mut owner, &format!("SELECT count(DISTINCT member_id) FROM {table}")).await;
        assert_eq!(both, 2, "{table} has rows of both, or this test shows nothing");
    }
    (app, owner, ada, eve)
}

pub const FEW: PoolSizes = PoolSizes { web: 2, ingest: 2, worker: 2, system: 2, staff: 1, push: 1 };

async fn number(connection: &mut PgConnection, query: &str) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(query.to_owned())).fetch_one(connection).await.expect(query)
}

async fn may(owner: &mut PgConnection, role: &str, table: &str, privilege: &str) -> bool {
    sqlx::query_scalar("SELECT has_table_privilege($1, $2, $3)")
        .bind(role)
        .bind(table)
        .bind(privilege)
        .fetch_one(owner)
        .await
        .expect("an answer")
}

#[sqlx::test(migrations = "../migrations")]
async fn without_a_member_there_are_no_rows(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, mut owner, ada, _) = with_two(database, FEW).await;
    for (duty, role) in DUTIES {
        for table in MEMBER_TABLES {
            if !may(&mut owner, role, table, "SELECT").await {
                continue;
            }
            let pool = app.services.pools().of(duty);
            let mut transaction = plain_transaction(pool).await.expect("a transaction");
            assert_eq!(number(&mut transaction, &format!("SELECT count(*) FROM {table}")).await, 0, "{role} {table}");
            drop(transaction);
            // A finished SET LOCAL leaves '' behind, not NULL: that is nobody too.
            let mut transaction = member_transaction(pool, ada).await.expect("a transaction");
            assert!(number(&mut transaction, &format!("SELECT count(*) FROM {table}")).await > 0, "{role} {table}");
            transaction.commit().await.expect("committed");
            for _ in 0..FEW.web {
                let mut connection = pool.acquire().await.expect("a connection");
                assert_eq!(
                    number(&mut connection, &format!("SELECT count(*) FROM {table}")).await,
                    0,
                    "{role} {table}"
                );
            }
        }
    }
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn with_a_member_there_are_that_members_rows_and_no_others(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, mut owner, ada, eve) = with_two(database, FEW).await;
    for (duty, role) in DUTIES {
        let mut seen = 0;
        for table in MEMBER_TABLES {
            for (member, other) in [(ada, eve), (eve, ada)] {
                let mine =
                    number(&mut owner, &format!("SELECT count(*) FROM {table} WHERE member_id = '{member}'")).await;
                let mut transaction =
                    member_transaction(app.services.pools().of(duty), member).await.expect("a transaction");
                let ids: Result<Vec<Uuid>, _> =
                    sqlx::query_scalar(AssertSqlSafe(format!("SELECT member_id FROM (SELECT * FROM {table}) AS t")))
                        .fetch_all(&mut *transaction)
                        .await;
                let Ok(ids) = ids else {
                    drop(transaction);
                    assert!(!may(&mut owner, role, table, "SELECT").await, "{role} {table}");
                    continue;
                };
                assert!(ids.iter().all(|id| *id == member.uuid()), "{role} {table}");
                assert_eq!(i64::try_from(ids.len()).expect("a count"), mine, "{role} {table}: all of the member's own");
                for evasion in [
                    format!("SELECT count(*) FROM {table} WHERE member_id = '{other}'"),
                    format!(
                        "SELECT count(*) FROM {table} WHERE member_id <> '{member}' OR true AND member_id = '{other}'"
                    ),
                    format!(
                        "SELECT count(*) FROM {table} AS a JOIN {table} AS b USING (member_id) WHERE b.member_id = '{other}'"
                    ),
                ] {
                    assert_eq!(number(&mut transaction, &evasion).await, 0, "{role}: {evasion}");
                }
                seen += 1;
            }
        }
        assert!(seen >= 12, "{role} reads some tables: {seen}");
    }
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_row_of_another_member_can_not_be_written_changed_or_taken_away(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let (app, mut owner, ada, eve) = with_two(database, FEW).await;
    let mut tried = Vec::new();
    for (duty, role) in DUTIES {
        let pool = app.services.pools().of(duty);
        for table in MEMBER_TABLES {
            if may(&mut owner, role, table, "INSERT").await {
                let row: serde_json::Value = sqlx::query_scalar(AssertSqlSafe(format!(
                    "SELECT to_jsonb(t) FROM {table} AS t WHERE member_id = $1 LIMIT 1"
                )))
                .bind(eve.uuid())
                .fetch_one(&mut owner)
                .await
                .expect("a row of Eve's");
                let mut transaction = member_transaction(pool, ada).await.expect("a transaction");
                let written = sqlx::query(AssertSqlSafe(format!(
                    "INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, $1)"
                )))
                .bind(row)
                .execute(&mut *transaction)
                .await;
                let error = written.expect_err("refused").to_string();
                assert!(error.contains("row-level security"), "{role} INSERT {table}: {error}");
                tried.push(format!("{role} INSERT {table}"));
            }
            if may(&mut owner, role, table, "UPDATE").await {
                let mut transaction = member_transaction(pool, ada).await.expect("a transaction");
                let update = format!("UPDATE {table} SET member_id = member_id WHERE member_id = '{eve}'");
                let changed = sqlx::query(AssertSqlSafe(update)).execute(&mut *transaction).await.expect("allowed");
                assert_eq!(changed.rows_affected(), 0, "{role} UPDATE {table}");
                let away = format!("UPDATE {table} SET member_id = '{eve}' WHERE member_id = '{ada}'");
                let error =
                    sqlx::query(AssertSqlSafe(away)).execute(&mut *transaction).await.expect_err("refused").to_string();
                assert!(error.contains("row-level security"), "{role} UPDATE {table}: {error}");
                tried.push(format!("{role} UPDATE {table}"));
            }
            if may(&mut owner, role, table, "DELETE").await {
                let mut transaction = member_transaction(pool, ada).await.expect("a transaction");
                let delete = format!("DELETE FROM {table} WHERE member_id = '{eve}'");
                let gone = sqlx::query(AssertSqlSafe(delete)).execute(&mut *transaction).await.expect("allowed");
                assert_eq!(gone.rows_affected(), 0, "{role} DELETE {table}");
                tried.push(format!("{role} DELETE {table}"));
            }
        }
    }
    assert!(tried.len() >= 20, "{tried:?}");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_cookies_look_up_takes_on_its_member_for_its_own_transaction_only(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let one = PoolSizes { web: 1, ..FEW };
    let (app, _, ada, eve) = with_two(database, one).await;
    let pool = app.services.pools().of(Duty::Web);
    for member in [ada, eve] {
        let mut transaction = member_transaction(pool, member).await.expect("a transaction");
        let ids: Vec<Uuid> =
            sqlx::query_scalar("SELECT member_id FROM member").fetch_all(&mut *transaction).await.expect("rows");
        assert_eq!(ids, [member.uuid()]);
        drop(transaction);
        let mut connection = pool.acquire().await.expect("the same connection");
        assert_eq!(number(&mut connection, "SELECT count(*) FROM member").await, 0);
    }
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn eight_readers_on_two_connections_with_some_going_away_see_no_foreign_row(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let (app, _, ada, eve) = with_two(database, FEW).await;
    let mut readers = JoinSet::new();
    for reader in 0..8 {
        let pool = app.services.pools().of(Duty::Web).clone();
        let member = if reader % 2 == 0 { ada } else { eve };
        let mut chance = chance(reader);
        readers.spawn(async move {
            let (mut own, mut finished, mut left) = (0, 0, 0);
            for _ in 0..100 {
                let read = async {
                    let mut transaction = member_transaction(&pool, member).await.expect("a transaction");
                    let ids: Vec<Uuid> =
                        sqlx::query_scalar("SELECT member_id FROM session UNION ALL SELECT member_id FROM day_rollup")
                            .fetch_all(&mut *transaction)
                            .await
                            .expect("rows");
                    assert!(ids.iter().all(|id| *id == member.uuid()), "a foreign row");
                    (ids.len(), transaction)
                };
                if chance.random_bool(0.3) {
                    let polls = chance.random_range(1..12);
                    left += usize::from(poll_at_most(polls, read).await.is_none());
                } else {
                    let (rows, transaction) = read.await;
                    own += rows;
                    finished += 1;
                    if chance.random_bool(0.5) {
                        transaction.commit().await.expect("committed");
                    }
                }
            }
            (own, finished, left)
        });
    }
    let mut gone = 0;
    while let Some(done) = readers.join_next().await {
        let (own, finished, left) = done.expect("a reader");
        assert_eq!(own, finished * 7, "four sessions and three days that count, every time");
        gone += left;
    }
    assert!(gone > 20, "some went away half-way: {gone}");
    app.finish().await;
}
