//! What members decide on *Your data*: whether a model may choose words, in which zone they live, and when their weeks begin.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use spectrum_llm::{fake::Fake, provider::Dialect};
use sqlx::{
    PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{
    model::{settings, with_mondays},
    support::{Diary, TestApp, rows},
};

/// Posts a form and gives the page that it leads to.
async fn decide(app: &TestApp, path: &str, form: &str, cookie: &str) -> String {
    let answer = app.post_form(path, form, cookie).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.body);
    let told = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    app.page(answer.header("location"), &format!("{cookie}; {told}")).await.body
}

async fn verbs(owner: &mut PgConnection, verb: i16) -> usize {
    rows(owner, &format!("SELECT 1 AS n FROM audit WHERE verb = {verb}")).await.len()
}

/// The cards and months of a member: who worded them and what they say.
async fn words(owner: &mut PgConnection, member: &str) -> Vec<Value> {
    let of = |table, text, by| {
        format!(
            "SELECT grain, period, {text} AS text, {by} AS by FROM {table} JOIN member USING (member_id)
             WHERE external_ref = '{member}' AND {text} IS NOT NULL ORDER BY grain, period, text"
        )
    };
    let mut all = rows(owner, &of("card", "headline || body", "receipt #>> '{generator,by}'")).await;
    all.extend(rows(owner, &of("edition", "narrative::text", "coalesce(narrator ->> 'by', 'template')")).await);
    all
}

fn by_models(words: &[Value]) -> usize {
    words.iter().filter(|words| words["by"] == "model").count()
}

