//! What members decide: it takes effect in the same request, is told before and after, and can be taken back.

use axum::http::StatusCode;
use chrono::{Days, Months, TimeDelta};
use serde_json::{Value, json};
use spectrum_core::{ServiceError, ambient::Clock as _, schedule::retention::Retention};
use spectrum_domain::{
    affect::{Family, Quadrant},
    correction::Correction,
    exclusion::{Covered, Reason, Scope},
    feature::Feature,
    id::SessionId,
};
use sqlx::{
    AssertSqlSafe, PgConnection, Row as _,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{
    rollups::{assert_added_up, rollups},
    support::{Diary, TestApp, rows, session},
};

/// A month of days, the features in turn, all read.
async fn month(app: &TestApp, member: &'static str) -> Vec<SessionId> {
    let mut ids = Vec::new();
    for (n, mut sent) in (Diary { member, zone: "Europe/London", days: 30 }).sessions().into_iter().enumerate() {
        for event in &mut sent.events {
            event["feature"] = json!(Feature::ALL[n % 3].name());
        }
        app.accept(&sent.events).await;
        ids.push(sent.session_id.parse().expect("an id"));
    }
    app.run_due_jobs().await;
    ids
}

async fn scalar(owner: &mut PgConnection, query: &str) -> i64 {
    let query = format!("SELECT ({query})::bigint");
    sqlx::query(AssertSqlSafe(query)).fetch_one(owner).await.expect("a row").get(0)
}

#[sqlx::test(migrations = "../migrations")]
async fn every_scope_keeps_out_what_it_covers_at_once_and_gives_the_same_numbers_back(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let sessions = month(&app, "ada").await;
    let member = app.member("ada").await;
    let id = member.member_id;
    let before = rollups(&mut owner, id.uuid()).await;
    let today = app.clock.now().date_naive();
    let day = |back| today - Days::new(back);
    let instant = |back| app.clock.now() - TimeDelta::days(back);
    for (scope, reason) in [
        (Scope::Session(sessions[3]), None),
        (Scope::Feature(Feature::Turn), Some(Reason::Trial)),
        (Scope::Period { first: day(12), last: day(4) }, Some(Reason::Unusual)),
        (Scope::Period { first: day(2), last: day(2) }, None),
        (Scope::Pause { from: instant(7), until: None }, Some(Reason::Private)),
        (Scope::Pause { from: instant(20), until: Some(instant(15)) }, None),
    ] {
        let (exclusion, change) = app.services.exclude(id, scope, reason).await.expect("left out");
        assert_eq!((exclusion.scope, exclusion.reason), (scope, reason));
        assert_eq!(app.services.list_exclusions(id).await.expect("a list"), [exclusion]);
        assert_added_up(&mut owner, id.uuid(), scope.name()).await;
        // What the database keeps out is what the scope covers.
        let mut covered = 0;
        for row in rows(&mut owner, "SELECT session_id, feature, local_date, started_at, excluded FROM session").await {
            let text = |name: &str| row[name].as_str().expect("text").to_owned();
            let session = Covered {
                session_id: text("session_id").parse().expect("an id"),
                feature: text("feature").parse().expect("a feature"),
                local_date: text("local_date").parse().expect("a date"),
                started_at: text("started_at").parse().expect("an instant"),
            };
            assert_eq!(row["excluded"], json!(scope.covers(&session)), "{scope:?}: {session:?}");
            covered += i32::from(scope.covers(&session));
        }
        assert!(covered > 0 && covered < 30, "{scope:?} covers some of them: {covered}");
        assert_eq!(change.sessions, covered, "{scope:?}");
        let newest = change.newest.expect("a week that changed");
        assert!(newest.sessions.1 < newest.sessions.0 && change.weeks > 0, "{change:?}");
        // Twice is once.
        let (again, nothing) = app.services.exclude(id, scope, None).await.expect("left out");
        assert_eq!((again, nothing.sessions, nothing.weeks), (exclusion, 0, 0));

        let back = app.services.include(id, exclusion.exclusion_id).await.expect("taken in");
        assert_eq!((back.sessions, back.weeks), (covered, change.weeks));
        assert_eq!(rollups(&mut owner, id.uuid()).await, before, "{scope:?}");
        let gone = app.services.include(id, exclusion.exclusion_id).await;
        assert!(matches!(gone, Err(ServiceError::UnknownExclusion(_))), "{gone:?}");
    }
    assert_eq!(app.run_due_jobs().await, 0, "all of it took effect at once");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn exclusions_that_overlap_keep_out_until_the_last_is_taken_back(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let sessions = month(&app, "ada").await;
    let member = app.member("ada").await;
    let id = member.member_id;
    let before = rollups(&mut owner, id.uuid()).await;
    // A session of Turn, left out by itself and with all of Turn.
    let (turn, _) = app.services.exclude(id, Scope::Feature(Feature::Turn), None).await.expect("left out");
    app.services.exclude_session(&member, sessions[1]).await.expect("left out");
    let change = app.services.include_session(&member, sessions[1]).await.expect("taken in");
    assert!(change.excluded && change.effect.sessions.0 == change.effect.sessions.1, "Turn is still out: {change:?}");
    app.services.exclude_session(&member, sessions[1]).await.expect("left out");
    let change = app.services.include(id, turn.exclusion_id).await.expect("taken in");
    assert_eq!(change.sessions, 9, "all of Turn but that one");
    assert_added_up(&mut owner, id.uuid(), "one left").await;
    app.services.include_session(&member, sessions[1]).await.expect("taken in");
    assert_eq!(rollups(&mut owner, id.uuid()).await, before);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_written_in_a_pause_is_read_only_once_it_is_taken_in(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    month(&app, "ada").await;
    let member = app.member("ada").await;
    let id = member.member_id;
    let vectors = "SELECT count(*) FROM session_vector";
    let read = scalar(&mut owner, vectors).await;
    app.clock.advance(TimeDelta::hours(2));
    let (pause, change) = app.services.pause(id, Some(Reason::Private)).await.expect("paused");
    assert_eq!(change.sessions, 0);
    app.clock.advance(TimeDelta::hours(2));
    let during = session("ada", "during", &app.clock.now().to_rfc3339(), "Europe/London", &["I am tired and sad."]);
    app.accept(&during.events).await;
    app.run_due_jobs().await;
    assert_eq!(scalar(&mut owner, vectors).await, read, "nobody has read it");
    app.clock.advance(TimeDelta::hours(1));
    // Pausing again is the same pause; resuming leaves what was written meanwhile out.
    assert_eq!(app.services.pause(id, None).await.expect("paused").0.exclusion_id, pause.exclusion_id);
    app.services.resume(id, pause.exclusion_id).await.expect("resumed");
    app.clock.advance(TimeDelta::hours(2));
    let after = session("ada", "after", &app.clock.now().to_rfc3339(), "Europe/London", &["I am calm and happy."]);
    app.accept(&after.events).await;
    app.run_due_jobs().await;
    assert_eq!(scalar(&mut owner, vectors).await, read + 1);
    assert_added_up(&mut owner, id.uuid(), "resumed").await;
    // The daily round does not take up what is meant to lie.
    app.clock.advance(TimeDelta::days(1));
    app.services.plan_due().await.expect("a plan");
    app.run_due_jobs().await;
    assert_eq!(scalar(&mut owner, vectors).await, read + 1);
    app.services.include(id, pause.exclusion_id).await.expect("taken in");
    app.run_due_jobs().await;
    assert_eq!(scalar(&mut owner, vectors).await, read + 2);
    assert_added_up(&mut owner, id.uuid(), "taken in").await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_forms_do_it_and_the_page_tells_what_they_did(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    month(&app, "ada").await;
    let cookie = app.sign_in("ada").await;
    let page = app.page("/spectrum/settings/exclusions", &cookie).await;
    assert!(page.body.contains("Nothing is left out."), "{}", page.body);
    // Each form leads back to a page that tells what it did.
    let told = async |path: &str, form: &str| {
        let answer = app.post_form(path, form, &cookie).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.body);
        let said = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        let page = app.page(answer.header("location"), &format!("{cookie}; {said}")).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let line =
            page.body.split("id=\"said\"").nth(1).unwrap_or_else(|| panic!("{path} tells nothing: {}", page.body));
        let line = line.split('>').nth(1).and_then(|line| line.split('<').next()).unwrap_or_default().to_owned();
        (line, page.body)
    };
    let (line, page) = told("/fn/exclude_feature", "feature=lens&reason=trial").await;
    assert!(line.starts_with("Left out. 10 sessions in "), "{line}");
    assert!(page.contains("All Lens sessions") && page.contains("trying something out"), "{page}");
    let (line, _) = told("/fn/exclude_period", "first=2026-11-20&last=2026-11-01").await;
    assert!(line.starts_with("Nothing was changed: choose a first and a last day"), "{line}");
    let (line, page) = told("/fn/exclude_period", "first=2026-11-10&last=2026-11-12&reason=").await;
    assert!(line.starts_with("Left out. ") && page.contains("10 November 2026 to 12 November 2026"), "{line}");
    let (line, page) = told("/fn/pause", "").await;
    assert!(line.starts_with("Paused.") && page.contains("Resume from now on"), "{line}");
    let id = |page: &str, label: &str| {
        let row = page.split("<li>").find(|row| row.contains(label)).unwrap_or_else(|| panic!("no {label}"));
        row.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("an id").to_owned()
    };
    let (line, page) = told("/fn/resume", &format!("exclusion_id={}", id(&page, "Everything since"))).await;
    assert!(line.starts_with("Resumed.") && page.contains("The pause from"), "{line}");
    let (line, page) = told("/fn/include", &format!("exclusion_id={}", id(&page, "All Lens sessions"))).await;
    assert!(line.starts_with("Taken in again. ") && !page.contains("All Lens sessions</p>"), "{line}");
    let (line, _) = told("/fn/include", "exclusion_id=018f6f2a-0000-7000-8000-000000000001").await;
    assert!(line.starts_with("Nothing was changed: that is no longer"), "{line}");
    let (line, _) = told("/fn/keep_text", "keep=no").await;
    assert!(line.starts_with("Changed. The words of 30 sessions"), "{line}");
    assert_eq!(scalar(&mut owner, "SELECT count(*) FROM turn_text").await, 0);
    let settings = app.page("/spectrum/settings", &cookie).await.body;
    assert!(settings.contains("2 things are left out") && settings.contains("dropped as soon as"), "{settings}");
    // What no form of ours sends is refused, and changes nothing.
    for (path, form) in [
        ("/fn/exclude_feature", "feature=dreams"),
        ("/fn/exclude_feature", "feature=lens&reason=because"),
        ("/fn/include", "exclusion_id=1"),
        ("/fn/keep_text", "keep=perhaps"),
    ] {
        app.post_form(path, form, &cookie).await;
    }
    assert_eq!(scalar(&mut owner, "SELECT count(*) FROM exclusion").await, 2);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn nobody_decides_about_another(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let sessions = month(&app, "ada").await;
    let (ada, bob) = (app.member("ada").await, {
        app.accept(&session("bob", "one", "2026-11-19T10:00:00Z", "UTC", &["I am glad and calm."]).events).await;
        app.run_due_jobs().await;
        app.member("bob").await
    });
    let (exclusion, _) = app.services.exclude(ada.member_id, Scope::Session(sessions[0]), None).await.expect("out");
    let taken = app.services.include(bob.member_id, exclusion.exclusion_id).await;
    assert!(matches!(taken, Err(ServiceError::UnknownExclusion(_))), "{taken:?}");
    let out = app.services.exclude(bob.member_id, Scope::Session(sessions[1]), None).await;
    assert!(matches!(out, Err(ServiceError::UnknownSession(_))), "{out:?}");
    let correction = Correction::of(Some(Quadrant::HighPleasant), None).expect("something");
    let corrected = app.services.correct_session(bob.member_id, sessions[1], correction).await;
    assert!(matches!(corrected, Err(ServiceError::UnknownSession(_))), "{corrected:?}");
    assert_eq!(app.services.list_exclusions(bob.member_id).await.expect("a list"), []);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_correction_counts_survives_a_new_reading_and_can_be_taken_back(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let sessions = month(&app, "ada").await;
    let member = app.member("ada").await;
    let id = member.member_id;
    let before = rollups(&mut owner, id.uuid()).await;
    let (session, measured) = (sessions[3], Quadrant::LowUnpleasant);
    let chosen = Quadrant::ALL.into_iter().find(|quadrant| *quadrant != measured).expect("another");
    let correction = Correction::of(Some(chosen), Some(Family::Hope)).expect("something");
    app.services.correct_session(id, session, correction).await.expect("corrected");
    assert_ne!(rollups(&mut owner, id.uuid()).await, before);
    assert_added_up(&mut owner, id.uuid(), "corrected").await;
    // The page says whose word it is.
    let cookie = app.sign_in("ada").await;
    let page = app.page("/spectrum/week/2026-W47", &cookie).await.body;
    assert_eq!(page.matches(">Corrected by you</a>").count(), 1, "{page}");
    let page = app.page(&format!("/spectrum/session/{session}"), &cookie).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains("Corrected by you.") && page.body.contains("Take my correction back"), "{}", page.body);
    let foreign = app.page("/spectrum/session/018f6f2a-0000-7000-8000-000000000001", &cookie).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    // Agreement is counted, and a second word takes the place of the first.
    let counted = "SELECT label, chosen, n FROM label_agreement WHERE n > 0";
    assert_eq!(
        rows(&mut owner, counted).await,
        [
            json!({ "label": "family", "chosen": "hope", "n": 1 }),
            json!({ "label": "quadrant", "chosen": chosen.name(), "n": 1 }),
        ]
    );
    let other = Correction::of(Some(Quadrant::HighUnpleasant), None).expect("something");
    app.services.correct_session(id, session, other).await.expect("corrected");
    let all = rows(&mut owner, counted).await;
    assert_eq!(all, [json!({ "label": "quadrant", "chosen": "high_unpleasant", "n": 1 })]);
    assert_added_up(&mut owner, id.uuid(), "corrected again").await;
    // A turn that comes late has the session read again: the member's word is laid over that measure too.
    let name = (app.clock.now() - TimeDelta::days(3)).date_naive().to_string();
    let began = (app.clock.now() - TimeDelta::days(3)).to_rfc3339();
    let texts = ["a", "b", "c", "And in the end I was proud and happy."];
    let mut late = crate::support::session("ada", &name, &began, "Europe/London", &texts).events[4].clone();
    late["feature"] = json!("mirror");
    app.accept(&[late]).await;
    app.run_due_jobs().await;
    assert_added_up(&mut owner, id.uuid(), "read again").await;
    let sources = "SELECT source FROM session_vector v JOIN session s USING (member_id, session_id)
                   WHERE v.revision = s.vector_revision AND source = 'member'";
    assert_eq!(rows(&mut owner, sources).await.len(), 1);
    let read_again = rollups(&mut owner, id.uuid()).await;
    app.services.take_correction_back(id, session).await.expect("taken back");
    assert_ne!(rollups(&mut owner, id.uuid()).await, read_again);
    assert_added_up(&mut owner, id.uuid(), "taken back").await;
    assert_eq!(rows(&mut owner, counted).await, Vec::<Value>::new());
    assert_eq!(rows(&mut owner, "SELECT * FROM correction").await, Vec::<Value>::new());
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_correction_taken_back_restores_identical_rows(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let sessions = month(&app, "ada").await;
    let member = app.member("ada").await;
    let before = rollups(&mut owner, member.member_id.uuid()).await;
    for (n, session) in sessions.iter().enumerate().take(12) {
        let correction = Correction::of(Some(Quadrant::ALL[n % 4]), Some(Family::ALL[n % 9])).expect("something");
        app.services.correct_session(member.member_id, *session, correction).await.expect("corrected");
        app.services.take_correction_back(member.member_id, *session).await.expect("taken back");
        assert_eq!(rollups(&mut owner, member.member_id.uuid()).await, before);
    }
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn words_that_are_not_to_be_kept_go_with_their_reading_and_their_measure_stays(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    month(&app, "ada").await;
    let member = app.member("ada").await;
    let before = rollups(&mut owner, member.member_id.uuid()).await;
    assert_eq!(app.services.keep_text(member.member_id, false).await.expect("changed"), 30);
    let texts = "SELECT count(*) FROM turn_text";
    assert_eq!(scalar(&mut owner, texts).await, 0);
    // Before it is read a session's words are there, and no longer.
    let sent = session("ada", "new", "2026-11-20T09:00:00Z", "UTC", &["I am glad.", "I feel calm and grateful."]);
    app.accept(&sent.events).await;
    assert_eq!(scalar(&mut owner, texts).await, 2);
    app.run_due_jobs().await;
    assert_eq!(scalar(&mut owner, texts).await, 0);
    assert_ne!(rollups(&mut owner, member.member_id.uuid()).await, before);
    let measured = rollups(&mut owner, member.member_id.uuid()).await;
    // A turn that comes late is read, and takes nothing of the rest along.
    let texts = ["I am glad.", "I feel calm and grateful.", "Then I was angry."];
    let late = session("ada", "new", "2026-11-20T09:00:00Z", "UTC", &texts).events[3].clone();
    app.accept(&[late]).await;
    app.run_due_jobs().await;
    assert_eq!(rollups(&mut owner, member.member_id.uuid()).await, measured);
    assert_added_up(&mut owner, member.member_id.uuid(), "a late turn").await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn retention_lets_sessions_go_by_the_day_and_their_sums_stay(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    month(&app, "ada").await;
    let member = app.member("ada").await;
    let before = rollups(&mut owner, member.member_id.uuid()).await;
    let overdue = async || {
        let standings = app.services.look_at_retention().await.expect("a look");
        standings.iter().filter(|of| of.overdue > 0).map(|of| of.store).collect::<Vec<_>>()
    };
    assert_eq!(overdue().await, Vec::<&str>::new());
    // What came in later keeps its day: one more session of a day of the month, half a year later.
    app.clock.advance(TimeDelta::days(180));
    app.services.prepare_partitions().await.expect("partitions");
    let late = session("ada", "late", "2026-11-10T15:00:00Z", "Europe/London", &["I was glad and calm."]);
    app.accept(&late.events).await;
    app.run_due_jobs().await;
    let limit = app.clock.now() - TimeDelta::days(180) + Months::new(Retention::default().session_months);
    app.clock.advance(limit - app.clock.now() + TimeDelta::days(1));
    assert!(overdue().await.contains(&"session"));
    app.services.plan_due().await.expect("a plan");
    app.run_due_jobs().await;
    assert_eq!(overdue().await, Vec::<&str>::new());
    let held = "SELECT count(*) FROM session";
    assert_eq!(scalar(&mut owner, held).await, 2, "the day that waits for the later session");
    for table in ["session_vector", "turn", "turn_impact", "turn_text"] {
        let of_gone = format!(
            "SELECT count(*) FROM {table} t WHERE NOT EXISTS (SELECT FROM session s
                               WHERE s.member_id = t.member_id AND s.session_id = t.session_id)"
        );
        assert_eq!(scalar(&mut owner, &of_gone).await, 0, "{table}");
    }
    // The sums stay, whatever asks for the day to be added up again.
    let sums = |all: Vec<Value>| -> Vec<Value> {
        let day = |row: &Value| row["row"]["period"] != "2026-11-10" && row["row"]["days"] == 1;
        let mut days: Vec<Value> = all.into_iter().filter(day).collect();
        for row in &mut days {
            row["row"].as_object_mut().expect("a row").remove("settled");
        }
        days
    };
    assert_eq!(sums(rollups(&mut owner, member.member_id.uuid()).await), sums(before));
    app.services.exclude(member.member_id, Scope::Feature(Feature::Mirror), None).await.expect("left out");
    app.services.prepare_partitions().await.expect("partitions");
    let again = session("ada", "again", "2026-11-12T15:00:00Z", "Europe/London", &["I was tired and sad."]);
    app.accept(&again.events).await;
    app.run_due_jobs().await;
    let settled = "SELECT sessions FROM day_rollup WHERE period = '2026-11-12'";
    assert_eq!(rows(&mut owner, settled).await, [json!({ "sessions": 1 })]);
    // And go in their time.
    app.clock.advance(TimeDelta::days(2 * 366));
    assert!(overdue().await.contains(&"day_rollup"));
    app.services.plan_due().await.expect("a plan");
    app.run_due_jobs().await;
    assert_eq!(overdue().await, Vec::<&str>::new());
    for table in ["session", "day_rollup", "week_rollup", "month_rollup"] {
        assert_eq!(scalar(&mut owner, &format!("SELECT count(*) FROM {table}")).await, 0, "{table}");
    }
    app.finish().await;
}
