//! Members by a token of their host's: it counts only whole, only now, only for us and only for that host's own members.

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use ring::hmac;
use serde_json::{Value, json};
use spectrum_core::{
    Whom,
    access::issuer::{self, Issuer, KeySet},
    ambient::Clock as _,
};
use spectrum_domain::{erasure::AskedBy, id::HostId};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{
    Answer, TestApp, session,
    signer::{KeyServer, Signer, encoded, set},
};

const ISSUER: &str = "https://host.test/";

/// Makes the host's signature count.
async fn trust(app: &TestApp, host: HostId, name: &str, keys: KeySet) {
    let issuer = Issuer { issuer: name.to_owned(), host_id: host, audience: "spectrum".to_owned(), keys };
    issuer::set(&mut app.owner().await, app.services.ambient(), &issuer).await.expect("an issuer");
}

/// What a good token says, with this changed.
fn claims(app: &TestApp, changes: &Value) -> Value {
    let now = app.clock.now().timestamp();
    let mut claims = json!({ "iss": ISSUER, "sub": "ada", "aud": "spectrum", "iat": now, "exp": now + 600 });
    for (name, value) in changes.as_object().expect("an object") {
        if value.is_null() {
            claims.as_object_mut().expect("an object").remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    claims
}

async fn settings(app: &TestApp, token: &str) -> Answer {
    app.api_as(&format!("Bearer {token}"), Method::GET, "/spectrum/settings", String::new()).await
}

#[sqlx::test(migrations = "../migrations")]
async fn a_token_counts_only_whole_now_and_for_us(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    app.accept(&session("ada", "one", "2026-11-19T12:00:00Z", "UTC", &["I felt calm today."]).events).await;
    app.run_due_jobs().await;
    let (ed, p256, stranger) = (Signer::ed25519("ed"), Signer::p256("ec"), Signer::ed25519("ed"));
    trust(&app, app.host, ISSUER, KeySet::Given(set(&[&ed, &p256]))).await;
    let now = app.clock.now().timestamp();

    for signer in [&ed, &p256] {
        for good in [
            json!({}),
            json!({ "aud": ["other", "spectrum"] }),
            json!({ "exp": now - 59 }),
            json!({ "nbf": now + 59 }),
            json!({ "exp": now + 24 * 3600 }),
        ] {
            let answer = settings(&app, &signer.token(&claims(&app, &good))).await;
            assert_eq!(answer.status, StatusCode::OK, "{good} {}", answer.body);
        }
    }
    for (bad, why) in [
        (json!({ "aud": "other" }), "another audience"),
        (json!({ "aud": null }), "can't be read"),
        (json!({ "iss": "https://host.test" }), "issuer is not known"),
        (json!({ "iss": null }), "can't be read"),
        (json!({ "sub": null }), "can't be read"),
        (json!({ "sub": "nobody" }), "subject is not known"),
        (json!({ "sub": "a b" }), "subject is not known"),
        (json!({ "exp": null }), "can't be read"),
        (json!({ "exp": now - 60 }), "has run out"),
        (json!({ "exp": now + 24 * 3600 + 61 }), "for too long"),
        (json!({ "nbf": now + 61 }), "only later"),
    ] {
        let answer = settings(&app, &ed.token(&claims(&app, &bad))).await;
        assert_eq!((answer.status, answer.header("www-authenticate")), (StatusCode::UNAUTHORIZED, "Bearer"), "{bad}");
        assert!(answer.body.contains(why), "{bad} {}", answer.body);
    }

    let good = claims(&app, &json!({}));
    let body = encoded(good.to_string());
    let plain = |head: Value| format!("{}.{body}", encoded(head.to_string()));
    let shared = plain(json!({ "alg": "HS256", "kid": "ed" }));
    let public = ed.public()["x"].as_str().expect("a key").to_owned();
    let forged = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, public.as_bytes()), shared.as_bytes());
    let (head, rest) = ed.token(&good).split_once('.').map(|(a, b)| (a.to_owned(), b.to_owned())).expect("a token");
    let (_, signature) = rest.split_once('.').expect("a token");
    let other = encoded(claims(&app, &json!({ "sub": "eve" })).to_string());
    for (bad, why) in [
        (stranger.token(&good), "signature is wrong"),
        (format!("{head}.{other}.{signature}"), "signature is wrong"),
        (format!("{}.", plain(json!({ "alg": "none" }))), "can't be read"),
        (format!("{shared}.{}", encoded(forged)), "algorithm"),
        (ed.token_with(&json!({ "alg": "ES256", "kid": "ed" }), &good), "not among its issuer's"),
        (ed.token_with(&json!({ "alg": "EdDSA", "kid": "gone" }), &good), "not among its issuer's"),
        (ed.token_with(&json!({ "alg": "EdDSA", "kid": "ed", "crit": ["x"], "x": 1 }), &good), "can't be read"),
        (format!("{}.", ed.token(&good)), "no valid host key"),
        (format!("x.y.{}", "x".repeat(9000)), "can't be read"),
    ] {
        let answer = settings(&app, &bad).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{bad}");
        assert!(answer.body.contains(why), "{why}: {}", answer.body);
    }
    // Without a key's name it is the only one of its kind.
    let unnamed = ed.token_with(&json!({ "alg": "EdDSA" }), &good);
    assert_eq!(settings(&app, &unnamed).await.status, StatusCode::OK);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_hosts_word_goes_for_its_own_members_and_for_nobody_who_is_gone(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database).await;
    let other = app.other_host("other").await;
    let other_host = app.services.known_host(&other).await.expect("a look-up").expect("the host").host_id;
    app.api(Method::PUT, "/members/ada", Some(&json!({ "plan": "paid" }))).await;
    let (ours, theirs) = (Signer::ed25519("k"), Signer::ed25519("k"));
    trust(&app, app.host, ISSUER, KeySet::Given(set(&[&ours]))).await;
    trust(&app, other_host, "https://other.test", KeySet::Given(set(&[&theirs]))).await;
    let good = ours.token(&claims(&app, &json!({})));
    assert_eq!(settings(&app, &good).await.status, StatusCode::OK);
    // The other host has nobody of this name, and can't speak as ours.
    let elsewhere = theirs.token(&claims(&app, &json!({ "iss": "https://other.test" })));
    assert!(settings(&app, &elsewhere).await.body.contains("subject is not known"));
    assert!(settings(&app, &theirs.token(&claims(&app, &json!({})))).await.body.contains("signature is wrong"));
    // A token is no host's key, and a key no member.
    let as_host = app.api_as(&format!("Bearer {good}"), Method::GET, "/members/ada", String::new()).await;
    assert_eq!(as_host.status, StatusCode::UNAUTHORIZED);
    assert_eq!(settings(&app, &app.host_key).await.status, StatusCode::UNAUTHORIZED);

    let whom = Whom::Reference(app.host, "ada".parse().expect("a reference"));
    app.services.order_erasure(whom, AskedBy::Host).await.expect("ordered");
    assert!(settings(&app, &good).await.body.contains("subject is not known"), "shut out at once");
    app.run_due_jobs().await;
    assert!(settings(&app, &good).await.body.contains("subject is not known"));
    assert!(issuer::remove(&mut app.owner().await, ISSUER).await.expect("removed"));
    assert!(settings(&app, &good).await.body.contains("issuer is not known"));
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn keys_are_fetched_when_they_are_needed_and_not_at_every_made_up_name(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database).await;
    app.api(Method::PUT, "/members/ada", Some(&json!({ "plan": "paid" }))).await;
    let (first, second) = (Signer::p256("1"), Signer::p256("2"));
    let keys = KeyServer::start(&[&first]).await;
    trust(&app, app.host, ISSUER, KeySet::At(keys.url.clone())).await;
    let good = claims(&app, &json!({}));
    let token = first.token(&good);
    let at_once = futures_util::future::join_all((0..8).map(|_| settings(&app, &token))).await;
    assert!(at_once.iter().all(|answer| answer.status == StatusCode::OK));
    assert_eq!(keys.asked(), 1, "one fetch for all who need it");
    for made_up in ["a", "b", "c"] {
        let token = first.token_with(&json!({ "alg": "ES256", "kid": made_up }), &good);
        assert!(settings(&app, &token).await.body.contains("not among its issuer's"));
    }
    keys.publish(&[&second]);
    // Asked again a moment ago, so the new key is not seen yet; the old ones count on.
    assert!(settings(&app, &second.token(&good)).await.body.contains("not among its issuer's"));
    assert_eq!((settings(&app, &first.token(&good)).await.status, keys.asked()), (StatusCode::OK, 1));
    app.clock.advance(TimeDelta::seconds(30));
    assert_eq!(settings(&app, &second.token(&good)).await.status, StatusCode::OK);
    assert!(settings(&app, &first.token(&good)).await.body.contains("not among its issuer's"), "taken back");
    assert_eq!(keys.asked(), 2);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_issuer_that_does_not_answer_is_a_moment_and_no_verdict(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let signer = Signer::ed25519("1");
    trust(&app, app.host, ISSUER, KeySet::At("http://127.0.0.1:9/keys".to_owned())).await;
    let answer = settings(&app, &signer.token(&claims(&app, &json!({})))).await;
    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "1"));
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_member_is_counted_once_whichever_token_they_come_with(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await.with_settings(&[("SPECTRUM_LIMITS_MEMBER", "2/60")], axum::Router::new());
    app.api(Method::PUT, "/members/ada", Some(&json!({ "plan": "paid" }))).await;
    let signer = Signer::ed25519("1");
    trust(&app, app.host, ISSUER, KeySet::Given(set(&[&signer]))).await;
    for (n, status) in [(0, StatusCode::OK), (1, StatusCode::OK), (2, StatusCode::TOO_MANY_REQUESTS)] {
        let token = signer.token(&claims(&app, &json!({ "jti": n })));
        assert_eq!(settings(&app, &token).await.status, status, "{n}");
    }
    app.clock.advance(TimeDelta::seconds(60));
    assert_eq!(settings(&app, &signer.token(&claims(&app, &json!({})))).await.status, StatusCode::OK);
    app.finish().await;
}
