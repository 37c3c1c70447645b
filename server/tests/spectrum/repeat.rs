//! Requests that are sent again under an `Idempotency-Key`: done once, answered the same, whatever became of the first.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use chrono::TimeDelta;
use serde_json::{Value, json};
use spectrum_core::answers::{Answer as Kept, Caller, Claim};
use spectrum_domain::id::MemberId;
use sqlx::{
    PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::task::JoinSet;
use uuid::Uuid;

use spectrum_core::access::host_key::NewKey;

use crate::support::{Answer, Diary, TestApp, everything, rows};

/// A call of the API with this key for it.
async fn call(app: &TestApp, host_key: &str, method: Method, path: &str, key: &str, body: &str) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(format!("/api/v1{path}"))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::AUTHORIZATION, format!("Bearer {host_key}"))
        .header("idempotency-key", key);
    app.send(request.body(Body::from(body.to_owned())).expect("a request")).await
}

async fn put(app: &TestApp, key: &str, body: &Value) -> Answer {
    call(app, &app.host_key, Method::PUT, "/members/ada", key, &body.to_string()).await
}

fn replayed(answer: &Answer) -> bool {
    answer.header("idempotent-replayed") == "true"
}

async fn count(owner: &mut PgConnection, query: &str) -> i64 {
    rows(owner, query).await[0]["count"].as_i64().expect("a count")
}

