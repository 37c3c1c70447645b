//! sqlx 0.9.0 loses writes when a `begin()` is dropped half-way, and web servers drop handlers whose client went away. Here
//! both happen at every point and at random ones, and no acknowledged write may be missing afterwards.

use axum::http::{Method, StatusCode};
use rand::RngExt as _;
use serde_json::{Value, json};
use spectrum_core::db::pool::{Duty, PoolSizes};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use uuid::Uuid;

use crate::support::{Diary, TestApp, chance, poll_at_most};

/// One connection a duty, so that the next borrower gets the very connection that was left behind.
const ONE: PoolSizes = PoolSizes { web: 1, ingest: 1, worker: 1, system: 1, staff: 1, push: 1 };

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
    app.run_due_jobs().await;
    assert_comes_to_rest(&app).await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_begin_dropped_at_any_point_takes_no_later_claim_with_it(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::with_pools(database, ONE).await;
    for sent in (Diary { member: "ada", zone: "Europe/London", days: 24 }).sessions() {
        app.accept(&sent.events).await;
    }
    for polls in 0..24_u32 {
        drop(poll_at_most(polls as usize, app.services.pools().of(Duty::Worker).begin()).await);
        // A claim is one statement without a transaction of its own: inside a forgotten one it would never be committed.
        let worker = Uuid::from_u128(u128::from(polls) + 1);
        let claimed =
            app.services.claim_jobs("analysis", worker, 1, std::time::Duration::from_mins(1)).await.expect("a claim");
        assert_eq!(claimed.len(), 1);
        let holds: i64 = sqlx::query_scalar("SELECT count(*) FROM job WHERE id = $1 AND state = 1 AND worker_id = $2")
            .bind(claimed[0].id)
            .bind(worker)
            .fetch_one(&mut app.owner().await)
            .await
            .expect("a count");
        assert_eq!(holds, 1, "after a begin dropped at poll {polls} nobody else sees who holds the job");
    }
    assert_comes_to_rest(&app).await;
    app.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_pool_without_the_guard_does_lose_a_write(pool: PgPoolOptions, database: PgConnectOptions) {
    // What the guard is for. When this fails, sqlx has been mended, and the guard may go.
    let pool = pool.max_connections(1).connect_with(database.clone()).await.expect("a pool");
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let mut lost = false;
    for attempt in 0..2_000 {
        // Which poll is the fatal one depends on how quickly the answer comes, so all are tried again and again.
        drop(poll_at_most(attempt % 8, pool.begin()).await);
        let name = format!("host{attempt}");
        sqlx::query("INSERT INTO host (host_id, name, created_at) VALUES (gen_random_uuid(), $1, now())")
            .bind(&name)
            .execute(&pool)
            .await
            .expect("it says that it was written");
        lost = !sqlx::query_scalar::<_, bool>("SELECT EXISTS (SELECT FROM host WHERE name = $1)")
            .bind(&name)
            .fetch_one(&mut owner)
            .await
            .expect("a look");
        if lost {
            break;
        }
    }
    assert!(lost, "no write was lost");
    pool.close().await;
    app.finish().await;
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
    let sizes = PoolSizes { web: 2, ingest: 2, worker: 2, system: 2, staff: 1, push: 1 };
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
    assert_eq!(count(&app, "SELECT count(*) FROM exclusion").await, 0, "all are taken in again");
    assert_comes_to_rest(&app).await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_sign_in_dropped_at_random_makes_one_cookie_or_none(_: PgPoolOptions, database: PgConnectOptions) {
    let sizes = PoolSizes { web: 2, ingest: 2, worker: 2, system: 2, staff: 1, push: 1 };
    let app = TestApp::with_pools(database, sizes).await;
    app.accept(&Diary { member: "ada", zone: "Europe/London", days: 1 }.sessions()[0].events).await;
    app.run_due_jobs().await;
    let mut chance = chance(29);
    let (mut answered, mut dropped) = (0, 0);
    for _ in 0..60 {
        let link = app.api(Method::POST, "/members/ada/links", Some(&json!({}))).await.json();
        let (_, code) = link["url"].as_str().and_then(|url| url.split_once("?code=")).expect("a code");
        let form = format!("code={code}");
        match poll_at_most(chance.random_range(0..7), app.post_form("/fn/sign_in", &form, "")).await {
            Some(answer) => {
                answered += 1;
                let cookie = answer.header("set-cookie").split(';').next().expect("a cookie").to_owned();
                let week = app.page("/spectrum/week/2026-W47", &cookie).await;
                assert_eq!(week.status, StatusCode::OK, "an answered sign-in counts");
            }
            None => dropped += 1,
        }
        // Whatever became of it, the same link again signs in at most once more, and then it is spent.
        app.post_form("/fn/sign_in", &form, "").await;
        let again = app.post_form("/fn/sign_in", &form, "").await;
        assert_eq!(again.header("location"), "/sign-in", "{:?}", again.headers);
    }
    assert!(answered > 5 && dropped > 5, "{answered} answered and {dropped} dropped");
    assert_comes_to_rest(&app).await;
    assert_eq!(count(&app, "SELECT count(*) FROM one_time_link WHERE used_at IS NULL").await, 0);
    assert_eq!(count(&app, "SELECT count(*) FROM web_session").await, 60, "one cookie a link");
    app.finish().await;
}

/// What was dropped goes on by itself and comes to an end: then no connection is inside a transaction, and every pool can
/// lend out all it has.
async fn assert_comes_to_rest(app: &TestApp) {
    const BUSY: &str = "SELECT count(*) FROM pg_stat_activity
                        WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'";
    let mut owner = app.owner().await;
    let mut asked = 0;
    while sqlx::query_scalar::<_, i64>(BUSY).fetch_one(&mut owner).await.expect("a count") > 0 {
        asked += 1;
        assert!(asked < 20_000, "a connection stays busy or inside a transaction");
    }
    for duty in [Duty::Web, Duty::Ingest, Duty::Worker, Duty::System, Duty::Staff] {
        let pool = app.services.pools().of(duty);
        let mut borrowed = Vec::new();
        for _ in 0..pool.options().get_max_connections() {
            borrowed.push(pool.acquire().await.expect("a connection"));
        }
    }
}
