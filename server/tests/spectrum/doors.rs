//! What stands before every handler and goes for every answer: headers, proof of origin, rates, and refusals that people can
//! read. Routes are taken from the router's own lists, so that a new one is asked as well.

use std::net::SocketAddr;

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{Method, Request, StatusCode, header},
    routing::get,
};
use chrono::TimeDelta;
use leptos::server_fn::axum::server_fn_paths;
use serde_json::{Value, json};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{Answer, Diary, TestApp, everything};

async fn with_ada(database: PgConnectOptions) -> (TestApp, String) {
    let app = TestApp::new(database).await;
    let sent = Diary { member: "ada", zone: "Europe/London", days: 1 }.sessions().remove(0);
    app.accept(&sent.events).await;
    app.run_due_jobs().await;
    (app, sent.session_id)
}

/// Every server function, with fields that would do something.
fn functions(session: &str) -> Vec<(String, String)> {
    let form = format!("session_id={session}&week=2026-W47&code=sp_link_0");
    let all: Vec<_> = server_fn_paths().map(|(path, method)| (path.to_owned(), method)).collect();
    assert!(all.len() >= 4, "{all:?}");
    assert!(
        all.iter().all(|(_, method)| method == Method::POST),
        "a function that a GET reaches is no function: {all:?}"
    );
    all.into_iter().map(|(path, _)| (path, form.clone())).collect()
}

fn post(path: &str, cookie: &str, headers: &[(&str, &str)], form: &str) -> Request<Body> {
    let mut request = Request::post(path)
        .header(header::HOST, "spectrum.test")
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    if !cookie.is_empty() {
        request = request.header(header::COOKIE, cookie);
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(form.to_owned())).expect("a request")
}

#[sqlx::test(migrations = "../migrations")]
async fn every_server_function_takes_only_what_comes_from_our_own_page(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, session) = with_ada(database).await;
    let mut owner = app.owner().await;
    let cookie = app.sign_in("ada").await;
    let before = everything(&mut owner).await;
    let foreign: [&[(&str, &str)]; 11] = [
        &[("origin", "https://evil.test")],
        &[("origin", "null")],
        &[("origin", "")],
        &[("origin", "http://spectrum.test.evil.test")],
        &[("origin", "https://spectrum.test:8443")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.test")],
        &[("sec-fetch-site", "none")],
        &[("sec-fetch-site", "same-origin"), ("origin", "https://evil.test")],
        &[],
    ];
    for (path, form) in functions(&session) {
        for headers in foreign {
            let answer = app.send(post(&path, &cookie, headers, &form)).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {headers:?}");
            assert!(!answer.headers.contains_key(header::SET_COOKIE), "{path} {headers:?}");
            assert!(answer.header("content-type").starts_with("text/html"), "a person sees a page");
        }
    }
    assert_eq!(everything(&mut owner).await, before, "nothing was changed");
    for own in [
        [("origin", "https://spectrum.test"), ("x", "")].as_slice(),
        &[("sec-fetch-site", "same-origin")],
        &[("sec-fetch-site", "same-origin"), ("origin", "https://spectrum.test")],
    ] {
        let form = format!("session_id={session}&week=2026-W47");
        let before = everything(&mut owner).await;
        for path in ["/fn/exclude_session", "/fn/include_session"] {
            assert_eq!(app.send(post(path, &cookie, own, &form)).await.status, StatusCode::SEE_OTHER, "{own:?}");
        }
        assert_ne!(everything(&mut owner).await, before, "the same from our own page does something");
    }
    app.run_due_jobs().await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn no_other_route_takes_a_cookie_from_elsewhere_either(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, _) = with_ada(database).await;
    let cookie = app.sign_in("ada").await;
    let document = serde_json::to_value(server::http::openapi()).expect("a document");
    let paths = document["paths"].as_object().expect("paths").keys().map(|path| path.replace("{ref}", "ada"));
    for path in paths.chain(["/spectrum", "/staff", "/nowhere", "/health"].map(str::to_owned)) {
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
            let request = Request::builder()
                .method(&method)
                .uri(&path)
                .header(header::HOST, "spectrum.test")
                .header(header::COOKIE, &cookie)
                .header("sec-fetch-site", "cross-site");
            let answer = app.send(request.body(Body::empty()).expect("a request")).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {path}");
        }
    }
    app.finish().await;
}

