//! Pages that a browser has at hand: the answer that one is still so costs the row that says who asks, and whatever a page is
//! drawn from makes it another.

use std::time::Duration;

use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use chrono::TimeDelta;
use serde_json::json;
use spectrum_core::Destination;
use spectrum_domain::{
    card::Grain,
    look::{FontScale, Look, Theme},
};
use sqlx::{
    AssertSqlSafe,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::support::{Answer, Diary, TestApp, session};

const WEEK: &str = "/spectrum/week/2026-W47";

/// What every page that is read answers to a browser that has it.
const READ: [&str; 9] = [
    WEEK,
    "/spectrum/landscape/2026-11",
    "/spectrum/landscape/2026-11?compare",
    "/spectrum/patterns/28-days",
    "/spectrum/sessions/2026",
    "/spectrum/feed",
    "/spectrum/months",
    "/spectrum/month/2026-10",
    "/spectrum/week/2019-W01",
];

async fn with_ada(database: PgConnectOptions) -> (TestApp, Vec<String>) {
    let app = TestApp::new(database).await;
    let mut ids = Vec::new();
    for sent in (Diary { member: "ada", zone: "Europe/London", days: 12 }).sessions() {
        app.accept(&sent.events).await;
        ids.push(sent.session_id);
    }
    app.run_due_jobs().await;
    (app, ids)
}

async fn ask(app: &TestApp, path: &str, cookie: &str, tag: &str) -> Answer {
    let request = Request::get(path)
        .header(header::HOST, "spectrum.test")
        .header(header::ACCEPT, "text/html")
        .header(header::COOKIE, cookie)
        .header(header::IF_NONE_MATCH, tag)
        .body(Body::empty());
    app.send(request.expect("a request")).await
}

/// The page's name, once it is known to be one.
async fn tag(app: &TestApp, path: &str, cookie: &str) -> String {
    let page = app.page(path, cookie).await;
    assert_eq!(page.status, StatusCode::OK, "{path}");
    assert_eq!(page.header("cache-control"), "private, no-cache", "{path}");
    assert!(page.header("vary").contains("cookie, accept-language"), "{path}: {}", page.header("vary"));
    let tag = page.header("etag").to_owned();
    assert!(tag.starts_with("W/\"") && tag.len() == 36, "{path}: {tag}");
    tag
}

#[sqlx::test(migrations = "../migrations")]
async fn a_page_at_hand_is_not_drawn_again_and_costs_one_row(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, ids) = with_ada(database).await;
    let cookie = app.sign_in("ada").await;
    let session = format!("/spectrum/session/{}", ids[2]);
    let mut tags = Vec::new();
    for path in READ.into_iter().chain([session.as_str()]) {
        tags.push((path.to_owned(), tag(&app, path, &cookie).await));
        assert_eq!(tag(&app, path, &cookie).await, tags[tags.len() - 1].1, "{path} twice");
    }
    let mut names: Vec<&str> = tags.iter().map(|(_, tag)| tag.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), tags.len(), "each has a name of its own");

    // With every other table out of reach, a page can't be drawn; what is at hand is still so.
    let mut owner = app.owner().await;
    let others: String = sqlx::query_scalar(
        "SELECT string_agg(quote_ident(relname), ', ') FROM pg_class
         WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
           AND relname NOT IN ('_sqlx_migrations', 'web_session', 'member', 'session')",
    )
    .fetch_one(&mut owner)
    .await
    .expect("tables");
    sqlx::raw_sql("BEGIN").execute(&mut owner).await.expect("begun");
    let lock = AssertSqlSafe(format!("LOCK TABLE {others} IN ACCESS EXCLUSIVE MODE"));
    sqlx::raw_sql(lock).execute(&mut owner).await.expect("locked");
    for (path, tag) in &tags {
        let kept = tokio::time::timeout(Duration::from_secs(5), ask(&app, path, &cookie, tag)).await.expect("at once");
        assert_eq!((kept.status, kept.body.as_str()), (StatusCode::NOT_MODIFIED, ""), "{path}");
        assert_eq!((kept.header("etag"), kept.header("cache-control")), (tag.as_str(), "private, no-cache"), "{path}");
        assert!(!kept.headers.contains_key(header::CONTENT_SECURITY_POLICY), "the page's own policy stays: {path}");
    }
    let drawn = tokio::time::timeout(Duration::from_millis(300), ask(&app, WEEK, &cookie, "\"another\"")).await;
    assert!(drawn.is_err(), "a page is drawn from more than that");
    sqlx::raw_sql("ROLLBACK").execute(&mut owner).await.expect("let go");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn whatever_a_page_is_drawn_from_makes_it_another(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, ids) = with_ada(database).await;
    app.publish(Grain::Week, "2026-11-09".parse().expect("a day")).await;
    app.run_due_jobs().await;
    let cookie = app.sign_in("ada").await;
    let mut known = vec![tag(&app, WEEK, &cookie).await];
    let mut changed = async |what: &str, cookie: &str| {
        let answer = ask(&app, WEEK, cookie, known.last().expect("one")).await;
        assert_eq!(answer.status, StatusCode::OK, "{what} changes the page");
        let tag = answer.header("etag").to_owned();
        assert!(!tag.is_empty() && !known.contains(&tag), "{what}: {tag} in {known:?}");
        known.push(tag);
    };
    let said = async |path: &str, form: &str| {
        let answer = app.post_form(path, form, &cookie).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.body);
        answer
    };
    // Said once: the page that says it has no name, whatever is at hand.
    let done = said("/fn/exclude_session", &format!("session_id={}&week=2026-W47", ids[1])).await;
    let cookie_and_line = format!("{cookie}; {}", done.header("set-cookie").split(';').next().expect("a cookie"));
    let telling = ask(&app, WEEK, &cookie_and_line, &tag(&app, WEEK, &cookie).await).await;
    assert_eq!((telling.status, telling.header("etag")), (StatusCode::OK, ""));
    assert_eq!(telling.header("cache-control"), "no-store");
    assert!(telling.body.contains("id=\"said\""), "{}", telling.body);
    changed("leaving a session out", &cookie).await;

    said("/fn/correct_session", &format!("session_id={}&week=2026-W47&quadrant=low_pleasant", ids[2])).await;
    changed("a correction", &cookie).await;
    // The sums were made with it; adding them up anew says the same, and the page is the same.
    let corrected = app.page(WEEK, &cookie).await.body;
    app.run_due_jobs().await;
    assert_eq!(app.page(WEEK, &cookie).await.body, corrected);
    said("/fn/exclude_feature", "feature=lens&reason=trial").await;
    app.run_due_jobs().await;
    changed("leaving a feature out", &cookie).await;
    said("/fn/choose_language", "language=de").await;
    app.run_due_jobs().await;
    changed("another language", &cookie).await;
    app.api(Method::PUT, "/members/ada", Some(&json!({ "plan": "free" }))).await;
    changed("another plan", &cookie).await;

    let more =
        session("ada", "late", "2026-11-20T11:00:00Z", "Europe/London", &["I slept well and the morning was calm."]);
    app.accept(&more.events).await;
    changed("a session that is still to be read", &cookie).await;
    app.run_due_jobs().await;
    changed("that it was read", &cookie).await;
    let look = Look { theme: Theme::Dark, font: FontScale::of_factor(1.3).expect("a size"), webview: true };
    let link = app.services.create_link(
        app.host,
        "ada".parse().expect("a reference"),
        (Destination::Newest, look),
        TimeDelta::minutes(1),
    );
    let code = link.await.expect("a link").code;
    let inside = app.post_form("/fn/sign_in", &format!("code={}", code.expose()), "").await;
    changed("how the host shows it", inside.header("set-cookie").split(';').next().expect("a cookie")).await;
    app.clock.advance(TimeDelta::hours(11) + TimeDelta::minutes(59));
    let before = tag(&app, WEEK, &cookie).await;
    app.clock.advance(TimeDelta::minutes(1));
    let late = app.sign_in("ada").await;
    let after = ask(&app, WEEK, &late, &before).await;
    assert_eq!(after.status, StatusCode::OK, "another day");

    // Nobody has it who is not let in any more, and nobody has another's.
    let tag = tag(&app, WEEK, &late).await;
    assert_eq!(ask(&app, WEEK, &late, &format!("\"x\", {tag}")).await.status, StatusCode::NOT_MODIFIED);
    for sent in (Diary { member: "eve", zone: "Europe/London", days: 1 }).sessions() {
        app.accept(&sent.events).await;
    }
    app.run_due_jobs().await;
    let eve = app.sign_in("eve").await;
    assert_eq!(ask(&app, WEEK, &eve, &tag).await.status, StatusCode::OK);
    let out = app.post_form("/fn/sign_out", "", &late).await;
    assert_eq!(out.header("clear-site-data"), "\"cache\"", "what was kept goes as well");
    let gone = ask(&app, WEEK, &late, &tag).await;
    assert_eq!((gone.status, gone.header("etag")), (StatusCode::UNAUTHORIZED, ""));
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_drawn_from_more_or_changes_things_is_never_at_hand(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, _) = with_ada(database).await;
    let (cookie, staff) = (app.sign_in("ada").await, app.sign_in_staff().await);
    for (path, cookie) in [
        ("/spectrum/settings", cookie.as_str()),
        ("/spectrum/settings/export", &cookie),
        ("/spectrum/settings/looked", &cookie),
        ("/spectrum/made", &cookie),
        ("/spectrum/week/2026-W99", &cookie),
        ("/staff", &staff),
        ("/staff", &cookie),
        (WEEK, ""),
        (WEEK, &staff),
        ("/sign-in", ""),
        ("/offline", ""),
    ] {
        let answer = ask(&app, path, cookie, "*").await;
        assert_ne!(answer.status, StatusCode::NOT_MODIFIED, "{path}");
        assert_eq!((answer.header("etag"), answer.header("cache-control")), ("", "no-store"), "{path}");
    }
    // A change of the settings of the program is one of its pages.
    let before = tag(&app, WEEK, &cookie).await;
    let app = app.with_settings(&[("SPECTRUM_HTTP_READ_ONLY", "yes")], Router::new());
    assert_eq!(ask(&app, WEEK, &cookie, &before).await.status, StatusCode::OK);
    app.finish().await;
}
