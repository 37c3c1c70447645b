//! Starting afresh: what was chosen is gone, the rest stays as it was, nothing comes back, and the receipt is true.

use axum::http::StatusCode;
use chrono::{Days, TimeDelta};
use serde_json::{Value, json};
use spectrum_core::{ambient::Clock as _, control::check_receipt::check};
use spectrum_domain::{
    affect::Quadrant,
    correction::Correction,
    exclusion::Scope,
    feature::Feature,
    reset::{Depth, Reset},
};
use sqlx::{
    PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{
    rollups::{assert_added_up, rollups},
    support::{Diary, TestApp, rows, session},
};

async fn count(owner: &mut PgConnection, table: &str) -> i64 {
    let found = rows(owner, &format!("SELECT count(*) AS n FROM {table}")).await;
    found[0]["n"].as_i64().expect("a count")
}

async fn filled(app: &TestApp, member: &'static str) {
    for sent in (Diary { member, zone: "Europe/London", days: 20 }).sessions() {
        app.accept(&sent.events).await;
    }
    app.run_due_jobs().await;
    let of = app.member(member).await;
    let first = Diary { member, zone: "Europe/London", days: 1 }.sessions().remove(0).session_id;
    let correction = Correction::of(Some(Quadrant::LowPleasant), None).expect("something");
    app.services.correct_session(of.member_id, first.parse().expect("an id"), correction).await.expect("corrected");
    app.services.exclude(of.member_id, Scope::Feature(Feature::Lens), None).await.expect("left out");
}

const DERIVED: [&str; 8] =
    ["turn_impact", "session_vector", "correction", "day_rollup", "week_rollup", "month_rollup", "edition", "card"];

#[sqlx::test(migrations = "../migrations")]
async fn what_was_measured_goes_and_is_not_measured_again(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    filled(&app, "ada").await;
    let member = app.member("ada").await;
    let words = count(&mut owner, "turn_text").await;
    let wish = Reset { depth: Depth::Derived, before: None, keep_exclusions: false };
    let id = app.services.reset(member.member_id, wish).await.expect("a reset");
    for table in DERIVED.iter().chain(&["exclusion"]) {
        assert_eq!(count(&mut owner, table).await, 0, "{table}");
    }
    assert_eq!((count(&mut owner, "session").await, count(&mut owner, "turn_text").await), (20, words));
    // The receipt holds, and lists every place.
    let receipt = app.services.load_receipt(id.uuid()).await.expect("an answer").expect("a receipt");
    let checked = check(&receipt, &app.services.ledger().public_key()).expect("it holds");
    assert_eq!((checked.kind.as_str(), checked.id), ("reset", id.uuid()));
    let body: Value = serde_json::from_str(&receipt).expect("JSON");
    for table in DERIVED {
        let line = body["receipt"]["stores"].as_array().expect("places").iter().find(|line| line["store"] == table);
        let line = line.unwrap_or_else(|| panic!("{table} is not in {receipt}"));
        assert!(line["deleted"].as_i64() > Some(0) && line["left"] == 0, "{line}");
    }
    // Hashes are hex, so three such letters may stand in one.
    assert!(!receipt.contains("\"ada\"") && !receipt.contains(&member.member_id.to_string()), "{receipt}");
    // Neither the daily round nor a new model measures it again.
    app.clock.advance(TimeDelta::days(1));
    app.services.plan_due().await.expect("a plan");
    app.services
        .order_reanalysis(&["other@1".to_owned()], &spectrum_core::analysis::reanalyze::Scope::Everybody)
        .await
        .expect("an order");
    app.run_due_jobs().await;
    assert_eq!(count(&mut owner, "session_vector").await, 0);
    // What comes from now on counts.
    let sent = session("ada", "new", &app.clock.now().to_rfc3339(), "UTC", &["I am glad and calm.", "I am happy."]);
    app.accept(&sent.events).await;
    app.run_due_jobs().await;
    assert_eq!(count(&mut owner, "session_vector").await, 1);
    assert_added_up(&mut owner, member.member_id.uuid(), "afresh").await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn sessions_and_words_go_before_a_day_and_what_is_after_it_stays(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    filled(&app, "ada").await;
    filled(&app, "bob").await;
    let (ada, bob) = (app.member("ada").await.member_id, app.member("bob").await.member_id);
    let bobs = rollups(&mut owner, bob.uuid()).await;
    // A Wednesday: it cuts a week and a month in two.
    let before = app.clock.now().date_naive() - Days::new(9);
    let wish = Reset { depth: Depth::DerivedAndRaw, before: Some(before), keep_exclusions: true };
    app.services.reset(ada, wish).await.expect("a reset");
    let of_ada = |table: &str| format!("{table} WHERE member_id = '{}'", ada.uuid());
    assert_eq!(count(&mut owner, &of_ada("session")).await, 10);
    assert_eq!(count(&mut owner, &format!("{} AND local_date < '{before}'", of_ada("session"))).await, 0);
    for table in ["turn", "turn_text", "turn_impact", "session_vector"] {
        let of_gone =
            format!("{} AND NOT EXISTS (SELECT FROM session s WHERE s.session_id = {table}.session_id)", of_ada(table));
        assert!(count(&mut owner, &of_ada(table)).await > 0, "{table} of the days after stays");
        assert_eq!(count(&mut owner, &of_gone).await, 0, "{table}");
    }
    assert_eq!(count(&mut owner, &of_ada("exclusion")).await, 1);
    assert_added_up(&mut owner, ada.uuid(), "after the day").await;
    assert_eq!(rollups(&mut owner, bob.uuid()).await, bobs, "nobody else is touched");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_page_asks_twice_and_hands_out_the_receipt(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    filled(&app, "ada").await;
    let cookie = app.sign_in("ada").await;
    let before = count(&mut owner, "session_vector").await;
    let page = app.page("/spectrum/settings/reset?depth=derived", &cookie).await;
    assert!(page.body.contains("Are you sure?") && page.body.contains("can’t be undone"), "{}", page.body);
    assert_eq!(count(&mut owner, "session_vector").await, before, "looking changes nothing");
    app.post_form("/fn/reset", "depth=derived", &cookie).await;
    app.post_form("/fn/reset", "depth=everything&sure=yes", &cookie).await;
    app.post_form("/fn/reset", "depth=derived&before=tomorrow&sure=yes", &cookie).await;
    assert_eq!(count(&mut owner, "session_vector").await, before, "nobody was sure, or said what");
    let answer = app.post_form("/fn/reset", "depth=derived&before=&keep_exclusions=yes&sure=yes", &cookie).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(count(&mut owner, "session_vector").await, 0);
    let page = app.page(answer.header("location"), &cookie).await;
    let receipt =
        page.body.split("href=\"/receipts/").nth(1).and_then(|rest| rest.split('"').next()).expect("a receipt");
    let receipt = app.page(&format!("/receipts/{receipt}"), "").await;
    assert_eq!(receipt.status, StatusCode::OK, "{}", receipt.body);
    assert_eq!(receipt.json()["receipt"]["kind"], json!("reset"));
    app.finish().await;
}
