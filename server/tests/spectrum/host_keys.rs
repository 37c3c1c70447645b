//! Hosts by key: good for what it was made for, until its end, and where it says so only with a signature.

use std::fmt::Write as _;

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use chrono::{DateTime, TimeDelta, Utc};
use ring::hmac;
use serde_json::json;
use server::http::{SIGNATURE, signed_text};
use spectrum_core::{
    access::host_key::{self, NewKey},
    ambient::Clock as _,
};
use spectrum_domain::access::KeyScope;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{Answer, TestApp, rows};

/// A call with this key, and what it came to.
async fn call(app: &TestApp, key: &str, (method, path): (Method, &str)) -> StatusCode {
    let body = match path {
        "/events" => r#"{"events":[]}"#,
        "/push-defaults" if method == Method::PUT => r#"{"weekly":true,"hour":9,"quiet":{"from":22,"until":8}}"#,
        "/members/ada" if method == Method::PUT => "{}",
        _ => "",
    };
    app.api_as(&format!("Bearer {key}"), method, path, body.to_owned()).await.status
}

#[sqlx::test(migrations = "../migrations")]
async fn a_key_opens_what_it_was_made_for_and_nothing_else(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    assert_eq!(call(&app, &app.host_key, (Method::PUT, "/members/ada")).await, StatusCode::OK);
    let erasure = "/erasures/01939b1e-0000-7000-8000-000000000000";
    // Each call with its scope, and what it comes to where the key has it.
    let calls = [
        (KeyScope::Events, (Method::POST, "/events"), StatusCode::OK),
        (KeyScope::Members, (Method::PUT, "/members/ada"), StatusCode::OK),
        (KeyScope::Members, (Method::GET, "/members/ada"), StatusCode::OK),
        (KeyScope::Members, (Method::POST, "/members/ada/links"), StatusCode::CREATED),
        (KeyScope::Members, (Method::POST, "/members/ada/upgrades"), StatusCode::BAD_REQUEST),
        (KeyScope::Members, (Method::GET, "/push-defaults"), StatusCode::OK),
        (KeyScope::Members, (Method::PUT, "/push-defaults"), StatusCode::OK),
        (KeyScope::Erasure, (Method::GET, erasure), StatusCode::NOT_FOUND),
        (KeyScope::Erasure, (Method::DELETE, "/members/bob"), StatusCode::NOT_FOUND),
    ];
    for scope in KeyScope::ALL {
        let new = NewKey { label: "one", scopes: &[scope], signed: false, expires_at: None };
        let key = app.make_key("host", &new).await.key;
        for (needs, to, status) in &calls {
            let expected = if *needs == scope { *status } else { StatusCode::FORBIDDEN };
            assert_eq!(call(&app, key.expose(), to.clone()).await, expected, "{scope:?} for {to:?}");
        }
    }
    // The table is whole: every operation that a host may call is in it.
    let document = serde_json::to_value(server::http::openapi()).expect("JSON");
    let paths = document["paths"].as_object().expect("paths");
    let of_hosts = paths.values().flat_map(|item| item.as_object().expect("operations").values());
    let of_hosts = of_hosts.filter(|operation| operation["security"][0].get("host_key").is_some()).count();
    assert_eq!(of_hosts, calls.len());
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_key_ends_when_it_is_replaced_revoked_or_over(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let hour = TimeDelta::hours(1);
    let (ambient, ledger) = (app.services.ambient(), app.services.ledger());
    let scopes = [KeyScope::Events];
    let new = NewKey { label: "prod", scopes: &scopes, signed: true, expires_at: Some(app.clock.now() + hour * 30) };
    let old = app.make_key("host", &new).await;
    let is_known = async |key: &str| app.services.known_host(key).await.expect("a look-up");

    let mut owner = app.owner().await;
    let made = host_key::rotate(&mut owner, ambient, ledger, old.key_id, hour * 24, None).await.expect("rotated");
    let young = made.expect("a key");
    let known = is_known(young.key.expose()).await.expect("the host");
    assert_eq!(
        (known.host_id, known.scopes.as_slice(), known.signed),
        (app.host, &scopes[..], true),
        "the same purpose"
    );
    assert!(young.signing_key.is_some() && young.key_id != old.key_id);
    app.clock.advance(hour * 24 - TimeDelta::seconds(1));
    assert!(is_known(old.key.expose()).await.is_some(), "both count for a while");
    app.clock.advance(TimeDelta::seconds(1));
    assert!(is_known(old.key.expose()).await.is_none() && is_known(young.key.expose()).await.is_some());
    let again = host_key::rotate(&mut owner, ambient, ledger, old.key_id, hour, None).await.expect("asked");
    assert!(again.is_none(), "what has ended is not replaced");

    assert!(host_key::revoke(&mut owner, ambient, young.key_id).await.expect("revoked"));
    assert!(!host_key::revoke(&mut owner, ambient, young.key_id).await.expect("asked"));
    assert_eq!(call(&app, young.key.expose(), (Method::POST, "/events")).await, StatusCode::UNAUTHORIZED);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn that_a_key_was_used_is_kept_to_the_quarter_of_an_hour(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let made = app.make_key("host", &NewKey::for_everything("used")).await;
    let find = async |owner: &mut sqlx::PgConnection| {
        let keys = host_key::list(owner).await.expect("keys");
        keys.into_iter().find(|key| key.key_id == made.key_id).expect("the key").last_used_at
    };
    assert_eq!(find(&mut owner).await, None);
    let first = app.clock.now();
    for minutes in [0, 14] {
        app.clock.advance(TimeDelta::minutes(minutes));
        assert_eq!(call(&app, made.key.expose(), (Method::POST, "/events")).await, StatusCode::OK);
        assert_eq!(find(&mut owner).await, Some(first));
    }
    app.clock.advance(TimeDelta::minutes(1));
    assert_eq!(call(&app, made.key.expose(), (Method::POST, "/events")).await, StatusCode::OK);
    assert_eq!(find(&mut owner).await, Some(app.clock.now()));
    let kept = rows(&mut owner, "SELECT * FROM host_key").await;
    assert!(!serde_json::to_string(&kept).expect("JSON").contains("sp_"), "no key and no signing key is kept");
    app.finish().await;
}

/// A request as it is signed, each part of which may be changed on its way.
struct Sending<'a> {
    key: &'a str,
    signing_key: &'a str,
    at: DateTime<Utc>,
    name: &'a str,
    signed: (&'a str, &'a str, &'a str),
    sent: (&'a str, &'a str, &'a str),
}

async fn send(app: &TestApp, request: Sending<'_>) -> Answer {
    let Sending { key, signing_key, at, name, signed: (method, path, body), sent } = request;
    let text = signed_text(at.timestamp(), name, method, path, body.as_bytes());
    let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, signing_key.as_bytes()), text.as_bytes());
    let mac = mac.as_ref().iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("a string takes it");
        hex
    });
    let (method, path, body) = sent;
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::AUTHORIZATION, format!("Bearer {key}"))
        .header(header::CONTENT_TYPE, "application/json")
        .header(SIGNATURE, format!("t={},n={name},v1={mac}", at.timestamp()));
    app.send(request.body(Body::from(body.to_owned())).expect("a request")).await
}

