//! A hundred thousand members: what pages, hosts, jobs and the schedule ask is answered by index, and no table of members is
//! read from end to end.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use serde_json::json;
use spectrum_core::{
    Whom,
    analysis::reanalyze::Scope,
    queue::{enqueue::NewJob, operate::Filter},
};
use spectrum_domain::erasure::AskedBy;
use sqlx::{
    AssertSqlSafe, PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::support::{MEMBER_TABLES, TestApp, deeds::deed, session};

const MEMBERS: i32 = 100_000;

/// Makes a hundred thousand members who each have what the template has.
async fn multiply(owner: &mut PgConnection) {
    sqlx::raw_sql(
        "SET session_replication_role = replica; -- the template's rows are whole, and so are their copies
         CREATE TEMP TABLE clone AS SELECT gen_random_uuid() AS id, 'clone' || n AS name FROM generate_series(1, 100000) n",
    )
    .execute(&mut *owner)
    .await
    .expect("clones");
    for table in MEMBER_TABLES.iter().chain(&["member_lookup"]) {
        let columns: Vec<String> = sqlx::query_scalar(
            "SELECT attname::text FROM pg_attribute
             WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attname <> 'member_id' ORDER BY attnum",
        )
        .bind(table)
        .fetch_all(&mut *owner)
        .await
        .expect("columns");
        let list = columns.join(", ");
        let values: Vec<String> = columns
            .iter()
            .map(|column| match (*table, column.as_str()) {
                ("member" | "member_lookup", "external_ref") => "clone.name".to_owned(),
                // Half of them live somewhere else.
                ("member", "zone") => {
                    "CASE WHEN clone.id < '80000000-0000-0000-0000-000000000000' THEN 'Asia/Tokyo' ELSE t.zone END"
                        .to_owned()
                }
                _ => format!("t.{column}"),
            })
            .collect();
        let copy = format!(
            "INSERT INTO {table} (member_id, {list})
             SELECT clone.id, {} FROM {table} t CROSS JOIN clone",
            values.join(", ")
        );
        sqlx::query(AssertSqlSafe(copy)).execute(&mut *owner).await.expect(table);
    }
    sqlx::raw_sql("SET session_replication_role = origin; DROP TABLE clone").execute(&mut *owner).await.expect("done");
    sqlx::raw_sql("VACUUM ANALYZE").execute(owner).await.expect("statistics");
}

/// How often each table of members, or a part of it, was read from end to end.
async fn scans(owner: &mut PgConnection) -> BTreeMap<String, i64> {
    // A part that holds nothing is read from end to end, and rightly so.
    let counts = "SELECT relname::text, seq_scan FROM pg_stat_user_tables WHERE n_live_tup > 1000";
    sqlx::query_as::<_, (String, i64)>(counts)
        .fetch_all(owner)
        .await
        .expect("statistics")
        .into_iter()
        .filter(|(table, _)| {
            let whole = table.strip_suffix(|c: char| c.is_ascii_digit()).map_or(table.as_str(), |_| "turn_text");
            MEMBER_TABLES.contains(&whole) || table == "member_lookup"
        })
        .collect()
}

/// Waits until nobody else is connected, and tells what this connection counted: the others tell when they end.
async fn all_have_left(owner: &mut PgConnection) {
    let others = "SELECT count(*) FROM pg_stat_activity
                  WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
    while sqlx::query_scalar::<_, i64>(others).fetch_one(&mut *owner).await.expect("a count") > 0 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    flush(owner).await;
}

/// Has what this connection counted be told now: at the end of the statement after this one.
async fn flush(owner: &mut PgConnection) {
    sqlx::raw_sql("SELECT pg_stat_force_next_flush()").execute(&mut *owner).await.expect("flushed");
    sqlx::raw_sql("SELECT 1").execute(owner).await.expect("flushed");
}

#[sqlx::test(migrations = "../migrations")]
async fn nothing_reads_a_table_of_members_from_end_to_end(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let day = session("ada", "first", "2026-11-18T20:00:00Z", "Europe/London", &["I am calm.", "I am glad and happy."]);
    app.accept(&day.events).await;
    app.run_due_jobs().await;
    multiply(&mut owner).await;
    let members: i64 = sqlx::query_scalar("SELECT count(*) FROM member").fetch_one(&mut owner).await.expect("a count");
    assert_eq!(members, i64::from(MEMBERS) + 1);
    let app = app.reconnect().await;
    all_have_left(&mut owner).await;
    let before = scans(&mut owner).await;
    assert!(before.len() >= 12, "all but the exclusions, of which there are none: {before:?}");

    // A day of everybody who asks anything.
    let second =
        session("ada", "second", "2026-11-19T20:00:00Z", "Europe/London", &["I am sad.", "It is all right now."]);
    app.accept(&second.events).await;
    app.accept(&second.events).await;
    let mut open = session("bob", "open", "2026-11-20T08:00:00Z", "Asia/Tokyo", &["I was worried all night."]);
    open.events.pop();
    app.accept(&open.events).await;
    app.run_due_jobs().await;
    app.clock.advance(TimeDelta::hours(2));
    app.run_due_jobs().await;
    let cookie = app.sign_in("ada").await;
    for path in [
        "/spectrum",
        "/spectrum/week/2026-W47",
        "/spectrum/landscape",
        "/spectrum/landscape/2026",
        "/spectrum/landscape/90-days",
        "/spectrum/patterns/2026-Q4",
        "/spectrum/sessions/2026",
    ] {
        let answer = app.page(path, &cookie).await;
        assert!(answer.status.is_success() || answer.status.is_redirection(), "{path}: {}", answer.status);
    }
    let member = app.member("ada").await;
    let id = second.session_id.parse().expect("an id");
    app.services.exclude_session(&member, id).await.expect("left out");
    app.services.include_session(&member, id).await.expect("taken in");
    assert_eq!(app.api(Method::GET, "/members/ada", None).await.status, StatusCode::OK);
    let moved = app.api(Method::PUT, "/members/ada", Some(&json!({ "week_start": "sunday" }))).await;
    assert_eq!(moved.status, StatusCode::OK, "{}", moved.body);
    app.run_due_jobs().await;
    let scope = Scope::Member("ada".parse().expect("a reference"));
    app.services.order_reanalysis(&["other@1".to_owned()], &scope).await.expect("ordered");
    app.run_due_jobs().await;
    // The schedule for all of them, the daily rounds, and the end of one of them. On the day that the week ends the round finds
    // nobody untold yet: later it would order a job for each member, and a hundred thousand of one kind show no more than one.
    app.clock.advance(TimeDelta::days(3));
    app.services.prepare_partitions().await.expect("partitions");
    assert!(app.services.plan_due().await.expect("a plan") > 0);
    app.run_due_jobs().await;
    let whom = Whom::Reference(app.host, "clone77".parse().expect("a reference"));
    app.services.order_erasure(whom, AskedBy::Operator).await.expect("ordered");
    app.run_due_jobs().await;
    app.services.load_pipeline().await.expect("queues");
    app.services.load_vitals().await.expect("signs of life");
    app.finish().await;
    all_have_left(&mut owner).await;
    let after = scans(&mut owner).await;
    let read: Vec<_> =
        after.iter().filter(|(table, scans)| before.get(*table).is_some_and(|old| *scans > old)).collect();
    assert!(read.is_empty(), "read from end to end: {read:?}");

    // What is looked at does change when a table is read so.
    let scan = "SELECT count(*) FROM member WHERE external_ref LIKE '%7'";
    sqlx::raw_sql(scan).execute(&mut owner).await.expect("a scan");
    flush(&mut owner).await;
    assert!(scans(&mut owner).await["member"] > after["member"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_hundred_thousand_waiting_jobs_are_not_in_the_way(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    // Prepared and run while the queue is empty, as by every worker that starts.
    let services = &app.services;
    let claim = async || {
        services
            .claim_jobs("upkeep", uuid::Uuid::from_u128(1), 100, std::time::Duration::from_mins(5))
            .await
            .expect("a claim")
    };
    for _ in 0..6 {
        assert!(claim().await.is_empty());
    }
    let now = services.ambient().now();
    for batch in 0..20 {
        let jobs: Vec<NewJob> = (0..5_000).map(|n| deed("nothing", 5_000 * batch + n, now)).collect();
        assert_eq!(services.enqueue_jobs(&jobs).await.expect("a place"), 5_000);
    }
    let app = app.reconnect().await;
    all_have_left(&mut owner).await;
    let read = async |owner: &mut PgConnection| -> i64 {
        sqlx::query_scalar("SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'job_upkeep'")
            .fetch_one(owner)
            .await
            .expect("statistics")
    };
    let before = read(&mut owner).await;
    for _ in 0..20 {
        let services = &app.services;
        let held = services
            .claim_jobs("upkeep", uuid::Uuid::from_u128(2), 100, std::time::Duration::from_mins(5))
            .await
            .expect("a claim");
        let ids: Vec<(i64, i16)> = held.iter().map(|job| (job.id, job.attempt)).collect();
        assert_eq!(services.complete_jobs("upkeep", uuid::Uuid::from_u128(2), &ids).await.expect("taken out"), 100);
    }
    let app = app.reconnect().await;
    all_have_left(&mut owner).await;
    assert_eq!(read(&mut owner).await, before, "claiming and taking out go by index");
    // What is looked at does change when the queue is read from end to end.
    let scan = "SELECT count(*) FROM job_upkeep WHERE payload IS NULL";
    sqlx::raw_sql(scan).execute(&mut owner).await.expect("a scan");
    flush(&mut owner).await;
    assert!(read(&mut owner).await >= before + 98_000);

    // Looking at the queue counts what waits, and may walk through it; it finds its page and its number.
    let one = Filter { kind: Some("nothing".to_owned()), ..Filter::default() };
    assert_eq!(app.services.list_jobs(&one, 3).await.expect("a list").len(), 3);
    let depth = app.services.load_pipeline().await.expect("queues").queues;
    assert!(depth.iter().any(|queue| queue.ready == 98_000), "{depth:?}");
    app.close().await;
}
