//! Planted sentences: what a member wrote is found in the sealed column, once it is opened, and nowhere else.
//! A program of its own, because it listens to the log of the whole process.

#![expect(clippy::expect_used, clippy::disallowed_methods, reason = "a test that can't go on must stop loudly")]

#[path = "spectrum/support/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the other test program uses more of it")]
mod support;

use std::{
    io,
    sync::{Arc, Mutex, OnceLock},
};

use axum::{
    body::Body,
    http::{Method, Request},
};
use chrono::TimeDelta;
use http_body_util::BodyExt as _;
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::json;
use server::http;
use spectrum_core::{Whom, db::seal::MasterKey};
use spectrum_domain::{
    erasure::AskedBy,
    id::{MemberId, SessionId},
};
use sqlx::{
    Row as _,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tower::ServiceExt as _;
use tracing_subscriber::{EnvFilter, fmt::MakeWriter, util::SubscriberInitExt as _};
use uuid::Uuid;

use support::{TestApp, fill, session, unzip};

/// Words that occur nowhere else, in sentences that meet everything that quotes, escapes or cuts text.
const CANARIES: [(&str, &str); 4] = [
    ("qwyxplain", "I told my sister about qwyxplain and I was afraid of it."),
    ("qwyxquote", "She said \"qwyxquote\" & <b>left</b>; I'm still angry about it."),
    ("qwyxemoji", "The word was qwyxemoji 🙂 and it made me sad."),
    ("qwyxrtl", "אמרתי qwyxrtl בשקט and I was calm afterwards."),
];

/// Everything that is logged, at every level, by every crate.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic while writing").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// The log of the process and its metrics, begun once for all tests of the program.
fn listening() -> (Log, PrometheusHandle) {
    static LISTENING: OnceLock<(Log, PrometheusHandle)> = OnceLock::new();
    let begin = || {
        let log = Log::default();
        tracing_subscriber::fmt().with_env_filter(EnvFilter::new("trace")).with_writer(log.clone()).finish().init();
        (log, server::metrics::start().expect("metrics"))
    };
    LISTENING.get_or_init(begin).clone()
}

/// The ways a word could hide. It has no letter that JSON, HTML or an address would write otherwise, so plain stands for
/// those as well. Else: in capitals, backwards, and as base64 at each of its three offsets.
fn disguises(word: &str) -> Vec<String> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut found = vec![word.to_owned(), word.to_uppercase(), word.chars().rev().collect()];
    for skipped in 0..3 {
        let bytes = &word.as_bytes()[skipped..];
        let encoded = bytes.chunks_exact(3).flat_map(|three| {
            let bits = (u32::from(three[0]) << 16) | (u32::from(three[1]) << 8) | u32::from(three[2]);
            [18, 12, 6, 0].map(|shift| char::from(DIGITS[((bits >> shift) & 63) as usize]))
        });
        found.push(encoded.collect());
    }
    // As PostgreSQL writes bytes.
    found.push(word.bytes().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}")));
    found
}

fn assert_clean(place: &str, text: &str) {
    for (word, _) in CANARIES {
        for disguise in disguises(word) {
            assert!(!text.contains(&disguise), "{word} (as {disguise}) was found in {place}");
        }
    }
}

/// Every column of every table as text; bytes in hexadecimal.
async fn whole_database(app: &TestApp) -> Vec<(String, String)> {
    let mut owner = app.owner().await;
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY 1",
    )
    .fetch_all(&mut owner)
    .await
    .expect("tables");
    let mut found = Vec::new();
    for table in tables {
        let sql = sqlx::AssertSqlSafe(format!("SELECT coalesce(string_agg(t::text, E'\\n'), '') FROM {table} AS t"));
        found.push((table, sqlx::query_scalar(sql).fetch_one(&mut owner).await.expect("rows")));
    }
    found
}

