//! The member's own calls of the API: each does what the page of the same name does, and answers in figures with what they
//! rest on.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use serde_json::{Value, json};
use spectrum_core::{
    access::issuer::{self, Issuer, KeySet},
    ambient::Clock as _,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::{
    rollups::rollups,
    support::{
        Answer, Diary, TestApp, rows,
        signer::{Signer, set},
        unzip,
    },
};

/// A member's client: the API with their host's token.
struct Client<'a> {
    app: &'a TestApp,
    token: String,
}

impl<'a> Client<'a> {
    async fn of(app: &'a TestApp, member: &str) -> Self {
        let signer = Signer::ed25519("1");
        let issuer = Issuer {
            issuer: format!("https://{member}.test"),
            host_id: app.host,
            audience: "spectrum".to_owned(),
            keys: KeySet::Given(set(&[&signer])),
        };
        issuer::set(&mut app.owner().await, app.services.ambient(), &issuer).await.expect("an issuer");
        let exp = app.clock.now().timestamp() + 3600;
        let claims = json!({ "iss": issuer.issuer, "aud": "spectrum", "sub": member, "exp": exp });
        Self { app, token: format!("Bearer {}", signer.token(&claims)) }
    }

    async fn ask(&self, method: Method, path: &str, body: Value) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.app.api_as(&self.token, method, path, body).await
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.ask(Method::GET, path, Value::Null).await;
        assert_eq!(answer.status, StatusCode::OK, "{path} {}", answer.body);
        answer.json()
    }

    /// Something that changes something, whose answer has this status.
    async fn change(&self, method: Method, path: &str, body: Value, status: StatusCode) -> Value {
        let answer = self.ask(method, path, body).await;
        assert_eq!(answer.status, status, "{path} {}", answer.body);
        answer.json()
    }
}

/// A month of days, one session each, all read.
async fn month(database: PgConnectOptions) -> TestApp {
    let app = TestApp::new(database).await;
    for sent in (Diary { member: "ada", zone: "UTC", days: 30 }).sessions() {
        app.accept(&sent.events).await;
    }
    app.run_due_jobs().await;
    app
}

const WEEK: &str = "/spectrum/weeks/2026-W46";

