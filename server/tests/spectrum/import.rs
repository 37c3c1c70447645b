//! An archive read into a fresh member: the same sessions, words and measures, and sums that come out the same.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use chrono::{DateTime, TimeDelta, Utc};
use rand::RngExt as _;
use serde_json::{Value, json};
use spectrum_core::{
    ServiceError,
    control::import_member::{ImportError, Imported},
    db::migrate::MIGRATOR,
};
use sqlx::{
    Connection as _, PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use uuid::Uuid;

use crate::support::{
    Files, Other, START, TestApp, chance, everything, fill, lines, member_id, rows, session, shuffled, unzip, zipped,
};

const READ_IN: [&str; 6] = ["session", "turn", "session_vector", "turn_impact", "exclusion", "correction"];

/// Rows of a member in the tables that are read in and added up, but for whose they are, and the text, which is sealed anew.
async fn kept(owner: &mut PgConnection, member: Uuid) -> BTreeMap<&'static str, Vec<Value>> {
    let mut all = BTreeMap::new();
    for table in READ_IN.into_iter().chain(["day_rollup", "week_rollup", "month_rollup"]) {
        let query = if table.ends_with("rollup") {
            format!(
                "SELECT to_jsonb(t) - 'member_id' - 'version' AS row FROM {table} AS t WHERE member_id = '{member}'"
            )
        } else {
            format!("SELECT to_jsonb(t) - 'member_id' AS row FROM {table} AS t WHERE member_id = '{member}'")
        };
        all.insert(table, rows(owner, &query).await);
    }
    all
}

fn words(files: &Files) -> Vec<Value> {
    lines(files, "turn_text.jsonl")
}

/// A file of these lines.
fn file_of(lines: &[Value]) -> Vec<u8> {
    lines.iter().flat_map(|line| [line.to_string(), "\n".to_owned()]).collect::<String>().into_bytes()
}

/// A page without its scripts: whether use is counted is the member's to say anew, and is no part of what was taken along.
fn steady(page: &str) -> String {
    page.split("<script").map(|part| part.split_once("</script>").map_or(part, |(_, rest)| rest)).collect()
}

