//! The replay against a small server that keeps the API's contract, with its moods: late, refusing, stuck.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Json, Router,
    extract::{Path as UrlPath, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};

use super::{
    client::{MemberProfile, What},
    deliver::{BATCH_BYTES, BATCH_EVENTS, batches, wait_with},
    diary::{Entry, Setting, events, weeks_to_now},
    *,
};

/// What the server knows and how it behaves.
#[derive(Default)]
struct Fake {
    seen: BTreeMap<String, Value>,
    /// Sessions in the order in which their events came first.
    order: Vec<String>,
    put: Option<Value>,
    late: u32,
    refuse_text: Option<&'static str>,
    stuck: bool,
}

type Shared = Arc<Mutex<Fake>>;

async fn take(State(fake): State<Shared>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    let mut fake = fake.lock().expect("not poisoned");
    if headers.get(header::AUTHORIZATION).is_none_or(|key| key != "Bearer good") {
        let problem = json!({"title": "Unauthorized", "detail": "This key is not known."});
        return (StatusCode::UNAUTHORIZED, Json(problem)).into_response();
    }
    if fake.late > 0 {
        fake.late -= 1;
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let (mut accepted, mut duplicates, mut refused) = (0, 0, 0);
    for event in body["events"].as_array().expect("events") {
        let id = event["event_id"].as_str().expect("an id").to_owned();
        if fake.refuse_text.is_some_and(|text| event["text"] == text) {
            refused += 1;
        } else if let Some(known) = fake.seen.get(&id) {
            assert_eq!(known, event, "the same id has the same body");
            duplicates += 1;
        } else {
            fake.order.push(event["occurred_at"].as_str().expect("an instant").to_owned());
            fake.seen.insert(id, event.clone());
            accepted += 1;
        }
    }
    let counts = json!({"accepted": accepted, "duplicates": duplicates, "refused": refused, "results": [],
                        "detail": (refused > 0).then_some("turn.added: the text is refused")});
    let status = if refused > 0 { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    (status, Json(counts)).into_response()
}

async fn status(State(fake): State<Shared>, UrlPath(member): UrlPath<String>) -> Response {
    let fake = fake.lock().expect("not poisoned");
    let of_member: Vec<&Value> = fake.seen.values().filter(|event| event["member"] == member.as_str()).collect();
    if of_member.is_empty() {
        return StatusCode::NOT_FOUND.into_response();
    }
    let sessions: BTreeSet<_> = of_member.iter().map(|event| event["session_id"].as_str()).collect();
    let ended = of_member.iter().filter(|event| event["type"] == "session.ended").count();
    let pending = if fake.stuck { 3 } else { 0 };
    Json(json!({"sessions": sessions.len(), "open": sessions.len() - ended, "analysed": ended, "unmeasured": 0,
                "pending_jobs": pending, "dead_jobs": 0, "days": ended, "weeks": 1, "months": 1}))
    .into_response()
}

async fn put(State(fake): State<Shared>, Json(body): Json<Value>) -> StatusCode {
    fake.lock().expect("not poisoned").put = Some(body);
    StatusCode::OK
}

/// Runs `work` beside a server on a free port of this machine.
async fn beside<T>(fake: &Shared, work: impl AsyncFnOnce(String) -> T) -> T {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let url = format!("http://{}/under/here", listener.local_addr().expect("an address"));
    let api = Router::new()
        .route("/api/v1/events", post(take))
        .route("/api/v1/members/{member}", get(status).put(put))
        .with_state(Arc::clone(fake));
    let app = Router::new().nest("/under/here", api);
    tokio::select! {
        _ = axum::serve(listener, app) => unreachable!("the server runs on"),
        done = work(url) => done,
    }
}

fn entry(date: &str, turns: &[&str]) -> Entry {
    Entry {
        author: "somebody".to_owned(),
        date: date.parse().expect("a date"),
        turns: turns.iter().map(|text| spectrum_domain::private::Private::new((*text).to_owned())).collect(),
    }
}

fn setting() -> Setting {
    Setting {
        member: "m".parse().expect("a reference"),
        zone: Tz::Europe__London,
        feature: Feature::Mirror,
        weeks_ahead: 0,
    }
}

fn options(url: String, name: &str, lines: &[&str]) -> ReplayOptions {
    let file = std::env::temp_dir().join(format!("spectrum-replay-{}-{name}.jsonl", std::process::id()));
    let mut written = std::fs::File::create(&file).expect("a file");
    for line in lines {
        writeln!(written, "{line}").expect("written");
    }
    ReplayOptions {
        file,
        member: "m/1".parse().expect("a reference"),
        zone: Tz::Europe__Paris,
        shift_to_now: false,
        feature: Feature::Lens,
        shuffle_seed: None,
        twice: false,
        url,
        key: "good".into(),
    }
}

const DIARY: [&str; 4] = [
    r#"{"author": "somebody", "date": "1905-06-01", "turns": ["One.", "Two."]}"#,
    "",
    r#"{"author": "somebody", "date": "1905-06-01", "turns": ["Three, with “quotes”."]}"#,
    r#"{"author": "somebody", "date": "1917-10-21", "turns": ["Four."]}"#,
];

fn now() -> DateTime<Utc> {
    "2026-11-23T09:00:00Z".parse().expect("an instant")
}

#[tokio::test]
async fn a_diary_goes_in_once_however_often_and_in_whatever_order_it_is_sent() {
    let fake = Shared::default();
    beside(&fake, async |url| {
        let first = run(options(url.clone(), "once", &DIARY), now(), &|_, _, _| {}).await.expect("replayed");
        assert_eq!((first.events_accepted, first.events_duplicate, first.sessions_analysed), (10, 0, 3));
        let known = fake.lock().expect("not poisoned").seen.clone();
        let again = ReplayOptions { shuffle_seed: Some(3), twice: true, ..options(url, "once", &DIARY) };
        let again = run(again, now(), &|_, _, _| {}).await.expect("replayed");
        assert_eq!((again.events_accepted, again.events_duplicate, again.sessions_analysed), (0, 20, 3));
        let fake = fake.lock().expect("not poisoned");
        assert_eq!(fake.seen, known);
        assert_eq!(fake.put, Some(json!({"time_zone": "Europe/Paris"})));
        assert_eq!(fake.order[0], "1905-06-01T20:50:39Z", "nine in the evening, nine minutes ahead of Greenwich");
        let summary: Vec<String> =
            serde_json::to_value(&again).expect("JSON").as_object().expect("an object").keys().cloned().collect();
        assert_eq!(
            summary.iter().map(String::as_str).collect::<BTreeSet<_>>(),
            BTreeSet::from([
                "events_accepted",
                "events_duplicate",
                "events_refused",
                "sessions_analysed",
                "days",
                "weeks",
                "months",
                "seconds"
            ])
        );
    })
    .await;
}

#[tokio::test]
async fn a_server_that_is_late_is_asked_again_and_one_that_is_gone_is_named() {
    let fake = Shared::default();
    fake.lock().expect("not poisoned").late = 3;
    let all = events(&[entry("2026-11-01", &["One."])], &setting()).expect("events");
    let url = beside(&fake, async |url| {
        let client =
            HostClient::new(&url, &"good".into()).expect("a client").with_first_pause(Duration::from_millis(1));
        assert_eq!(client.send_events(&all).await.expect("in the end").accepted, 3);
        url
    })
    .await;
    let client = HostClient::new(&url, &"good".into()).expect("a client").with_first_pause(Duration::from_millis(1));
    let error = client.send_events(&all).await.expect_err("nobody there").to_string();
    assert!(error.contains("no connection") && error.contains("nothing is added twice"), "{error}");
}

#[tokio::test]
async fn refusals_are_counted_and_told_and_hold_nothing_up() {
    let fake = Shared::default();
    fake.lock().expect("not poisoned").refuse_text = Some("Two.");
    beside(&fake, async |url| {
        let summary = run(options(url.clone(), "refused", &DIARY), now(), &|_, _, _| {}).await.expect("replayed");
        assert_eq!((summary.events_accepted, summary.events_refused), (9, 1));
        assert!(summary.to_string().contains("Refused: turn.added: the text is refused"), "{summary}");
        let client = HostClient::new(&url, &"bad".into()).expect("a client");
        let error = client.send_events(&[]).await.expect_err("a bad key").to_string();
        assert_eq!(
            error,
            "Spectrum refused a batch of events (401): This key is not known. What it had accepted before is kept"
        );
    })
    .await;
}

#[tokio::test]
async fn a_pipeline_that_stands_still_is_given_up() {
    let fake = Shared::default();
    beside(&fake, async |url| {
        let client = HostClient::new(&url, &"good".into()).expect("a client");
        let member = "m".parse().expect("a reference");
        assert_eq!(client.member_status(&member).await.expect("an answer"), None);
        client.put_member(&member, &MemberProfile::default()).await.expect("put");
        client
            .send_events(&events(&[entry("2026-11-01", &["One."])], &setting()).expect("events"))
            .await
            .expect("sent");
        fake.lock().expect("not poisoned").stuck = true;
        let soon = Duration::from_millis(1);
        let error = wait_with(&client, &member, soon, soon * 20, |_| {}).await.expect_err("stuck");
        assert!(matches!(error, ReplayError::Stuck { pending: 3, open: 0, .. }), "{error}");
    })
    .await;
}

#[test]
fn the_demo_is_found_by_what_it_wrote() {
    let directory = std::env::temp_dir().join(format!("spectrum-replay-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a directory");
    let written = directory.join("demo.json");
    let arguments = |more: &[&str]| {
        let words = ["x", "diary.jsonl", "--member", "m", "--time-zone", "Asia/Kathmandu"];
        <ReplayArgs as clap::Args>::augment_args(clap::Command::new("x"))
            .try_get_matches_from(words.iter().chain(more))
            .and_then(|matches| <ReplayArgs as clap::FromArgMatches>::from_arg_matches(&matches))
    };
    let parsed = arguments(&["--feature", "turn", "--twice"]).expect("arguments");
    let missing = parsed.clone().options(&written).expect_err("no demo yet").to_string();
    assert!(missing.contains("make demo"), "{missing}");
    std::fs::write(&written, r#"{"url": "http://127.0.0.1:1", "host_key": "hidden"}"#).expect("written");
    let options = parsed.options(&written).expect("the demo's");
    assert_eq!((options.url.as_str(), options.feature, options.twice), ("http://127.0.0.1:1", Feature::Turn, true));
    assert!(!format!("{options:?}").contains("hidden"));
    let own = arguments(&["--url", "https://spectrum.example", "--key", "k"]).expect("arguments").options(&written);
    assert_eq!(own.expect("given").url, "https://spectrum.example");
    assert!(arguments(&["--url", "https://spectrum.example"]).is_err(), "an address without a key");
    std::fs::write(&written, "{}").expect("written");
    let broken = arguments(&[]).expect("arguments").options(&written).expect_err("no address").to_string();
    assert!(broken.contains("Start the demo again"), "{broken}");
}

#[test]
fn a_bad_line_is_told_by_its_place_and_never_quoted() {
    for (line, problem) in [
        (r#"{"author": "a", "date": "1905-06-01", "turns": "a secret"}"#, "a field is missing"),
        (r#"{"author": "a", "date": "a secret", "turns": []}"#, "a field is missing"),
        ("a secret", "it is not JSON"),
        (r#"{"author": "a secret"#, "it breaks off"),
    ] {
        let file = options(String::new(), "bad", &[DIARY[0], line]).file;
        let error = diary::read(&file).expect_err("a bad line");
        let told = format!("{error} {error:?}");
        assert!(told.contains("line 2") && told.contains(problem) && !told.contains("secret"), "{told}");
    }
    assert!(matches!(diary::read(&options(String::new(), "bad", &[""]).file), Err(ReplayError::EmptyDiary)));
}

#[test]
fn shifting_keeps_weekdays_and_ends_in_this_week() {
    let entries = [entry("1917-10-19", &["One."]), entry("1917-10-21", &["Two."])];
    for now in ["2026-11-23T00:30:00Z", "2026-11-29T23:30:00Z"] {
        let now = now.parse().expect("an instant");
        let weeks_ahead = weeks_to_now(&entries, Tz::Europe__London, now);
        let events = events(&entries, &Setting { weeks_ahead, ..setting() }).expect("events");
        assert_eq!(events[0].occurred_at.to_rfc3339(), "2026-11-27T21:00:00+00:00", "the Friday");
        let last = events.last().expect("events").occurred_at;
        assert_eq!(last.to_rfc3339(), "2026-11-29T21:01:00+00:00", "the Sunday");
        assert!(last - now < spectrum_domain::event::MAX_AHEAD);
    }
}

#[test]
fn a_session_is_begun_written_and_ended_and_two_of_a_date_are_two() {
    let entries = [entry("2026-11-01", &["One.", "Two."]), entry("2026-11-01", &["One.", "Two."])];
    let events = events(&entries, &setting()).expect("events");
    assert_eq!(events.iter().map(|event| event.event_id).collect::<BTreeSet<_>>().len(), 8);
    assert_eq!(events.iter().map(|event| event.session_id).collect::<BTreeSet<_>>().len(), 2);
    assert!(matches!(events[2].what, What::Turn { index: 1, .. }));
    assert_eq!((events[3].occurred_at - events[0].occurred_at).num_minutes(), 2);
    assert_eq!(events[0].event_id.get_version_num(), 8);
    let other = diary::events(&entries, &Setting { member: "n".parse().expect("a reference"), ..setting() });
    assert_ne!(other.expect("events")[0].event_id, events[0].event_id);
    let shown = format!("{events:?}");
    assert!(!shown.contains("One."), "words are not shown: {shown}");
}

#[test]
fn batches_keep_both_limits_and_lose_nothing() {
    let (small, large) = ("x".repeat(10), "\u{1}".repeat(16 * 1024));
    for (text, count) in [(small, 1_234), (large, 40)] {
        let turns: Vec<&str> = std::iter::repeat_n(text.as_str(), count).collect();
        let all = events(&[entry("2026-11-01", &turns)], &setting()).expect("events");
        let cut = batches(&all);
        assert_eq!(cut.iter().map(|batch| batch.len()).sum::<usize>(), all.len());
        for batch in cut {
            assert!(batch.len() <= BATCH_EVENTS);
            let body = serde_json::to_vec(&json!({"events": batch})).expect("JSON");
            assert!(body.len() <= BATCH_BYTES, "{}", body.len());
        }
    }
    assert!(batches(&[]).is_empty());
}