#[sqlx::test(migrations = "../migrations")]
async fn planted_words_are_found_in_the_sealed_column_alone(_: PgPoolOptions, database: PgConnectOptions) {
    let (log, metrics) = listening();
    let mut app = TestApp::new(database).await;
    app.read_with(server::analyzer::Trained::load());

    let turns: Vec<&str> = CANARIES.iter().map(|(_, sentence)| *sentence).collect();
    let mut sent = session("ada", "planted", "2026-11-19T20:00:00Z", "Europe/London", &turns);
    let mut assistant = sent.events[1].clone();
    assistant["event_id"] = json!(Uuid::from_u128(77));
    assistant["role"] = json!("assistant");
    assistant["index"] = json!(10);
    sent.events.insert(1, assistant);
    let mut answers = vec![("the events' answer", app.accept(&sent.events).await.to_string())];

    // Words in places where they do not belong, and events that are refused.
    let word = CANARIES[0].0;
    for (place, field) in
        ["type", "feature", "time_zone", "occurred_at", "role", "index", "event_id", word].iter().enumerate()
    {
        let mut wrong = sent.events[2].clone();
        wrong["event_id"] = json!(Uuid::from_u128(100 + place as u128));
        wrong[*field] = json!(turns[0]);
        let answer = app.post_events(&[wrong]).await;
        assert_eq!(answer.status, 422, "{field}: {}", answer.body);
        answers.push(("a refused event's answer", answer.body));
    }
    let mut reused = sent.events[2].clone();
    reused["text"] = json!(turns[1]);
    answers.push(("a reused id's answer", app.post_events(&[reused]).await.body));
    let broken = format!("{{\"events\": [{{\"text\": \"{word}\" oops");
    let key = format!("Bearer {}", app.host_key);
    answers.push(("a broken body's answer", app.api_as(&key, Method::POST, "/events", broken).await.body));

    app.run_due_jobs().await;
    let cookie = app.sign_in("ada").await;
    for path in [
        "/spectrum/week/2026-W47",
        "/spectrum",
        "/spectrum/landscape/2026",
        "/spectrum/landscape/2026-11/plane.svg",
        "/spectrum/patterns/2026-11",
        "/spectrum/patterns/2026-11/mix.csv",
        "/spectrum/sessions/2026",
        "/api/v1/spectrum/landscape?from=2026-11-01&to=2026-11-30",
        "/staff",
        "/nowhere",
        "/api/openapi.json",
        "/sign-in?code=qq",
    ] {
        let page = app.page(path, &cookie).await;
        answers.push(("a page", format!("{:?}{}", page.headers, page.body)));
    }
    let form = format!("session_id={}&week=2026-W47", sent.session_id);
    for act in ["exclude", "include"] {
        let answer = app.post_form(&format!("/fn/{act}_session"), &form, &cookie).await;
        answers.push(("a form's answer", format!("{:?}{}", answer.headers, answer.body)));
    }
    answers.push(("a member's status", app.api(Method::GET, "/members/ada", None).await.body));
    answers.push(("readiness", app.page("/ready", "").await.body));
    let texts = opened(&app, &sent.session_id).await;
    answers.extend(everything_fails(&app).await);
    let metrics = http::metrics_router(app.services.clone(), metrics);
    let scrape = metrics.oneshot(Request::get("/metrics").body(Body::empty()).expect("a request")).await;
    let scrape = scrape.expect("infallible").into_body().collect().await.expect("a body").to_bytes();
    let scrape = String::from_utf8_lossy(&scrape).into_owned();
    assert!(scrape.contains("spectrum_ingest_events_total") && scrape.contains("ending=\"dead\""), "{scrape}");
    answers.push(("the metrics", scrape));
    for (place, text) in &answers {
        assert_clean(place, text);
    }
    for (table, text) in whole_database(&app).await {
        assert_clean(&format!("table {table}"), &text);
    }
    let logged = String::from_utf8_lossy(&log.0.lock().expect("no panic")).into_owned();
    assert!(logged.contains("a request was answered"), "the log ({} bytes) is not the log", logged.len());
    assert_clean("the log", &logged);

    for kind in ["a job failed", "a request failed", "db.statement"] {
        assert!(logged.contains(kind), "the log tells of everything that happened: {kind}");
    }

    // And it is there, sealed: or this test would pass on a system that kept nothing.
    assert_eq!(texts[..turns.len()], *turns);
    assert_eq!(texts[turns.len()], turns[0], "the assistant's words are sealed too");
    app.close().await;
}

/// Everything a `pg_dump` writes, bytes in hexadecimal.
async fn dump(app: &TestApp) -> String {
    let mut owner = app.owner().await;
    let programs: String = sqlx::query_scalar("SELECT setting FROM pg_config WHERE name = 'BINDIR'")
        .fetch_one(&mut owner)
        .await
        .expect("a folder");
    let database = &app.owner;
    let host = database.get_socket().map_or_else(|| database.get_host().to_owned(), |path| path.display().to_string());
    let dumped = std::process::Command::new(format!("{programs}/pg_dump"))
        .env("PGHOST", host)
        .env("PGPORT", database.get_port().to_string())
        .env("PGUSER", database.get_username())
        .env("PGDATABASE", database.get_database().expect("a name"))
        .output()
        .expect("pg_dump runs");
    assert!(dumped.status.success(), "{}", String::from_utf8_lossy(&dumped.stderr));
    String::from_utf8(dumped.stdout).expect("text")
}