/// An answer of every kind there is.
async fn every_kind(app: &TestApp) -> Vec<(String, Answer)> {
    let (member, staff) = (app.sign_in("ada").await, app.sign_in_staff().await);
    let mut answers = Vec::new();
    let pages = leptos_axum::generate_route_list(app::App);
    assert!(pages.len() >= 5, "{pages:?}");
    for page in pages {
        let path = page.path().replace("{week}", "2026-W47");
        for (who, cookie) in [("a member", member.as_str()), ("staff", &staff), ("nobody", "")] {
            answers.push((format!("page {path} for {who}"), app.page(&path, cookie).await));
        }
    }
    for (path, _) in functions("x") {
        answers.push((format!("form {path}"), app.post_form(&path, "", &member).await));
        answers.push((format!("form {path} from elsewhere"), app.send(post(&path, &member, &[], "")).await));
    }
    for path in ["/", "/nowhere", "/health", "/ready", "/icon.svg", "/manifest.webmanifest", "/pkg/none.js", "/panics"]
    {
        answers.push((path.to_owned(), app.page(path, "").await));
    }
    let none: Option<&Value> = None;
    for (method, path) in [
        (Method::GET, "/members/ada"),
        (Method::PUT, "/members/ada"),
        (Method::GET, "/members/nobody"),
        (Method::POST, "/members/ada/links"),
        (Method::POST, "/events"),
        (Method::DELETE, "/events"),
        (Method::GET, "/nowhere"),
    ] {
        answers.push((format!("API {method} {path}"), app.api(method, path, none).await));
    }
    answers.push(("API without a key".to_owned(), app.api_as("", Method::GET, "/members/ada", "").await));
    answers.push(("the description".to_owned(), app.page("/api/openapi.json", "").await));
    answers
}

fn panicking() -> Router<server::http::AppState> {
    Router::new().route("/panics", get(async || -> StatusCode { panic!("on purpose") }))
}

#[sqlx::test(migrations = "../migrations")]
async fn every_answer_of_every_kind_carries_the_headers(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, _) = with_ada(database).await;
    let app = app.with_settings(&[], panicking());
    let answers = every_kind(&app).await;
    assert!(answers.len() >= 40, "{}", answers.len());
    let statuses: std::collections::BTreeSet<_> = answers.iter().map(|(_, answer)| answer.status.as_u16()).collect();
    for status in [200, 303, 401, 403, 404, 405, 500] {
        assert!(statuses.contains(&status), "no answer is {status}: {statuses:?}");
    }
    for (what, answer) in &answers {
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("x-frame-options", "DENY"),
            ("strict-transport-security", "max-age=63072000; includeSubDomains"),
        ] {
            let said: Vec<_> = answer.headers.get_all(name).iter().collect();
            assert_eq!(said, [value], "{what}: {name}");
        }
        assert!(answer.header("permissions-policy").contains("camera=()"), "{what}");
        let policies: Vec<_> = answer.headers.get_all("content-security-policy").iter().collect();
        assert_eq!(policies.len(), 1, "{what}");
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{what}: {policy}"
        );
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{what}: {policy}");
        let file = ["/icon.svg", "/manifest.webmanifest"].contains(&what.as_str());
        let kept = match (file, answer.header("etag").is_empty()) {
            (true, _) => "public, max-age=3600",
            (false, true) => "no-store",
            // A member's page, asked about each time.
            (false, false) => "private, no-cache",
        };
        assert_eq!(answer.header("cache-control"), kept, "{what}");
        assert!(
            kept != "private, no-cache" || what.starts_with("page /spectrum/") && what.ends_with("a member"),
            "{what}"
        );
        assert!(!answer.headers.contains_key("server") && !answer.headers.contains_key("x-powered-by"), "{what}");
    }
    // One of the forms asks for an archive, which a job gathers.
    app.run_due_jobs().await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn only_configured_origins_may_frame_the_pages(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, _) = with_ada(database).await;
    let app = app.with_settings(&[("SPECTRUM_HTTP_EMBED_ORIGINS", "https://host.test, https://two.test")], panicking());
    let cookie = app.sign_in("ada").await;
    for path in ["/spectrum/week/2026-W47", "/sign-in", "/nowhere", "/api/openapi.json", "/panics"] {
        let page = app.page(path, &cookie).await;
        let policy = page.header("content-security-policy");
        assert!(policy.contains("frame-ancestors https://host.test https://two.test"), "{path}: {policy}");
        assert!(!page.headers.contains_key("x-frame-options"), "{path}: it knows no lists");
    }
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn on_an_address_without_tls_browsers_are_not_told_to_use_it(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, _) = with_ada(database).await;
    let app = app.with_settings(&[("SPECTRUM_HTTP_PUBLIC_URL", "http://127.0.0.1:8080")], Router::new());
    assert!(!app.page("/health", "").await.headers.contains_key("strict-transport-security"));
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_panic_is_a_problem_for_machines_a_page_for_people_and_tells_neither_why(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let (app, _) = with_ada(database).await;
    let app = app.with_settings(&[], panicking());
    let page = app.page("/panics", "").await;
    assert_eq!(
        (page.status, page.header("content-type")),
        (StatusCode::INTERNAL_SERVER_ERROR, "text/html; charset=utf-8")
    );
    let problem = app.send(Request::get("/panics").body(Body::empty()).expect("a request")).await;
    assert_eq!(problem.json()["type"], "urn:spectrum:problem:internal");
    for answer in [&page, &problem] {
        assert!(!answer.body.contains("on purpose"), "{}", answer.body);
    }
    app.finish().await;
}

