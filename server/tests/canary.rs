//! Planted sentences: what a member wrote is found in the sealed column, once it is opened, and nowhere else.
//! A program of its own, because it listens to the log of the whole process.

#![expect(clippy::expect_used, reason = "a test that can't go on must stop loudly")]

#[path = "spectrum/support/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the other test program uses more of it")]
mod support;

use std::{
    io,
    sync::{Arc, Mutex},
};

use axum::http::Method;
use serde_json::json;
use spectrum_core::db::seal::MasterKey;
use spectrum_domain::id::{MemberId, SessionId};
use sqlx::{
    Row as _,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tracing_subscriber::{EnvFilter, fmt::MakeWriter, util::SubscriberInitExt as _};
use uuid::Uuid;

use support::{TestApp, session};

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

/// The ways a word could hide: plain, in capitals, backwards, and as base64 at each of its three offsets.
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
    let log = Log::default();
    tracing_subscriber::fmt().with_env_filter(EnvFilter::new("trace")).with_writer(log.clone()).finish().init();
    let app = TestApp::new(database).await;

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
    for path in ["/spectrum/week/2026-W47", "/spectrum", "/staff", "/nowhere", "/api/openapi.json", "/sign-in?code=qq"]
    {
        let page = app.page(path, &cookie).await;
        answers.push(("a page", format!("{:?}{}", page.headers, page.body)));
    }
    let form = format!("session_id={}&week=2026-W47", sent.session_id);
    for act in ["exclude", "include"] {
        let answer = app.post_form(&format!("/fn/{act}_session"), &form, &cookie).await;
        answers.push(("a form's answer", format!("{:?}{}", answer.headers, answer.body)));
    }
    answers.push(("a member's status", app.api(Method::GET, "/members/ada", None).await.body));
    for (place, text) in &answers {
        assert_clean(place, text);
    }
    for (table, text) in whole_database(&app).await {
        assert_clean(&format!("table {table}"), &text);
    }
    let logged = String::from_utf8_lossy(&log.0.lock().expect("no panic")).into_owned();
    assert!(logged.contains("a request was answered"), "the log ({} bytes) is not the log", logged.len());
    assert_clean("the log", &logged);

    // And it is there, sealed: or this test would pass on a system that kept nothing.
    assert_opens(&app, &sent.session_id, &turns).await;
    app.finish().await;
}

async fn assert_opens(app: &TestApp, session: &str, turns: &[&str]) {
    let mut owner = app.owner().await;
    let key = sqlx::query("SELECT member_id, wrapped FROM member_key").fetch_one(&mut owner).await.expect("one key");
    let member = MemberId(key.get("member_id"));
    let key = MasterKey::new("test", [7; 32]).unwrap(member, 1, "test", key.get("wrapped")).expect("the key opens");
    let rows = sqlx::query("SELECT index, ciphertext, nonce, key_version FROM turn_text ORDER BY index")
        .fetch_all(&mut owner)
        .await
        .expect("texts");
    let session: SessionId = session.parse().expect("a session");
    let opened: Vec<String> = rows
        .iter()
        .map(|row| {
            let sealed = spectrum_core::db::seal::Sealed {
                ciphertext: row.get("ciphertext"),
                nonce: row.get("nonce"),
                key_version: row.get("key_version"),
            };
            key.unseal(session, row.get("index"), &sealed).expect("it opens").expose().clone()
        })
        .collect();
    assert_eq!(opened[..turns.len()], *turns);
}