#[sqlx::test(migrations = "../migrations")]
async fn the_same_request_under_the_same_key_is_answered_as_the_first_was(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let events = json!({ "events": Diary { member: "ada", zone: "Europe/London", days: 2 }.sessions()[0].events });
    let first = call(&app, &app.host_key, Method::POST, "/events", "k-1", &events.to_string()).await;
    assert_eq!((first.status, replayed(&first)), (StatusCode::OK, false), "{}", first.body);
    assert!(first.json()["accepted"].as_u64() > Some(0));
    let before = everything(&mut owner).await;
    let again = call(&app, &app.host_key, Method::POST, "/events", "k-1", &events.to_string()).await;
    assert_eq!((again.status, replayed(&again)), (StatusCode::OK, true));
    assert_eq!(again.body, first.body, "byte for byte: accepted, and not duplicate as without the key");
    assert_eq!(again.header("content-type"), first.header("content-type"));
    assert_eq!(everything(&mut owner).await, before, "nothing was done");
    let bare = app.api(Method::POST, "/events", Some(&events)).await;
    assert!(bare.json()["duplicates"].as_u64() > Some(0) && !replayed(&bare), "without a key it is done again");

    // A refusal of the request is an answer as well.
    let wrong = json!({ "time_zone": "Mars/Olympus" });
    let first = put(&app, "k-2", &wrong).await;
    let again = put(&app, "k-2", &wrong).await;
    assert_eq!((first.status, again.status), (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::UNPROCESSABLE_ENTITY));
    assert_eq!(
        (again.body, again.headers[header::CONTENT_TYPE].as_bytes()),
        (first.body, b"application/problem+json".as_slice())
    );
    app.run_due_jobs().await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn another_request_under_the_key_is_refused_and_does_nothing(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    assert_eq!(put(&app, "k", &json!({ "plan": "paid" })).await.status, StatusCode::OK);
    let before = everything(&mut owner).await;
    let key = &app.host_key;
    for (method, path, body) in [
        (Method::PUT, "/members/ada", r#"{"plan":"free"}"#),
        (Method::PUT, "/members/eve", r#"{"plan":"paid"}"#),
        (Method::PUT, "/members/ada?a=b", r#"{"plan":"paid"}"#),
        (Method::POST, "/members/ada/links", r#"{"plan":"paid"}"#),
        (Method::PUT, "/members/ada", r#"{"plan": "paid"}"#),
    ] {
        let answer = call(&app, key, method.clone(), path, "k", body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{method} {path} {body}");
        assert_eq!(answer.json()["type"], "urn:spectrum:problem:idempotency-key-reused");
        assert_eq!(everything(&mut owner).await, before);
    }
    assert!(replayed(&put(&app, "k", &json!({ "plan": "paid" })).await), "the first is still answered");
    app.run_due_jobs().await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_key_is_the_callers_own(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let other = app.other_host("other").await;
    assert_eq!(put(&app, "k", &json!({ "plan": "paid" })).await.status, StatusCode::OK);
    let theirs = call(&app, &other, Method::PUT, "/members/ada", "k", r#"{"plan":"free"}"#).await;
    assert_eq!((theirs.status, replayed(&theirs)), (StatusCode::OK, false), "another host has its own keys");
    // A second credential of the same host is the same caller.
    let second = app.make_key("host", &NewKey::for_everything("two")).await.key;
    let again = call(&app, second.expose(), Method::PUT, "/members/ada", "k", r#"{"plan":"paid"}"#).await;
    assert!(replayed(&again), "{}", again.body);
    let stranger = call(&app, "sp_host_0", Method::PUT, "/members/ada", "k", r#"{"plan":"paid"}"#).await;
    assert_eq!((stranger.status, replayed(&stranger)), (StatusCode::UNAUTHORIZED, false), "a kept answer is no way in");
    app.run_due_jobs().await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn of_many_at_once_one_is_done_and_all_get_its_answer(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let events = json!({ "events": Diary { member: "ada", zone: "Europe/London", days: 1 }.sessions()[0].events });
    let mut calls = JoinSet::new();
    for _ in 0..12 {
        use tower::ServiceExt as _;
        let request = Request::post("/api/v1/events")
            .header(header::AUTHORIZATION, format!("Bearer {}", app.host_key))
            .header("idempotency-key", "k")
            .body(Body::from(events.to_string()))
            .expect("a request");
        calls.spawn(app.router.clone().oneshot(request));
    }
    let (mut done, mut busy, mut same) = (0, 0, 0);
    while let Some(answer) = calls.join_next().await {
        let answer = answer.expect("no panic").expect("infallible");
        match (answer.status(), answer.headers().contains_key("idempotent-replayed")) {
            (StatusCode::OK, false) => done += 1,
            (StatusCode::OK, true) => same += 1,
            (StatusCode::CONFLICT, _) => {
                assert!(answer.headers().contains_key(header::RETRY_AFTER));
                busy += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((done, busy + same), (1, 11));
    app.run_due_jobs().await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn while_the_first_runs_others_wait_and_when_it_was_cut_off_its_key_is_free(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database).await;
    // A process takes the request on and is gone.
    let body = r#"{"plan":"paid"}"#;
    let request: [&[u8]; 3] = [b"PUT", b"/api/v1/members/ada", body.as_bytes()];
    let lost = app.services.claim_answer(Caller::Host(app.host), "k", &request, TimeDelta::seconds(30)).await;
    let Ok(Claim::Ours(lost)) = lost else { panic!("{lost:?}") };
    let answer = put(&app, "k", &json!({ "plan": "paid" })).await;
    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::CONFLICT, "2"), "{}", answer.body);
    app.clock.advance(TimeDelta::seconds(29));
    assert_eq!(put(&app, "k", &json!({ "plan": "paid" })).await.status, StatusCode::CONFLICT);
    app.clock.advance(TimeDelta::seconds(1));
    let done = put(&app, "k", &json!({ "plan": "paid" })).await;
    assert_eq!((done.status, replayed(&done)), (StatusCode::OK, false));
    // It comes back late, and what it says is not kept.
    let late = Kept { status: 200, content_type: None, location: None, body: b"late".to_vec() };
    app.services.keep_answer(&lost, Some(&late)).await.expect("an answer");
    app.services.give_key_back(&lost).await.expect("an answer");
    let again = put(&app, "k", &json!({ "plan": "paid" })).await;
    assert_eq!((replayed(&again), again.body), (true, done.body));
    app.run_due_jobs().await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_client_that_went_away_finds_its_answer_when_it_asks_again(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut found = 0;
    // Dropped at every place there is: until it is answered before it is dropped. What goes on by itself may be overtaken by
    // whoever asks again at once, so there are more rounds than one.
    for (round, polls) in (0..50).flat_map(|round| (1..50).map(move |polls| (round, polls))) {
        if found > 0 && polls == 1 {
            break;
        }
        let (key, body) = (format!("k{round}-{polls}"), json!({ "plan": "paid" }));
        if crate::support::poll_at_most(polls, put(&app, &key, &body)).await.is_some() {
            continue;
        }
        // Dropped before anything was claimed, it is done now; dropped later, it went on by itself.
        let answer = loop {
            let answer = put(&app, &key, &body).await;
            if answer.status != StatusCode::CONFLICT {
                break answer;
            }
        };
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        found += usize::from(replayed(&answer));
    }
    assert!(found > 0, "none was dropped after it had begun");
    app.run_due_jobs().await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn answers_of_the_moment_are_not_kept(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    for kind in ["text", "key"] {
        // Too busy: the database lets nobody near the members for a while.
        let mut lock = app.owner().await;
        sqlx::raw_sql("BEGIN; LOCK TABLE member_lookup IN ACCESS EXCLUSIVE MODE")
            .execute(&mut lock)
            .await
            .expect("locked");
        let busy = put(&app, kind, &json!({ "plan": "paid" })).await;
        assert!(busy.status.is_server_error(), "{}", busy.status);
        assert_eq!(count(&mut owner, "SELECT count(*) FROM idempotency_key").await, i64::from(kind == "key"));
        sqlx::raw_sql("ROLLBACK").execute(&mut lock).await.expect("unlocked");
        let done = put(&app, kind, &json!({ "plan": "paid" })).await;
        assert_eq!((done.status, replayed(&done)), (StatusCode::OK, false), "{}", done.body);
        assert!(replayed(&put(&app, kind, &json!({ "plan": "paid" })).await));
    }
    // Nor is one that is about the credential.
    let stranger = call(&app, "sp_host_0", Method::PUT, "/members/ada", "k", "{}").await;
    assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
    assert_eq!(count(&mut owner, "SELECT count(*) FROM idempotency_key").await, 2);
    app.run_due_jobs().await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_answer_is_kept_for_a_day_and_let_go_by_the_daily_round(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    put(&app, "k", &json!({ "plan": "paid" })).await;
    app.clock.advance(TimeDelta::hours(24) - TimeDelta::seconds(1));
    assert!(replayed(&put(&app, "k", &json!({ "plan": "paid" })).await));
    app.clock.advance(TimeDelta::seconds(1));
    let anew = put(&app, "k", &json!({ "plan": "free" })).await;
    assert_eq!((anew.status, replayed(&anew)), (StatusCode::OK, false), "the key is free for anything");
    put(&app, "k2", &json!({ "plan": "paid" })).await;
    assert_eq!(count(&mut owner, "SELECT count(*) FROM idempotency_key").await, 2);
    app.clock.advance(TimeDelta::hours(20));
    put(&app, "k3", &json!({ "plan": "paid" })).await;
    app.clock.advance(TimeDelta::hours(5));
    app.services.plan_due().await.expect("a plan");
    app.run_due_jobs().await;
    assert_eq!(count(&mut owner, "SELECT count(*) FROM idempotency_key").await, 1, "only what is younger than a day");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_key_that_can_not_be_used_is_refused(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let before = everything(&mut owner).await;
    let longest = "k".repeat(255);
    for key in ["", " ", "two words", "t\tab", "\u{e9}", &"k".repeat(256)] {
        let answer = put(&app, key, &json!({})).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{key:?}");
        assert_eq!(answer.json()["type"], "urn:spectrum:problem:bad-idempotency-key");
        assert!(key.trim().is_empty() || !answer.body.contains(key), "it is not repeated");
    }
    let two = Request::put("/api/v1/members/ada")
        .header(header::AUTHORIZATION, format!("Bearer {}", app.host_key))
        .header("idempotency-key", "one")
        .header("idempotency-key", "two");
    assert_eq!(app.send(two.body(Body::empty()).expect("a request")).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(everything(&mut owner).await, before, "nothing was done");
    for key in [longest.as_str(), "k", "\"8e03978e-40d5-43e8-bc93-6894a57f9324\"", "~!@#$%^&*()"] {
        assert_eq!(put(&app, key, &json!({})).await.status, StatusCode::OK, "{key}");
    }
    app.run_due_jobs().await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_kept_holds_neither_words_nor_secrets_nor_keys(_: PgPoolOptions, database: PgConnectOptions) {
    const CANARY: &str = "xqzcanary";
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let mut sent = Diary { member: "ada", zone: "Europe/London", days: 1 }.sessions().remove(0);
    for event in &mut sent.events {
        if event["type"] == "turn.added" {
            event["text"] = format!("my {CANARY} word").into();
        }
    }
    let mut broken = sent.events[1].clone();
    broken["event_id"] = Uuid::from_u128(7).to_string().into();
    broken["feature"] = CANARY.into();
    sent.events.push(broken);
    let body = json!({ "events": sent.events }).to_string();
    let key = format!("{CANARY}-key");
    let answer = call(&app, &app.host_key, Method::POST, "/events", &key, &body).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    call(&app, &app.host_key, Method::PUT, &format!("/members/{CANARY}"), "k2", &format!("{{\"{CANARY}\":1}}")).await;
    call(&app, &app.host_key, Method::POST, &format!("/members/{CANARY}/links"), "k3", "{}").await;
    // A link may be used by whoever has it: it is answered, and its answer is not written down.
    let link = call(&app, &app.host_key, Method::POST, "/members/ada/links", "k4", "{}").await;
    let url = link.json()["url"].as_str().expect("an address").to_owned();
    let again = call(&app, &app.host_key, Method::POST, "/members/ada/links", "k4", "{}").await;
    assert_eq!((again.status, replayed(&again)), (StatusCode::CREATED, false));
    assert_ne!(again.json()["url"].as_str(), Some(url.as_str()), "a new one");
    let other = call(&app, &app.host_key, Method::POST, "/members/ada/links", "k4", r#"{"page":"newest"}"#).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "and the key is still that request's");

    let kept = rows(
        &mut owner,
        "SELECT encode(key_hash, 'escape') AS key, encode(request, 'escape') AS request, content_type, location,
                convert_from(body, 'UTF8') AS body, status FROM idempotency_key",
    )
    .await;
    assert_eq!(kept.len(), 4, "{kept:?}");
    assert_eq!(kept.iter().filter(|row| row["body"].is_null()).count(), 1, "the link's");
    let kept = serde_json::to_string(&kept).expect("JSON");
    let (_, code) = url.split_once("code=").expect("a code");
    for secret in [CANARY, code, app.host_key.as_str(), "ada"] {
        assert!(!kept.contains(secret), "{secret} in {kept}");
    }
    app.run_due_jobs().await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn every_changing_call_of_the_api_is_behind_the_layer(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let document = serde_json::to_value(server::http::openapi()).expect("a document");
    let mut asked = 0;
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            if method == "get" {
                continue;
            }
            let parameters = operation["parameters"].as_array().expect("parameters");
            assert!(parameters.iter().any(|parameter| parameter["name"] == "Idempotency-Key"), "{method} {path}");
            let method: Method = method.to_uppercase().parse().expect("a method");
            let path = path.strip_prefix("/api/v1").expect("the prefix").replace("{ref}", "ada");
            let answer = call(&app, &app.host_key, method.clone(), &path, "two words", "{}").await;
            assert_eq!(answer.json()["type"], "urn:spectrum:problem:bad-idempotency-key", "{method} {path}");
            asked += 1;
        }
    }
    assert!(asked >= 3);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_members_keys_are_theirs_and_go_with_them(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let (one, two) = (MemberId(Uuid::from_u128(1)), MemberId(Uuid::from_u128(2)));
    for member in [one, two] {
        let claim = app.services.claim_answer(Caller::Member(member), "k", &[b"a"], TimeDelta::seconds(30)).await;
        assert!(matches!(claim, Ok(Claim::Ours(_))), "{claim:?}");
    }
    let named = rows(&mut app.owner().await, "SELECT member_id FROM idempotency_key").await;
    assert_eq!(named, [json!({ "member_id": one }), json!({ "member_id": two })], "so that erasure finds them");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_body_that_is_too_large_is_refused_before_it_is_counted(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let body = "x".repeat(4 * 1024 * 1024 + 1);
    let answer = call(&app, &app.host_key, Method::POST, "/events", "k", &body).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", answer.body);
    let answer = call(&app, &app.host_key, Method::PUT, "/members/ada", "k", &body[..100_000]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", answer.body);
    app.finish().await;
}