/// A request from this address.
fn from(address: &str, mut request: Request<Body>) -> Request<Body> {
    let peer = SocketAddr::new(address.parse().expect("an address"), 4711);
    request.extensions_mut().insert(ConnectInfo(peer));
    request
}

fn ask(path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::get(path).header(header::HOST, "spectrum.test");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).expect("a request")
}

fn assert_refused(answer: &Answer, policy: &str) {
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{}", answer.body);
    assert_eq!(answer.header("ratelimit-policy"), policy);
    assert_eq!(answer.header("ratelimit-remaining"), "0");
    let wait: u64 = answer.header("retry-after").parse().expect("seconds");
    assert!((1..=60).contains(&wait), "{wait}");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_host_key_that_asks_too_often_waits_and_no_other_does(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, _) = with_ada(database).await;
    let app = app.with_settings(&[("SPECTRUM_LIMITS_HOST_KEY", "3/60")], Router::new());
    let other = format!("Bearer {}", app.other_host("other").await);
    let mut left = Vec::new();
    for _ in 0..3 {
        let answer = app.api(Method::GET, "/members/ada", None).await;
        assert_eq!((answer.status, answer.header("ratelimit-limit")), (StatusCode::OK, "3"));
        left.push(answer.header("ratelimit-remaining").to_owned());
    }
    assert_eq!(left, ["2", "1", "0"]);
    let refused = app.api(Method::GET, "/members/ada", None).await;
    assert_refused(&refused, "3;w=60");
    assert_eq!(
        (refused.json()["type"].as_str(), refused.header("retry-after")),
        (Some("urn:spectrum:problem:too-many"), "20")
    );
    assert_eq!(app.api_as(&other, Method::GET, "/members/ada", "").await.status, StatusCode::NOT_FOUND);
    app.clock.advance(TimeDelta::seconds(20));
    assert_eq!(app.api(Method::GET, "/members/ada", None).await.status, StatusCode::OK);
    assert_eq!(app.page("/health", "").await.status, StatusCode::OK, "health is not counted");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_member_is_one_however_often_they_signed_in(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, _) = with_ada(database).await;
    app.accept(&Diary { member: "eve", zone: "Europe/London", days: 1 }.sessions()[0].events).await;
    app.run_due_jobs().await;
    let app = app.with_settings(&[("SPECTRUM_LIMITS_MEMBER", "4/60")], Router::new());
    let (phone, desk, eve) = (app.sign_in("ada").await, app.sign_in("ada").await, app.sign_in("eve").await);
    for cookie in [&phone, &desk, &phone, &desk] {
        assert_eq!(app.page("/spectrum/week/2026-W47", cookie).await.status, StatusCode::OK);
    }
    for cookie in [&phone, &desk] {
        let refused = app.page("/spectrum/week/2026-W47", cookie).await;
        assert_refused(&refused, "4;w=60");
        assert!(refused.header("content-type").starts_with("text/html") && refused.body.contains("seconds"), "a page");
    }
    assert_eq!(app.page("/spectrum/week/2026-W47", &eve).await.status, StatusCode::OK);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn strangers_are_counted_by_address_and_guessed_keys_with_them(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, _) = with_ada(database).await;
    let app = app.with_settings(
        &[
            ("SPECTRUM_LIMITS_ADDRESS", "3/60"),
            ("SPECTRUM_LIMITS_HOST_KEY", "100/60"),
            ("SPECTRUM_LIMITS_MEMBER", "100/60"),
        ],
        Router::new(),
    );
    let own = format!("Bearer {}", app.host_key);
    let good = |address: &str| from(address, ask("/api/v1/members/ada", &[("authorization", &own)]));
    assert_eq!(app.send(good("192.0.2.1")).await.status, StatusCode::OK);
    for guess in 0..3 {
        let key = format!("Bearer sp_host_{guess}");
        let answer = app.send(from("192.0.2.1", ask("/api/v1/members/ada", &[("authorization", &key)]))).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    let guess = app.send(from("192.0.2.1", ask("/api/v1/members/ada", &[("authorization", "Bearer sp_host_9")]))).await;
    assert_refused(&guess, "3;w=60");
    let cookie = app.send(from("192.0.2.1", ask("/spectrum", &[("cookie", "__Host-spectrum=sp_web_0")]))).await;
    assert_refused(&cookie, "3;w=60");
    assert_refused(&app.send(from("192.0.2.1", ask("/sign-in", &[]))).await, "3;w=60");
    assert_eq!(app.send(good("192.0.2.1")).await.status, StatusCode::OK, "a key that is known goes on");
    assert_eq!(app.send(from("192.0.2.2", ask("/sign-in", &[]))).await.status, StatusCode::OK, "another address");
    // Nobody believes what a stranger says of their address.
    let lied = app.send(from("192.0.2.1", ask("/sign-in", &[("x-forwarded-for", "198.51.100.7")]))).await;
    assert_refused(&lied, "3;w=60");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn behind_a_trusted_proxy_each_client_is_counted_alone(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, _) = with_ada(database).await;
    let app = app.with_settings(
        &[("SPECTRUM_LIMITS_ADDRESS", "2/60"), ("SPECTRUM_HTTP_TRUSTED_PROXIES", "10.0.0.0/8")],
        Router::new(),
    );
    let through = |client: &str| from("10.0.0.1", ask("/sign-in", &[("x-forwarded-for", client)]));
    for _ in 0..2 {
        assert_eq!(app.send(through("198.51.100.1")).await.status, StatusCode::OK);
    }
    assert_refused(&app.send(through("198.51.100.1")).await, "2;w=60");
    assert_refused(&app.send(through("203.0.113.5, 198.51.100.1")).await, "2;w=60");
    assert_eq!(app.send(through("198.51.100.2")).await.status, StatusCode::OK);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn signing_in_is_tried_less_often_than_anything_else(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, _) = with_ada(database).await;
    let app =
        app.with_settings(&[("SPECTRUM_LIMITS_SIGN_IN", "2/60"), ("SPECTRUM_LIMITS_ADDRESS", "100/60")], Router::new());
    let attempt = || from("192.0.2.1", post("/fn/sign_in", "", &[], "code=sp_link_0"));
    for _ in 0..2 {
        assert_eq!(app.send(attempt()).await.header("location"), "/sign-in");
    }
    assert_refused(&app.send(attempt()).await, "2;w=60");
    let link = app.api(Method::POST, "/members/ada/links", Some(&json!({}))).await.json();
    let (_, code) = link["url"].as_str().and_then(|url| url.split_once("code=")).expect("a code");
    let elsewhere = from("192.0.2.2", post("/fn/sign_in", "", &[], &format!("code={code}")));
    assert_eq!(app.send(elsewhere).await.header("location"), "/spectrum", "from another address it works");
    assert_eq!(app.send(from("192.0.2.1", ask("/sign-in", &[]))).await.status, StatusCode::OK, "pages go on");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_pool_that_is_lent_out_answers_503_and_health_stays_well(_: PgPoolOptions, database: PgConnectOptions) {
    use spectrum_core::db::pool::Duty;
    let (app, _) = with_ada(database).await;
    let cookie = app.sign_in("ada").await;
    let pool = app.services.pools().of(Duty::Web);
    let mut lent = Vec::new();
    for _ in 0..pool.options().get_max_connections() {
        lent.push(pool.acquire().await.expect("a connection"));
    }
    let problem = app.api(Method::GET, "/members/ada", None).await;
    assert_eq!((problem.status, problem.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "1"));
    assert_eq!(problem.json()["type"], "urn:spectrum:problem:overloaded");
    let page = app.page("/spectrum/week/2026-W47", &cookie).await;
    assert!(page.status.is_server_error() && page.header("content-type").starts_with("text/html"), "{}", page.status);
    for path in ["/health", "/ready"] {
        assert_eq!(app.page(path, "").await.status, StatusCode::OK, "{path}");
    }
    drop(lent);
    assert_eq!(app.api(Method::GET, "/members/ada", None).await.status, StatusCode::OK);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn no_request_that_is_made_up_is_answered_with_an_error_of_ours(_: PgPoolOptions, database: PgConnectOptions) {
    use rand::{RngExt as _, seq::IndexedRandom as _};
    const PIECES: [&str; 24] = [
        "/",
        "/",
        "/",
        "spectrum",
        "week",
        "2026-W47",
        "9999-W52",
        "-999-W01",
        "0000-W01",
        "sign-in",
        "?code=",
        "staff",
        "fn",
        "sign_in",
        "api",
        "v1",
        "events",
        "members",
        "ada",
        "%00",
        "%ff",
        "..",
        "%2e%2e%2f",
        "\u{7e}",
    ];
    let (app, _) = with_ada(database).await;
    let cookie = app.sign_in("ada").await;
    let mut chance = crate::support::chance(41);
    let mut seen = std::collections::BTreeMap::new();
    for _ in 0..400 {
        let mut path = String::from("/");
        for _ in 0..chance.random_range(0..9) {
            path.push_str(PIECES.choose(&mut chance).expect("some"));
        }
        let method = [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::HEAD, Method::OPTIONS];
        let noise: Vec<u8> = (0..chance.random_range(0..60)).map(|_| chance.random_range(32..=126)).collect();
        let mut request = Request::builder().method(method.choose(&mut chance).expect("some")).uri(&path);
        for name in ["host", "accept", "accept-language", "referer", "content-type", "idempotency-key", "x-request-id"]
        {
            if chance.random_bool(0.3) {
                request = request.header(name, noise.as_slice());
            }
        }
        if chance.random_bool(0.5) {
            request = request.header("cookie", &cookie).header("sec-fetch-site", "same-origin");
        }
        if chance.random_bool(0.5) {
            request = request.header("authorization", format!("Bearer {}", app.host_key));
        }
        let Ok(request) = request.body(Body::from(noise)) else { continue };
        let answer = app.send(request).await;
        assert!(!answer.status.is_server_error(), "{path}: {} {}", answer.status, answer.body);
        *seen.entry(answer.status.as_u16()).or_insert(0) += 1;
    }
    assert!(seen.len() >= 5, "it meets many kinds of answers: {seen:?}");
    app.run_due_jobs().await;
    app.finish().await;
}