#[sqlx::test(migrations = "../migrations")]
async fn a_signed_request_is_taken_once_as_it_was_signed_and_while_it_is_new(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database).await;
    let new = NewKey { signed: true, ..NewKey::for_everything("signed") };
    let (made, other) = (app.make_key("host", &new).await, app.make_key("host", &new).await);
    let (key, signing) = (made.key.expose(), made.signing_key.as_ref().expect("a key").expose());
    let others = other.signing_key.as_ref().expect("a key").expose();
    let now = app.clock.now();
    let put = ("PUT", "/api/v1/members/ada?x=1", r#"{"plan":"paid"}"#);
    let signed = |name| Sending { key, signing_key: signing, at: now, name, signed: put, sent: put };

    let unsigned = app.api_as(&format!("Bearer {key}"), Method::PUT, "/members/ada", "{}".to_owned()).await;
    assert_eq!(unsigned.json()["type"], "urn:spectrum:problem:unsigned");
    assert_eq!(send(&app, signed("first")).await.status, StatusCode::OK);
    let five = TimeDelta::minutes(5);
    for (name, request, problem) in [
        ("the same again", signed("first"), "replayed"),
        ("another body", Sending { sent: (put.0, put.1, r#"{"plan":"free"}"#), ..signed("a") }, "wrong-signature"),
        ("another path", Sending { sent: (put.0, "/api/v1/members/eve?x=1", put.2), ..signed("b") }, "wrong-signature"),
        (
            "another query",
            Sending { sent: (put.0, "/api/v1/members/ada?x=2", put.2), ..signed("c") },
            "wrong-signature",
        ),
        ("another method", Sending { sent: ("DELETE", put.1, put.2), ..signed("d") }, "wrong-signature"),
        ("another key's", Sending { signing_key: others, ..signed("e") }, "wrong-signature"),
        ("too old", Sending { at: now - five - TimeDelta::seconds(1), ..signed("f") }, "stale-signature"),
        ("too new", Sending { at: now + five + TimeDelta::seconds(1), ..signed("g") }, "stale-signature"),
        ("no name", signed(""), "unsigned"),
    ] {
        let answer = send(&app, request).await;
        let expected = format!("urn:spectrum:problem:{problem}");
        assert_eq!(
            (answer.status, answer.json()["type"].as_str()),
            (StatusCode::UNAUTHORIZED, Some(&*expected)),
            "{name}"
        );
    }
    // At the edge it counts, and another key of the host may use the same name.
    assert_eq!(send(&app, Sending { at: now - five, ..signed("edge") }).await.status, StatusCode::OK);
    let of_other = Sending { key: other.key.expose(), signing_key: others, ..signed("first") };
    assert_eq!(send(&app, of_other).await.status, StatusCode::OK);
    // Two who send the same one at the same moment: one is let in.
    let both = futures_util::future::join_all((0..8).map(|_| send(&app, signed("race")))).await;
    assert_eq!(both.iter().filter(|answer| answer.status == StatusCode::OK).count(), 1);

    let mut owner = app.owner().await;
    assert_eq!(rows(&mut owner, "SELECT * FROM used_nonce").await.len(), 4);
    app.clock.advance(TimeDelta::days(1));
    app.services.plan_due().await.expect("a plan");
    app.run_due_jobs().await;
    assert_eq!(rows(&mut owner, "SELECT * FROM used_nonce").await.len(), 0, "let go once it can't count any more");
    // A key that needs no signature is held to one that comes.
    let plain = json!({ "plan": "paid" });
    assert_eq!(app.api(Method::PUT, "/members/ada", Some(&plain)).await.status, StatusCode::OK);
    let wrong = Sending { key: &app.host_key, at: app.clock.now(), ..signed("h") };
    assert_eq!(send(&app, wrong).await.json()["type"], "urn:spectrum:problem:wrong-signature");
    app.run_due_jobs().await;
    app.finish().await;
}
