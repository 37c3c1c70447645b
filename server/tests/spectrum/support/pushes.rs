//! Providers of pushes on this machine, members with devices, and a clock that goes from one due moment to the next.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use server::config::Push;
use spectrum_push::fake::Fake;
use uuid::Uuid;

use super::{Answer, TestApp, session};

/// Settings that reach the fake, for both its protocols.
pub fn settings(fake: &Fake) -> Push {
    Push { send: true, at_once: 100, apns: Some(fake.apns_settings()), fcm: Some(fake.fcm_settings()), web_push: None }
}

/// A Spectrum whose pushes go to a fake that goes by its clock.
pub async fn with_fake(app: TestApp) -> (TestApp, Fake) {
    with_fake_and(app, |_| ()).await
}

/// The same with settings that differ.
pub async fn with_fake_and(app: TestApp, differ: impl FnOnce(&mut Push)) -> (TestApp, Fake) {
    let fake = Fake::start().await.expect("the fake");
    let mut settings = settings(&fake);
    differ(&mut settings);
    let app = app.push_to(&settings).await;
    let ambient = app.services.ambient().clone();
    fake.set_clock(Arc::new(move || ambient.now()));
    (app, fake)
}

impl TestApp {
    /// A member with so many sessions in the week before [`super::START`]'s Monday after.
    pub async fn with_week(&self, member: &str, zone: &str, sessions: u32) {
        self.api(Method::PUT, &format!("/members/{member}"), Some(&json!({ "time_zone": zone, "plan": "paid" }))).await;
        for n in 0..sessions {
            let began = format!("2026-11-{}T1{}:00:00Z", 16 + n % 4, n / 4 % 10);
            let turns = ["I felt calm and grateful after the walk.", "Then the rest of the day went by."];
            self.accept(&session(member, &format!("s{n}"), &began, zone, &turns).events).await;
        }
        self.run_due_jobs().await;
    }

    /// Registers a device of a member's, as their app does.
    pub async fn put_device(&self, member: &str, id: u128, device: &Value) -> Answer {
        let cookie = self.sign_in(member).await;
        self.json_as(&cookie, Method::PUT, &format!("/devices/{}", Uuid::from_u128(id)), Some(device)).await
    }

    /// The same of a phone of Apple's with this token; it must be taken.
    pub async fn put_phone(&self, member: &str, id: u128, token: &str) {
        let device = json!({ "platform": "ios", "address_kind": "apns_token", "address": token, "locale": "en-GB" });
        let answer = self.put_device(member, id, &device).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);
    }

    /// The same of one with Android.
    pub async fn put_android(&self, member: &str, id: u128, kind: &str, address: &str) {
        let device = json!({ "platform": "android", "address_kind": kind, "address": address });
        let answer = self.put_device(member, id, &device).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);
    }

    /// A call of the API as a browser makes it.
    pub async fn json_as(&self, cookie: &str, method: Method, path: &str, body: Option<&Value>) -> Answer {
        use axum::{body::Body, http::Request, http::header};
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header(header::HOST, "spectrum.test")
            .header(header::CONTENT_TYPE, "application/json")
            .header("sec-fetch-site", "same-origin")
            .header(header::COOKIE, cookie);
        self.send(request.body(Body::from(body.map_or_else(String::new, Value::to_string))).expect("a request")).await
    }

    /// It is this time now, and what is due by it is planned and done.
    pub async fn at(&self, instant: &str) {
        self.at_instant(instant.parse().expect("an instant")).await;
    }

    /// The same.
    pub async fn at_instant(&self, instant: DateTime<Utc>) {
        self.clock.advance(instant - self.services.ambient().now());
        self.services.plan_due().await.expect("planned");
        self.run_due_jobs().await;
    }
}
