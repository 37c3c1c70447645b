//! A member with something in every table, and the archive of a member as files.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read as _, Write as _},
};

use axum::http::Method;
use chrono::Weekday;
use serde_json::{Value, json};
use server::archive::{ZipFile, hand_out};
use spectrum_core::{
    control::import_member::{ImportError, Imported},
    db::keyring::hex,
    push::{
        devices::{Platform, Reach, Registration},
        preferences::Decision,
    },
};
use spectrum_domain::{
    affect::{Family, Quadrant},
    audit::Actor,
    card::{Grain, Language, Verdict},
    correction::Correction,
    exclusion::{Reason, Scope},
    feature::Feature,
    id::MemberId,
    push::{AddressKind, Environment, Quiet},
};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::{Diary, Other, TestApp, session};

const GERMAN: &str = "Heute war ein schwerer Tag, und ich mache mir Sorgen wegen des Gesprächs morgen früh.";

/// A phone of this member's.
pub fn device(member: &str) -> Registration {
    let address = hex(&member.bytes().cycle().take(32).collect::<Vec<u8>>());
    Registration {
        device: uuid::Uuid::from_u128(u128::from(member.len() as u64) << 64 | u128::from(member.as_bytes()[0])).into(),
        platform: Platform::Ios,
        kind: AddressKind::ApnsToken,
        environment: Environment::Production,
        reach: Reach { address, p256dh: None, auth: None },
        app_version: Some("4.12.0".to_owned()),
        locale: Some("en-GB".to_owned()),
    }
}

/// Files by name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A member with sessions of every kind: measured, corrected, kept out, unmeasured, withheld, never ended. By
/// events and jobs, but for a dead job. Gives every turn's words.
pub async fn fill(app: &mut TestApp, member: &'static str) -> BTreeMap<(String, i64), String> {
    app.read_with(Other::new("other@1"));
    app.api(Method::PUT, &format!("/members/{member}"), Some(&json!({ "time_zone": "Europe/London" }))).await;
    let mut sent = Diary { member, zone: "Europe/London", days: 9 }.sessions();
    let of = |name: &str, began: &str, turns: &[&str]| session(member, name, began, "Asia/Kathmandu", turns);
    sent.push(of("german", "2026-11-18T09:00:00Z", &[GERMAN]));
    sent.push(of(
        "withheld",
        "2026-11-18T10:00:00Z",
        &["I am unsafe and afraid.", "It is \"quoted\"\n& <b>bold</b> 🙂."],
    ));
    // A week and a month that have ended are told of.
    sent.push(of("of October", "2026-10-14T09:00:00Z", &["I felt calm and grateful after the walk."]));
    let mut open = of("open", "2026-11-20T11:00:00Z", &["I am worried and this goes on."]);
    open.events.pop();
    let mut assistant = open.events[1].clone();
    assistant["event_id"] = of("of the assistant", "2026-11-20T11:00:00Z", &[]).events[0]["event_id"].clone();
    (assistant["index"], assistant["role"]) = (json!(7), json!("assistant"));
    assistant["text"] = json!("Tell me more of it.");
    open.events.push(assistant);
    sent.push(open);
    for session in &sent {
        app.accept(&session.events).await;
    }
    app.run_due_jobs().await;
    let known = app.member(member).await;
    app.services.exclude_session(&known, sent[2].session_id.parse().expect("an id")).await.expect("left out");
    let id = known.member_id;
    let day = |text: &str| text.parse().expect("a date");
    for scope in [
        Scope::Feature(Feature::Lens),
        Scope::Period { first: day("2026-11-13"), last: day("2026-11-13") },
        Scope::Pause { from: app.services.ambient().now(), until: Some(app.services.ambient().now()) },
    ] {
        app.services.exclude(id, scope, Some(Reason::Unusual)).await.expect("kept out");
    }
    let correction = Correction::of(Some(Quadrant::LowPleasant), Some(Family::Calm)).expect("a correction");
    app.services.correct_session(id, sent[0].session_id.parse().expect("an id"), correction).await.expect("corrected");
    give_feedback(app, id).await;
    app.services.choose_language(id, Some(Language::English)).await.expect("chosen");
    app.services.count_use(id, true).await.expect("decided");
    app.services.register_device(id, device(member)).await.expect("registered");
    let quiet = Some(Quiet::between(21, 7).expect("hours"));
    let decided = Decision { day: Some(Some(Weekday::Sun)), hour: Some(18), quiet, ..Decision::everywhere(true) };
    app.services.decide_push(id, decided).await.expect("decided");
    let mut owner = app.owner().await;
    sqlx::query("UPDATE edition SET opened_at = published_at WHERE member_id = $1")
        .bind(id.uuid())
        .execute(&mut owner)
        .await
        .expect("opened");
    for row in [
        "edition_due VALUES ($1, current_date)",
        "product_event VALUES ($1, '2026-11-20', $1, 8, '{\"period_kind\": \"week\"}', 'browser', '0.1.0', '2026-11-20')",
        "member_spend VALUES ($1, '2026-11-01', 7)",
        "exposure VALUES ($1, 'teaser', 'feature', now())",
        "upgrade VALUES ($1, $1, now(), now(), now())",
        "rephrasing VALUES ($1, $1, 'week', '2026-11-02', '\\x01', '{}', '2026-11-20')",
        "push_outbox VALUES ($1, $1, 'weekly', '2026-11-09', $1, 'apns', 'sent', NULL, '2026-11-16', '2026-11-16', '2026-11-17', 1,
                             '2026-11-16', '2026-11-16', '2026-11-16')",
        "push_attempt VALUES ($1, $1, 1, 'apns', 'delivered', 'ok', 200, $1, 40, 0, '2026-11-16')",
    ] {
        let insert = format!("INSERT INTO {row}");
        sqlx::query(sqlx::AssertSqlSafe(insert)).bind(id.uuid()).execute(&mut owner).await.expect("a row");
    }
    sqlx::query(
        "INSERT INTO job_dead (id, queue, kind, attempt, crashes, member_id, key, payload, errors, created_at, died_at, reason)
         VALUES (coalesce((SELECT max(id) FROM job_dead), 900000) + 1, 'rollup', 'refresh_rollups', 3, 0, $1, $1, '{}', '[]',
                 now(), now(), 'attempts')",
    )
    .bind(known.member_id.uuid())
    .execute(&mut owner)
    .await
    .expect("a dead job");
    sqlx::query(
        "INSERT INTO idempotency_key (key_hash, member_id, request, attempt, leased_until, done, created_at)
         VALUES (decode(md5($1::text), 'hex'), $1, '\\x01', $1, now(), true, $2)",
    )
    .bind(id.uuid())
    .bind(app.services.ambient().now())
    .execute(&mut owner)
    .await
    .expect("an answer");
    let turns = sent.iter().flat_map(|session| &session.events).filter(|event| event["text"].is_string());
    let place = |turn: &Value| (turn["session_id"].as_str().expect("an id").to_owned(), turn["index"].as_i64());
    turns
        .map(|turn| {
            let (session, index) = place(turn);
            ((session, index.expect("an index")), turn["text"].as_str().expect("words").to_owned())
        })
        .collect()
}

