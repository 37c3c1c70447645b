//! What stands around traces: that a receiver gets nothing of what a member wrote or is called, that one which hangs keeps nobody waiting,
//! that a stranger decides nothing, and that a scrape leads to them.

use std::{collections::BTreeSet, time::Duration};

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use server::{http, lifecycle::Lifecycle};
use spectrum_core::queue::{finish::Death, operate::Filter};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use tokio::net::TcpListener;
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::{
    support::{
        Answer, TestApp, member_id,
        pushes::with_fake,
        receiver::{Receiver, follow, named},
    },
    traces::{REFERENCE, TEXT, TOKEN, WORD, week},
};

impl TestApp {
    async fn post_traced(&self, events: &[Value], traceparent: &str) -> Answer {
        self.post_traced_as(&self.host_key, events, traceparent).await
    }

    async fn post_traced_as(&self, key: &str, events: &[Value], traceparent: &str) -> Answer {
        let request = Request::post("/api/v1/events")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::AUTHORIZATION, format!("Bearer {key}"))
            .header("traceparent", traceparent)
            .header("tracestate", format!("vendor={WORD}"));
        self.send(request.body(Body::from(json!({ "events": events }).to_string())).expect("a request")).await
    }

    async fn scrape_open_metrics(&self) -> (String, String) {
        let router = http::metrics_router(self.services.clone(), crate::operate::handle());
        let request = Request::get("/metrics")
            .header(header::ACCEPT, "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.3")
            .body(Body::empty());
        let answer = router.oneshot(request.expect("a request")).await.expect("an answer");
        let kind = answer.headers()[header::CONTENT_TYPE].to_str().expect("text").to_owned();
        let body = answer.into_body().collect().await.expect("a body").to_bytes();
        (kind, String::from_utf8_lossy(&body).into_owned())
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_receiver_gets_no_word_and_no_name_of_a_member(_: PgPoolOptions, database: PgConnectOptions) {
    let receiver = Receiver::start().await;
    let (app, fake) = with_fake(TestApp::new(database).await).await;
    let (telemetry, _lines, _guard) = follow(Some(&receiver.url), 1_000);
    app.with_phone().await;
    let events = week(REFERENCE);
    app.accept(&events).await;
    // What is wrong, in every place where words do not belong; what fails for good; and pages that name what they show.
    let mut wrong = events[1].clone();
    wrong["feature"] = json!(TEXT);
    app.post_events(&[wrong]).await;
    // Who is not let in can't write into our traces by the name of their own.
    let spelled = format!("00-{}-{}-01", hex_of(WORD, 32), hex_of(REFERENCE, 16));
    let refused = app.post_traced_as("of-a-stranger", &events[..1], &spelled).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    app.post_traced(&events[..1], WORD).await;
    let held =
        app.services.claim_jobs("analysis", Uuid::from_u128(1), 1, Duration::from_mins(1)).await.expect("a claim");
    app.services.bury_job(&held[0], Death::Attempts, TEXT).await.expect("buried");
    app.services
        .revive_jobs(&Filter { queue: Some("analysis".to_owned()), ..Filter::default() }, None)
        .await
        .expect("put back");
    app.run_due_jobs().await;
    let cookie = app.sign_in_paid(REFERENCE).await;
    for path in [
        "/spectrum/week/2026-W47",
        &format!("/spectrum/week/{WORD}"),
        &format!("/{WORD}?q={WORD}"),
        "/spectrum/sessions/2026",
    ] {
        app.page(path, &cookie).await;
    }
    app.at("2026-11-23T05:00:00Z").await;
    app.at("2026-11-23T20:00:00Z").await;
    assert_eq!(fake.accepted(), 1);
    assert!(telemetry.flush().await, "all of it was taken");

    let mut owner = app.owner().await;
    let member = member_id(&mut owner, app.host.0, REFERENCE).await;
    let mut ids: Vec<Uuid> = sqlx::query_scalar(
        "SELECT session_id FROM session UNION SELECT delivery_id FROM push_outbox UNION SELECT host_id FROM host",
    )
    .fetch_all(&mut owner)
    .await
    .expect("ids");
    assert!(ids.len() > 7, "{ids:?}");
    ids.push(member);
    let mut canaries: Vec<Vec<u8>> =
        [WORD, REFERENCE, "qwyxsession", TOKEN, "sister", "grateful", &app.host_key, "Europe", "2026-W47"]
            .iter()
            .map(|text| text.as_bytes().to_vec())
            .collect();
    for id in ids {
        canaries.extend([id.to_string().into_bytes(), id.simple().to_string().into_bytes(), id.as_bytes().to_vec()]);
    }
    let bytes = receiver.bytes();
    assert!(receiver.spans().len() > 25, "{} spans came", receiver.spans().len());
    for canary in canaries {
        let found = bytes.windows(canary.len()).any(|window| window == canary);
        assert!(!found, "{} was sent to the receiver", String::from_utf8_lossy(&canary));
    }
    assert_eq!(receiver.header("authorization"), "Bearer sesame");
    // All that is said of anything, by name: another name is one more thing to think of.
    let names: BTreeSet<String> = receiver.spans().into_iter().flat_map(|span| span.attributes.into_keys()).collect();
    insta::assert_snapshot!("trace_attributes", names.into_iter().collect::<Vec<_>>().join("\n"));
    app.finish().await;
}

/// Digits that spell a word, as somebody could who chooses the names of their traces.
fn hex_of(word: &str, digits: usize) -> String {
    let hex = word.bytes().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    hex.chars().chain(std::iter::repeat('a')).take(digits).collect()
}

#[sqlx::test(migrations = "../migrations")]
async fn a_receiver_that_hangs_keeps_nobody_waiting(_: PgPoolOptions, database: PgConnectOptions) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let app = TestApp::new(database).await;
    let run = async |member: &str| {
        let mut answered = 0;
        for events in week(member).chunks(4) {
            answered += usize::from(app.post_events(events).await.status == StatusCode::OK);
        }
        (answered, app.run_due_jobs().await)
    };
    let alone = run("ada").await;
    let (telemetry, _lines, guard) = follow(Some(&url), 1_000);
    assert_eq!(run("eve").await, alone, "as many requests are answered and jobs are done");
    // More than its queue has room for: what finds none is let go.
    for _ in 0..3_000 {
        assert_eq!(app.page("/health", "").await.status, StatusCode::OK);
    }
    assert_eq!(run("bob").await, alone);
    let lifecycle = Lifecycle::followed(telemetry);
    let stopped = tokio::time::timeout(Duration::from_secs(30), lifecycle.stop()).await;
    assert_eq!(stopped, Ok(true), "and the process stops");
    drop((guard, listener));
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_host_says_of_which_trace_it_is_and_is_believed_only_where_the_settings_do(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let receiver = Receiver::start().await;
    let app = TestApp::new(database).await;
    let events = week(REFERENCE);
    let theirs = |digit: &str, flags: &str| format!("00-{}-{}-{flags}", digit.repeat(32), digit.repeat(16));
    // A stranger can't have anything recorded.
    let (telemetry, _lines, guard) = follow(Some(&receiver.url), 0);
    assert_eq!(app.post_traced(&events[..4], &theirs("a", "01")).await.status, StatusCode::OK);
    assert!(telemetry.flush().await, "all of it was taken");
    assert_eq!(receiver.requests(), 0);
    drop(guard);
    // Nor choose a name: what is recorded is ours and points to theirs.
    let (telemetry, _lines, guard) = follow(Some(&receiver.url), 1_000);
    app.post_traced(&events[4..8], &theirs("b", "01")).await;
    app.post_traced(&events[4..8], "00-nonsense").await;
    let app = app.with_settings(&[("SPECTRUM_TELEMETRY_CONTINUE_HOSTS", "yes")], axum::Router::new());
    app.post_traced(&events[8..12], &theirs("c", "01")).await;
    app.post_traced(&events[12..16], &theirs("d", "00")).await;
    assert!(telemetry.flush().await, "all of it was taken");
    let spans = receiver.spans();
    let requests = named(&spans, "POST /api/v1/events");
    let [pointing, plain, continued, unrecorded] = requests[..] else { panic!("{requests:?}") };
    let link = |digit: &str| vec![(digit.repeat(32), digit.repeat(16))];
    assert_eq!((&pointing.parent, &pointing.links), (&None, &link("b")));
    assert_ne!(pointing.trace, "b".repeat(32));
    assert_eq!((&plain.parent, plain.links.len()), (&None, 0));
    assert_eq!((continued.trace.as_str(), continued.parent.as_deref()), (&*"c".repeat(32), Some(&*"c".repeat(16))));
    assert_eq!((&unrecorded.parent, &unrecorded.links), (&None, &link("d")), "what they don't record, we decide on");
    drop(guard);
    app.run_due_jobs().await;
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_scrape_that_asks_for_open_metrics_leads_to_traces(_: PgPoolOptions, database: PgConnectOptions) {
    let receiver = Receiver::start().await;
    let app = TestApp::new(database).await;
    crate::operate::handle();
    let (telemetry, _lines, _guard) = follow(Some(&receiver.url), 1_000);
    // A bucket keeps the newest trace of all, and other tests of this process leave theirs in the same ones: so it is tried again.
    let mut wanted =
        BTreeSet::from(["http_server_request_duration_seconds_bucket{", "spectrum_job_duration_seconds_bucket{"]);
    let mut text = String::new();
    for round in 0..20 {
        app.accept(&week(&format!("{REFERENCE}-{round}"))).await;
        app.run_due_jobs().await;
        assert!(telemetry.flush().await, "all of it was taken");
        let (kind, scraped) = app.scrape_open_metrics().await;
        assert!(kind.starts_with("application/openmetrics-text; version=1.0.0"), "{kind}");
        assert!(scraped.ends_with("# EOF\n") && !scraped.contains("\n\n"), "{scraped}");
        let traces: BTreeSet<String> = receiver.spans().into_iter().map(|span| span.trace).collect();
        wanted.retain(|series| {
            let lines = scraped.lines().filter(|line| line.starts_with(series));
            let found = lines.filter_map(|line| line.split_once("trace_id=\"")?.1.split('"').next());
            !found.into_iter().any(|id| traces.contains(id))
        });
        text = scraped;
        if wanted.is_empty() {
            break;
        }
    }
    assert!(wanted.is_empty(), "{wanted:?} in {text}");
    for bound in ["1", "5", "15", "60", "300", "900", "1800", "3600"] {
        let line = format!("le=\"{bound}\"");
        let late = text.lines().filter(|line| line.starts_with("spectrum_push_late_seconds_bucket"));
        let late: Vec<&str> = late.collect();
        assert!(late.is_empty() || late.iter().any(|l| l.contains(&line)), "{late:?}");
    }
    if let Ok(path) = std::env::var("SPECTRUM_TEST_OPEN_METRICS") {
        std::fs::write(path, text).expect("written");
    }
    app.finish().await;
}
