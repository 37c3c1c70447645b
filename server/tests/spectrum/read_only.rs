//! While the service is only read: everything is shown, nothing is changed, and whoever wanted to is told to come back.

use axum::{
    Router,
    http::{Method, StatusCode},
};
use leptos::server_fn::axum::server_fn_paths;
use serde_json::json;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{Diary, TestApp, everything};

#[sqlx::test(migrations = "../migrations")]
async fn everything_is_read_and_nothing_changed(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let sent = Diary { member: "ada", zone: "Europe/London", days: 3 }.sessions();
    app.accept(&sent[0].events).await;
    app.run_due_jobs().await;
    let mut owner = app.owner().await;
    let app = app.with_settings(&[("SPECTRUM_HTTP_READ_ONLY", "yes")], Router::new());
    // Whoever can't come in can't read.
    let cookie = app.sign_in("ada").await;
    let before = everything(&mut owner).await;

    let form = format!("session_id={}&week=2026-W47&feature=lens&reason=trial", sent[0].session_id);
    for (path, _) in server_fn_paths().filter(|(path, _)| !["/fn/sign_in", "/fn/sign_out"].contains(path)) {
        let answer = app.post_form(path, &form, &cookie).await;
        assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "120"), "{path}");
        assert!(answer.body.contains("what you just sent was not kept"), "{path}: {}", answer.body);
    }
    let document = serde_json::to_value(server::http::openapi()).expect("a document");
    for (path, operations) in document["paths"].as_object().expect("paths") {
        for method in [Method::POST, Method::PUT, Method::DELETE] {
            let named = method.as_str().to_lowercase();
            if operations.get(&named).is_none() || path.ends_with("/links") {
                continue;
            }
            let path = path.trim_start_matches("/api/v1").replace("{ref}", "ada");
            let answer = app.api(method.clone(), &path, Some(&json!({ "events": sent[1].events }))).await;
            assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{method} {path}: {}", answer.body);
            assert_eq!(answer.header("retry-after"), "120", "{method} {path}: hosts try again");
            assert_eq!(answer.json()["type"], "urn:spectrum:problem:read-only", "{method} {path}");
        }
    }
    assert_eq!(everything(&mut owner).await, before, "nothing was changed");

    for path in ["/spectrum/week/2026-W47", "/spectrum/feed", "/spectrum/settings"] {
        let page = app.page(path, &cookie).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.body.contains("things can be read here, and nothing can be changed"), "{path}: {}", page.body);
    }
    let link = app.api(Method::POST, "/members/ada/links", Some(&json!({}))).await;
    assert_eq!(link.status, StatusCode::CREATED, "{}", link.body);
    assert_eq!(app.post_form("/fn/sign_out", "", &cookie).await.header("location"), "/signed-out");

    let app = app.with_settings(&[], Router::new());
    app.accept(&sent[1].events).await;
    let page = app.page("/spectrum/week/2026-W47", &app.sign_in("ada").await).await;
    assert!(!page.body.contains("nothing can be changed"), "{}", page.body);
    app.run_due_jobs().await;
    app.finish().await;
}
