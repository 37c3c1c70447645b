//! Pages inside the app of a host: the link says where they begin, in which theme and how large, and the sign-in keeps it.

use axum::{
    Router,
    http::{Method, StatusCode},
};
use serde_json::{Value, json};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{Diary, TestApp};

async fn with_ada(database: PgConnectOptions) -> TestApp {
    let app = TestApp::new(database).await;
    for sent in (Diary { member: "ada", zone: "Europe/London", days: 30 }).sessions() {
        app.accept(&sent.events).await;
    }
    app.run_due_jobs().await;
    app
}

/// Comes in by a link that was made with this body: where it leads, and the cookie.
async fn come_in(app: &TestApp, body: &Value) -> (String, String) {
    let link = app.api(Method::POST, "/members/ada/links", Some(body)).await;
    assert_eq!(link.status, StatusCode::CREATED, "{body}: {}", link.body);
    let link = link.json()["url"].as_str().expect("an address").to_owned();
    let code = link.split_once("?code=").expect("a code").1;
    let answer = app.post_form("/fn/sign_in", &format!("code={code}"), "").await;
    let cookie = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    (answer.header("location").to_owned(), cookie)
}

#[sqlx::test(migrations = "../migrations")]
async fn a_link_says_where_it_leads(_: PgPoolOptions, database: PgConnectOptions) {
    let app = with_ada(database).await;
    for (page, path) in [
        ("newest", "/spectrum"),
        ("feed", "/spectrum/feed"),
        ("months", "/spectrum/months"),
        ("landscape", "/spectrum/landscape"),
        ("patterns", "/spectrum/patterns"),
        ("settings", "/spectrum/settings"),
        ("2026-W46", "/spectrum/week/2026-W46"),
        ("2026-10", "/spectrum/month/2026-10"),
    ] {
        assert_eq!(come_in(&app, &json!({ "page": page })).await.0, path);
    }
    for (field, value) in [
        ("page", json!("staff")),
        ("page", json!("/spectrum")),
        ("page", json!("2026-13")),
        ("page", json!("2026-W60")),
        ("theme", json!("sepia")),
        ("theme", json!("")),
        ("font_scale", json!(0.7)),
        ("font_scale", json!(2.1)),
        ("font_scale", json!(-1)),
    ] {
        let answer = app.api(Method::POST, "/members/ada/links", Some(&json!({ field: value }))).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {value}: {}", answer.body);
        assert!(answer.body.contains(&format!("`{field}`")), "{}", answer.body);
    }
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_sign_in_keeps_how_the_host_shows_pages(_: PgPoolOptions, database: PgConnectOptions) {
    const WEEK: &str = "/spectrum/week/2026-W47";
    let app = with_ada(database).await;
    let (_, cookie) = come_in(&app, &json!({ "webview": true, "theme": "dark", "font_scale": 1.3 })).await;
    let own = [WEEK, "/spectrum/feed", "/spectrum/months", "/spectrum/settings", "/spectrum/patterns/28-days"];
    for path in own.into_iter().chain(["/spectrum/landscape/28-days", "/spectrum/week/2026-W99", "/spectrum/made"]) {
        let page = app.page(path, &cookie).await.body;
        for piece in [
            "data-theme=\"dark\" data-view=\"webview\"",
            "<meta name=\"color-scheme\" content=\"dark\"",
            "<style>html{font-size:130%}</style>",
            "window.spectrumHost",
        ] {
            assert!(page.contains(piece), "{path} lacks {piece}: {page}");
        }
        assert!(!page.contains("serviceWorker"), "{path}");
        // Nothing leads out of the app; the number of a line that helps is dialled.
        for link in page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            let inside = (link.starts_with('/') && !link.starts_with("//")) || link.starts_with('#') || link.is_empty();
            assert!(inside || link.starts_with("tel:"), "{path} leads to {link}");
        }
    }
    // Another sign-in of the same member is shown as any browser shows it.
    let page = app.page(WEEK, &app.sign_in("ada").await).await.body;
    for piece in ["data-theme", "data-view", "data-hosts", "<style", "window.spectrumHost"] {
        assert!(!page.contains(piece), "{piece}: {page}");
    }
    assert!(page.contains("serviceWorker?.register(\"/sw.js\")"), "{page}");
    // Nobody is known to ask: neither.
    let page = app.page(WEEK, "").await.body;
    assert!(!page.contains("serviceWorker") && !page.contains("spectrumHost"), "{page}");

    // Inside another page, only that page's origins are spoken with.
    let app = app.with_settings(&[("SPECTRUM_HTTP_EMBED_ORIGINS", "https://app.example")], Router::new());
    let page = app.page(WEEK, &cookie).await.body;
    assert!(page.contains("data-hosts=\"https://app.example\""), "{page}");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn without_a_network_a_browser_has_a_page_that_is_nobodys(_: PgPoolOptions, database: PgConnectOptions) {
    let app = with_ada(database).await;
    let cookie = app.sign_in("ada").await;
    let page = app.page("/offline", "").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(app.page("/offline", &cookie).await.body, page.body, "the same for everybody");
    let worker = app.page("/sw.js", "").await;
    assert_eq!(worker.status, StatusCode::OK);
    assert!(worker.header("content-type").starts_with("text/javascript"), "{}", worker.header("content-type"));
    assert_eq!(worker.header("cache-control"), "no-cache");
    assert!(worker.header("content-security-policy").contains("connect-src 'self'"));
    let manifest = app.page("/manifest.webmanifest", "").await.json();
    assert_eq!((&manifest["start_url"], &manifest["display"]), (&json!("/spectrum"), &json!("standalone")));
    for icon in manifest["icons"].as_array().expect("icons") {
        let answer = app.page(icon["src"].as_str().expect("an address"), "").await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "image/png"), "{icon}");
    }
    app.finish().await;
}
