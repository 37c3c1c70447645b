//! Everything held about a member, as they ask for it on a page and fetch it as a file.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::Value;
use spectrum_core::{
    Whom,
    control::{
        archive::{ABOUT, LEFT_OUT_COLUMNS, TEXT, contents},
        open_export::Place,
    },
    db::{
        keyring::{Keyring, hex},
        seal::MasterKey,
    },
};
use spectrum_domain::{audit::Actor, erasure::AskedBy, job::Queue};
use sqlx::{
    PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::support::{Files, TestApp, fill, lines, rows, unzip};

const PAGE: &str = "/spectrum/settings/export";
const FILE: &str = "/spectrum/settings/export/archive";

async fn jobs(owner: &mut PgConnection) -> usize {
    rows(owner, "SELECT 1 FROM job WHERE kind = 'export_member'").await.len()
}

#[sqlx::test(migrations = "../migrations")]
async fn a_member_asks_waits_and_fetches_everything_held_about_them(_: PgPoolOptions, database: PgConnectOptions) {
    let mut app = TestApp::new(database).await;
    let texts = fill(&mut app, "ada").await;
    fill(&mut app, "eve").await;
    let mut owner = app.owner().await;
    let member = app.member("ada").await.member_id;
    let cookie = app.sign_in("ada").await;

    let page = app.page(PAGE, &cookie).await;
    assert!(page.body.contains("Nothing has been gathered yet"), "{}", page.body);
    assert_eq!(app.page(FILE, &cookie).await.header("location"), PAGE, "there is nothing to fetch");
    for _ in 0..2 {
        let asked = app.post_form("/fn/request_export", "", &cookie).await;
        assert_eq!((asked.status, asked.header("location")), (StatusCode::SEE_OTHER, PAGE), "{}", asked.body);
        assert_eq!(jobs(&mut owner).await, 1, "the second request is answered by what is under way");
    }
    assert!(app.page(PAGE, &cookie).await.body.contains("It is being gathered"));
    assert_eq!(app.page(FILE, &cookie).await.header("location"), PAGE, "nor is there yet");
    app.run_due_jobs().await;
    let page = app.page(PAGE, &cookie).await;
    assert!(page.body.contains("You can fetch it until 21 November at 12:00"), "{}", page.body);

    let (status, headers, bytes) = app.bytes(FILE, &cookie).await;
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    assert_eq!((status, header("content-type")), (StatusCode::OK, "application/zip".to_owned()));
    assert_eq!(header("content-disposition"), "attachment; filename=\"spectrum-2026-11-20.zip\"");
    assert_eq!((header("cache-control"), header("content-encoding")), ("no-store".to_owned(), String::new()));
    let files = unzip(&bytes);
    assert_whole(&mut owner, &files, &member.uuid().to_string()).await;
    let words: BTreeMap<_, _> = lines(&files, TEXT)
        .into_iter()
        .map(|line| {
            let place =
                (line["session_id"].as_str().expect("an id").to_owned(), line["index"].as_i64().expect("a place"));
            (place, line["text"].as_str().expect("words").to_owned())
        })
        .collect();
    assert_eq!(words, texts, "every word, as it was sent");
    app.close().await;
}

/// By what the record of deeds has the member.
fn hash_of(member: &str) -> String {
    let keyring = Keyring::from(MasterKey::new("test", [7; 32]));
    hex(&keyring.ledger().member_hash(member.parse().expect("an id")))
}

/// Every file there should be, explained, described, and with the rows that the database has.
async fn assert_whole(owner: &mut PgConnection, files: &Files, member: &str) {
    let readme = std::str::from_utf8(&files["README.txt"]).expect("text");
    let schema: Value = serde_json::from_slice(&files["schema.json"]).expect("a schema");
    let mut expected: BTreeSet<String> = ["README.txt", "schema.json", ABOUT, TEXT].map(str::to_owned).into();
    for content in contents() {
        let columns = content.columns.iter().map(|column| format!("\"{column}\"")).collect::<Vec<_>>().join(", ");
        let whose = if content.table == "audit" {
            // It was handed out since: 7 says so.
            format!("member_hash = '\\x{}' AND verb <> 7", hash_of(member))
        } else if content.table == "product_event" {
            // And 19.
            format!("member_id = '{member}' AND event <> 19")
        } else {
            format!("member_id = '{member}'")
        };
        let held = rows(owner, &format!("SELECT {columns} FROM {} WHERE {whose}", content.table)).await;
        let mut told = lines(files, &content.file());
        told.sort_by_key(Value::to_string);
        let mut held: Vec<_> = held.into_iter().filter(|_| content.table != "export").collect();
        held.sort_by_key(Value::to_string);
        if content.table == "export" {
            assert_eq!((told.len(), &told[0]["state"]), (1, &Value::from("gathering")), "as it was at that moment");
        } else if ["job", "job_key", "web_session", "one_time_link"].contains(&content.table) {
            // Gathering is itself a job, and the page was asked for since.
            assert!(!told.is_empty(), "{}", content.table);
        } else {
            assert_eq!(told, held, "{}", content.table);
            assert!(!told.is_empty(), "{} has rows, or this test shows nothing", content.table);
        }
        let described = &schema["$defs"][content.file()];
        let fields: BTreeSet<&str> =
            described["properties"].as_object().expect("fields").keys().map(String::as_str).collect();
        for line in &told {
            let names: BTreeSet<&str> = line.as_object().expect("a row").keys().map(String::as_str).collect();
            assert_eq!(names, fields, "{} is as schema.json says", content.file());
        }
        assert!(readme.contains(&content.file()), "README.txt names {}", content.file());
        expected.insert(content.file());
        if let Some(file) = content.csv_file() {
            let table = std::str::from_utf8(&files[&file]).expect("text");
            assert_eq!(table.lines().count(), told.len() + 1, "{file}: a line of names and one a row");
            assert!(table.starts_with("member_id,period,days,sessions,"), "{file}: {}", &table[..60]);
            expected.insert(file);
        }
    }
    assert_eq!(files.keys().cloned().collect::<BTreeSet<_>>(), expected);
    for (table, column, _) in LEFT_OUT_COLUMNS {
        assert!(readme.contains(&format!("{column} of {table}")), "README.txt says that {column} is left out");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn nobody_else_can_fetch_it_and_a_day_later_nobody_at_all(_: PgPoolOptions, database: PgConnectOptions) {
    let mut app = TestApp::new(database).await;
    fill(&mut app, "ada").await;
    fill(&mut app, "eve").await;
    let (ada, eve) = (app.member("ada").await.member_id, app.member("eve").await.member_id);
    app.archive(ada).await;
    for stranger in [String::new(), app.sign_in("eve").await, app.sign_in_staff().await] {
        assert_eq!(app.page(FILE, &stranger).await.header("location"), PAGE, "{stranger}");
    }
    let export = app.services.load_export(ada).await.expect("an answer").expect("an export").export_id;
    for place in [Place::BEGINNING, Place::Words(None)] {
        let opened = app.services.open_export(eve, export, place, Actor::Member).await;
        assert!(opened.is_err(), "{opened:?}");
    }
    app.clock.advance(TimeDelta::hours(24));
    let cookie = app.sign_in("ada").await;
    assert!(app.page(PAGE, &cookie).await.body.contains("was let go on 21 November at 12:00"));
    assert_eq!(app.page(FILE, &cookie).await.header("location"), PAGE);
    assert!(
        app.services.open_export(ada, export, Place::BEGINNING, Actor::Member).await.is_err(),
        "not even one under way"
    );
    app.clock.advance(TimeDelta::hours(24));
    app.services.plan_due().await.expect("a plan");
    app.run_due_jobs().await;
    let mut owner = app.owner().await;
    let left = "SELECT member_id FROM export UNION ALL SELECT member_id FROM export_part";
    assert_eq!(rows(&mut owner, left).await, Vec::<Value>::new());
    app.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_new_request_takes_the_place_of_what_was_ready_and_a_lost_one_of_what_never_came(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let mut app = TestApp::new(database).await;
    fill(&mut app, "ada").await;
    let ada = app.member("ada").await.member_id;
    app.archive(ada).await;
    let first = app.services.load_export(ada).await.expect("an answer").expect("an export");
    let second = app.services.request_export(ada).await.expect("an answer").expect("an order");
    assert_ne!(first.export_id, second.export_id);
    assert!(
        app.services.open_export(ada, first.export_id, Place::BEGINNING, Actor::Member).await.is_err(),
        "the first is gone"
    );
    // The job of the second is lost: after an hour another request begins anew.
    let mut owner = app.owner().await;
    sqlx::query("DELETE FROM job WHERE kind = 'export_member'").execute(&mut owner).await.expect("lost");
    app.clock.advance(TimeDelta::minutes(59));
    let same = app.services.request_export(ada).await.expect("an answer").expect("an order");
    assert_eq!(same.export_id, second.export_id);
    app.clock.advance(TimeDelta::minutes(2));
    let third = app.services.request_export(ada).await.expect("an answer").expect("an order");
    assert_ne!(third.export_id, second.export_id);
    app.run_due_jobs().await;
    assert!(app.services.load_export(ada).await.expect("an answer").expect("an export").ready.is_some());
    app.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn words_that_were_let_go_are_absent_and_the_rest_is_there(_: PgPoolOptions, database: PgConnectOptions) {
    let mut app = TestApp::new(database).await;
    fill(&mut app, "ada").await;
    let ada = app.member("ada").await.member_id;
    app.clock.advance(TimeDelta::days(40));
    app.services.plan_due().await.expect("a plan");
    app.run_due_jobs().await;
    let files = unzip(&app.archive(ada).await);
    assert_eq!(lines(&files, TEXT), Vec::<Value>::new());
    assert!(String::from_utf8_lossy(&files["README.txt"]).contains("Words are kept for 30 days"));
    assert!(lines(&files, "session_vector.jsonl").len() >= 9);
    app.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_gathered_holds_no_word_and_what_is_erased_can_not_be_gathered(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let mut app = TestApp::new(database).await;
    let texts = fill(&mut app, "ada").await;
    let ada = app.member("ada").await.member_id;
    let files = unzip(&app.archive(ada).await);
    for (name, bytes) in files.iter().filter(|(name, _)| *name != TEXT) {
        let file = String::from_utf8_lossy(bytes);
        for text in texts.values() {
            assert!(!file.contains(text), "{name} holds words");
        }
    }
    let export = app.services.request_export(ada).await.expect("an answer").expect("an order").export_id;
    let job =
        app.services.claim_jobs(Queue::Upkeep.name(), uuid::Uuid::from_u128(9), 1, std::time::Duration::from_mins(5));
    let job = job.await.expect("a claim").remove(0);
    app.services.order_erasure(Whom::Member(ada), AskedBy::Member).await.expect("ordered");
    assert!(app.services.request_export(ada).await.expect("an answer").is_none(), "who is going asks for nothing");
    app.services.gather_export(&job, export).await.expect("nothing is left to do");
    let mut owner = app.owner().await;
    assert_eq!(rows(&mut owner, "SELECT 1 FROM export_part").await, Vec::<Value>::new());
    app.run_due_jobs().await;
    assert_eq!(rows(&mut owner, "SELECT 1 FROM export").await, Vec::<Value>::new());
    app.close().await;
}