#[sqlx::test(migrations = "../migrations")]
async fn a_week_is_told_with_what_it_rests_on_and_not_twice(_: PgPoolOptions, database: PgConnectOptions) {
    let app = month(database).await;
    let ada = Client::of(&app, "ada").await;
    let answer = ada.ask(Method::GET, WEEK, Value::Null).await;
    let week = answer.json();
    assert_eq!((week["first"].as_str(), week["last"].as_str()), (Some("2026-11-09"), Some("2026-11-15")));
    assert_eq!((&week["coverage"], &week["sessions"], &week["days"]), (&json!("enough"), &json!(7), &json!(7)));
    // Held against the rows themselves.
    let mut owner = app.owner().await;
    let vectors = rows(
        &mut owner,
        "SELECT v.valence FROM session_vector v JOIN session s USING (member_id, session_id)
         WHERE local_date BETWEEN '2026-11-09' AND '2026-11-15'",
    )
    .await;
    let valences: Vec<f64> = vectors.iter().map(|row| row["valence"].as_f64().expect("a number") / 1000.0).collect();
    let mean = valences.iter().sum::<f64>() / 7.0;
    let sd = (valences.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / 6.0).sqrt();
    let half = 2.447 * sd / 7.0_f64.sqrt();
    let near = |value: &Value, expected: f64| (value.as_f64().expect("a number") - expected).abs() < 0.001;
    let told = &week["valence"];
    assert!(near(&told["mean"], mean) && near(&told["low"], mean - half) && told["n"] == 7, "{told} {mean} {half}");
    let sum = |name: &str| -> i64 {
        week[name].as_array().expect("counts").iter().map(|count| count["sessions"].as_i64().expect("a count")).sum()
    };
    assert_eq!((sum("quadrants"), sum("features"), week["session_list"].as_array().map(Vec::len)), (7, 7, Some(7)));
    assert!(!answer.body.contains("grateful"), "numbers, no words");

    let tag = answer.header("etag").to_owned();
    assert_eq!(answer.header("cache-control"), "private, no-cache");
    let again = async |tag: &str| {
        let request = Request::get(format!("/api/v1{WEEK}"))
            .header(header::AUTHORIZATION, &ada.token)
            .header(header::IF_NONE_MATCH, tag);
        app.send(request.body(Body::empty()).expect("a request")).await
    };
    let same = again(&tag).await;
    assert_eq!((same.status, same.body.as_str(), same.header("etag")), (StatusCode::NOT_MODIFIED, "", tag.as_str()));
    let first = week["session_list"][0]["session_id"].clone();
    let out = json!({ "scope": "session", "session_id": first, "reason": "private" });
    ada.change(Method::POST, "/spectrum/exclusions", out, StatusCode::CREATED).await;
    assert_eq!(again(&tag).await.status, StatusCode::OK, "what is at hand is old now");
    // Below the floor there is no mean, and below three sessions no counts.
    let week = ada.get(WEEK).await;
    assert_eq!((&week["sessions"], &week["valence"], &week["excluded"]), (&json!(6), &Value::Null, &json!(1)));
    assert!(week["quadrants"].is_array());
    let period = json!({ "scope": "period", "first": "2026-11-10", "last": "2026-11-14" });
    ada.change(Method::POST, "/spectrum/exclusions", period, StatusCode::CREATED).await;
    let week = ada.get(WEEK).await;
    assert_eq!((&week["coverage"], &week["quadrants"], &week["families"]), (&json!("few"), &Value::Null, &Value::Null));
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_left_out_by_call_comes_back_with_the_same_numbers(_: PgPoolOptions, database: PgConnectOptions) {
    let app = month(database).await;
    app.clock.advance(chrono::TimeDelta::hours(1));
    let ada = Client::of(&app, "ada").await;
    let mut owner = app.owner().await;
    let id = app.member("ada").await.member_id.uuid();
    let before = rollups(&mut owner, id).await;
    for (scope, told) in [
        (json!({ "scope": "feature", "feature": "mirror" }), 30),
        (json!({ "scope": "period", "first": "2026-11-01", "last": "2026-11-10", "reason": "unusual" }), 10),
        (json!({ "scope": "pause" }), 0),
    ] {
        let out = ada.change(Method::POST, "/spectrum/exclusions", scope.clone(), StatusCode::CREATED).await;
        assert_eq!(out["change"]["sessions"], told, "{scope} {out}");
        let list = ada.get("/spectrum/exclusions").await;
        assert_eq!(list["exclusions"], json!([out["exclusion"]]));
        assert_eq!(list["exclusions"][0]["scope"], scope["scope"]);
        let number = out["exclusion"]["exclusion_id"].as_str().expect("a number");
        if scope["scope"] == "pause" {
            let end = format!("/spectrum/exclusions/{number}/end");
            ada.change(Method::POST, &end, Value::Null, StatusCode::OK).await;
            assert!(ada.get("/spectrum/exclusions").await["exclusions"][0]["until"].is_string());
        }
        let path = format!("/spectrum/exclusions/{number}");
        let back = ada.change(Method::DELETE, &path, Value::Null, StatusCode::OK).await;
        assert_eq!(back["sessions"], told);
        assert_eq!(rollups(&mut owner, id).await, before, "{scope}");
        assert_eq!(ada.ask(Method::DELETE, &path, Value::Null).await.status, StatusCode::NOT_FOUND);
    }
    for bad in [
        json!({ "scope": "period", "first": "2026-11-10", "last": "2026-11-01" }),
        json!({ "scope": "period", "first": "1900-01-01", "last": "2026-11-01" }),
        json!({ "scope": "period", "first": "2026-11-10" }),
        json!({ "scope": "feature", "feature": "mirrors" }),
        json!({ "scope": "everything" }),
        json!({ "scope": "pause", "why": "because" }),
        json!({}),
    ] {
        let status = ada.ask(Method::POST, "/spectrum/exclusions", bad.clone()).await.status;
        assert!([StatusCode::BAD_REQUEST, StatusCode::UNPROCESSABLE_ENTITY].contains(&status), "{bad}");
    }
    assert_eq!(rollups(&mut owner, id).await, before);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_correction_by_call_is_taken_back_to_identical_rows(_: PgPoolOptions, database: PgConnectOptions) {
    let app = month(database).await;
    let ada = Client::of(&app, "ada").await;
    let mut owner = app.owner().await;
    let id = app.member("ada").await.member_id.uuid();
    let before = rollups(&mut owner, id).await;
    let week = ada.get(WEEK).await;
    let session =
        week["session_list"].as_array().expect("sessions").iter().find(|s| s["measure"]["quadrant"] == "low_pleasant");
    let session = session.or(week["session_list"].as_array().and_then(|all| all.first())).expect("a session");
    let path = format!("/spectrum/sessions/{}", session["session_id"].as_str().expect("an id"));
    assert_eq!(&ada.get(&path).await, session);
    let correction = format!("{path}/correction");
    let wish = json!({ "quadrant": "high_unpleasant" });
    let change = ada.change(Method::PUT, &correction, wish.clone(), StatusCode::OK).await;
    assert_eq!((&change["week"], &change["sessions_after"]), (&json!("2026-W46"), &json!(7)));
    let corrected = ada.get(&path).await;
    assert_eq!((&corrected["measure"]["quadrant"], &corrected["corrected"]), (&json!("high_unpleasant"), &json!(true)));
    assert_ne!(rollups(&mut owner, id).await, before);
    ada.change(Method::DELETE, &correction, Value::Null, StatusCode::OK).await;
    assert_eq!((rollups(&mut owner, id).await, &ada.get(&path).await), (before, session));
    for bad in [json!({}), json!({ "quadrant": "up" }), json!({ "family": "envy" })] {
        assert_eq!(ada.ask(Method::PUT, &correction, bad).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    app.run_due_jobs().await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_archive_is_asked_for_fetched_and_over_after_its_day(_: PgPoolOptions, database: PgConnectOptions) {
    let app = month(database).await;
    let ada = Client::of(&app, "ada").await;
    let asked = ada.change(Method::POST, "/exports", Value::Null, StatusCode::ACCEPTED).await;
    assert_eq!(asked["state"], "gathering");
    let path = format!("/exports/{}", asked["export_id"].as_str().expect("a number"));
    let archive = format!("{path}/archive");
    assert_eq!(ada.ask(Method::GET, &archive, Value::Null).await.status, StatusCode::CONFLICT, "not ready");
    assert_eq!(ada.change(Method::POST, "/exports", Value::Null, StatusCode::ACCEPTED).await, asked, "one at a time");
    app.run_due_jobs().await;
    let ready = ada.get(&path).await;
    assert_eq!((&ready["state"], ready["bytes"].as_i64().is_some_and(|bytes| bytes > 0)), (&json!("ready"), true));
    let request = Request::get(format!("/api/v1{archive}")).header(header::AUTHORIZATION, &ada.token);
    let (status, headers, bytes) = app.send_for_bytes(request.body(Body::empty()).expect("a request")).await;
    assert_eq!((status, headers[header::CONTENT_TYPE].as_bytes()), (StatusCode::OK, &b"application/zip"[..]));
    assert!(unzip(&bytes).contains_key("README.txt"));

    let newer = ada.change(Method::POST, "/exports", Value::Null, StatusCode::ACCEPTED).await;
    assert_eq!((&newer["state"], &ada.get(&path).await["state"]), (&json!("gathering"), &json!("replaced")));
    assert_eq!(ada.ask(Method::GET, &archive, Value::Null).await.status, StatusCode::CONFLICT, "replaced");
    app.run_due_jobs().await;
    let path = format!("/exports/{}", newer["export_id"].as_str().expect("a number"));
    let archive = format!("{path}/archive");
    assert_eq!(ada.get(&path).await["state"], "ready");

    let bob = Client::of(&app, "bob").await;
    app.api(Method::PUT, "/members/bob", Some(&json!({ "plan": "paid" }))).await;
    for path in [&path, &archive] {
        assert_eq!(bob.ask(Method::GET, path, Value::Null).await.status, StatusCode::NOT_FOUND, "nobody else's");
    }
    app.clock.advance(chrono::TimeDelta::hours(24));
    let ada = Client::of(&app, "ada").await;
    assert_eq!(ada.get(&path).await["state"], "over");
    assert_eq!(ada.ask(Method::GET, &archive, Value::Null).await.status, StatusCode::CONFLICT);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn words_are_dropped_and_a_fresh_start_is_made_by_call(_: PgPoolOptions, database: PgConnectOptions) {
    let app = month(database).await;
    let ada = Client::of(&app, "ada").await;
    let mut owner = app.owner().await;
    let count = async |owner: &mut sqlx::PgConnection, table: &str| {
        rows(owner, &format!("SELECT 1 AS one FROM {table}")).await.len()
    };
    assert_eq!(ada.get("/spectrum/settings").await["keep_text"], true);
    assert!(count(&mut owner, "turn_text").await > 0);
    let settings = json!({ "keep_text": false });
    assert_eq!(ada.change(Method::PUT, "/spectrum/settings", settings, StatusCode::OK).await["keep_text"], false);
    assert_eq!(count(&mut owner, "turn_text").await, 0);

    let unsure = json!({ "depth": "derived_and_raw", "sure": false });
    assert_eq!(ada.ask(Method::POST, "/spectrum/reset", unsure).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(count(&mut owner, "session_vector").await, 30);
    let part = json!({ "depth": "derived", "before": "2026-11-10", "sure": true });
    ada.change(Method::POST, "/spectrum/reset", part, StatusCode::OK).await;
    assert_eq!((count(&mut owner, "session_vector").await, count(&mut owner, "session").await), (11, 30));
    let all = json!({ "depth": "derived_and_raw", "sure": true });
    let answer = ada.change(Method::POST, "/spectrum/reset", all, StatusCode::OK).await;
    assert_eq!((count(&mut owner, "session_vector").await, count(&mut owner, "session").await), (0, 0));
    assert!(answer["receipt"].is_object(), "{answer}");
    app.run_due_jobs().await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_member_may_call_with_their_cookie_too_but_only_from_our_own_page(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = month(database).await;
    let cookie = app.sign_in("ada").await;
    let call = async |method: Method, path: &str, site: &str| {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header(header::HOST, "spectrum.test")
            .header(header::CONTENT_TYPE, "application/json")
            .header("sec-fetch-site", site)
            .header(header::COOKIE, &cookie)
            .body(Body::from(r#"{"scope":"feature","feature":"turn"}"#));
        app.send(request.expect("a request")).await.status
    };
    assert_eq!(call(Method::GET, WEEK, "same-origin").await, StatusCode::OK);
    assert_eq!(call(Method::POST, "/spectrum/exclusions", "cross-site").await, StatusCode::FORBIDDEN);
    assert_eq!(call(Method::POST, "/spectrum/exclusions", "same-origin").await, StatusCode::CREATED);
    // Staff are nobody here.
    let staff = app.sign_in_staff().await;
    let request = Request::get(format!("/api/v1{WEEK}")).header(header::COOKIE, &staff).body(Body::empty());
    assert_eq!(app.send(request.expect("a request")).await.status, StatusCode::UNAUTHORIZED);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_sent_again_under_a_key_is_done_once(_: PgPoolOptions, database: PgConnectOptions) {
    let app = month(database).await;
    let ada = Client::of(&app, "ada").await;
    let pause = async || {
        let request = Request::post("/api/v1/spectrum/exclusions")
            .header(header::AUTHORIZATION, &ada.token)
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", "pause")
            .body(Body::from(r#"{"scope":"pause"}"#));
        app.send(request.expect("a request")).await
    };
    let (first, second) = (pause().await, pause().await);
    assert_eq!(
        (first.status, &first.body, second.header("idempotent-replayed")),
        (StatusCode::CREATED, &second.body, "true")
    );
    assert_eq!(ada.get("/spectrum/exclusions").await["exclusions"].as_array().map(Vec::len), Some(1));
    // A path's other methods are none, whatever key they come with.
    let request = Request::patch("/api/v1/spectrum/exclusions")
        .header(header::AUTHORIZATION, &ada.token)
        .header("idempotency-key", "pause")
        .body(Body::from("{}"));
    assert_eq!(app.send(request.expect("a request")).await.status, StatusCode::METHOD_NOT_ALLOWED);
    app.finish().await;
}
