//! What is told: editions when a period ends, the same by both ways, again in step with every change, and never from a session that
//! speaks of danger.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use chrono::{NaiveDate, TimeDelta};
use serde_json::{Value, json};
use server::analyzer::Trained;
use spectrum_core::ambient::Clock as _;
use spectrum_domain::{
    card::{Grain, Verdict},
    exclusion::Scope,
    feature::Feature,
};
use sqlx::{
    PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::support::{Diary, TestApp, rows, session};

/// Half a year of days with two sessions each, all read; every week and month that has ended is told of.
async fn half_a_year(app: &TestApp, member: &'static str) {
    for sent in (Diary { member, zone: "UTC", days: 180 }).sessions() {
        app.accept(&sent.events).await;
    }
    app.run_due_jobs().await;
}

/// Cards without the moments at which they were made.
async fn cards(owner: &mut PgConnection) -> Vec<Value> {
    let mut cards = rows(
        owner,
        "SELECT member_id, card_id, grain, period, position, finding, headline, body, receipt - 'generated_at' AS receipt
         FROM card",
    )
    .await;
    cards.sort_by_key(|card| card["card_id"].as_str().map(str::to_owned));
    // A version is raised by whatever is done; which sums a card rests on is what counts here.
    for card in &mut cards {
        for rollup in card["receipt"]["rollups"].as_array_mut().expect("rollups") {
            rollup["version"] = Value::Null;
        }
    }
    cards
}

async fn editions(owner: &mut PgConnection) -> Vec<Value> {
    rows(owner, "SELECT member_id, grain, period, flagged, told, narrative, inputs_hash FROM edition").await
}

#[sqlx::test(migrations = "../migrations")]
async fn a_week_is_told_when_it_has_ended_and_each_card_names_its_sums(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    half_a_year(&app, "ada").await;
    let member = app.member("ada").await;
    let told = app.services.list_editions(member.member_id, Grain::Week, None, 100).await.expect("editions");
    let newest = told.first().expect("an edition");
    let this_monday: NaiveDate = "2026-11-16".parse().expect("a date");
    assert_eq!(newest.period, this_monday - TimeDelta::days(7), "this week has not ended");
    assert!(told.windows(2).all(|two| two[0].period - two[1].period == TimeDelta::days(7)), "no week is missing");
    assert!(told.len() >= 25);
    let mut kinds = BTreeMap::new();
    for edition in &told {
        assert!((1..=5).contains(&edition.cards.len()), "{:?}", edition.period);
        for shown in &edition.cards {
            *kinds.entry(shown.card.finding.kind.name()).or_insert(0) += 1;
            let receipt = &shown.card.receipt;
            assert_eq!(receipt.rollups.first().map(|of| of.period), Some(edition.period));
            for of in &receipt.rollups {
                let sums = rows(
                    &mut owner,
                    &format!("SELECT version, sessions FROM week_rollup WHERE period = '{}'", of.period),
                )
                .await;
                assert_eq!(sums[0]["version"], of.version, "the sums that the receipt names are those there are");
                if of.period == edition.period {
                    assert_eq!(sums[0]["sessions"], receipt.sessions);
                }
            }
            assert!(!shown.card.words.headline.is_empty() && !shown.card.words.body.is_empty());
        }
    }
    assert!(kinds.len() >= 3, "{kinds:?}");
    // Months too, with a text.
    let months = app.services.list_editions(member.member_id, Grain::Month, None, 100).await.expect("editions");
    assert_eq!(months.first().map(|month| month.period.to_string()).as_deref(), Some("2026-10-01"));
    for month in &months {
        let text = month.narrative.as_ref().expect("a text");
        let words: usize = text.sections.iter().map(|s| s.text.split_whitespace().count()).sum();
        assert!((1..=250).contains(&words) && !text.question.is_empty(), "{words}");
    }
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_way_for_many_tells_the_same_as_the_way_for_one(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    half_a_year(&app, "ada").await;
    half_a_year(&app, "bob").await;
    let by_one = (editions(&mut owner).await, cards(&mut owner).await);
    assert!(by_one.1.len() > 100);
    sqlx::raw_sql("DELETE FROM edition").execute(&mut owner).await.expect("forgotten");
    // As the calendar does it: period by period, oldest first, everybody of the page at once.
    let periods = rows(
        &mut owner,
        "SELECT grain, period FROM (
             SELECT DISTINCT 'week' AS grain, period, period + 7 AS ends FROM week_rollup
             UNION ALL SELECT DISTINCT 'month', period, (period + interval '1 month')::date FROM month_rollup) AS p
         WHERE ends <= '2026-11-20'",
    )
    .await;
    let mut periods: Vec<(String, String)> = periods
        .iter()
        .map(|row| {
            (row["period"].as_str().expect("a date").to_owned(), row["grain"].as_str().expect("a grain").to_owned())
        })
        .collect();
    periods.sort();
    for (period, grain) in periods {
        app.publish(Grain::from_name(&grain).expect("a grain"), period.parse().expect("a date")).await;
    }
    app.run_due_jobs().await;
    assert_eq!((editions(&mut owner).await, cards(&mut owner).await), by_one);
    // Once more changes nothing.
    let all = rows(&mut owner, "SELECT * FROM card").await;
    app.publish(Grain::Week, "2026-11-09".parse().expect("a date")).await;
    app.run_due_jobs().await;
    assert_eq!(rows(&mut owner, "SELECT * FROM card").await, all);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_left_out_changes_what_is_told_in_the_same_request_and_comes_back_word_for_word(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    half_a_year(&app, "ada").await;
    let member = app.member("ada").await;
    let before = (editions(&mut owner).await, cards(&mut owner).await);
    app.clock.advance(TimeDelta::minutes(5));
    let first = "2026-09-01".parse().expect("a date");
    let scope = Scope::Period { first, last: "2026-09-06".parse().expect("a date") };
    let (exclusion, _) = app.services.exclude(member.member_id, scope, None).await.expect("left out");
    // No job has run: it is so at once, in that week and in those that are held against it.
    let after = cards(&mut owner).await;
    assert_ne!(after, before.1);
    let told = app.services.list_editions(member.member_id, Grain::Week, None, 100).await.expect("editions");
    let of = |date: &str| told.iter().find(|edition| edition.period == date.parse::<NaiveDate>().expect("a date"));
    let cut = of("2026-08-31").expect("one session of the week is left");
    assert!(cut.refreshed_at.is_some() && cut.cards.iter().all(|shown| shown.card.receipt.sessions == 1));
    assert!(of("2026-08-24").expect("the week before").refreshed_at.is_none(), "what was before stays as it was");
    let page = app.page("/spectrum/feed/2026-W36", &app.sign_in_paid("ada").await).await;
    assert!(page.body.contains("Updated on 20 November 2026"), "it says that it changed");
    app.services.include(member.member_id, exclusion.exclusion_id).await.expect("taken in");
    assert_eq!((editions(&mut owner).await, cards(&mut owner).await), before);
    // All of it left out: there is nothing to tell, and what was told is gone.
    for feature in Feature::ALL {
        app.services.exclude(member.member_id, Scope::Feature(feature), None).await.expect("left out");
    }
    assert_eq!((editions(&mut owner).await.len(), cards(&mut owner).await.len()), (0, 0));
    app.run_due_jobs().await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_session_that_comes_late_is_told_of_and_one_that_speaks_of_danger_feeds_nothing_and_shows_help(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let mut app = TestApp::new(database).await;
    half_a_year(&app, "ada").await;
    let member = app.member("ada").await.member_id;
    let week: NaiveDate = "2026-11-09".parse().expect("a date");
    let services = app.services.clone();
    let load = async || services.load_edition(member, Grain::Week, week).await.expect("an answer").expect("an edition");
    let before = load().await;
    // What comes in while a diary is brought along is no change of what was told; an hour later it is.
    assert_eq!(before.refreshed_at, None);
    app.clock.advance(TimeDelta::hours(1));
    let late =
        session("ada", "late", "2026-11-11T21:00:00Z", "UTC", &["I felt calm and happy, and the evening was warm."]);
    app.accept(&late.events).await;
    app.run_due_jobs().await;
    let after = load().await;
    assert_eq!(after.refreshed_at, Some(app.clock.now()));
    assert_eq!(after.cards[0].card.receipt.sessions, before.cards[0].card.receipt.sessions + 1);

    // A list of words can't tell danger.
    app.read_with(Trained::load());
    let hard = session("ada", "hard", "2026-11-12T21:00:00Z", "UTC", &["I want to kill myself tonight."]);
    app.accept(&hard.events).await;
    app.run_due_jobs().await;
    let help = load().await;
    assert_eq!(
        (help.flagged, help.cards[0].card.receipt.sessions),
        (1, after.cards[0].card.receipt.sessions),
        "it feeds nothing"
    );
    let cookie = app.sign_in_paid("ada").await;
    let page = app.page("/spectrum/feed/2026-W46", &cookie).await;
    let week_of =
        page.body.split("id=\"week-2026-W46\"").nth(1).and_then(|rest| rest.split("id=\"week-2026-W45\"").next());
    let week_of = week_of.expect("the week is on the page");
    let (panel, card) = (week_of.find("Somebody to talk to"), week_of.find("class=\"insight\""));
    assert!(panel.expect("help") < card.expect("cards"), "help comes before all else");
    // Left out by the member, it is nobody's business.
    app.services
        .exclude(member, Scope::Session(hard.session_id.parse().expect("an id")), None)
        .await
        .expect("left out");
    assert_eq!(load().await.flagged, 0);
    app.run_due_jobs().await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_verdict_stays_with_its_card_and_is_nobody_elses(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    half_a_year(&app, "ada").await;
    app.api(Method::PUT, "/members/bob", Some(&json!({ "plan": "paid" }))).await;
    let member = app.member("ada").await.member_id;
    let newest = app.services.list_editions(member, Grain::Week, None, 1).await.expect("editions").remove(0);
    let card = newest.cards[0].card_id;
    let cookie = app.sign_in_paid("ada").await;
    let press = async |verdict: &str, cookie: &str| {
        app.post_form("/fn/give_feedback", &format!("card_id={card}&verdict={verdict}"), cookie).await
    };
    let answer = press("not_quite", &cookie).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), format!("/spectrum/feed/2026-W46#card-{card}"));
    let page = app.page("/spectrum/feed", &cookie).await;
    assert!(page.body.contains("value=\"none\" aria-pressed=\"true\" class=\"chip\">Not quite"), "{}", page.body);
    let kept = rows(&mut owner, "SELECT verdict, kind, generator FROM feedback").await;
    let kind = newest.cards[0].card.finding.kind.name();
    assert_eq!(kept, [json!({ "verdict": "not_quite", "kind": kind, "generator": "cards@1" })]);
    // Bob can say nothing of it, and a made-up verdict is none.
    let bob = app.sign_in("bob").await;
    assert_eq!(press("wrong", &bob).await.header("location"), "/spectrum/feed");
    assert!(!press("great", &cookie).await.header("location").contains("#card"));
    assert_eq!(rows(&mut owner, "SELECT verdict, kind, generator FROM feedback").await, kept);
    app.services.give_feedback(member, card, Some(Verdict::Useful)).await.expect("kept");
    let again = app.services.list_editions(member, Grain::Week, None, 1).await.expect("editions").remove(0);
    assert_eq!(again.cards[0].verdict, Some(Verdict::Useful));
    press("none", &cookie).await;
    assert_eq!(rows(&mut owner, "SELECT 1 AS one FROM feedback").await.len(), 0);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_member_is_told_in_their_language_by_their_own_weeks(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    half_a_year(&app, "ada").await;
    let english = cards(&mut owner).await;
    app.api(Method::PUT, "/members/ada", Some(&json!({ "locale": "de-AT" }))).await;
    app.run_due_jobs().await;
    let german = cards(&mut owner).await;
    assert_eq!(german.len(), english.len());
    assert!(german.iter().zip(&english).all(|(de, en)| de["finding"] == en["finding"] && de["body"] != en["body"]));
    let page = app.page("/spectrum/feed", &app.sign_in_paid("ada").await).await;
    assert!(page.body.contains("lang=\"de\"") && page.body.contains("Sitzung"), "{}", page.body);
    // The same tongue in another country says nothing else.
    app.api(Method::PUT, "/members/ada", Some(&json!({ "locale": "de-CH" }))).await;
    app.run_due_jobs().await;
    assert_eq!(cards(&mut owner).await, german);
    app.api(Method::PUT, "/members/ada", Some(&json!({ "week_start": "sunday" }))).await;
    app.run_due_jobs().await;
    let days =
        rows(&mut owner, "SELECT DISTINCT extract(isodow FROM period)::int AS day FROM edition WHERE grain = 'week'");
    assert_eq!(days.await, [json!({ "day": 7 })], "weeks begin on Sunday now");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_daily_round_finds_what_was_not_told(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    half_a_year(&app, "ada").await;
    let before = cards(&mut owner).await;
    sqlx::raw_sql(
        "DELETE FROM edition WHERE (grain, period) IN (('week', '2026-11-02'), ('month', '2026-10-01'));
         INSERT INTO edition_due SELECT member_id, '2026-11-02', true FROM member",
    )
    .execute(&mut owner)
    .await
    .expect("as if it had been lost");
    app.clock.advance(TimeDelta::days(1));
    app.services.plan_due().await.expect("a plan");
    app.run_due_jobs().await;
    assert_eq!(cards(&mut owner).await, before);
    app.finish().await;
}