impl TestApp {
    /// The member's archive, asked for, gathered and handed out.
    pub async fn archive(&self, member: MemberId) -> Vec<u8> {
        self.services.request_export(member).await.expect("an answer").expect("an order");
        self.run_due_jobs().await;
        let export = self.services.load_export(member).await.expect("an answer").expect("an export");
        assert!(export.at_hand(self.services.ambient().now()).is_some(), "{export:?}");
        let (mut chunks, mut bytes) =
            (hand_out(&self.services, member, export.export_id, Actor::Member, ()), Vec::new());
        while let Some(chunk) = chunks.recv().await {
            bytes.extend(chunk.expect("bytes"));
        }
        bytes
    }

    /// Reads an archive into a member of the host's.
    pub async fn import(&self, member: &str, archive: &[u8]) -> Result<Imported, ImportError> {
        let mut archive = ZipFile::new(Cursor::new(archive)).expect("an archive");
        self.services.import_member(self.host, &member.parse().expect("a reference"), &mut archive).await
    }
}

/// The files of an archive.
pub fn unzip(archive: &[u8]) -> Files {
    let mut zip = ZipArchive::new(Cursor::new(archive)).expect("an archive");
    (0..zip.len())
        .map(|place| {
            let mut file = zip.by_index(place).expect("a file");
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).expect("a whole file");
            (file.name().expect("a name").into_owned(), bytes)
        })
        .collect()
}

/// An archive of these files.
pub fn zipped(files: &Files) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(name, SimpleFileOptions::default()).expect("a file");
        zip.write_all(bytes).expect("written");
    }
    zip.finish().expect("an archive").into_inner()
}

/// The lines of a file, each as JSON.
pub fn lines(files: &Files, name: &str) -> Vec<Value> {
    let text = std::str::from_utf8(files.get(name).unwrap_or_else(|| panic!("{name} is there"))).expect("text");
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

/// Says of the first card that there is that it is useful.
pub async fn give_feedback(app: &TestApp, member: MemberId) {
    let newest = app.services.list_editions(member, Grain::Week, None, 1).await.expect("editions").remove(0);
    app.services.give_feedback(member, newest.cards[0].card_id, Some(Verdict::Useful)).await.expect("kept");
}
