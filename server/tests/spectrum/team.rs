//! The team: each person in their roles, bound to one account, out at once when they are dismissed. The provider of identities
//! itself is in `end2end/journeys/team.mjs`.

use axum::http::StatusCode;
use spectrum_core::{Caller, access::staff};
use spectrum_domain::access::StaffRole;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::TestApp;

const PROVIDER: &str = "https://id.test";

async fn admit(app: &TestApp, email: &str, roles: &[StaffRole]) {
    staff::admit(&mut app.owner().await, app.services.ambient(), email, roles).await.expect("admitted");
}

/// Signs somebody in with their account and gives their cookie, if they are let in.
async fn sign_in(app: &TestApp, subject: &str, email: &str) -> Option<String> {
    let signed_in = app.services.sign_staff_in(PROVIDER, subject, email).await.expect("asked")?;
    Some(format!("__Host-spectrum={}", signed_in.token.expose()))
}

#[sqlx::test(migrations = "../migrations")]
async fn an_account_is_bound_to_who_was_admitted_and_to_nobody_else(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    assert_eq!(sign_in(&app, "1", "ann@host.test").await, None, "nobody was admitted");
    admit(&app, "Ann@Host.test", &[StaffRole::Operator]).await;
    assert!(sign_in(&app, "1", "ann@host.test").await.is_some());
    // The address goes to somebody else, who is not let in by it; the account has another address, and still is.
    assert_eq!(sign_in(&app, "2", "ann@host.test").await, None);
    assert!(sign_in(&app, "1", "ann.married@host.test").await.is_some());
    let elsewhere = app.services.sign_staff_in("https://evil.test", "1", "ann@host.test").await.expect("asked");
    assert!(elsewhere.is_none(), "another provider's account of the same name");
    let people = staff::list(&mut app.owner().await).await.expect("people");
    assert_eq!((people.len(), people[0].bound, &*people[0].email), (1, true, "ann@host.test"));
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_page_is_for_its_role_and_a_dismissal_ends_what_runs(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut cookies = Vec::new();
    for (role, status) in StaffRole::ALL.into_iter().zip([StatusCode::SEE_OTHER, StatusCode::SEE_OTHER, StatusCode::OK])
    {
        let email = format!("{}@host.test", role.name());
        admit(&app, &email, &[role]).await;
        let cookie = sign_in(&app, role.name(), &email).await.expect("let in");
        let page = app.page("/staff", &cookie).await;
        assert_eq!(page.status, status, "{role:?}");
        assert!(!page.body.contains("Oldest ready") || role == StaffRole::Operator);
        cookies.push(cookie);
    }
    let nobody = app.page("/staff", "").await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    assert!(nobody.body.contains("href=\"/staff/sign-in\""), "{}", nobody.body);

    // Roles count as they are now, not as they were at the sign-in.
    admit(&app, "analyst@host.test", &[StaffRole::Operator]).await;
    assert_eq!(app.page("/staff", &cookies[0]).await.status, StatusCode::OK);
    assert!(staff::dismiss(&mut app.owner().await, "Operator@host.test").await.expect("dismissed"));
    assert_eq!(app.page("/staff", &cookies[2]).await.status, StatusCode::UNAUTHORIZED);
    let token = cookies[2].split_once('=').expect("a cookie").1;
    assert!(!matches!(app.services.caller(token).await.expect("asked"), Some(Caller::Staff(_))));
    assert_eq!(sign_in(&app, "operator", "operator@host.test").await, None);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn without_a_provider_there_is_no_way_in(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    for path in ["/staff/sign-in", "/staff/callback?state=a&code=b"] {
        let answer = app.page(path, "").await;
        assert_eq!((answer.status, answer.header("set-cookie")), (StatusCode::NOT_FOUND, ""), "{path}");
        assert!(answer.body.contains("There is no way in here"), "{}", answer.body);
        // A refusal is made a page before it is packed.
        let (_, headers, bytes) = app.bytes(path, "").await;
        assert_eq!(headers.contains_key("content-encoding"), !bytes.starts_with(b"<!DOCTYPE"), "{path}: {headers:?}");
    }
    app.finish().await;
}
