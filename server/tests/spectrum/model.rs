//! A model that rephrases what is told, over TLS and the real protocols: only for members who agreed, within what it may cost, and
//! shown only where the guard lets it.

use axum::http::{Method, StatusCode};
use chrono::{DateTime, Datelike as _, TimeDelta, Utc, Weekday};
use serde_json::{Value, json};
use server::config::{Limits, Llm};
use spectrum_domain::{
    access::StaffRole,
    card::{Generator, Grain},
    exclusion::Scope,
    feature::Feature,
};
use spectrum_llm::{
    fake::{Fake, Lie, Trouble},
    price::{MicroDollars, PriceTable},
    provider::{Dialect, Usage},
};
use sqlx::{
    PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::support::{START, TestApp, rows, session};

/// A member of whom something can be said that a model may say better: Mondays lie apart.
pub async fn with_mondays(app: &TestApp, member: &str, model: bool) {
    let consent = json!({ "analysis": true, "model": model, "analytics": false });
    app.api(Method::PUT, &format!("/members/{member}"), Some(&json!({ "plan": "paid", "consent": consent }))).await;
    let start: DateTime<Utc> = START.parse().expect("an instant");
    let fair = ["It was a delightful, exciting day and I am happy.", "I felt calm and grateful after the walk."];
    let mondays = ["I am sad and tired, and the evening was lonely.", "I was angry and annoyed at the meeting."];
    for back in 0..130 {
        let day = start - TimeDelta::days(back);
        let turns = if day.weekday() == Weekday::Mon { mondays } else { fair };
        for (hour, turn) in
            [(0, 0), (3, 1)].into_iter().map(|(hour, turn)| (hour, turns[usize::from((back + turn) % 2 == 1)]))
        {
            let began = (day - TimeDelta::hours(hour)).to_rfc3339();
            app.accept(&session(member, &began, &began, "UTC", &[turn, "Then the rest of it went by."]).events).await;
        }
    }
}

/// The model's settings, with these limits.
pub fn settings(fake: &Fake, dialect: Dialect, day: u64) -> Llm {
    let row = |model: &str, input: u64| {
        format!(
            "[[price]]\nmodel = \"{model}\"\neffective_from = \"2026-01-01\"\nunit = \"million_tokens\"\ninput = {input}\n\
             cached_input = {}\noutput = {}\nbatch_percent = 50\nsource = \"a test\"\nchecked = \"2026-01-01\"\n",
            input / 10,
            input * 5
        )
    };
    let prices =
        PriceTable::parse(&[row("small", 1_000_000), row("large", 3_000_000), row("checker", 2_000_000)].concat())
            .expect("prices");
    let much = MicroDollars(1_000_000_000);
    Llm {
        provider: fake.settings(dialect),
        small: "small".to_owned(),
        large: "large".to_owned(),
        safety: None,
        batch: false,
        prices,
        limits: Limits { day: MicroDollars(day), month: much, task_month: much, member_month: much },
    }
}

pub async fn number(owner: &mut PgConnection, query: &str) -> i64 {
    let found = rows(owner, &format!("SELECT ({query})::bigint AS n")).await;
    found[0]["n"].as_i64().expect("a number")
}

/// Cards by who wrote their words.
pub async fn by_model(owner: &mut PgConnection) -> (i64, i64) {
    let of = |by: &str| format!("SELECT count(*) FROM card WHERE receipt #>> '{{generator,by}}' = '{by}'");
    (number(owner, &of("model")).await, number(owner, &of("template")).await)
}

/// What was booked is what the provider counted itself, at the prices of the test, and the sums are those of the rows. Gives
/// what was spent.
pub async fn booked_to_the_token(owner: &mut PgConnection, counted: Usage) -> i64 {
    for (column, tokens) in
        [("input_tokens", counted.input), ("cached_tokens", counted.cached_input), ("output_tokens", counted.output)]
    {
        let booked = number(owner, &format!("SELECT sum({column}) FROM model_call")).await;
        assert_eq!(u64::try_from(booked), Ok(tokens), "{column}");
    }
    let spent = number(owner, "SELECT sum(micro_dollars) FROM model_call").await;
    assert!(spent > 0);
    for sum in [
        "SELECT sum(ceil((input_tokens + cached_tokens * 0.1 + output_tokens * 5)
                         * CASE model WHEN 'small' THEN 1 WHEN 'checker' THEN 2 ELSE 3 END
                         * CASE WHEN batched THEN 0.5 ELSE 1 END)) FROM model_call",
        "SELECT micro_dollars FROM model_spend WHERE scope = 'all' AND grain = 'month'",
        "SELECT sum(micro_dollars) FROM model_spend WHERE scope = 'all' AND grain = 'day'",
        "SELECT sum(micro_dollars) FROM model_spend WHERE scope <> 'all' AND grain = 'month'",
        "SELECT sum(micro_dollars) FROM model_call_sum",
    ] {
        assert_eq!(number(owner, sum).await, spent, "{sum}");
    }
    let sums = "SELECT day, task, model, prompt, sum(calls)::bigint AS calls, sum(batched)::bigint AS batched, sum(refused)::bigint AS refused,
                       sum(failed)::bigint AS failed, sum(input_tokens)::bigint AS input_tokens,
                       sum(cached_tokens)::bigint AS cached_tokens, sum(output_tokens)::bigint AS output_tokens
                FROM model_call_sum GROUP BY day, task, model, prompt";
    let calls = "SELECT day, task, model, prompt, count(*) AS calls, count(*) FILTER (WHERE batched) AS batched,
                        count(*) FILTER (WHERE outcome = 'refused') AS refused, count(*) FILTER (WHERE outcome = 'failed') AS failed,
                        sum(input_tokens)::bigint AS input_tokens, sum(cached_tokens)::bigint AS cached_tokens,
                        sum(output_tokens)::bigint AS output_tokens
                 FROM model_call GROUP BY day, task, model, prompt";
    assert_eq!(rows(owner, sums).await, rows(owner, calls).await);
    let sums = "SELECT reason, sum(answers)::bigint AS n FROM model_refusal_sum GROUP BY 1";
    let calls = "SELECT reason, count(*) AS n FROM model_call, unnest(reasons) AS reason GROUP BY 1";
    assert_eq!(rows(owner, sums).await, rows(owner, calls).await);
    spent
}

