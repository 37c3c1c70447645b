//! Somebody whose sign-in has run out comes back to where they were: by the next link, to their own pages only.

use axum::http::{StatusCode, header};
use chrono::TimeDelta;
use serde_json::json;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{Answer, Diary, TestApp};

const WEEK: &str = "/spectrum/feed/2026-W46";

async fn with_ada(database: PgConnectOptions) -> TestApp {
    let app = TestApp::new(database).await;
    for sent in (Diary { member: "ada", zone: "Europe/London", days: 4 }).sessions() {
        app.accept(&sent.events).await;
    }
    app.run_due_jobs().await;
    app
}

/// The cookies that an answer sets, as a browser would send them back.
fn cookies(answer: &Answer) -> Vec<String> {
    let all = answer.headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
    all.map(|value| value.split(';').next().unwrap_or_default().to_owned()).collect()
}

/// Uses a link up that was made with this body, with these cookies.
async fn come_in(app: &TestApp, body: &serde_json::Value, cookie: &str) -> Answer {
    let link = app.api(axum::http::Method::POST, "/members/ada/links", Some(body)).await;
    assert_eq!(link.status, StatusCode::CREATED, "{}", link.body);
    let link = link.json()["url"].as_str().expect("an address").to_owned();
    let code = link.split_once("?code=").expect("a code").1.to_owned();
    app.post_form("/fn/sign_in", &format!("code={code}"), cookie).await
}

#[sqlx::test(migrations = "../migrations")]
async fn an_expired_sign_in_leads_back_to_where_one_was(_: PgPoolOptions, database: PgConnectOptions) {
    let app = with_ada(database).await;
    let cookie = app.sign_in("ada").await;
    assert_eq!(app.page(WEEK, &cookie).await.status, StatusCode::OK);
    app.clock.advance(TimeDelta::hours(13));
    let page = app.page(WEEK, &cookie).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert!(page.body.contains("it opens on this page"), "{}", page.body);
    assert_eq!(page.header("clear-site-data"), "\"cache\"", "what was kept goes with the sign-in");
    let kept = cookies(&page);
    assert_eq!(kept, [format!("__Host-spectrum-back={WEEK}")]);
    let whole = page.header("set-cookie");
    assert!(whole.contains("HttpOnly") && whole.contains("Max-Age=900") && whole.contains("SameSite=Lax"), "{whole}");

    let back = come_in(&app, &json!({}), &kept[0]).await;
    assert_eq!((back.status, back.header("location")), (StatusCode::SEE_OTHER, WEEK));
    let set = cookies(&back);
    assert!(set[0].starts_with("__Host-spectrum=sp_web_") && set[1] == "__Host-spectrum-back=", "{set:?}");
    assert_eq!(app.page(WEEK, &set[0]).await.status, StatusCode::OK);
    // It leads there once, and without it to the newest week.
    assert_eq!(come_in(&app, &json!({}), "").await.header("location"), "/spectrum");
    // A link that says where it leads leads there.
    let settings = come_in(&app, &json!({ "page": "settings" }), &kept[0]).await;
    assert_eq!(settings.header("location"), "/spectrum/settings");
    assert_eq!(cookies(&settings)[1], "__Host-spectrum-back=");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn nothing_but_a_page_of_ones_own_is_led_to(_: PgPoolOptions, database: PgConnectOptions) {
    let app = with_ada(database).await;
    for path in ["/staff", "/sign-in", "/nowhere", "/spectrum/week/2026-W99"] {
        let page = app.page(path, "").await;
        assert!(cookies(&page).is_empty(), "{path}: {:?}", cookies(&page));
    }
    for (path, kept) in [
        ("/spectrum/patterns/28-days?compare", "/spectrum/patterns/28-days?compare"),
        ("/spectrum/sessions/2026?before=2026-05-04", "/spectrum/sessions/2026?before=2026-05-04"),
        ("/spectrum/feed?to=https://evil.test", "/spectrum/feed"),
    ] {
        assert_eq!(cookies(&app.page(path, "").await), [format!("__Host-spectrum-back={kept}")]);
    }
    for evil in ["//evil.test", "https://evil.test/", "/staff", "/spectrum/../staff", "/spectrum//evil.test", "", "%2F"]
    {
        let back = come_in(&app, &json!({}), &format!("__Host-spectrum-back={evil}")).await;
        assert_eq!(back.header("location"), "/spectrum", "{evil}");
    }
    app.finish().await;
}
