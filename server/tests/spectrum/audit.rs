//! The record of who looked and what was done: written with the deed, without a word, and still there when the member is not.

use axum::http::StatusCode;
use spectrum_core::{
    Whom,
    queue::{finish::Death, operate::Filter},
};
use spectrum_domain::{
    audit::{Actor, Verb},
    erasure::AskedBy,
    id::MemberId,
};
use sqlx::{
    PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::support::{Diary, TestApp, member_id};

async fn verbs(owner: &mut PgConnection) -> Vec<(i16, i16, bool, i64)> {
    sqlx::query_as("SELECT actor, verb, member_hash IS NOT NULL, count FROM audit ORDER BY at, verb, actor")
        .fetch_all(owner)
        .await
        .expect("records")
}

#[sqlx::test(migrations = "../migrations")]
async fn there_is_no_place_for_a_word_in_it(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut kinds: Vec<String> = sqlx::query_scalar(
        "SELECT DISTINCT format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = 'audit'::regclass AND attnum > 0",
    )
    .fetch_all(&mut app.owner().await)
    .await
    .expect("kinds");
    kinds.sort();
    assert_eq!(kinds, ["bigint", "bytea", "smallint", "timestamp with time zone", "uuid"]);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn each_deed_leaves_one_record_in_its_own_transaction(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let sent = (Diary { member: "ada", zone: "Europe/London", days: 2 }).sessions();
    for session in &sent {
        app.accept(&session.events).await;
    }
    let jobs =
        app.services.claim_jobs("analysis", uuid::Uuid::from_u128(9), 1, std::time::Duration::from_mins(5)).await;
    app.services.bury_job(&jobs.expect("a claim")[0], Death::Attempts, "a test").await.expect("buried");
    let member = app.member("ada").await;
    let session = sent[1].session_id.parse().expect("an id");
    app.services.exclude_session(&member, session).await.expect("left out");
    app.services.include_session(&member, session).await.expect("taken in");
    app.services.exclude_session(&member, uuid::Uuid::from_u128(4).into()).await.expect_err("no such session");
    assert_eq!(app.services.revive_jobs(&Filter::default(), None).await.expect("an answer"), 1);
    assert_eq!(app.services.revive_jobs(&Filter::default(), None).await.expect("an answer"), 0);
    app.services.pause_queue("upkeep", true, "a test").await.expect("paused");
    app.services.pause_queue("upkeep", false, "a test").await.expect("resumed");
    let number = Verb::number;
    let expected = vec![
        (1, number(Verb::SessionExcluded), true, 1),
        (1, number(Verb::SessionIncluded), true, 1),
        (4, number(Verb::JobsRetried), false, 1),
        (4, number(Verb::QueuePaused), false, 1),
        (4, number(Verb::QueueResumed), false, 1),
    ];
    assert_eq!(verbs(&mut owner).await, expected);
    app.run_due_jobs().await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_member_sees_what_was_done_and_nothing_of_another(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    for name in ["ada", "eve"] {
        for session in (Diary { member: name, zone: "Europe/London", days: 1 }).sessions() {
            app.accept(&session.events).await;
        }
    }
    app.run_due_jobs().await;
    let eve = app.sign_in("eve").await;
    let before = app.page("/spectrum/settings/looked", &eve).await;
    assert!(before.status == StatusCode::OK && before.body.contains("Nobody has looked"), "{}", before.body);
    let ada = app.member("ada").await;
    let session = (Diary { member: "ada", zone: "Europe/London", days: 1 }).sessions().remove(0).session_id;
    app.services.exclude_session(&ada, session.parse().expect("an id")).await.expect("left out");
    let page = app.page("/spectrum/settings/looked", &app.sign_in("ada").await).await;
    assert!(page.body.contains("left a session out of the analysis") && page.body.contains("20 November 2026, 12:00"));
    assert!(!page.body.contains(&session), "not even which session");
    assert!(app.page("/spectrum/settings/looked", &eve).await.body.contains("Nobody has looked"));
    assert_eq!(app.page("/spectrum/settings/looked", "").await.status, StatusCode::UNAUTHORIZED);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_record_outlives_the_member_and_names_nobody(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    for session in (Diary { member: "ada", zone: "Europe/London", days: 2 }).sessions() {
        app.accept(&session.events).await;
    }
    app.run_due_jobs().await;
    let ada = MemberId(member_id(&mut owner, app.host.uuid(), "ada").await);
    app.services.order_erasure(Whom::Member(ada), AskedBy::Member).await.expect("ordered");
    app.services.order_erasure(Whom::Member(ada), AskedBy::Member).await.expect("asked twice");
    app.run_due_jobs().await;
    let hash = app.services.ledger().member_hash(ada);
    let kept: Vec<(i16, i16)> = sqlx::query_as("SELECT actor, verb FROM audit WHERE member_hash = $1 ORDER BY verb")
        .bind(hash.as_slice())
        .fetch_all(&mut owner)
        .await
        .expect("records");
    let by = |actor: Actor, verb: Verb| (actor.columns().0, verb.number());
    assert_eq!(kept, [by(Actor::Member, Verb::ErasureRequested), by(Actor::Machine, Verb::Erased)]);
    app.clock.advance(chrono::TimeDelta::days(2_193));
    app.services.plan_due().await.expect("planned");
    app.run_due_jobs().await;
    let old: i64 = sqlx::query_scalar("SELECT count(*) FROM audit WHERE member_hash IS NOT NULL")
        .fetch_one(&mut owner)
        .await
        .expect("a count");
    assert_eq!(old, 0, "six years are over");
    app.finish().await;
}
