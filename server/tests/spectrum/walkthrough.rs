//! The main road, end to end: events in, a session measured, a week to look at, a session left out and taken in again.

use axum::http::{Method, StatusCode};
use server::analyzer::Trained;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{Diary, TestApp};

#[sqlx::test(migrations = "../migrations")]
async fn from_events_to_a_week_and_back(_: PgPoolOptions, database: PgConnectOptions) {
    let mut app = TestApp::new(database).await;
    app.read_with(Trained::load());
    let diary = Diary { member: "ada", zone: "Europe/London", days: 10 };
    let sessions = diary.sessions();
    for sent in &sessions {
        app.accept(&sent.events).await;
    }
    app.run_due_jobs().await;
    let status = app.api(Method::GET, "/members/ada", None).await.json();
    assert_eq!((status["sessions"].as_i64(), status["analysed"].as_i64()), (Some(10), Some(10)), "{status}");
    assert_eq!((status["days"].as_i64(), status["pending_jobs"].as_i64()), (Some(10), Some(0)), "{status}");

    let cookie = app.sign_in("ada").await;
    let newest = app.page("/spectrum", &cookie).await;
    assert_eq!((newest.status, newest.header("location")), (StatusCode::SEE_OTHER, "/spectrum/week/2026-W47"));
    let week = app.page("/spectrum/week/2026-W47", &cookie).await;
    assert_eq!(week.status, StatusCode::OK, "{}", week.body);
    assert!(week.body.contains("5 sessions on 5 days"), "{}", week.body);

    let session = &sessions[0].session_id;
    let form = format!("session_id={session}&week=2026-W47");
    let out = app.post_form("/fn/exclude_session", &form, &cookie).await;
    assert_eq!(out.status, StatusCode::SEE_OTHER, "{}", out.body);
    let after = app.page("/spectrum/week/2026-W47", &cookie).await;
    assert!(after.body.contains("4 sessions on 4 days"), "{}", after.body);

    app.post_form("/fn/include_session", &form, &cookie).await;
    let again = app.page("/spectrum/week/2026-W47", &cookie).await;
    assert!(again.body.contains("5 sessions on 5 days"), "{}", again.body);
    app.finish().await;
}