/// The disguises of what names the erased member.
fn assert_nobody(place: &str, text: &str, names: &[String]) {
    for name in names {
        for disguise in disguises(name) {
            assert!(!text.contains(&disguise), "{name} (as {disguise}) was found in {place}");
        }
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn after_an_erasure_neither_words_nor_names_are_found_anywhere(_: PgPoolOptions, database: PgConnectOptions) {
    let (log, metrics) = listening();
    let reference = "qwyxreference";
    let mut app = TestApp::new(database).await;
    let turns: Vec<&str> = CANARIES.iter().map(|(_, sentence)| *sentence).collect();
    for day in 10..20 {
        let began = format!("2026-11-{day}T20:00:00Z");
        app.accept(&session(reference, &format!("planted {day}"), &began, "Europe/London", &turns).events).await;
    }
    fill(&mut app, "eve").await;
    let member = app.member(reference).await.member_id;
    let eve = app.member("eve").await.member_id;
    // Theirs has the words, in one file; that of another has neither words nor names of theirs.
    for (name, bytes) in unzip(&app.archive(member).await) {
        let file = String::from_utf8(bytes).expect("text");
        if name == "turn_text.jsonl" {
            assert!(CANARIES.iter().all(|(word, _)| file.contains(word)), "the archive has the words");
        } else {
            assert_clean(&format!("{name} of the member's own archive"), &file);
        }
    }
    let names = [member.to_string(), member.uuid().simple().to_string(), reference.to_owned()];
    let before = dump(&app).await;
    assert_clean("a dump before the erasure", &before);
    assert!(before.contains(&names[0]) && before.contains(reference), "the dump is one that names the member");
    // An archive and a dead letter are there when it begins.
    sqlx::query("INSERT INTO job_dead SELECT id, queue, kind, 1, 0, member_id, key, payload, '[]', created_at, now(), 'attempts' FROM job WHERE member_id = $1")
        .bind(member.uuid())
        .execute(&mut app.owner().await)
        .await
        .expect("a dead letter");
    app.services.request_export(member).await.expect("ordered");
    app.services.order_erasure(Whom::Member(member), AskedBy::Member).await.expect("ordered");
    app.run_due_jobs().await;

    let after = dump(&app).await;
    assert!(after.contains(&eve.to_string()), "the dump is one of those who are there");
    assert_clean("a dump after the erasure", &after);
    assert_nobody("a dump after the erasure", &after, &names);
    let logged = log.0.lock().expect("no panic").len();
    let cookie = app.sign_in("eve").await;
    let mut seen = Vec::new();
    for path in
        ["/spectrum/week/2026-W47", "/spectrum/settings", "/spectrum/settings/export", "/spectrum/settings/looked"]
    {
        seen.push((path.to_owned(), app.page(path, &cookie).await.body));
    }
    let operator = app.sign_in_staff().await;
    for path in [
        "/staff",
        "/staff/jobs",
        "/staff/schedule",
        "/staff/workers",
        "/staff/push",
        "/staff/database",
        "/staff/erasures",
    ] {
        seen.push((path.to_owned(), app.page(path, &operator).await.body));
    }
    seen.push(("another member's status".to_owned(), app.api(Method::GET, "/members/eve", None).await.body));
    for (name, bytes) in unzip(&app.archive(eve).await) {
        seen.push((format!("{name} of another"), String::from_utf8(bytes).expect("text")));
    }
    let scrape = http::metrics_router(app.services.clone(), metrics);
    let scrape = scrape.oneshot(Request::get("/metrics").body(Body::empty()).expect("a request")).await;
    let scrape = scrape.expect("infallible").into_body().collect().await.expect("a body").to_bytes();
    seen.push(("the metrics".to_owned(), String::from_utf8_lossy(&scrape).into_owned()));
    for (place, text) in &seen {
        assert_clean(place, text);
        assert_nobody(place, text, &names);
    }
    let logged = String::from_utf8_lossy(&log.0.lock().expect("no panic")[logged..]).into_owned();
    assert!(logged.contains("a request was answered"), "it is the log");
    assert_clean("the log", &logged);
    assert_nobody("the log after the erasure", &logged, &names);
    app.close().await;
}

/// Whatever is wrong with what a host says of a member, it is not repeated: a host that mixes up its fields must not find
/// a member's words in its own log of our answers.
#[sqlx::test(migrations = "../migrations")]
async fn a_wrong_field_of_a_member_is_named_and_not_repeated(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let (word, sentence) = CANARIES[0];
    assert_eq!(app.api(Method::PUT, "/members/ada", Some(&json!({}))).await.status, 200);
    for (path, field) in [
        ("/members/ada", "time_zone"),
        ("/members/ada", "week_start"),
        ("/members/ada", "locale"),
        ("/members/ada", "plan"),
        ("/members/ada", "consent"),
        ("/members/ada", word),
        ("/members/ada/links", "page"),
        ("/members/ada/links", "theme"),
        ("/members/ada/links", "font_scale"),
        ("/members/ada/links", "webview"),
        ("/members/ada/links", word),
    ] {
        let method = if path.ends_with("links") { Method::POST } else { Method::PUT };
        for value in [json!(sentence), json!({ word: sentence }), json!([sentence]), json!({ "analysis": sentence })] {
            let answer = app.api(method.clone(), path, Some(&json!({ field: value }))).await;
            assert!(answer.status.is_client_error(), "{path} {field}: {}", answer.body);
            assert_clean(&format!("the answer to {field} of {path}"), &answer.body);
        }
    }
    app.close().await;
}

/// Jobs that fail to the last try, and a request whose rows the database refuses: what they leave behind in the log, in
/// the dead letters and in their answers.
async fn everything_fails(app: &TestApp) -> Vec<(&'static str, String)> {
    let turns: Vec<&str> = CANARIES.iter().map(|(_, sentence)| *sentence).collect();
    let sent = session("ada", "damaged", "2026-11-19T21:00:00Z", "Europe/London", &turns);
    app.accept(&sent.events).await;
    let mut owner = app.owner().await;
    sqlx::query("UPDATE turn_text SET ciphertext = ciphertext || '\\x00'::bytea WHERE session_id = $1::uuid")
        .bind(&sent.session_id)
        .execute(&mut owner)
        .await
        .expect("damaged");
    for _ in 0..10 {
        app.run_due_jobs().await;
        app.clock.advance(TimeDelta::hours(1));
    }
    let dead: i64 = sqlx::query_scalar("SELECT count(*) FROM job_dead").fetch_one(&mut owner).await.expect("a count");
    assert_eq!(dead, 1, "the job that can't be done is buried");
    // A year on there is no partition for the month, so the database refuses the row.
    app.clock.advance(TimeDelta::days(400));
    let late = session("ada", "late", "2026-11-19T22:00:00Z", "Europe/London", &turns);
    let answer = app.post_events(&late.events).await;
    assert_eq!(answer.status, 500, "{}", answer.body);
    let operator = app.sign_in_staff().await;
    let dead: i64 = sqlx::query_scalar("SELECT id FROM job_dead").fetch_one(&mut owner).await.expect("the dead job");
    let mut seen = vec![("the answer to a request that failed", answer.body)];
    for path in ["/staff", "/staff/jobs", "/staff/database", &format!("/staff/jobs/{dead}")] {
        seen.push(("a page of the team", app.page(path, &operator).await.body));
    }
    seen
}

async fn opened(app: &TestApp, session: &str) -> Vec<String> {
    let mut owner = app.owner().await;
    let key = sqlx::query("SELECT member_id, wrapped FROM member_key").fetch_one(&mut owner).await.expect("one key");
    let member = MemberId(key.get("member_id"));
    let key = MasterKey::new("test", [7; 32]).unwrap(member, 1, "test", key.get("wrapped")).expect("the key opens");
    let rows = sqlx::query("SELECT index, ciphertext, nonce, key_version FROM turn_text ORDER BY index")
        .fetch_all(&mut owner)
        .await
        .expect("texts");
    let session: SessionId = session.parse().expect("a session");
    rows.iter()
        .map(|row| {
            let sealed = spectrum_core::db::seal::Sealed {
                ciphertext: row.get("ciphertext"),
                nonce: row.get("nonce"),
                key_version: row.get("key_version"),
            };
            key.unseal(session, row.get("index"), &sealed).expect("it opens").expose().clone()
        })
        .collect()
}
