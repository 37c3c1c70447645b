//! A model outside, spoken to over a real socket: what it is sent, what of its answers counts, and that nothing it does
//! keeps a session from being read.

use std::sync::{Arc, Mutex};

use axum::{Router, body::Body, extract::State, http::Method, http::StatusCode, response::Response, routing::post};
use serde_json::{Value, json};
use spectrum_domain::affect::EMOTION_NAMES;
use sqlx::{
    PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::net::TcpListener;

use crate::support::{TestApp, rows, session};

/// What the endpoint does with the next requests, the last of it with all that follow.
#[derive(Clone, Debug)]
enum Does {
    /// Reads every text it is sent.
    Reads,
    /// Reads one fewer.
    ForgetsOne,
    /// Says this of every text instead of a reading.
    Says(Value),
    /// Answers with this choice.
    Chooses(Value),
    /// Answers with this body.
    Sends(String),
    /// Answers with this status.
    Fails(u16),
    /// Never answers.
    Hangs,
}

#[derive(Debug)]
struct Endpoint {
    does: Mutex<Vec<Does>>,
    /// The bodies it was sent, with the key they came with.
    seen: Mutex<Vec<(String, Value)>>,
}

impl Endpoint {
    /// Listens on a port of its own.
    async fn start(does: Vec<Does>) -> (Arc<Self>, String) {
        let endpoint = Arc::new(Self { does: Mutex::new(does), seen: Mutex::default() });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/v1", listener.local_addr().expect("an address"));
        let router = Router::new().route("/v1/chat/completions", post(answer)).with_state(Arc::clone(&endpoint));
        tokio::spawn(async move { axum::serve(listener, router).await });
        (endpoint, url)
    }

    fn calls(&self) -> usize {
        self.seen.lock().expect("no panic").len()
    }

    /// The texts of a call.
    fn texts(&self, call: usize) -> Vec<String> {
        let seen = self.seen.lock().expect("no panic");
        let content = seen[call].1["messages"][1]["content"].as_str().expect("text").to_owned();
        serde_json::from_str(&content).expect("a JSON array")
    }
}

fn reading(valence: f64) -> Value {
    let emotions: Value = EMOTION_NAMES.iter().map(|name| ((*name).to_owned(), json!(0.25))).collect();
    json!({ "valence": valence, "arousal": 0.5, "dominance": 0.0, "emotions": emotions, "crisis": false })
}

async fn answer(State(endpoint): State<Arc<Endpoint>>, headers: axum::http::HeaderMap, body: String) -> Response {
    let body: Value = serde_json::from_str(&body).expect("JSON");
    let key = headers["authorization"].to_str().expect("text").to_owned();
    endpoint.seen.lock().expect("no panic").push((key, body));
    let texts = endpoint.texts(endpoint.calls() - 1).len();
    let does = {
        let mut does = endpoint.does.lock().expect("no panic");
        if does.len() > 1 { does.remove(0) } else { does[0].clone() }
    };
    let of = |readings: Vec<Value>| {
        let content = json!({ "readings": readings }).to_string();
        json!({ "message": { "role": "assistant", "content": content }, "finish_reason": "stop" })
    };
    let choice = match does {
        Does::Reads => of(vec![reading(-0.25); texts]),
        Does::ForgetsOne => of(vec![reading(-0.25); texts - 1]),
        Does::Says(reading) => of(vec![reading; texts]),
        Does::Chooses(choice) => choice,
        Does::Sends(body) => return Response::new(Body::from(body)),
        Does::Fails(status) => {
            let mut response = Response::new(Body::from("I am worried"));
            *response.status_mut() = StatusCode::from_u16(status).expect("a status");
            return response;
        }
        Does::Hangs => std::future::pending().await,
    };
    Response::new(Body::from(json!({ "choices": [choice], "usage": { "total_tokens": 321 } }).to_string()))
}

const TURNS: [&str; 3] = [
    "I am worried and I feel tired of it all.",
    "{\"id\": 17, \"name\": \"x\", \"tags\": [\"a\", \"b\"], \"nested\": {\"k\": null, \"ok\": true}}",
    "Es war ein langer Tag, und ich weiß nicht, wie es weitergehen soll.",
];

/// A member with a session; `outside` says what they agreed to.
async fn one_session(app: &TestApp, member: &str, outside: bool) {
    let consent = json!({ "consent": { "analysis": true, "model": true, "analytics": true, "outside": outside } });
    app.api(Method::PUT, &format!("/members/{member}"), Some(&consent)).await;
    app.accept(&session(member, "s", "2026-11-18T09:00:00Z", "Europe/London", &TURNS).events).await;
    app.run_due_jobs().await;
}

async fn vectors(owner: &mut PgConnection) -> Vec<Value> {
    rows(owner, "SELECT split_part(model, '+', 1) AS model, valence, turns, not_measured FROM session_vector").await
}

fn outside() -> Value {
    json!({ "model": "test-model@1", "valence": -250, "turns": 2, "not_measured": [0, 0, 1, 0] })
}

async fn spent(owner: &mut PgConnection) -> Vec<Value> {
    rows(owner, "SELECT scope, period, calls, tokens FROM budget").await
}

#[sqlx::test(migrations = "../migrations")]
async fn it_reads_for_who_agreed_and_for_nobody_else(_: PgPoolOptions, database: PgConnectOptions) {
    let mut app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let (endpoint, url) = Endpoint::start(vec![Does::Reads]).await;
    app.read_outside(&url, |_| {});
    one_session(&app, "eve", false).await;
    app.accept(&session("unasked", "s", "2026-11-18T09:00:00Z", "Europe/London", &TURNS).events).await;
    app.run_due_jobs().await;
    assert_eq!(endpoint.calls(), 0, "a member who agreed to rephrasing has not agreed to this");
    assert!(vectors(&mut owner).await.iter().all(|vector| vector["model"] == "lexicon@1"));

    let consent = json!({ "consent": { "analysis": true, "model": false, "analytics": false, "outside": true } });
    app.api(Method::PUT, "/members/bo", Some(&consent)).await;
    let sent = session("bo", "s", "2026-11-18T09:00:00Z", "Europe/London", &TURNS);
    app.accept(&sent.events).await;
    let bo = app.member("bo").await;
    app.services.exclude_session(&bo, sent.session_id.parse().expect("an id")).await.expect("left out");
    app.run_due_jobs().await;
    assert_eq!(endpoint.calls(), 0, "what is left out stays here");

    one_session(&app, "ada", true).await;
    assert!(vectors(&mut owner).await.contains(&outside()), "{:?}", vectors(&mut owner).await);
    assert_eq!(endpoint.texts(0), [TURNS[0], TURNS[2]], "logs stay here; other languages are known there");
    let (key, body) = endpoint.seen.lock().expect("no panic")[0].clone();
    assert_eq!(
        (key.as_str(), &body["model"], &body["temperature"]),
        ("Bearer sesame", &json!("test-model"), &json!(0))
    );
    assert_eq!(body["response_format"]["json_schema"]["strict"], json!(true));
    for word in ["ada", "2026-11", "mirror", "London"] {
        assert!(!body.to_string().contains(word), "{word} is nobody's business there");
    }
    let month = json!({ "scope": "analyzer", "period": "2026-11-01", "calls": 1, "tokens": 321 });
    assert_eq!(spent(&mut owner).await, [month]);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn whatever_it_answers_the_session_is_read(_: PgPoolOptions, database: PgConnectOptions) {
    let mut app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let without = |what: &str| {
        let mut reading = reading(0.0);
        reading.as_object_mut().expect("an object").remove(what);
        reading
    };
    let mut misnamed = reading(0.0);
    let joy = misnamed["emotions"].as_object_mut().expect("an object").remove("joy");
    misnamed["emotions"]["bliss"] = joy.expect("joy");
    let said = |content: &str| json!({ "message": { "content": content }, "finish_reason": "stop" });
    let cases = [
        ("one too few", Does::ForgetsOne, 1),
        ("too pleasant", Does::Says(reading(1.5)), 1),
        ("no energy", Does::Says(without("arousal")), 1),
        ("no emotions", Does::Says(without("emotions")), 1),
        ("another label", Does::Says(misnamed), 1),
        ("chat", Does::Chooses(said("I am worried too!")), 1),
        ("nothing", Does::Chooses(json!({ "message": { "content": null } })), 1),
        ("a refusal", Does::Chooses(json!({ "message": { "content": null, "refusal": "I can't" } })), 1),
        ("filtered", Does::Chooses(json!({ "message": { "content": "" }, "finish_reason": "content_filter" })), 1),
        ("cut off", Does::Chooses(json!({ "message": { "content": "{\"rea" }, "finish_reason": "length" })), 1),
        ("no choice", Does::Sends("{\"choices\": []}".to_owned()), 1),
        ("a page", Does::Sends("<html>".to_owned()), 1),
        ("nothing at all", Does::Sends(String::new()), 1),
        ("a flood", Does::Sends("x".repeat(2 * 1024 * 1024)), 1),
        ("not let in", Does::Fails(401), 1),
        ("elsewhere", Does::Fails(308), 1),
        ("too much", Does::Fails(429), 2),
        ("down", Does::Fails(503), 2),
    ];
    for (place, (name, does, calls)) in cases.into_iter().enumerate() {
        let (endpoint, url) = Endpoint::start(vec![does]).await;
        app.read_outside(&url, |_| {});
        one_session(&app, &format!("m{place}"), true).await;
        assert_eq!(endpoint.calls(), calls, "{name}");
        let models = rows(&mut owner, "SELECT model, count(*) AS n FROM session_vector GROUP BY model").await;
        assert_eq!(models, [json!({ "model": "lexicon@1", "n": place + 1 })], "{name}");
    }
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_passes_is_tried_once_more_and_what_hangs_is_left(_: PgPoolOptions, database: PgConnectOptions) {
    let mut app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let (endpoint, url) = Endpoint::start(vec![Does::Fails(502), Does::Reads]).await;
    app.read_outside(&url, |_| {});
    one_session(&app, "ada", true).await;
    assert_eq!((endpoint.calls(), vectors(&mut owner).await), (2, vec![outside()]));

    let (endpoint, url) = Endpoint::start(vec![Does::Hangs]).await;
    app.read_outside(&url, |settings| settings.timeout = std::time::Duration::from_millis(900));
    let begun = std::time::Instant::now();
    one_session(&app, "eve", true).await;
    assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
    assert_eq!((endpoint.calls(), vectors(&mut owner).await.len()), (2, 2));

    // Nobody listens there any more.
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/v1", listener.local_addr().expect("an address"));
    drop(listener);
    app.read_outside(&url, |_| {});
    one_session(&app, "bo", true).await;
    assert_eq!(vectors(&mut owner).await.len(), 3);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn when_the_month_is_spent_nothing_more_is_sent(_: PgPoolOptions, database: PgConnectOptions) {
    let mut app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let (endpoint, url) = Endpoint::start(vec![Does::Reads]).await;
    app.read_outside(&url, |settings| settings.monthly_calls = 2);
    for member in ["m1", "m2", "m3", "m4"] {
        one_session(&app, member, true).await;
    }
    assert_eq!(endpoint.calls(), 2);
    app.read_outside(&url, |settings| settings.monthly_tokens = 642);
    one_session(&app, "m5", true).await;
    assert_eq!(endpoint.calls(), 2, "the tokens of two calls are spent");
    app.clock.advance(chrono::TimeDelta::days(11));
    app.services.prepare_partitions().await.expect("partitions");
    one_session(&app, "m6", true).await;
    assert_eq!((endpoint.calls(), spent(&mut owner).await.len()), (3, 2), "December has its own");
    assert_eq!(vectors(&mut owner).await.iter().filter(|vector| **vector == outside()).count(), 3);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_flag_of_either_model_withholds(_: PgPoolOptions, database: PgConnectOptions) {
    let mut app = TestApp::new(database).await;
    let mut owner = app.owner().await;
    let mut flagged = reading(0.0);
    flagged["crisis"] = json!(true);
    let (_, url) = Endpoint::start(vec![Does::Says(flagged)]).await;
    app.read_outside(&url, |_| {});
    one_session(&app, "ada", true).await;
    let (_, url) = Endpoint::start(vec![Does::Reads]).await;
    app.read_outside(&url, |_| {});
    app.read_with(crate::support::Other::new("other@2"));
    app.accept(&session("ada", "t", "2026-11-19T09:00:00Z", "Europe/London", &["I feel unsafe and alone."]).events)
        .await;
    app.run_due_jobs().await;
    let states = rows(&mut owner, "SELECT state, count(*) AS n FROM session GROUP BY state").await;
    assert_eq!(states, [json!({ "state": "withheld", "n": 2 })]);
    app.finish().await;
}