#[sqlx::test(migrations = "../migrations")]
async fn consent_to_a_model_taken_back_leaves_no_word_of_one(_: PgPoolOptions, database: PgConnectOptions) {
    let mut app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    // Told by templates alone, for comparison: wordings are chosen by the card, whose number follows from member and subject.
    with_mondays(&app, "ada", false).await;
    with_mondays(&app, "bob", false).await;
    app.run_due_jobs().await;
    let (ada, bob) = (words(&mut owner, "ada").await, words(&mut owner, "bob").await);
    assert!(!ada.is_empty() && by_models(&ada) + by_models(&bob) == 0);

    let fake = Fake::start().await.expect("the fake");
    app.rephrase_with(settings(&fake, Dialect::Anthropic, 1_000_000_000));
    app.use_prompts().await;
    let cookie = app.sign_in("ada").await;
    let page = decide(&app, "/fn/decide_model", "agreed=yes", &cookie).await;
    assert!(page.contains("A model may choose words from the next card on."), "{page}");
    assert!(page.contains("name=\"agreed\" value=\"no\""), "{page}");
    let consent = json!({ "analysis": true, "model": true, "analytics": false });
    app.api(Method::PUT, "/members/bob", Some(&json!({ "consent": consent }))).await;
    // Told anew, so that the model is asked.
    for member in ["ada", "bob"] {
        app.api(Method::PUT, &format!("/members/{member}"), Some(&json!({ "locale": "de" }))).await;
        app.run_due_jobs().await;
        app.api(Method::PUT, &format!("/members/{member}"), Some(&json!({ "locale": "en" }))).await;
        app.run_due_jobs().await;
    }
    for member in ["ada", "bob"] {
        assert!(by_models(&words(&mut owner, member).await) > 0, "{member}: {:?}", fake.refused());
    }
    let marks = "SELECT card_id, changed_at FROM card ORDER BY card_id";
    let (changed, calls) = (rows(&mut owner, marks).await, fake.calls());

    // By the member: at once.
    let page = decide(&app, "/fn/decide_model", "agreed=no", &cookie).await;
    assert!(page.contains("What a model had worded is written by templates again."), "{page}");
    assert_eq!(words(&mut owner, "ada").await, ada, "word for word what templates said");
    assert!(by_models(&words(&mut owner, "bob").await) > 0, "nobody else's");
    // By the host: with the next job.
    let consent = json!({ "analysis": true, "model": false, "analytics": false });
    app.api(Method::PUT, "/members/bob", Some(&json!({ "consent": consent }))).await;
    app.run_due_jobs().await;
    assert_eq!(words(&mut owner, "bob").await, bob);
    assert_eq!(fake.calls(), calls, "nobody is asked");
    assert_eq!(rows(&mut owner, marks).await, changed, "no number changed, and none is said to have");
    let held = rows(&mut owner, "SELECT 1 AS n FROM card WHERE receipt::text LIKE '%model%'").await;
    assert!(held.is_empty(), "{held:?}");
    assert_eq!(verbs(&mut owner, 20).await, 2);
    let looked = app.page("/spectrum/settings/looked", &cookie).await.body;
    assert_eq!(looked.matches("decided whether a model may choose words").count(), 2, "{looked}");
    // What the host says of it later changes nothing any more.
    let consent = json!({ "analysis": true, "model": true, "analytics": false });
    app.api(Method::PUT, "/members/ada", Some(&json!({ "consent": consent }))).await;
    app.run_due_jobs().await;
    assert_eq!(words(&mut owner, "ada").await, ada, "a no of the member's own stays");
    app.post_form("/fn/decide_model", "agreed=perhaps", &cookie).await;
    assert_eq!(rows(&mut owner, "SELECT 1 AS n FROM member WHERE consent_model").await.len(), 0);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_new_zone_leaves_the_past_and_a_new_first_day_makes_weeks_again(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database).await;
    for sent in (Diary { member: "ada", zone: "Europe/London", days: 30 }).sessions() {
        app.accept(&sent.events).await;
    }
    app.run_due_jobs().await;
    let mut owner = app.owner().await;
    let cookie = app.sign_in("ada").await;
    let dates = "SELECT session_id, local_date, local_minute FROM session ORDER BY session_id";
    let days = "SELECT period, sessions FROM day_rollup ORDER BY period";
    let before = (rows(&mut owner, dates).await, rows(&mut owner, days).await);
    let page = app.page("/spectrum/settings/calendar", &cookie).await.body;
    assert!(page.contains("<option value=\"Europe/London\" selected"), "{page}");
    assert!(page.contains("<option value=\"monday\" selected"), "{page}");

    let change = async |form: &str| {
        let page = decide(&app, "/fn/change_calendar", form, &cookie).await;
        app.run_due_jobs().await;
        page
    };
    let page = change("zone=Pacific%2FAuckland&week_start=monday").await;
    assert!(page.contains("Sessions from now on fall on the days of this zone."), "{page}");
    assert_eq!((rows(&mut owner, dates).await, rows(&mut owner, days).await), before, "the past stays");
    let page = change("zone=Pacific%2FAuckland&week_start=sunday").await;
    assert!(page.contains("Your weeks are being added up and told anew."), "{page}");
    let begin = rows(&mut owner, "SELECT DISTINCT extract(isodow FROM period)::int AS day FROM week_rollup").await;
    assert_eq!(begin, [json!({ "day": 7 })]);
    let told = "SELECT DISTINCT extract(isodow FROM period)::int AS day FROM edition WHERE grain = 'week'";
    assert_eq!(rows(&mut owner, told).await, [json!({ "day": 7 })]);
    assert_eq!((rows(&mut owner, dates).await, rows(&mut owner, days).await), before);
    let member = rows(&mut owner, "SELECT zone, week_start FROM member").await;
    assert_eq!(member, [json!({ "zone": "Pacific/Auckland", "week_start": "sunday" })]);
    let page = change("zone=Pacific%2FAuckland&week_start=sunday").await;
    assert!(page.contains("Nothing was changed: that is how it was."), "{page}");
    assert_eq!(verbs(&mut owner, 21).await, 2);

    for form in ["zone=Atlantis%2FCapital&week_start=monday", "zone=UTC&week_start=someday", "zone=UTC"] {
        app.post_form("/fn/change_calendar", form, &cookie).await;
        assert_eq!(rows(&mut owner, "SELECT zone, week_start FROM member").await, member, "{form}");
    }
    app.post_form("/fn/change_calendar", "zone=UTC&week_start=monday", "").await;
    assert_eq!(rows(&mut owner, "SELECT zone, week_start FROM member").await, member, "nobody");
    // The host knows where they are now; on which day their weeks begin they have said themselves.
    let said = json!({ "time_zone": "Europe/London", "week_start": "monday" });
    app.api(Method::PUT, "/members/ada", Some(&said)).await;
    app.run_due_jobs().await;
    let member = rows(&mut owner, "SELECT zone, week_start FROM member").await;
    assert_eq!(member, [json!({ "zone": "Europe/London", "week_start": "sunday" })]);
    assert_eq!(rows(&mut owner, told).await, [json!({ "day": 7 })]);
    app.finish().await;
}
