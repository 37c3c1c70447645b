//! What a free member sees where the paid plan has more: a marked example of nobody's numbers, how much was counted of theirs and
//! nothing that it came to, help where it is called for, and every control.

use axum::{
    Router,
    http::{Method, StatusCode},
};
use serde_json::json;
use sqlx::{
    PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::support::{Diary, TestApp, rows};

/// The screens of the paid plan, and the surface that each is for the funnel.
const BEHIND: [(&str, &str); 9] = [
    ("/spectrum/landscape/28-days?compare", "landscape"),
    ("/spectrum/landscape/2026-10", "landscape"),
    ("/spectrum/landscape/2026", "landscape"),
    ("/spectrum/patterns/28-days?compare", "patterns"),
    ("/spectrum/patterns/2026-W46", "patterns"),
    ("/spectrum/feed", "feed"),
    ("/spectrum/feed/2026-W46", "feed"),
    ("/spectrum/months", "month"),
    ("/spectrum/month/2026-10", "month"),
];

async fn with_a_diary(database: PgConnectOptions) -> TestApp {
    let app = TestApp::new(database).await;
    for sent in (Diary { member: "ada", zone: "Europe/London", days: 60 }).sessions() {
        app.accept(&sent.events).await;
    }
    app.run_due_jobs().await;
    app
}

/// The page without its example.
fn without_the_example(html: &str) -> String {
    let (before, rest) = html.split_once("data-teaser-variant=").expect("an example");
    let (before, _) = before.rsplit_once("<section").expect("its beginning");
    let (_, after) = rest.split_once("</section>").expect("its end");
    format!("{before}{after}")
}

#[sqlx::test(migrations = "../migrations")]
async fn nothing_of_theirs_is_shown_or_hinted_at_behind_the_plan(_: PgPoolOptions, database: PgConnectOptions) {
    let app = with_a_diary(database).await;
    let cookie = app.sign_in("ada").await;
    let mut owner = app.owner().await;
    let cards = rows(&mut owner, "SELECT headline, body FROM card").await;
    let months = rows(&mut owner, "SELECT narrative::text FROM edition WHERE narrative IS NOT NULL").await;
    assert!(!cards.is_empty() && !months.is_empty(), "there is something to tell");
    for (path, surface) in BEHIND {
        let page = app.page(path, &cookie).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert_eq!(page.body.matches("data-teaser-variant=\"").count(), 1, "{path}: {}", page.body);
        assert!(page.body.contains(&format!("data-teaser-screen=\"{surface}\"")), "{path}: {}", page.body);
        assert!(page.body.contains("<p class=\"badge\">Example</p>"), "{path}");
        assert!(page.body.contains("What you see here is made up."), "{path}");
        assert!(page.body.contains("are the same on every plan"), "{path}");
        let own = without_the_example(&page.body);
        // No picture, no middle, no feeling, no direction, no card: not even the beginning of one.
        for sign in [
            "<figure",
            "class=\"chart\"",
            "±",
            "leaned",
            "pleasant",
            "energy",
            "class=\"insight\"",
            "narrative",
            ".csv",
        ] {
            assert!(!own.contains(sign), "{path}: {sign} in {own}");
        }
        for family in ["Joy", "Interest", "Hope", "Warmth", "Calm", "Worry", "Anger", "Sadness", "Regret"] {
            assert!(!own.contains(family), "{path}: {family} in {own}");
        }
        for card in &cards {
            for text in ["headline", "body"] {
                assert!(!page.body.contains(card[text].as_str().expect("text")), "{path}: {card}");
            }
        }
        assert!(page.body.contains("class=\"places\"") && page.body.contains("/spectrum/settings"), "{path}");
    }
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_week_is_whole_and_every_control_works(_: PgPoolOptions, database: PgConnectOptions) {
    let app = with_a_diary(database).await;
    let cookie = app.sign_in("ada").await;
    let week = app.page("/spectrum/week/2026-W46", &cookie).await;
    let paid = app.sign_in_paid("ada").await;
    let paid = app.page("/spectrum/week/2026-W46", &paid).await;
    app.api(Method::PUT, "/members/ada", Some(&json!({ "plan": "free" }))).await;
    assert!(week.body.contains("plane-title") && week.body.contains("mix-title"), "{}", week.body);
    let tail = |html: &str| without_the_example(html).matches("<figure").count();
    assert_eq!(tail(&week.body), paid.body.matches("<figure").count(), "the same figures on both plans");
    assert!(!paid.body.contains("data-teaser"), "who pays is shown no example of it");
    // What is decided about the data is on every plan.
    for path in [
        "/spectrum/sessions/90-days",
        "/spectrum/settings",
        "/spectrum/settings/exclusions",
        "/spectrum/settings/export",
        "/spectrum/settings/reset",
        "/spectrum/settings/erase",
        "/spectrum/settings/looked",
    ] {
        let page = app.page(path, &cookie).await;
        assert!(page.status == StatusCode::OK && !page.body.contains("data-teaser"), "{path}");
    }
    assert!(app.page("/spectrum/sessions/90-days", &cookie).await.body.contains("/fn/exclude_session"));
    let mut owner = app.owner().await;
    for (path, form, to) in [
        ("/fn/exclude_feature", "feature=lens", "/spectrum/settings/exclusions"),
        ("/fn/request_export", "", "/spectrum/settings/export"),
    ] {
        let answer = app.post_form(path, form, &cookie).await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, to), "{path}");
    }
    assert_eq!(rows(&mut owner, "SELECT 1 AS n FROM exclusion").await.len(), 1);
    // The data itself is withheld from nobody: interface and files answer on every plan.
    for path in ["/api/v1/spectrum/landscape?from=2026-10-01&to=2026-11-30", "/spectrum/landscape/2026-10/plane.csv"] {
        assert_eq!(app.page(path, &cookie).await.status, StatusCode::OK, "{path}");
    }
    app.run_due_jobs().await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn help_is_on_every_plan(_: PgPoolOptions, database: PgConnectOptions) {
    let app = with_a_diary(database).await;
    let mut owner = app.owner().await;
    sqlx::query("UPDATE session SET crisis = true WHERE local_date BETWEEN '2026-10-20' AND '2026-11-20'")
        .execute(&mut owner)
        .await
        .expect("flagged");
    sqlx::query("UPDATE edition SET flagged = 1").execute(&mut owner).await.expect("flagged");
    let cookie = app.sign_in("ada").await;
    for (path, _) in BEHIND.into_iter().filter(|(path, _)| *path != "/spectrum/months") {
        let page = app.page(path, &cookie).await;
        assert_eq!(page.body.matches("id=\"help-title\"").count(), 1, "{path}: {}", page.body);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn what_the_plan_adds_is_counted_where_it_is_shown(_: PgPoolOptions, database: PgConnectOptions) {
    let app = with_a_diary(database).await;
    let mut owner = app.owner().await;
    let shown = async |owner: &mut PgConnection| {
        app.services.write_noted().await.expect("written");
        let events = rows(owner, "SELECT event, properties FROM product_event WHERE event IN (10, 11)").await;
        let mut events: Vec<String> = events
            .iter()
            .map(|row| {
                format!("{} {} {}", row["event"], row["properties"]["teaser_variant"], row["properties"]["screen"])
            })
            .collect();
        events.sort();
        events
    };
    let pages =
        ["week/2026-W46", "landscape/2026-10", "patterns/28-days", "feed", "months", "month/2026-10", "sessions/2026"];
    let look = async |cookie: &str| {
        for path in pages {
            app.page(&format!("/spectrum/{path}"), cookie).await;
        }
    };
    look(&app.sign_in("ada").await).await;
    assert!(shown(&mut owner).await.is_empty(), "the host did not say that anything may be counted");

    let consent = json!({ "consent": { "analysis": true, "model": false, "analytics": true } });
    app.api(Method::PUT, "/members/ada", Some(&consent)).await;
    let cookie = app.sign_in("ada").await;
    look(&cookie).await;
    let expected = ["feed", "landscape", "month", "month", "patterns", "week"]
        .map(|screen| format!("10 \"sample-1\" \"{screen}\""));
    assert_eq!(shown(&mut owner).await, expected);
    look(&app.sign_in_paid("ada").await).await;
    assert_eq!(shown(&mut owner).await, expected, "who pays is shown nothing of it");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_way_to_the_plans_is_the_hosts(_: PgPoolOptions, database: PgConnectOptions) {
    const PLANS: &str = "https://host.example/plans";
    let app = with_a_diary(database).await;
    let cookie = app.sign_in("ada").await;
    let page = app.page("/spectrum/feed", &cookie).await;
    assert!(!page.body.contains("data-host"), "a browser is led nowhere as long as the host does not say where");
    let link = app.api(Method::POST, "/members/ada/links", Some(&json!({ "webview": true }))).await.json();
    let code = link["url"].as_str().and_then(|url| url.split_once("?code=")).expect("a code").1.to_owned();
    let answer = app.post_form("/fn/sign_in", &format!("code={code}"), "").await;
    let inside = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();

    let app = app.with_settings(&[("SPECTRUM_HTTP_PLANS_URL", PLANS)], Router::new());
    let way = async |cookie: &str| {
        let page = app.page("/spectrum/feed", cookie).await.body;
        let (before, _) = page.split_once("See the plans").expect("a way to the plans");
        before.rsplit_once('<').expect("an element").1.to_owned()
    };
    let link = way(&cookie).await;
    assert!(link.starts_with("a ") && link.contains(&format!("href=\"{PLANS}\"")), "{link}");
    let button = way(&inside).await;
    assert!(
        button.starts_with("button ") && !button.contains(PLANS),
        "an app is told, and its page leads nowhere else: {button}"
    );
    assert!(link.contains("data-host=\"upgrade\"") && button.contains("data-host=\"upgrade\""), "{link} {button}");
    app.finish().await;
}
