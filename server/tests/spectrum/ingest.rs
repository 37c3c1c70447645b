//! Events in: each kept once, in any order and from many senders, and refused by name where it can't be kept.

use axum::http::{Method, StatusCode};
use chrono::{DateTime, TimeDelta, Utc};
use rand::RngExt as _;
use serde_json::{Value, json};
use sqlx::{
    PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::{Answer, START, TestApp, chance, everything, member_id, rows, session, shuffled};

const TURNS: [&str; 3] = ["I am worried and tense.", "Then I walked for an hour.", "Now I feel calm and grateful."];

/// A session of three turns, held on the day every test begins.
fn evening(member: &str) -> Vec<Value> {
    session(member, "evening", "2026-11-20T09:00:00Z", "Europe/London", &TURNS).events
}

/// An event like this one under an id of its own.
fn mended(event: &Value, changes: &[(&str, Value)]) -> Value {
    let mut event = event.clone();
    for (field, value) in changes {
        event[*field] = value.clone();
    }
    event
}

fn new_id() -> Value {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("random bytes");
    json!(uuid::Builder::from_random_bytes(bytes).into_uuid())
}

/// The kinds of the refusals of an answer, by place in the batch.
fn refusals(answer: &Answer) -> Vec<(u64, String, String)> {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let errors = answer.json()["errors"].as_array().expect("errors").clone();
    let text = |error: &Value, name: &str| error[name].as_str().expect("text").to_owned();
    errors
        .iter()
        .map(|e| {
            (
                e["index"].as_u64().expect("a place"),
                text(e, "field"),
                text(e, "type").replace("urn:spectrum:problem:", ""),
            )
        })
        .collect()
}

fn refusal(place: u64, field: &str, kind: &str) -> (u64, String, String) {
    (place, field.to_owned(), kind.to_owned())
}

async fn count(connection: &mut PgConnection, from: &'static str) -> i64 {
    let sql = format!("SELECT count(*) FROM {from}");
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(connection).await.expect("a count")
}

#[sqlx::test(migrations = "../migrations")]
async fn the_same_event_twice_is_a_duplicate_and_changes_nothing(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let mut events = evening("ada");
    let twice = [events.clone(), events.clone()].concat();
    let answer = app.accept(&twice).await;
    assert_eq!((answer["accepted"].as_u64(), answer["duplicates"].as_u64()), (Some(5), Some(5)), "in one batch");
    app.run_due_jobs().await;
    let before = everything(&mut owner).await;

    app.clock.advance(TimeDelta::days(3));
    // What an event means makes it the same, not how it is spelled.
    events[1]["occurred_at"] = json!("2026-11-20T10:00:00.000+01:00");
    events[2]["event_id"] = json!(events[2]["event_id"].as_str().expect("an id").to_uppercase());
    let answer = app.accept(&events).await;
    assert_eq!((answer["accepted"].as_u64(), answer["duplicates"].as_u64()), (Some(0), Some(5)));
    assert!(answer["results"].as_array().expect("results").iter().all(|r| r["status"] == "duplicate"));
    assert_eq!(everything(&mut owner).await, before);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_event_id_used_with_another_body_is_refused(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let events = evening("ada");
    app.accept(&events).await;
    let before = everything(&mut owner).await;
    let turn = &events[2];
    let others = [
        mended(turn, &[("text", json!("Then I walked for an hour"))]),
        mended(turn, &[("index", json!(7))]),
        mended(turn, &[("role", json!("assistant"))]),
        mended(turn, &[("occurred_at", json!("2026-11-20T09:01:00.000001Z"))]),
        mended(turn, &[("time_zone", json!("Europe/Dublin"))]),
        mended(turn, &[("feature", json!("lens"))]),
        mended(turn, &[("session_id", json!("another"))]),
        mended(&events[4], &[("event_id", turn["event_id"].clone())]),
    ];
    for other in &others {
        let answer = app.post_events(std::slice::from_ref(other)).await;
        assert_eq!(refusals(&answer), [refusal(0, "event_id", "event-id-reused")], "{other}");
    }
    assert_eq!(everything(&mut owner).await, before, "nothing was changed by any of them");
    app.run_due_jobs().await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn of_one_id_with_two_bodies_in_a_batch_the_first_is_kept(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let events = evening("ada");
    let other = mended(&events[2], &[("text", json!("Something else."))]);
    let batch = [events[0].clone(), events[2].clone(), other.clone(), events[2].clone()];
    let answer = app.post_events(&batch).await;
    assert_eq!(refusals(&answer), [refusal(2, "event_id", "event-id-reused")]);
    let answer = answer.json();
    assert_eq!((answer["accepted"].as_u64(), answer["duplicates"].as_u64()), (Some(2), Some(1)), "{answer}");
    assert_eq!(app.accept(&events).await["accepted"], 3, "the first is there, and the others follow");
    assert_eq!(refusals(&app.post_events(&[other]).await).len(), 1, "the second stays refused");
    app.run_due_jobs().await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_good_events_of_a_bad_batch_are_kept_and_the_bad_ones_named(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let good = evening("ada");
    let mut batch = good.clone();
    batch[2]["index"] = json!(-1);
    let answer = app.post_events(&batch).await;
    assert_eq!(refusals(&answer), [refusal(2, "index", "bad-field")]);
    let problem = answer.json();
    assert_eq!(problem["type"], "urn:spectrum:problem:events-refused");
    assert_eq!(problem["status"], 422);
    let detail = problem["detail"].as_str().expect("a detail");
    assert!(detail.contains("1 of 5") && detail.contains("4 are kept"), "{detail}");
    assert_eq!((problem["accepted"].as_u64(), problem["refused"].as_u64()), (Some(4), Some(1)));
    assert_eq!(problem["results"][2]["event_id"], batch[2]["event_id"]);
    assert_eq!(problem["results"][2]["status"], "refused");
    assert_eq!((count(&mut owner, "turn").await, count(&mut owner, "event_receipt").await), (2, 4));

    let answer = app.accept(&good).await;
    assert_eq!(
        (answer["accepted"].as_u64(), answer["duplicates"].as_u64()),
        (Some(1), Some(4)),
        "mended and sent again"
    );
    assert_eq!(count(&mut owner, "turn").await, 3);
    app.run_due_jobs().await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn every_bad_value_of_every_field_is_refused_by_name(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let events = evening("ada");
    let (started, turn, ended) = (&events[0], &events[1], &events[4]);
    let long = "x".repeat(16 * 1024 + 1);
    let wide = "é".repeat(8 * 1024) + "x";
    let far: DateTime<Utc> = START.parse().expect("an instant");
    let nine_days = (far + TimeDelta::days(9)).to_rfc3339();
    let a_moment_more = (far + TimeDelta::days(8) + TimeDelta::microseconds(1)).to_rfc3339();
    let many = "m".repeat(129);
    let mut bad: Vec<(Value, &str)> = Vec::new();
    for field in
        ["event_id", "type", "member", "session_id", "feature", "occurred_at", "time_zone", "index", "role", "text"]
    {
        let mut missing = turn.clone();
        missing.as_object_mut().expect("an object").remove(field);
        bad.push((missing, field));
        for wrong in [json!(null), json!(["x"]), json!({ "a": 1 }), json!(true), json!(1.5)] {
            bad.push((mended(turn, &[(field, wrong)]), field));
        }
    }
    let values: [(&str, &[Value]); 10] = [
        ("event_id", &[json!("17"), json!(""), json!("0192f0c1-aaaa-7bbb-8ccc-00000000000g"), json!(17)]),
        ("type", &[json!("turn.removed"), json!("Turn.Added"), json!("")]),
        ("member", &[json!(""), json!("two words"), json!("zoë"), json!("a\u{0}b"), json!(many), json!("a\nb")]),
        ("session_id", &[json!(""), json!("two words"), json!("séance"), json!(many), json!("\t")]),
        ("feature", &[json!("mirrors"), json!("Mirror"), json!("")]),
        (
            "occurred_at",
            &[
                json!("2026-11-20T09:00:00"),
                json!("2026-11-20"),
                json!("yesterday"),
                json!("2026-02-30T00:00:00Z"),
                json!("2026-11-20T25:00:00Z"),
                json!("1763629200"),
                json!(nine_days),
                json!(a_moment_more),
            ],
        ),
        ("time_zone", &[json!("Europe/Atlantis"), json!("+01:00"), json!(""), json!("europe/london")]),
        ("index", &[json!(-1), json!(10_000), json!("0"), json!(2_147_483_648_i64), json!(1e300)]),
        ("role", &[json!("Member"), json!("system"), json!("")]),
        ("text", &[json!(long), json!(wide)]),
    ];
    for (field, values) in values {
        bad.extend(values.iter().map(|value| (mended(turn, &[(field, value.clone())]), field)));
    }
    for field in ["index", "role", "text"] {
        bad.push((mended(started, &[(field, turn[field].clone())]), field));
        bad.push((mended(ended, &[(field, turn[field].clone())]), field));
    }
    bad.push((mended(turn, &[("mood", json!("good"))]), "events"));
    bad.push((mended(turn, &[("Text", json!("good"))]), "events"));
    bad.extend([json!(null), json!("turn.added"), json!(7), json!([])].map(|event| (event, "events")));

    let batch: Vec<Value> = bad.iter().map(|(event, _)| event.clone()).collect();
    let answer = app.post_events(&batch).await;
    let refused = refusals(&answer);
    let all: Vec<_> = (0..).zip(&bad).map(|(place, (_, field))| refusal(place, field, "bad-field")).collect();
    for (given, expected) in refused.iter().zip(&all) {
        let place = usize::try_from(expected.0).expect("a place");
        assert_eq!(given, expected, "{}", bad[place].0);
    }
    assert_eq!(refused.len(), bad.len());
    assert_eq!(count(&mut owner, "member_lookup").await, 0, "nobody was made for an event that can't be kept");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_the_limits_allow_is_kept(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let events = evening("ada");
    let start: DateTime<Utc> = START.parse().expect("an instant");
    let of = |name: &str, changes: &[(&str, Value)]| {
        let mut changes = changes.to_vec();
        changes.extend([("event_id", new_id()), ("session_id", json!(name))]);
        mended(&events[1], &changes)
    };
    let name = "~".repeat(128);
    app.accept(&[
        of("long", &[("text", json!("x".repeat(16 * 1024)))]),
        of("wide", &[("text", json!("é".repeat(8 * 1024)))]),
        of("zero byte", &[("text", json!("a\u{0}b"))]).tap(|event| event["session_id"] = json!("zero-byte")),
        of("last", &[("index", json!(9_999))]),
        of("week", &[("occurred_at", json!((start + TimeDelta::days(8)).to_rfc3339()))]),
        of("old", &[("occurred_at", json!("1903-01-03T18:00:00-00:01"))]),
        of(&name, &[("feature", json!("lens")), ("role", json!("assistant"))]),
        mended(&events[1], &[("member", json!(name)), ("time_zone", json!("Asia/Kathmandu"))]),
    ])
    .await;
    let old = rows(&mut owner, "SELECT started_at, local_date FROM session WHERE external_ref = 'old'").await;
    assert_eq!(old, [json!({ "started_at": "1903-01-03T18:01:00+00:00", "local_date": "1903-01-03" })]);
    let texts = rows(&mut owner, "SELECT max(octet_length(ciphertext)) AS most, count(*) FROM turn_text").await;
    assert_eq!(texts, [json!({ "most": 16 * 1024 + 16, "count": 8 })], "whole, with the cipher's tag");
    app.finish().await;
}

/// Changes a value in passing.
trait Tap: Sized {
    fn tap(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }
}
impl Tap for Value {}

#[sqlx::test(migrations = "../migrations")]
async fn too_much_or_no_batch_is_refused_whole(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let before = everything(&mut owner).await;
    let turn = &evening("ada")[1];
    let numbered = |index: i32| mended(turn, &[("event_id", new_id()), ("index", json!(index))]);
    let many: Vec<Value> = (0..1001).map(numbered).collect();
    let whole = json!({ "events": many }).to_string();
    let text = "x".repeat(16 * 1024);
    let heavy: Vec<Value> = (0..256).map(|index| numbered(index).tap(|turn| turn["text"] = json!(text))).collect();
    let heavy = json!({ "events": heavy }).to_string();
    assert!(heavy.len() > 4 * 1024 * 1024);
    let good = json!({ "events": [turn] }).to_string();
    let cases: [(&str, Vec<u8>, StatusCode); 12] = [
        ("1,001 events", whole.into_bytes(), StatusCode::BAD_REQUEST),
        ("more than 4 MiB", heavy.into_bytes(), StatusCode::PAYLOAD_TOO_LARGE),
        ("nothing", Vec::new(), StatusCode::BAD_REQUEST),
        ("half an object", good.as_bytes()[..good.len() - 2].to_vec(), StatusCode::BAD_REQUEST),
        ("more after it", [good.as_bytes(), b"x"].concat(), StatusCode::BAD_REQUEST),
        ("a list", b"[]".to_vec(), StatusCode::BAD_REQUEST),
        ("events that are no list", br#"{"events":{}}"#.to_vec(), StatusCode::BAD_REQUEST),
        ("another field", br#"{"events":[],"more":1}"#.to_vec(), StatusCode::BAD_REQUEST),
        ("no field", b"{}".to_vec(), StatusCode::BAD_REQUEST),
        ("a form", b"events=1".to_vec(), StatusCode::BAD_REQUEST),
        ("no UTF-8", b"{\"events\":[\"\xff\"]}".to_vec(), StatusCode::BAD_REQUEST),
        ("deep", [b"{\"events\":".as_slice(), "[".repeat(100_000).as_bytes()].concat(), StatusCode::BAD_REQUEST),
    ];
    for (what, body, status) in cases {
        let key = format!("Bearer {}", app.host_key);
        let answer = app.api_as(&key, Method::POST, "/events", body).await;
        assert_eq!(answer.status, status, "{what}: {}", answer.body);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{what}");
        let problem = answer.json();
        assert_eq!(problem["status"], status.as_u16(), "{what}");
        assert!(problem["detail"].as_str().is_some_and(|d| d.contains("Nothing was kept")), "{what}: {problem}");
    }
    assert_eq!(everything(&mut owner).await, before);
    let thousand: Vec<Value> = many[..1000].to_vec();
    assert_eq!(app.accept(&thousand).await["accepted"], 1000, "a thousand are taken");
    assert_eq!(app.accept(&[]).await["accepted"], 0, "and so are none");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn without_a_key_that_counts_nothing_is_taken_or_told(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    app.accept(&evening("ada")).await;
    let revoked = app.other_host("gone").await;
    sqlx::query(
        "UPDATE host_key SET revoked_at = now() FROM host WHERE host.host_id = host_key.host_id AND name = 'gone'",
    )
    .execute(&mut owner)
    .await
    .expect("revoked");
    let before = everything(&mut owner).await;
    let events = json!({ "events": evening("eve") }).to_string();
    let wrong = [
        String::new(),
        format!("Basic {}", app.host_key),
        app.host_key.clone(),
        "Bearer ".to_owned(),
        format!("Bearer {}0", app.host_key),
        format!("Bearer {}", app.host_key.to_uppercase()),
        format!("Bearer {revoked}"),
    ];
    for authorization in &wrong {
        for (method, path, body) in [
            (Method::POST, "/events", events.as_str()),
            (Method::PUT, "/members/eve", r#"{"plan":"paid"}"#),
            (Method::GET, "/members/ada", ""),
            (Method::POST, "/members/ada/links", "{}"),
        ] {
            let answer = app.api_as(authorization, method, path, body.to_owned()).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path} {}", answer.body);
            assert_eq!(answer.json()["type"], "urn:spectrum:problem:unauthorized");
            assert_eq!(answer.header("www-authenticate"), "Bearer");
        }
    }
    assert_eq!(everything(&mut owner).await, before);
    app.run_due_jobs().await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn two_hosts_with_the_same_reference_know_nothing_of_each_other(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let theirs = format!("Bearer {}", app.other_host("other").await);
    app.accept(&evening("ada")).await;
    let missing = app.api_as(&theirs, Method::GET, "/members/ada", "").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND, "{}", missing.body);
    let link = app.api_as(&theirs, Method::POST, "/members/ada/links", "{}").await;
    assert_eq!(link.status, StatusCode::NOT_FOUND, "{}", link.body);

    // The very same events from another host are another member's: new, and beside the first.
    let again = json!({ "events": evening("ada") }).to_string();
    let answer = app.api_as(&theirs, Method::POST, "/events", again).await;
    assert_eq!(answer.json()["accepted"], 5, "{}", answer.body);
    let change = app.api_as(&theirs, Method::PUT, "/members/ada", r#"{"plan":"paid","week_start":"sunday"}"#).await;
    assert_eq!(change.json()["sessions"], 1, "{}", change.body);
    let members = rows(&mut owner, "SELECT plan, week_start FROM member").await;
    assert_eq!(
        members,
        [json!({ "plan": "free", "week_start": "monday" }), json!({ "plan": "paid", "week_start": "sunday" })]
    );
    assert_eq!(count(&mut owner, "session").await, 2);
    app.run_due_jobs().await;
    assert_eq!(app.api(Method::GET, "/members/ada", None).await.json()["analysed"], 1);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_session_name_that_is_no_uuid_leads_to_one_session_of_its_member(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let name = json!("journal/1903-01-03#1");
    let named = |member: &str| {
        evening(member).into_iter().map(|e| mended(&e, &[("session_id", name.clone())])).collect::<Vec<_>>()
    };
    let (ada, eve) = (named("ada"), named("eve"));
    app.accept(&ada[..2]).await;
    app.accept(&eve).await;
    app.accept(&ada[2..]).await;
    let sessions = rows(&mut owner, "SELECT external_ref, member_turns, state FROM session").await;
    let expected = json!({ "external_ref": name, "member_turns": 3, "state": "ended" });
    assert_eq!(sessions, [expected.clone(), expected]);
    let ids = rows(&mut owner, "SELECT DISTINCT session_id FROM session").await;
    assert_eq!(ids.len(), 2, "the same name of another member is another session");
    app.run_due_jobs().await;
    assert_eq!(app.api(Method::GET, "/members/ada", None).await.json()["analysed"], 1);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_end_before_the_last_turns_is_measured_again_with_all_of_them(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let events = evening("ada");
    app.accept(&[events[4].clone(), events[1].clone()]).await;
    app.run_due_jobs().await;
    let counted = "SELECT v.turns, v.revision FROM session s JOIN session_vector v
                   ON v.member_id = s.member_id AND v.session_id = s.session_id AND v.revision = s.vector_revision";
    assert_eq!(rows(&mut owner, counted).await, [json!({ "turns": 1, "revision": 1 })]);
    for late in [&events[3], &events[0], &events[2]] {
        app.accept(std::slice::from_ref(late)).await;
    }
    app.run_due_jobs().await;
    let vectors = rows(&mut owner, counted).await;
    assert_eq!(vectors[0]["turns"], 3, "{vectors:?}");
    let impacts = rows(&mut owner, "SELECT index FROM turn_impact").await;
    assert_eq!(impacts, [json!({ "index": 0 }), json!({ "index": 1 }), json!({ "index": 2 })]);
    let day = rows(&mut owner, "SELECT sessions, turns FROM day_rollup").await;
    assert_eq!(day, [json!({ "sessions": 1, "turns": 3 })], "the day counts what the session counts");
    let status = app.api(Method::GET, "/members/ada", None).await.json();
    assert_eq!((status["analysed"].as_i64(), status["pending_jobs"].as_i64()), (Some(1), Some(0)), "{status}");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_session_without_an_end_closes_itself_when_idle_and_is_measured(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database).await;
    let events = evening("ada");
    let open = async || {
        app.run_due_jobs().await;
        let status = app.api(Method::GET, "/members/ada", None).await.json();
        (status["open"].as_i64().expect("open"), status["analysed"].as_i64().expect("analysed"))
    };
    app.accept(&events[..2]).await;
    app.clock.advance(TimeDelta::minutes(29));
    assert_eq!(open().await, (1, 0), "not before its time");
    app.accept(&events[2..4]).await;
    app.clock.advance(TimeDelta::minutes(29));
    assert_eq!(open().await, (1, 0), "a turn puts the end off");
    app.clock.advance(TimeDelta::minutes(1));
    assert_eq!(open().await, (0, 1), "idle for half an hour");
    let mut owner = app.owner().await;
    let ended = rows(&mut owner, "SELECT ended_at, state FROM session").await;
    assert_eq!(ended[0]["ended_at"], "2026-11-20T09:02:00+00:00", "it ended with its last turn");

    // What comes after that is still the session's.
    let late = mended(&events[1], &[("event_id", new_id()), ("index", json!(9))]);
    app.accept(&[late, events[4].clone()]).await;
    assert_eq!(open().await, (0, 1));
    let turns = rows(&mut owner, "SELECT turns FROM day_rollup").await;
    assert_eq!(turns, [json!({ "turns": 4 })]);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_turn_in_a_taken_place_is_refused_and_may_be_mended_under_its_id(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let events = evening("ada");
    app.accept(&events).await;
    let before = everything(&mut owner).await;
    let clash = mended(&events[2], &[("event_id", new_id()), ("text", json!("Another turn."))]);
    let answer = app.post_events(std::slice::from_ref(&clash)).await;
    assert_eq!(refusals(&answer), [refusal(0, "index", "index-taken")]);
    assert_eq!(everything(&mut owner).await, before, "no receipt, no text, no job is left of it");

    let place = mended(&clash, &[("index", json!(3))]);
    let same_place = mended(&place, &[("event_id", new_id())]);
    let answer = app.post_events(&[place.clone(), same_place]).await;
    assert_eq!(
        refusals(&answer),
        [refusal(1, "index", "index-taken")],
        "two for one place in a batch: the first is kept"
    );
    assert_eq!(app.accept(&[place]).await["duplicates"], 1);
    assert_eq!(count(&mut owner, "turn").await, 4);
    app.run_due_jobs().await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_event_of_another_feature_is_refused_and_may_be_mended(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let events = evening("ada");
    app.accept(&events[..2]).await;
    let before = everything(&mut owner).await;
    let other = mended(&events[2], &[("feature", json!("lens"))]);
    let answer = app.post_events(std::slice::from_ref(&other)).await;
    assert_eq!(refusals(&answer), [refusal(0, "feature", "other-feature")]);
    assert_eq!(everything(&mut owner).await, before);
    assert_eq!(app.accept(&events[2..]).await["accepted"], 3, "the mended event under the same id");
    app.run_due_jobs().await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn without_consent_nothing_is_kept_until_it_is_given_again(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let events = evening("ada");
    app.accept(&events[..2]).await;
    let consent = |analysis: bool| json!({ "consent": { "analysis": analysis, "model": false, "analytics": false } });
    app.api(Method::PUT, "/members/ada", Some(&consent(false))).await;
    let before = everything(&mut owner).await;
    let mut batch = events.clone();
    batch.extend(evening("eve"));
    let answer = app.post_events(&batch).await;
    let refused: Vec<_> = (0..5).map(|place| refusal(place, "member", "no-consent")).collect();
    assert_eq!(refusals(&answer), refused, "even events that were kept before are not spoken of");
    assert_eq!(answer.json()["accepted"], 5, "another member's are kept");
    for table in ["turn", "turn_text", "event_receipt"] {
        let ada = member_id(&mut owner, app.host.uuid(), "ada").await;
        let mine = |rows: &[Value]| rows.iter().filter(|row| row["member_id"] == json!(ada)).count();
        let now = everything(&mut owner).await;
        assert_eq!(mine(&now[table]), mine(&before[table]), "{table}");
    }
    app.api(Method::PUT, "/members/ada", Some(&consent(true))).await;
    assert_eq!(app.accept(&events).await["accepted"], 3);
    app.run_due_jobs().await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_batch_may_speak_of_a_thousand_members(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let turn = &evening("ada")[1];
    let batch: Vec<Value> = (0..1000)
        .map(|n| {
            mended(turn, &[("event_id", new_id()), ("member", json!(format!("m{n}"))), ("session_id", json!("s"))])
        })
        .collect();
    assert_eq!(app.accept(&batch).await["accepted"], 1000);
    assert_eq!(app.accept(&shuffled(&batch, &mut chance(1))).await["duplicates"], 1000);
    for table in ["member", "member_key", "session", "turn", "turn_text"] {
        assert_eq!(everything(&mut owner).await[table].len(), 1000, "{table}");
    }
    app.finish().await;
}

/// What the world should look like whatever the order of events: everything about a member but ids and moments of ours.
async fn outcome(owner: &mut PgConnection, member: Uuid) -> Vec<Vec<Value>> {
    let mut all = Vec::new();
    for (columns, table) in [
        ("- 'member_id' - 'input_version' - 'received_at' - 'last_event_at'", "session"),
        ("- 'member_id' - 'received_at'", "turn"),
        ("- 'member_id' - 'created_at'", "session_vector"),
        ("- 'member_id' - 'created_at'", "turn_impact"),
        ("- 'member_id' - 'version'", "day_rollup"),
        ("- 'member_id' - 'version'", "week_rollup"),
        ("- 'member_id' - 'version'", "month_rollup"),
    ] {
        let query = format!("SELECT to_jsonb(r) {columns} AS row FROM {table} AS r WHERE member_id = '{member}'");
        all.push(rows(owner, &query).await);
    }
    all
}

#[sqlx::test(migrations = "../migrations")]
async fn eight_senders_of_the_same_shuffled_doubled_events_end_where_one_orderly_sender_does(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    const SENDERS: usize = 8;
    let app = std::sync::Arc::new(TestApp::new(database).await);
    let mut owner = app.owner().await;
    let moods = [TURNS[0], TURNS[2], "I was angry and annoyed at the meeting.", "What a delightful, exciting day!"];
    for seed in 0..5 {
        let mut chance = chance(seed);
        let start: DateTime<Utc> = START.parse().expect("an instant");
        let orderly: Vec<Vec<Value>> = (0..12)
            .map(|n| {
                let began = start - TimeDelta::hours(17 * n);
                let turns: Vec<&str> = (0..4).map(|_| moods[chance.random_range(0..moods.len())]).collect();
                let name = format!("{seed}/{n}");
                session(&format!("orderly{seed}"), &name, &began.to_rfc3339(), "Europe/London", &turns).events
            })
            .collect();
        for events in &orderly {
            app.accept(events).await;
        }
        app.run_due_jobs().await;

        // The same sessions under the same ids, of another member.
        let wild = format!("wild{seed}");
        let events: Vec<Value> = orderly.concat().iter().map(|e| mended(e, &[("member", json!(wild))])).collect();
        let mut senders = JoinSet::new();
        for sender in 0..SENDERS {
            let mut mine = Vec::new();
            for (place, event) in events.iter().enumerate() {
                if place % SENDERS == sender || chance.random_bool(0.4) {
                    mine.extend(std::iter::repeat_n(event.clone(), chance.random_range(1..3)));
                }
            }
            let mine = shuffled(&mine, &mut chance);
            let size = chance.random_range(3..30);
            let app = std::sync::Arc::clone(&app);
            senders.spawn(async move {
                let (mut accepted, mut sent) = (0, 0);
                for batch in mine.chunks(size) {
                    // A host that is told to come back does so.
                    let answer = loop {
                        let answer = app.post_events(batch).await;
                        if answer.status != StatusCode::SERVICE_UNAVAILABLE {
                            break answer;
                        }
                    };
                    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
                    accepted += answer.json()["accepted"].as_u64().expect("a count");
                    sent += batch.len();
                }
                (accepted, sent)
            });
        }
        let (mut accepted, mut sent) = (0, 0);
        while let Some(done) = senders.join_next().await {
            let (more, tried) = done.expect("a sender");
            accepted += more;
            sent += tried;
        }
        assert_eq!(
            accepted,
            u64::try_from(events.len()).expect("a count"),
            "seed {seed}: each accepted once of {sent}"
        );
        app.run_due_jobs().await;
        let orderly = member_id(&mut owner, app.host.uuid(), &format!("orderly{seed}")).await;
        let wild = member_id(&mut owner, app.host.uuid(), &wild).await;
        assert_eq!(outcome(&mut owner, wild).await, outcome(&mut owner, orderly).await, "seed {seed}");
    }
    let app = std::sync::Arc::into_inner(app).expect("all senders are done");
    app.finish().await;
}
