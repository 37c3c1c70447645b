//! Erasure: everything about a member is gone wherever it lay, and what runs meanwhile brings nothing back.

use std::{collections::BTreeMap, time::Duration};

use axum::http::StatusCode;
use chrono::TimeDelta;
use server::analyzer::{Embedded, Lexicon, measure_session};
use spectrum_core::{
    ServiceError, Whom,
    analysis::load_turns::Occasion,
    answers,
    control::erase_member::TABLES,
    queue::{claim::ClaimedJob, finish::Death},
};
use spectrum_domain::{erasure::AskedBy, id::MemberId, job::Job};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use uuid::Uuid;

use crate::support::{Diary, MEMBER_TABLES, TestApp, everything, give_feedback, member_id, rows_about};

async fn erase(app: &TestApp, member: &str) {
    let whom = Whom::Reference(app.host, member.parse().expect("a reference"));
    app.services.order_erasure(whom, AskedBy::Operator).await.expect("an order");
}

async fn claim(app: &TestApp, most: i64) -> Vec<ClaimedJob> {
    app.services.claim_jobs("analysis", Uuid::from_u128(9), most, Duration::from_mins(5)).await.expect("a claim")
}

#[test]
fn the_tables_of_an_erasure_are_those_of_a_member() {
    // All that are the member's own, and their sessions in browsers; the queue's are forgotten last.
    let mut expected: Vec<&str> = MEMBER_TABLES.into_iter().filter(|table| *table != "member").collect();
    expected.extend(["one_time_link", "web_session", "idempotency_key", "device_address"]);
    let mut tables = TABLES.to_vec();
    expected.sort_unstable();
    tables.sort_unstable();
    assert_eq!(tables, expected);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_member_goes_wherever_their_jobs_are(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    for member in ["ada", "bob"] {
        for sent in (Diary { member, zone: "Europe/London", days: 6 }).sessions() {
            app.accept(&sent.events).await;
        }
        let member = app.member(member).await.member_id;
        app.services.request_export(member).await.expect("ordered");
    }
    app.run_due_jobs().await;
    let bobs = everything(&mut owner).await;
    for sent in (Diary { member: "ada", zone: "Europe/London", days: 9 }).sessions() {
        app.accept(&sent.events).await;
    }
    let ada = member_id(&mut owner, app.host.uuid(), "ada").await;
    let caller = answers::Caller::Member(ada.into());
    app.services.claim_answer(caller, "a key", &[b"a request"], TimeDelta::minutes(1)).await.expect("a claim");
    // One job runs, one is dead, one waits.
    let mut held = claim(&app, 2).await;
    assert_eq!(held.len(), 2);
    app.services.bury_job(&held.remove(1), Death::Attempts, "a test").await.expect("buried");
    let running = held.remove(0);
    give_feedback(&app, ada.into()).await;
    for row in [
        "edition_due VALUES ($1, current_date)",
        "member_spend VALUES ($1, current_date, 7)",
        "exposure VALUES ($1, 'teaser', 'feature', now())",
        "upgrade VALUES ($1, $1, now(), now(), now())",
        "product_event VALUES ($1, '2026-11-20', $1, 8, '{}', 'app', '1', now())",
        "rephrasing VALUES ($1, $1, 'week', current_date, '\\x01', '{}', now())",
        "device VALUES ($1, $1, 'ios', 'apns', 'apns_token', 'production', '\\x01', '\\x01', 1, '\\x02', NULL, NULL, now(), now())",
        "device_address VALUES ('\\x02', $1, $1)",
        "push_preference VALUES ($1, 'weekly', true, NULL, NULL, NULL, 9, NULL, NULL, now())",
        "push_outbox VALUES ($1, $1, 'weekly', '2026-11-09'::date, $1, 'apns', 'waiting', NULL, now(), '2200-01-01'::timestamptz, '2200-01-02'::timestamptz, 0, now())",
        "push_attempt VALUES ($1, $1, 1, 'apns', 'delivered', 'ok', 200, NULL, 40, 0, now())",
    ] {
        let insert = format!("INSERT INTO {row} ON CONFLICT DO NOTHING");
        sqlx::query(sqlx::AssertSqlSafe(insert)).bind(ada).execute(&mut owner).await.expect("a row");
    }
    let about = rows_about(&mut owner, ada).await;
    for table in TABLES.iter().filter(|table| !["exclusion", "correction"].contains(table)).chain(&[
        "member",
        "member_lookup",
        "job",
        "job_key",
        "job_dead",
    ]) {
        assert!(about.contains_key(*table), "{table}: {about:?}");
    }

    erase(&app, "ada").await;
    assert_eq!(app.page("/spectrum", &app.sign_in("bob").await).await.status, StatusCode::SEE_OTHER);
    app.run_due_jobs().await;
    assert_eq!(rows_about(&mut owner, ada).await, BTreeMap::new());
    // What ran ends, and finds that it is nobody's any more.
    let done = [(running.id, running.attempt)];
    assert_eq!(app.services.complete_jobs("analysis", running.worker_id, &done).await.expect("an answer"), 0);
    assert_eq!(rows_about(&mut owner, ada).await, BTreeMap::new());
    // Bob has lost nothing.
    let bob = member_id(&mut owner, app.host.uuid(), "bob").await.to_string();
    let after = everything(&mut owner).await;
    for (table, rows) in bobs {
        for row in rows.iter().filter(|row| row["member_id"] == bob.as_str()) {
            let same = |other: &serde_json::Value| {
                // Pages were asked for meanwhile.
                table == "one_time_link" || other == row
            };
            assert!(after[&table].iter().any(same), "{table}: {row}");
        }
    }
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_analysis_that_was_under_way_is_not_kept(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    for sent in (Diary { member: "ada", zone: "Europe/London", days: 1 }).sessions() {
        app.accept(&sent.events).await;
    }
    let ada = member_id(&mut owner, app.host.uuid(), "ada").await;
    let job = claim(&app, 1).await.remove(0);
    let Ok(Job::AnalyzeSession { session_id, .. }) = job.job() else { panic!("{job:?}") };
    let text = app.services.load_session_text(MemberId(ada), session_id, Occasion::Ended).await.expect("text");
    let analysis =
        measure_session(&Embedded::new(Lexicon::new()), None, text.expect("a session")).await.expect("a measure");

    erase(&app, "ada").await;
    app.run_due_jobs().await;
    let kept = app.services.record_analysis(&job, session_id, &analysis).await;
    assert!(matches!(kept, Err(ServiceError::LeaseLost)), "{kept:?}");
    assert_eq!(rows_about(&mut owner, ada).await, BTreeMap::new());
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_erasure_and_the_members_own_jobs_at_the_same_moment(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    for round in 0..4 {
        for sent in (Diary { member: "ada", zone: "Europe/London", days: 8 }).sessions() {
            app.accept(&sent.events).await;
        }
        let ada = member_id(&mut owner, app.host.uuid(), "ada").await;
        let (_, ()) = tokio::join!(app.run_due_jobs(), async {
            tokio::time::sleep(Duration::from_millis(20 * round)).await;
            erase(&app, "ada").await;
        });
        app.run_due_jobs().await;
        assert_eq!(rows_about(&mut owner, ada).await, BTreeMap::new());
    }
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn who_is_being_erased_is_shut_out_at_once(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let sent = (Diary { member: "ada", zone: "Europe/London", days: 2 }).sessions();
    app.accept(&sent[0].events).await;
    let cookie = app.sign_in("ada").await;
    erase(&app, "ada").await;
    assert_ne!(app.page("/spectrum/week/2026-W47", &cookie).await.status, StatusCode::OK);
    let answer = app.post_events(&sent[1].events).await;
    assert!(answer.body.contains("\"refused\""), "{}", answer.body);
    app.run_due_jobs().await;
    // The host's reference is free: who comes back under it is somebody new.
    app.accept(&sent[0].events).await;
    app.run_due_jobs().await;
    app.finish().await;
}