#[sqlx::test(migrations = "../migrations")]
async fn what_was_taken_along_comes_back_the_same_for_another_member(_: PgPoolOptions, database: PgConnectOptions) {
    let mut app = TestApp::new(database).await;
    fill(&mut app, "ada").await;
    let mut owner = app.owner().await;
    let ada = app.member("ada").await.member_id;
    let archive = app.archive(ada).await;
    let imported = app.import("bob", &archive).await.expect("read in");
    let bob = member_id(&mut owner, app.host.uuid(), "bob").await;
    let (theirs, his) = (kept(&mut owner, ada.uuid()).await, kept(&mut owner, bob).await);
    assert_eq!(his, theirs);
    assert_eq!((imported.different.len(), imported.texts_left), (0, 0));
    let count = |table: &str| theirs[table].len();
    let rows = READ_IN.map(|table| (table, count(table)));
    assert_eq!(imported.rows[..6], rows);
    assert_eq!(imported.periods, count("day_rollup") + count("week_rollup") + count("month_rollup"));
    assert!(imported.periods > 8 && imported.texts == count("turn"), "{imported:?}");

    let pages = async |member: &str| {
        let cookie = app.sign_in(member).await;
        let page = app.page("/spectrum/week/2026-W47", &cookie).await;
        assert_eq!(page.status, StatusCode::OK);
        steady(&page.body)
    };
    assert_eq!(pages("ada").await, pages("bob").await);
    // What was open goes on: it is closed, read with the words that came along, and counts.
    app.clock.advance(TimeDelta::minutes(40));
    app.run_due_jobs().await;
    let open = format!("SELECT state FROM session WHERE member_id = '{bob}' AND state IN ('open', 'ended')");
    assert_eq!(crate::support::rows(&mut owner, &open).await, Vec::<Value>::new());
    let sums = |kept: &BTreeMap<&str, Vec<Value>>| kept["day_rollup"].clone();
    assert_eq!(sums(&kept(&mut owner, bob).await), sums(&kept(&mut owner, ada.uuid()).await));
    // And what bob takes along is what ada did.
    let (first, second) = (unzip(&archive), unzip(&app.archive(bob.into()).await));
    assert_eq!(words(&first), words(&second));
    app.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_archive_goes_to_another_spectrum(_: PgPoolOptions, database: PgConnectOptions) {
    let mut app = TestApp::new(database.clone()).await;
    fill(&mut app, "ada").await;
    let ada = app.member("ada").await.member_id;
    let archive = app.archive(ada).await;
    let name = "spectrum_of_another_host";
    let mut owner = app.owner().await;
    let away = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    sqlx::query(sqlx::AssertSqlSafe(away.clone())).execute(&mut owner).await.expect("none left of another run");
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut owner).await.expect("made");
    let there = database.database(name);
    let mut elsewhere = PgConnection::connect_with(&there).await.expect("a connection");
    MIGRATOR.run(&mut elsewhere).await.expect("migrated");
    let other = TestApp::new(there).await;
    other.import("somebody", &archive).await.expect("read in");
    let id = member_id(&mut elsewhere, other.host.uuid(), "somebody").await;
    assert_eq!(kept(&mut elsewhere, id).await, kept(&mut owner, ada.uuid()).await);
    assert_eq!(words(&unzip(&other.archive(id.into()).await)), words(&unzip(&archive)));
    other.close().await;
    elsewhere.close().await.expect("closed");
    sqlx::query(sqlx::AssertSqlSafe(away)).execute(&mut owner).await.expect("dropped");
    app.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn any_history_comes_back_the_same(_: PgPoolOptions, database: PgConnectOptions) {
    const TURNS: [&str; 8] = [
        "I felt calm and grateful after the walk.",
        "I am worried and tense about tomorrow.",
        "I am sad and tired, and the evening was lonely.",
        "I was angry and annoyed at the meeting, and then ashamed.",
        "I am unsafe and afraid.",
        "Heute war ein schwerer Tag, und ich mache mir Sorgen wegen des Gesprächs morgen früh.",
        "🙂🙂",
        "",
    ];
    let mut app = TestApp::new(database).await;
    app.read_with(Other::new("other@1"));
    let mut owner = app.owner().await;
    let zones = ["Europe/London", "Asia/Kathmandu", "Pacific/Auckland", "America/St_Johns"];
    let (mut states, mut left_out) = (BTreeMap::<String, usize>::new(), 0);
    for seed in 0..8 {
        let mut chance = chance(100 + seed);
        let name = format!("member{seed}");
        let week_start = ["monday", "sunday", "saturday"][chance.random_range(0..3)];
        let zone = zones[chance.random_range(0..zones.len())];
        app.api(
            Method::PUT,
            &format!("/members/{name}"),
            Some(&json!({ "week_start": week_start, "time_zone": zone })),
        )
        .await;
        let member = app.member(&name).await;
        let start: DateTime<Utc> = START.parse().expect("an instant");
        let (mut sessions, mut events) = (Vec::new(), Vec::new());
        for n in 0..chance.random_range(4..16) {
            let began = start - TimeDelta::minutes(chance.random_range(0..60_000));
            let turns: Vec<&str> =
                (0..chance.random_range(0..5)).map(|_| TURNS[chance.random_range(0..TURNS.len())]).collect();
            let zone = zones[chance.random_range(0..zones.len())];
            let mut sent = session(&name, &format!("{seed}/{n}"), &began.to_rfc3339(), zone, &turns);
            for event in &mut sent.events {
                event["feature"] = json!(["mirror", "turn", "lens"][n % 3]);
            }
            if chance.random_bool(0.2) {
                sent.events.pop(); // nobody ends it
            }
            sessions.push(sent.session_id);
            events.extend(sent.events);
        }
        let half = events.len() / 2;
        let events = shuffled(&events, &mut chance);
        app.accept(&events[..half]).await;
        app.run_due_jobs().await;
        app.accept(&events[half..]).await;
        app.run_due_jobs().await;
        for id in &sessions {
            if chance.random_bool(0.3) {
                let done = app.services.exclude_session(&member, id.parse().expect("an id")).await;
                assert!(matches!(done, Ok(_) | Err(ServiceError::UnknownSession(_))), "{done:?}");
            }
        }
        let before = kept(&mut owner, member.member_id.uuid()).await;
        for session in &before["session"] {
            *states.entry(session["row"]["state"].as_str().expect("a state").to_owned()).or_default() += 1;
        }
        left_out += before["exclusion"].len();
        let imported = app.import(&format!("{name}-again"), &app.archive(member.member_id).await).await;
        let Imported { different, .. } = imported.expect("read in");
        assert_eq!(different, [], "seed {seed}");
        let again = member_id(&mut owner, app.host.uuid(), &format!("{name}-again")).await;
        assert_eq!(kept(&mut owner, again).await, before, "seed {seed}");
    }
    let kinds: Vec<_> = states.keys().map(String::as_str).collect();
    assert_eq!(kinds, ["analysed", "open", "unmeasured", "withheld"], "histories of every kind: {states:?}");
    assert!(left_out > 8, "{left_out} left out");
    app.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_wrong_is_told_by_place_never_by_word_and_nothing_is_kept(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    const SECRET: &str = "qwyxsecret";
    let mut app = TestApp::new(database).await;
    fill(&mut app, "ada").await;
    let mut owner = app.owner().await;
    let files = unzip(&app.archive(app.member("ada").await.member_id).await);
    // The days that text may lie in are made before anything is looked at.
    _ = app.import("ada", &zipped(&files)).await;
    let before = everything(&mut owner).await;
    let with = |name: &str, change: &dyn Fn(&mut Vec<Value>)| {
        let mut files = files.clone();
        let mut changed = lines(&files, name);
        change(&mut changed);
        files.insert(name.to_owned(), file_of(&changed));
        files
    };
    let set = |name: &'static str, field: &'static str, value: Value| {
        with(name, &move |lines| lines[1][field] = value.clone())
    };
    let mut cases = vec![
        (set("session.jsonl", "feature", json!(SECRET)), "session.jsonl, line 2, `feature`"),
        (set("session.jsonl", "zone", json!(SECRET)), "session.jsonl, line 2, `zone`"),
        (set("session.jsonl", "local_date", json!("2026-01-01")), "session.jsonl, line 2, `local_date`"),
        (set("session.jsonl", "excluded", json!(SECRET)), "session.jsonl, line 2, `excluded`"),
        (set("turn.jsonl", "session_id", json!(Uuid::nil())), "turn.jsonl, line 2, `session_id`: names no session"),
        (set("turn.jsonl", "index", json!(-1)), "turn.jsonl, line 2, `index`"),
        (set("turn.jsonl", SECRET, json!(1)), "turn.jsonl, line 2"),
        (set("session_vector.jsonl", "valence", json!(1_001)), "session_vector.jsonl, line 2, `valence`"),
        (set("session_vector.jsonl", "emotions", json!([1, 2])), "session_vector.jsonl, line 2, `emotions`"),
        (set("turn_impact.jsonl", "index", json!(99)), "turn_impact.jsonl, line 2, `index`: names no turn"),
        (set("exclusion.jsonl", "scope", json!(SECRET)), "exclusion.jsonl, line 2, `scope`"),
        (
            with("exclusion.jsonl", &|lines| {
                let feature = lines.iter_mut().find(|line| line["scope"] == "feature");
                feature.expect("one of a feature")["scope"] = json!("session");
            }),
            "`scope`: does not go with the fields that are filled in",
        ),
        (with("correction.jsonl", &|lines| lines[0]["family"] = json!(SECRET)), "correction.jsonl, line 1, `family`"),
        (set("turn_text.jsonl", "text", json!([SECRET])), "turn_text.jsonl, line 2, `text`"),
        (set("turn_text.jsonl", "text", json!(SECRET.repeat(2_000))), "turn_text.jsonl, line 2, `text`"),
        (set("turn_text.jsonl", "index", json!(SECRET)), "turn_text.jsonl, line 2, `index`"),
        (set("turn_text.jsonl", SECRET, json!(1)), "turn_text.jsonl, line 2"),
        (with("exclusion.jsonl", &Vec::clear), "exclusion.jsonl: does not say the same"),
        (with("session_vector.jsonl", &Vec::clear), "session_vector.jsonl: lacks the measure"),
        (with("member.jsonl", &|lines| lines[0]["zone"] = json!(SECRET)), "member.jsonl, line 1, `zone`"),
    ];
    let mut broken = files.clone();
    broken.insert("turn.jsonl".to_owned(), format!("{{\"{SECRET}\": \n").into_bytes());
    cases.push((broken, "turn.jsonl, line 1: is no JSON object"));
    let mut cut = files.clone();
    cut.get_mut("turn_text.jsonl").expect("words").truncate(40);
    cases.push((cut, "turn_text.jsonl, line 1: is cut off"));
    let mut missing = files.clone();
    missing.remove("exclusion.jsonl");
    cases.push((missing, "the archive has no exclusion.jsonl"));
    let mut newer = files.clone();
    newer.insert("archive.json".to_owned(), b"{\"format\": \"spectrum-export\", \"version\": 99}".to_vec());
    cases.push((newer, "no archive of Spectrum's that this version can read"));
    for (files, told) in cases {
        let error = app.import("bob", &zipped(&files)).await.expect_err(told).to_string();
        assert!(error.contains(told), "{told:?} in {error:?}");
        assert!(!error.contains(SECRET), "{error}");
        assert_eq!(everything(&mut owner).await, before, "{told}: nothing was kept");
    }
    let taken = app.import("ada", &zipped(&files)).await;
    assert!(matches!(taken, Err(ImportError::NotFresh)), "{taken:?}");
    assert_eq!(everything(&mut owner).await, before);
    app.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn sums_that_were_changed_in_the_archive_are_told_and_added_up_as_they_should_be(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let mut app = TestApp::new(database).await;
    fill(&mut app, "ada").await;
    let mut owner = app.owner().await;
    let ada = app.member("ada").await.member_id;
    let mut files = unzip(&app.archive(ada).await);
    let changed = String::from_utf8(files["day_rollup.jsonl"].clone()).expect("text");
    let mut rows: Vec<Value> = changed.lines().map(|line| serde_json::from_str(line).expect("a row")).collect();
    rows[0]["valence_sum"] = json!(1);
    rows.pop();
    files.insert("day_rollup.jsonl".to_owned(), file_of(&rows));
    let imported = app.import("bob", &zipped(&files)).await.expect("read in");
    assert_eq!(imported.different.len(), 2, "{:?}", imported.different);
    let bob = member_id(&mut owner, app.host.uuid(), "bob").await;
    assert_eq!(kept(&mut owner, bob).await, kept(&mut owner, ada.uuid()).await);
    app.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn days_whose_sessions_were_let_go_come_back_as_they_stand(_: PgPoolOptions, database: PgConnectOptions) {
    let mut app = TestApp::new(database).await;
    fill(&mut app, "ada").await;
    let mut owner = app.owner().await;
    let ada = app.member("ada").await.member_id;
    let days = rows(&mut owner, "SELECT period FROM day_rollup").await.len();
    app.clock.advance(TimeDelta::days(410));
    app.services.prepare_partitions().await.expect("partitions");
    app.services.plan_due().await.expect("a plan");
    app.run_due_jobs().await;
    let before = kept(&mut owner, ada.uuid()).await;
    assert_eq!((before["session"].len(), before["day_rollup"].len()), (0, days), "sums without sessions");
    let imported = app.import("bob", &app.archive(ada).await).await.expect("read in");
    assert_eq!((imported.different, imported.texts), (Vec::new(), 0));
    let bob = member_id(&mut owner, app.host.uuid(), "bob").await;
    assert_eq!(kept(&mut owner, bob).await, before);
    app.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn words_keep_the_day_they_came_in_and_are_not_kept_longer_for_having_moved(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let mut app = TestApp::new(database).await;
    let words = fill(&mut app, "ada").await.len();
    let mut owner = app.owner().await;
    let archive = app.archive(app.member("ada").await.member_id).await;
    app.clock.advance(TimeDelta::days(30));
    assert_eq!(app.import("bob", &archive).await.expect("read in").texts, words, "still within their time");
    let days = "SELECT DISTINCT received_on::text AS day FROM turn_text";
    assert_eq!(rows(&mut owner, days).await, [json!({ "day": "2026-11-20" })]);
    app.clock.advance(TimeDelta::days(1));
    let late = app.import("cid", &archive).await.expect("read in");
    assert_eq!((late.texts, late.texts_left, late.different.len()), (0, words, 0));
    app.close().await;
}