#[sqlx::test(migrations = "../migrations")]
async fn a_model_words_the_cards_of_who_agreed_and_is_booked_to_the_token(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let mut app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let fake = Fake::start().await.expect("the fake");
    app.rephrase_with(settings(&fake, Dialect::Anthropic, 1_000_000_000));
    app.use_prompts().await;
    with_mondays(&app, "ada", true).await;
    with_mondays(&app, "bob", false).await;
    app.run_due_jobs().await;
    assert_eq!(fake.refused(), Vec::<String>::new());
    assert!(fake.calls() > 0);
    let (worded, templates) = by_model(&mut owner).await;
    assert!(worded > 0 && templates > 0, "{worded} {templates}");
    let ada = app.member("ada").await.member_id;
    let bobs =
        format!("SELECT count(*) FROM card WHERE member_id <> '{ada}' AND receipt #>> '{{generator,by}}' = 'model'");
    assert_eq!(number(&mut owner, &bobs).await, 0, "Bob did not agree");

    // The same contract: every card has its finding, its receipt and its reasons, and says who wrote it.
    let editions = app.services.list_editions(ada, Grain::Week, None, 50).await.expect("editions");
    let shown = editions.iter().flat_map(|edition| &edition.cards);
    let shown = shown.filter(|shown| matches!(shown.card.receipt.generator, Generator::Model { .. }));
    for shown in shown {
        let Generator::Model { model, prompt } = &shown.card.receipt.generator else { continue };
        assert!(model == "small" && prompt.starts_with("weekly@1#") && !shown.card.words.body.is_empty());
    }
    let page = app.page("/spectrum/feed", &app.sign_in("ada").await).await;
    assert!(page.body.contains("Worded by a model (small, weekly@1#"), "{}", page.body);

    let spent = booked_to_the_token(&mut owner, fake.counted()).await;
    assert_eq!(number(&mut owner, "SELECT sum(micro_dollars) FROM member_spend").await, spent);
    // The team sees the same to the last millionth, and nothing for each of two people.
    let analyst = app.sign_in_team("ann@host.test", &[StaffRole::Analyst]).await;
    let page = app.page("/staff/cost", &analyst).await.body;
    let dollars = format!("${}.{:06} were spent", spent / 1_000_000, spent % 1_000_000);
    assert!(page.contains(&dollars) && page.contains("weekly@1#"), "{dollars} in {page}");
    assert!(page.contains("Fewer than 10 members were active") && !page.contains("For each of"), "{page}");
    assert_eq!(app.page("/staff/cost", &app.sign_in_staff().await).await.status, StatusCode::FORBIDDEN);
    assert_eq!(app.page("/staff/cost", &app.sign_in("ada").await).await.status, StatusCode::FORBIDDEN);
    // Nothing that was written left the house, and no row of the ledger names anybody.
    let inputs = serde_json::to_string(&fake.inputs()).expect("JSON");
    for said in ["lonely", "ada", &ada.to_string()] {
        assert!(!inputs.contains(said), "{said} in {inputs}");
    }
    let ledger = serde_json::to_string(&rows(&mut owner, "SELECT * FROM model_call").await).expect("JSON");
    assert!(!ledger.contains(&ada.to_string()) && !ledger.contains("\"ada\""), "{ledger}");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_the_guard_refuses_or_a_provider_does_not_answer_stays_a_templates(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let mut app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let fake = Fake::start().await.expect("the fake");
    app.rephrase_with(settings(&fake, Dialect::OpenAi, 1_000_000_000));
    fake.lie(Some((Lie::Diagnosis, 0)));
    app.use_prompts().await;
    with_mondays(&app, "ada", true).await;
    app.run_due_jobs().await;
    let (worded, templates) = by_model(&mut owner).await;
    assert!(fake.calls() > 0 && worded == 0 && templates > 0);
    let reasons = rows(&mut owner, "SELECT DISTINCT outcome, unnest(reasons) AS reason FROM model_call").await;
    assert!(reasons.contains(&json!({ "outcome": "refused", "reason": "diagnosis" })), "{reasons:?}");
    assert!(number(&mut owner, "SELECT sum(micro_dollars) FROM model_call").await > 0, "refused answers are paid for");

    // A provider that breaks off costs nothing that anybody knows of, and no card.
    fake.lie(None);
    fake.trouble(Trouble::Cut);
    fake.trouble(Trouble::Cut);
    let ada = app.member("ada").await.member_id;
    app.services.exclude(ada, Scope::Feature(Feature::Lens), None).await.expect("left out");
    let page = app.page("/spectrum/feed", &app.sign_in("ada").await).await;
    assert!(page.body.contains("class=\"insight\"") && !page.body.contains("Worded by a model"));
    app.run_due_jobs().await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_spent_budget_leaves_templates_and_a_full_feed(_: PgPoolOptions, database: PgConnectOptions) {
    let mut app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let fake = Fake::start().await.expect("the fake");
    // Less than one call costs: the first is made, and no other.
    app.rephrase_with(settings(&fake, Dialect::OpenAi, 100));
    app.use_prompts().await;
    with_mondays(&app, "ada", true).await;
    app.run_due_jobs().await;
    let (worded, templates) = by_model(&mut owner).await;
    assert!(fake.calls() == 1 && templates > worded, "{} {worded} {templates}", fake.calls());
    let ada = app.member("ada").await.member_id;
    let editions = app.services.list_editions(ada, Grain::Week, None, 50).await.expect("editions");
    assert!(editions.len() > 15 && editions.iter().all(|edition| !edition.cards.is_empty()), "a full feed");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn words_about_numbers_that_have_changed_are_booked_and_not_kept(_: PgPoolOptions, database: PgConnectOptions) {
    let mut app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let fake = Fake::start().await.expect("the fake");
    app.rephrase_with(settings(&fake, Dialect::OpenAi, 1_000_000_000));
    app.use_prompts().await;
    with_mondays(&app, "ada", true).await;
    app.run_due_jobs().await;
    let worded: Vec<Value> =
        rows(&mut owner, "SELECT card_id, body FROM card WHERE receipt #>> '{generator,by}' = 'model'").await;
    assert!(!worded.is_empty());
    // Every session of one day is left out: what rests on it is a template's at once, and a model is asked anew.
    let ada = app.member("ada").await.member_id;
    let day = "2026-11-09".parse().expect("a date");
    app.services.exclude(ada, Scope::Period { first: day, last: day }, None).await.expect("left out");
    let of_the_week = "SELECT count(*) FROM card WHERE grain = 'week' AND period = '2026-11-09'
                       AND receipt #>> '{generator,by}' = 'model'";
    assert_eq!(number(&mut owner, of_the_week).await, 0);
    let calls = fake.calls();
    app.run_due_jobs().await;
    assert!(fake.calls() >= calls);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_safety_check_is_booked_and_what_it_does_not_pass_stays_a_templates(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let mut app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let fake = Fake::start().await.expect("the fake");
    let checked = Llm { safety: Some("checker".to_owned()), ..settings(&fake, Dialect::Anthropic, 1_000_000_000) };
    app.rephrase_with(checked);
    app.use_prompts().await;
    fake.call_unsafe(true);
    with_mondays(&app, "ada", true).await;
    app.run_due_jobs().await;
    assert_eq!(by_model(&mut owner).await.0, 0, "what is not safe is not shown");
    let of = |outcome: &str| {
        format!(
            "SELECT count(*) FROM model_call WHERE model = 'checker' AND prompt LIKE 'safety@%' AND outcome = '{outcome}'"
        )
    };
    let refused = number(&mut owner, &of("refused")).await;
    assert!(refused > 0);
    assert_eq!(
        number(&mut owner, "SELECT count(*) FROM model_call WHERE model <> 'checker'").await,
        refused,
        "each was asked for again, once, and each answer was checked"
    );
    booked_to_the_token(&mut owner, fake.counted()).await;

    // The same model calls it safe.
    fake.call_unsafe(false);
    with_mondays(&app, "bob", true).await;
    app.run_due_jobs().await;
    let (worded, _) = by_model(&mut owner).await;
    assert!(worded > 0 && number(&mut owner, &of("taken")).await > 0);
    booked_to_the_token(&mut owner, fake.counted()).await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_safety_check_that_can_not_be_had_shows_nothing(_: PgPoolOptions, database: PgConnectOptions) {
    let mut app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let fake = Fake::start().await.expect("the fake");
    let checked = Llm { safety: Some("checker".to_owned()), ..settings(&fake, Dialect::OpenAi, 1_000_000_000) };
    app.rephrase_with(checked.clone());
    app.use_prompts().await;
    // One is asked, and the next call, which is its check, is refused.
    for _ in 0..200 {
        fake.trouble(Trouble::Slow(std::time::Duration::ZERO));
        fake.trouble(Trouble::Status(403));
    }
    with_mondays(&app, "ada", true).await;
    app.run_due_jobs().await;
    let failed =
        number(&mut owner, "SELECT count(*) FROM model_call WHERE model = 'checker' AND outcome = 'failed'").await;
    let asked = number(&mut owner, "SELECT count(*) FROM model_call WHERE model <> 'checker'").await;
    assert!(failed > 0 && failed == asked, "none is asked for again: {failed} {asked}");
    assert_eq!(by_model(&mut owner).await.0, 0);
    booked_to_the_token(&mut owner, fake.counted()).await;

    // Without a price for it nobody is asked at all.
    app.rephrase_with(Llm { safety: Some("unpriced".to_owned()), ..checked });
    let calls = fake.calls();
    with_mondays(&app, "bob", true).await;
    app.run_due_jobs().await;
    assert_eq!(fake.calls(), calls);
    app.finish().await;
}
