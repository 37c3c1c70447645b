//! What is kept of a reading, on a real database: languages, coverage, impacts, and sessions that are withheld.

use chrono::TimeDelta;
use serde_json::{Value, json};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{Diary, Other, TestApp, rows, session};

const GERMAN: &str = "Heute war ein schwerer Tag, und ich mache mir Sorgen wegen des Gesprächs morgen früh.";
const LOG: &str = "2026-11-23T10:15:02Z ERROR db.pool=17 conn=17\n2026-11-23T10:15:03Z WARN retry=1 host=db1.internal.x\n\
                   2026-11-23T10:15:04Z ERROR db.pool=17 conn=18";

#[sqlx::test(migrations = "../migrations")]
async fn what_is_not_measured_says_why_and_the_page_counts_it(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    for (name, hour, turns) in [
        ("german", 9, &[GERMAN, "Ja, gut."][..]),
        ("log", 10, &[LOG]),
        ("emoji", 11, &["🙂🙂"]),
        ("both", 12, &["I am worried and I feel tired of it all.", GERMAN, "ok"]),
    ] {
        let began = format!("2026-11-18T{hour:02}:00:00Z");
        app.accept(&session("ada", name, &began, "Europe/London", turns).events).await;
    }
    app.run_due_jobs().await;
    let sessions = "SELECT state, why_not, model, local_minute FROM session";
    let row = |state: &str, why: Option<&str>, hour: i32| json!({ "state": state, "why_not": why, "model": "lexicon@1", "local_minute": hour * 60 });
    assert_eq!(
        rows(&mut owner, sessions).await,
        [
            row("analysed", None, 12),
            row("unmeasured", Some("language"), 9),
            row("unmeasured", Some("no_words"), 11),
            row("unmeasured", Some("not_prose"), 10),
        ]
    );
    let languages = "SELECT count(*) AS n, language FROM turn GROUP BY language";
    assert_eq!(
        rows(&mut owner, languages).await,
        [
            json!({ "n": 1, "language": "eng" }),
            json!({ "n": 2, "language": null }),
            json!({ "n": 4, "language": "deu" })
        ],
        "a word too short to tell follows most of its session"
    );
    let coverage = rows(&mut owner, "SELECT turns, not_measured FROM session_vector").await;
    assert_eq!(coverage, [json!({ "turns": 1, "not_measured": [0, 2, 0, 0] })]);

    let cookie = app.sign_in("ada").await;
    let page = app.page("/spectrum/week/2026-W47", &cookie).await;
    assert!(
        page.body.contains("1 session on 1 day · 1 in a language we can’t measure yet · 2 not measured"),
        "{}",
        page.body
    );
    assert!(page.body.contains("Not measured: in a language we can’t measure yet."));
    assert!(page.body.contains("Not measured: pasted text, not your own words."));
    assert!(page.body.contains("2 turns not measured"));
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_week_in_another_language_says_that_it_can_not_be_measured_yet(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    app.accept(&session("ada", "german", "2026-11-18T09:00:00Z", "Europe/Berlin", &[GERMAN]).events).await;
    app.run_due_jobs().await;
    let cookie = app.sign_in("ada").await;
    let page = app.page("/spectrum/week/2026-W47", &cookie).await;
    assert!(page.body.contains("We can’t measure this language yet."), "{}", page.body);
    app.finish().await;
}

/// How many impacts, vectors and day sums there are.
async fn kept(owner: &mut sqlx::PgConnection) -> Value {
    let counts =
        "SELECT (SELECT count(*) FROM turn_impact) AS impacts, (SELECT count(*) FROM session_vector) AS vectors,
                         (SELECT coalesce(sum(sessions), 0) FROM day_rollup) AS counted,
                         (SELECT count(*) FROM session WHERE crisis) AS flagged";
    rows(owner, counts).await.remove(0)
}

#[sqlx::test(migrations = "../migrations")]
async fn a_flagged_session_is_withheld_and_help_is_offered(_: PgPoolOptions, database: PgConnectOptions) {
    let mut app = TestApp::new(database).await;
    app.read_with(Other::new("other@2"));
    let mut owner = app.owner().await;
    let flagged = session(
        "ada",
        "flagged",
        "2026-11-18T09:00:00Z",
        "Europe/London",
        &["I am sad and tired of it.", "I feel unsafe with myself."],
    );
    app.accept(&flagged.events).await;
    app.accept(&session("ada", "other", "2026-11-18T12:00:00Z", "Europe/London", &["I feel calm today."]).events).await;
    app.run_due_jobs().await;
    let cookie = app.sign_in("ada").await;
    let page = app.page("/spectrum/week/2026-W47", &cookie).await;
    assert!(page.body.contains("class=\"help\"") && page.body.contains("findahelpline.com"), "{}", page.body);
    assert!(page.body.contains("tel:116123"), "of the member's country");
    assert!(page.body.contains("1 session on 1 day") && !page.body.contains("2 sessions"));
    assert_eq!(page.body.matches("Kept out of your picture.").count(), 1);
    let withheld = json!({ "impacts": 1, "vectors": 2, "counted": 1, "flagged": 1 });
    assert_eq!(kept(&mut owner).await, withheld, "its vector is kept, and none of its turns'");

    let status = app.api(axum::http::Method::GET, "/members/ada", None).await.json();
    assert_eq!((status["analysed"].as_i64(), status["unmeasured"].as_i64()), (Some(2), Some(0)), "hosts learn nothing");

    // A late turn: while it waits and is read again it still feeds nothing, and help stays.
    let mut late = flagged.events[2].clone();
    late["event_id"] = json!("0b64a1de-3c1c-4b0e-9d6f-0c7a2f1e5a01");
    late["index"] = json!(7);
    late["text"] = json!("It was a long day.");
    app.accept(std::slice::from_ref(&late)).await;
    let member = app.member("ada").await;
    let view = app.services.load_week(&member, "2026-W47".parse().expect("a week")).await.expect("a week");
    assert_eq!((view.counted().count(), view.offers_help()), (1, true));
    app.run_due_jobs().await;
    assert_eq!(kept(&mut owner).await, json!({ "impacts": 1, "vectors": 3, "counted": 1, "flagged": 1 }));

    // What flagged it is gone: what is left does not clear it.
    sqlx::query("DELETE FROM turn_text WHERE index = 1").execute(&mut owner).await.expect("gone");
    late["event_id"] = json!("0b64a1de-3c1c-4b0e-9d6f-0c7a2f1e5a02");
    late["index"] = json!(8);
    app.accept(&[late]).await;
    app.run_due_jobs().await;
    assert_eq!(kept(&mut owner).await["flagged"], json!(1));

    // The member may put it away.
    let id = flagged.session_id.parse().expect("an id");
    app.services.exclude_session(&member, id).await.expect("left out");
    let page = app.page("/spectrum/week/2026-W47", &cookie).await;
    assert!(!page.body.contains("class=\"help\""), "{}", page.body);
    app.services.include_session(&member, id).await.expect("taken in");
    assert_eq!(kept(&mut owner).await["counted"], json!(1), "taken in again it is withheld as before");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_flag_in_a_language_nobody_measures_withholds_too(_: PgPoolOptions, database: PgConnectOptions) {
    let mut app = TestApp::new(database).await;
    app.read_with(Other::new("other@2"));
    let mut owner = app.owner().await;
    let text = format!("{GERMAN} unsafe");
    app.accept(&session("ada", "s", "2026-11-18T09:00:00Z", "Europe/Berlin", &[&text]).events).await;
    app.run_due_jobs().await;
    assert_eq!(rows(&mut owner, "SELECT state FROM session").await, [json!({ "state": "withheld" })]);
    let cookie = app.sign_in("ada").await;
    let page = app.page("/spectrum/week/2026-W47", &cookie).await;
    assert!(page.body.contains("tel:08001110111") && page.body.contains("There are no figures this week."));
    assert!(!page.body.contains("language"), "nothing else is said of it: {}", page.body);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn turns_are_held_against_the_days_before_and_not_their_own(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let turns = ["I am happy and grateful.", "I am sad and tired."];
    app.accept(&session("ada", "first", "2026-11-10T09:00:00Z", "UTC", &turns).events).await;
    app.accept(&session("ada", "same day", "2026-11-10T19:00:00Z", "UTC", &turns).events).await;
    app.run_due_jobs().await;
    app.accept(&session("ada", "later", "2026-11-12T09:00:00Z", "UTC", &turns).events).await;
    app.clock.advance(TimeDelta::days(100));
    app.services.prepare_partitions().await.expect("partitions");
    app.accept(&session("ada", "out of reach", "2027-02-20T09:00:00Z", "UTC", &turns).events).await;
    app.run_due_jobs().await;
    let impacts = rows(
        &mut owner,
        "SELECT local_date, count(DISTINCT (valence_step, valence_contribution, mixture_shift)) AS same,
                array_agg(DISTINCT valence_innovation - valence_step) AS home
         FROM turn_impact JOIN session USING (member_id, session_id) WHERE valence_step IS NOT NULL GROUP BY local_date",
    )
    .await;
    let home = |day: &str| impacts.iter().find(|row| row["local_date"] == day).expect("the day")["home"].clone();
    assert_eq!(impacts.len(), 3, "{impacts:?}");
    assert!(impacts.iter().all(|day| day["same"] == json!(1)), "{impacts:?}");
    assert_eq!(home("2026-11-10"), home("2027-02-20"), "a hundred days are no longer before: {impacts:?}");
    assert_ne!(home("2026-11-10"), home("2026-11-12"), "{impacts:?}");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn weeks_that_different_versions_measured_say_so(_: PgPoolOptions, database: PgConnectOptions) {
    let mut app = TestApp::new(database).await;
    let sent = Diary { member: "ada", zone: "Europe/London", days: 9 }.sessions();
    for session in &sent[5..] {
        app.accept(&session.events).await;
    }
    app.run_due_jobs().await;
    app.read_with(Other::new("other@2"));
    for session in &sent[..5] {
        app.accept(&session.events).await;
    }
    app.run_due_jobs().await;
    let cookie = app.sign_in("ada").await;
    let differ = "were measured by different versions";
    let this = app.page("/spectrum/week/2026-W47", &cookie).await;
    assert!(this.body.contains(differ), "{}", this.body);
    let before = app.page("/spectrum/week/2026-W46", &cookie).await;
    assert!(!before.body.contains(differ), "there is nothing before to compare with");
    app.finish().await;
}
