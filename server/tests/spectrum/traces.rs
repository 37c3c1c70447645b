//! One session, followed: from the request that brought it through its jobs to the cards and the push, by what a receiver of traces
//! was really sent.

use std::{collections::BTreeSet, time::Duration};

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use spectrum_core::{
    queue::{finish::Death, operate::Filter},
    trace::Trace,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use uuid::Uuid;

use crate::support::{
    TestApp,
    pushes::with_fake,
    receiver::{Received, Receiver, follow, named, one, points_to},
    session,
    waterfall::{Part, draw},
};

/// Words that occur nowhere else: what the member wrote, and what the host calls them.
pub const TEXT: &str = "I told my sister about qwyxtrace and felt calm and grateful after it.";
pub const WORD: &str = "qwyxtrace";
pub const REFERENCE: &str = "qwyxreference";
pub const TOKEN: &str = "aa11bb22cc33dd44ee55ff66aa77bb88aa11bb22cc33dd44ee55ff66aa77bb88";

/// A week of a member's, as one batch of events.
pub fn week(member: &str) -> Vec<Value> {
    let day = |day: u32| {
        let began = format!("2026-11-{day}T18:00:00Z");
        session(member, &format!("qwyxsession{day}"), &began, "Europe/London", &[TEXT, "Then I slept well."]).events
    };
    (16..22).flat_map(day).collect()
}

impl TestApp {
    /// A member whom the host has told of, with a phone.
    pub async fn with_phone(&self) {
        let told = json!({ "time_zone": "Europe/London", "plan": "paid" });
        let answer = self.api(Method::PUT, &format!("/members/{REFERENCE}"), Some(&told)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        self.put_phone(REFERENCE, 1, TOKEN).await;
    }
}

fn assert_child(child: &Received, parent: &Received) {
    assert_eq!((&child.trace, child.parent.as_ref()), (&parent.trace, Some(&parent.id)), "{child:?} of {parent:?}");
}

/// The week is brought after it has ended: its sessions cause its cards and its push, and all of it is one trace.
#[sqlx::test(migrations = "../migrations")]
async fn what_a_request_causes_is_one_trace_from_its_events_to_the_push(_: PgPoolOptions, database: PgConnectOptions) {
    let receiver = Receiver::start().await;
    let (app, fake) = with_fake(TestApp::new(database).await).await;
    app.with_phone().await;
    app.at("2026-11-23T05:00:00Z").await;
    let (telemetry, lines, _guard) = follow(Some(&receiver.url), 1_000);

    app.accept(&week(REFERENCE)).await;
    let jobs = app.services.list_jobs(&Filter::default(), 100).await.expect("a list");
    let told: BTreeSet<String> =
        jobs.into_iter().filter(|job| job.kind == "analyze_session").filter_map(|job| job.trace).collect();
    app.run_due_jobs().await;
    app.at("2026-11-23T20:00:00Z").await;
    assert_eq!(fake.accepted(), 1, "the push was sent");
    assert!(telemetry.flush().await, "all of it was taken");

    let spans = receiver.spans();
    let request = one(&spans, "POST /api/v1/events");
    assert_eq!(request.parent, None);
    let expected = format!("00-{}-{}-01", request.trace, request.id);
    assert_eq!(told, BTreeSet::from([expected]), "the trace is in the row of every job the request ordered");
    for (name, value) in
        [("http.request.method", "POST"), ("http.route", "/api/v1/events"), ("http.response.status_code", "200")]
    {
        assert_eq!(request.says(name), value);
    }
    let read = named(&spans, "process analyze_session");
    assert_eq!(read.len(), 6);
    for span in &read {
        assert_child(span, request);
        for (name, value) in [
            ("messaging.system", "spectrum"),
            ("messaging.operation.type", "process"),
            ("messaging.destination.name", "analysis"),
            ("spectrum.job.kind", "analyze_session"),
            ("spectrum.job.attempt", "1"),
            ("spectrum.job.ending", "done"),
        ] {
            assert_eq!(span.says(name), value);
        }
    }
    let added_up = named(&spans, "process refresh_rollups");
    assert!(
        added_up
            .iter()
            .all(|span| span.trace == request.trace && read.iter().any(|r| span.parent.as_ref() == Some(&r.id)))
    );
    let told = named(&spans, "process write_editions");
    let planned = told.iter().find(|told| spans.iter().any(|span| span.parent.as_ref() == Some(&told.id)));
    let planned = planned.expect("the job that told of the week planned the push");
    assert!(added_up.iter().any(|span| planned.parent.as_ref() == Some(&span.id)), "{planned:?}");
    let sent = one(&spans, "send apns");
    assert_child(sent, planned);
    assert_eq!(sent.trace, request.trace, "one trace, from event to push");
    assert_eq!((sent.says("spectrum.push.channel"), sent.says("spectrum.push.ending")), ("apns", "delivered"));
    let sending = spans.iter().filter(|span| span.name == "process send_pushes").find(|span| points_to(sent, span));
    assert_ne!(sending.expect("the push points to the job that sent it with others").trace, request.trace);

    // The log says the same.
    let logged = lines.text();
    let line = logged.lines().find(|line| line.contains("a request was answered") && line.contains("/api/v1/events"));
    let line: Value = serde_json::from_str(line.expect("a line")).expect("JSON");
    assert_eq!(line["span"]["trace_id"], json!(request.trace), "{line}");
    assert!(line["span"]["request_id"].is_string(), "{line}");
    app.finish().await;
}

/// The week is told of when it has ended: of many members by one job, in a trace of its own that points to the sessions'.
#[sqlx::test(migrations = "../migrations")]
async fn the_publication_of_a_week_points_to_the_sessions_it_tells_of(_: PgPoolOptions, database: PgConnectOptions) {
    let receiver = Receiver::start().await;
    let (app, fake) = with_fake(TestApp::new(database).await).await;
    app.with_phone().await;
    let (telemetry, _lines, _guard) = follow(Some(&receiver.url), 1_000);
    for sent in week(REFERENCE).chunks(4) {
        app.accept(sent).await;
    }
    app.run_due_jobs().await;
    app.at("2026-11-23T05:00:00Z").await;
    app.at("2026-11-23T20:00:00Z").await;
    assert_eq!(fake.accepted(), 1, "the push was sent");
    assert!(telemetry.flush().await, "all of it was taken");

    let spans = receiver.spans();
    let published: Vec<&Received> = spans
        .iter()
        .filter(|span| span.name == "process publish_period")
        .filter(|span| spans.iter().any(|sent| sent.name == "send apns" && sent.parent.as_ref() == Some(&span.id)))
        .collect();
    let [published] = published[..] else { panic!("{published:?}") };
    let week = spans.iter().find(|span| published.parent.as_ref() == Some(&span.id)).expect("the job that added it up");
    assert_eq!((week.name.as_str(), &week.parent), ("process aggregate_week", &None), "a page begins a trace");
    assert!(
        named(&spans, "process spread_period").iter().any(|spread| points_to(week, spread)),
        "and points to who gave it out"
    );
    let read = named(&spans, "process analyze_session");
    let counted: Vec<_> = read.iter().filter(|read| points_to(published, read)).collect();
    assert_eq!(counted.len(), published.links.len(), "it points to nothing else");
    let requests: BTreeSet<&String> = named(&spans, "POST /api/v1/events").iter().map(|span| &span.trace).collect();
    let linked: BTreeSet<&String> = counted.iter().map(|span| &span.trace).collect();
    assert!(linked.len() > 1 && linked.is_subset(&requests), "{linked:?} of {requests:?}");
    app.finish().await;
}

/// Many changes in a row are told of once; whoever follows any of them comes to where.
#[sqlx::test(migrations = "../migrations")]
async fn a_change_that_is_told_of_by_anothers_order_points_there(_: PgPoolOptions, database: PgConnectOptions) {
    let receiver = Receiver::start().await;
    let app = TestApp::new(database).await;
    let (telemetry, _lines, _guard) = follow(Some(&receiver.url), 1_000);
    app.services.pause_queue("rollup", true, "a test").await.expect("paused");
    let events = week(REFERENCE);
    let (first, second) = events.split_at(events.len() / 2);
    app.accept(first).await;
    app.accept(second).await;
    app.run_due_jobs().await;
    app.services.pause_queue("rollup", false, "a test").await.expect("resumed");
    app.run_due_jobs().await;
    assert!(telemetry.flush().await, "all of it was taken");

    let spans = receiver.spans();
    let requests = named(&spans, "POST /api/v1/events");
    let told = named(&spans, "process write_editions");
    let [first, second] = requests[..] else { panic!("{requests:?}") };
    let reached = |from: &Received| {
        let of_theirs = |span: &&Received| span.trace == from.trace;
        told.iter().any(|told| {
            let ordered = spans.iter().find(|span| told.parent.as_ref() == Some(&span.id));
            told.trace == from.trace
                || spans
                    .iter()
                    .filter(of_theirs)
                    .any(|span| span.links.iter().any(|(_, id)| ordered.is_some_and(|o| o.id == *id)))
        })
    };
    assert!(reached(first) && reached(second), "{spans:#?}");
    app.finish().await;
}

/// PRIVACY: every byte a receiver gets, of a member whose every name and word is known.
/// A receiver that takes the connection and never answers: everything is done as if there were none.
#[sqlx::test(migrations = "../migrations")]
async fn without_a_receiver_the_log_and_the_queue_still_say_what_belongs_together(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::new(database).await;
    let (telemetry, lines, _guard) = follow(None, 1_000);
    app.accept(&week(REFERENCE)[..4]).await;
    let job = app.services.list_jobs(&Filter::default(), 9).await.expect("a list").remove(0);
    let trace: Trace = job.trace.expect("a trace").parse().expect("one of W3C's");
    assert!(!trace.sampled && lines.text().contains(&trace.name()));
    // It stays with a job that dies and comes back.
    let held =
        app.services.claim_jobs(&job.queue, Uuid::from_u128(1), 9, Duration::from_mins(1)).await.expect("a claim");
    app.services.bury_job(&held[0], Death::Attempts, "the model was away").await.expect("buried");
    let dead = app.services.show_job(held[0].id).await.expect("an answer").expect("the job");
    assert_eq!((dead.standing.as_str(), dead.trace), ("dead", held[0].trace.map(|trace| trace.to_string())));
    app.services.revive_jobs(&Filter::default(), Some(held[0].id)).await.expect("put back");
    let alive = app.services.show_job(held[0].id).await.expect("an answer").expect("the job");
    assert_eq!((alive.standing.as_str(), alive.trace.is_some()), ("waiting", true));
    // And no row has anything else.
    let mut owner = app.owner().await;
    let wrong = sqlx::query("UPDATE job SET trace = 'qwyxtrace'").execute(&mut owner).await;
    assert!(wrong.expect_err("refused").to_string().contains("trace_check"));
    assert!(telemetry.flush().await, "all of it was taken");
    for job in held {
        let _ = app.services.snooze_job(&job, job.run_at).await;
    }
    app.run_due_jobs().await;
    app.finish().await;
}

/// Draws the picture in `docs/observability.md` anew: `cargo test … -- --ignored draws_the_picture`.
#[sqlx::test(migrations = "../migrations")]
#[ignore = "writes docs/trace.svg"]
async fn draws_the_picture(_: PgPoolOptions, database: PgConnectOptions) {
    let receiver = Receiver::start().await;
    let (mut app, _fake) = with_fake(TestApp::new(database).await).await;
    app.read_with(server::analyzer::Trained::load());
    app.with_phone().await;
    let (events, brought_late) = (week(REFERENCE), week("late"));
    for sent in [&events[4..], &brought_late[4..]] {
        app.accept(sent).await;
    }
    app.run_due_jobs().await;
    let (telemetry, _lines, _guard) = follow(Some(&receiver.url), 1_000);
    app.accept(&events[..4]).await;
    app.run_due_jobs().await;
    app.at("2026-11-23T05:00:00Z").await;
    app.put_phone("late", 2, &"cc".repeat(32)).await;
    app.accept(&brought_late[..4]).await;
    app.run_due_jobs().await;
    app.at("2026-11-23T20:00:00Z").await;
    assert!(telemetry.flush().await);
    let spans = receiver.spans();
    let requests = named(&spans, "POST /api/v1/events");
    let [in_time, late] = requests[..] else { panic!("{requests:?}") };
    let sent = spans.iter().find(|span| span.name == "send apns" && span.trace != late.trace).expect("a push");
    let of = |trace: &str| spans.iter().filter(|span| span.trace == trace).collect::<Vec<_>>();
    let parts = [
        Part { heading: "A session that came late: its push is its doing", spans: of(&late.trace) },
        Part { heading: "A session that came in time …", spans: of(&in_time.trace) },
        Part { heading: "… and its week, when that has ended", spans: of(&sent.trace) },
    ];
    let picture = draw("One session, from event to push", &parts);
    assert!(![WORD, REFERENCE].iter().any(|canary| picture.contains(canary)));
    std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/trace.svg"), picture).expect("written");
    app.close().await;
}
