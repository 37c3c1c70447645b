//! sqlx 0.9.0 loses writes when a `begin()` is dropped half-way, and web servers drop handlers whose client went away. Here
//! both happen at every point and at random ones, and no acknowledged write may be missing afterwards.

use axum::http::{Method, StatusCode};
use rand::RngExt as _;
use serde_json::{Value, json};
use spectrum_core::db::pool::{Duty, PoolSizes};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{Diary, TestApp, chance, poll_at_most};

/// One connection a duty, so that the next borrower gets the very connection that was left behind.
const ONE: PoolSizes = PoolSizes { web: 1, ingest: 1, worker: 1, staff: 1 };

async fn count(app: &TestApp, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&mut app.owner().await).await.expect("a count")
}

#[sqlx::test(migrations = "../migrations")]
async fn a_begin_dropped_at_any_point_takes_no_later_write_with_it(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::with_pools(database, ONE).await;
    let sessions = Diary { member: "ada", zone: "Europe/London", days: 24 }.sessions();
    for (polls, sent) in sessions.iter().enumerate() {
        // The bare begin, as sqlx offers it, on the pool that events go through.
        drop(poll_at_most(polls, app.services.pools().of(Duty::Ingest).begin()).await);
        app.accept(&sent.events).await;
        let seen = count(&app, "SELECT count(*) FROM session").await;
        assert_eq!(seen, i64::try_from(polls + 1).expect("few"), "after a begin dropped at poll {polls}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn the_guard_turns_a_connection_away_that_is_inside_a_transaction(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::with_pools(database, ONE).await;
    let pool = app.services.pools().of(Duty::Ingest);
    let mut connection = pool.acquire().await.expect("a connection");
    let before: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut *connection).await.expect("a pid");
    // Behind the pool's back, as the lost begin does it.
    sqlx::raw_sql("BEGIN").execute(&mut *connection).await.expect("begun");
    drop(connection);
    let mut connection = pool.acquire().await.expect("a connection");
    let after: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut *connection).await.expect("a pid");
    assert_ne!(before, after, "the connection inside a transaction was handed on");
}

#[sqlx::test(migrations = "../migrations")]
async fn requests_dropped_at_random_lose_and_double_nothing(_: PgPoolOptions, database: PgConnectOptions) {
    let sizes = PoolSizes { web: 2, ingest: 2, worker: 2, staff: 1 };
    let app = TestApp::with_pools(database, sizes).await;
    let mut chance = chance(23);
    let sessions = Diary { member: "ada", zone: "Europe/London", days: 60 }.sessions();
    let mut acknowledged: Vec<&Value> = Vec::new();
    let mut dropped = 0;
    for sent in &sessions {
        let body = json!({ "events": sent.events });
        let polls = chance.random_range(0..6);
        match poll_at_most(polls, app.api(Method::POST, "/events", Some(&body))).await {
            Some(answer) => {
                assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
                acknowledged.extend(&sent.events);
            }
            None => dropped += 1,
        }
    }
    assert!(dropped > 5, "the test drops nothing, so it can't fail");
    // What was dropped goes on by itself; what was acknowledged must be there now, word for word.
    for event in acknowledged {
        let again = app.accept(std::slice::from_ref(event)).await;
        assert_eq!(again["duplicates"], 1, "an acknowledged event is missing: {}", event["event_id"]);
    }
    for sent in &sessions {
        app.accept(&sent.events).await;
    }
    app.run_due_jobs().await;
    assert_eq!(count(&app, "SELECT count(*) FROM session WHERE state = 'analysed'").await, 60);
    assert_eq!(count(&app, "SELECT count(*) FROM turn").await, 180);

    // The same with the forms of a page: whatever was answered is true afterwards.
    let cookie = app.sign_in("ada").await;
    for (place, sent) in sessions.iter().take(40).enumerate() {
        let act = if place % 2 == 0 { "exclude" } else { "include" };
        let form = format!("session_id={}&week=2026-W47", sent.session_id);
        let polls = chance.random_range(0..6);
        let path = format!("/fn/{act}_session");
        if poll_at_most(polls, app.post_form(&path, &form, &cookie)).await.is_some() {
            let out: bool = sqlx::query_scalar("SELECT excluded FROM session WHERE session_id = $1::uuid")
                .bind(&sent.session_id)
                .fetch_one(&mut app.owner().await)
                .await
                .expect("the session");
            assert_eq!(out, act == "exclude", "an answered form did not take effect");
        }
    }
    let counted = count(&app, "SELECT count(*) FROM session WHERE NOT excluded").await;
    for sent in &sessions {
        app.post_form("/fn/include_session", &format!("session_id={}&week=2026-W47", sent.session_id), &cookie).await;
    }
    assert!(counted <= 60);
    assert_eq!(count(&app, "SELECT sum(sessions)::bigint FROM day_rollup").await, 60);
    let stuck = "SELECT count(*) FROM pg_stat_activity
                 WHERE datname = current_database() AND state LIKE 'idle in transaction%' AND usename <> ''
                   AND state_change < now() - interval '5 seconds'";
    assert_eq!(count(&app, stuck).await, 0);
}
