//! The real listener, spoken to over bare TCP: who is slow, too large or too many is cut off, and whoever is not is answered.

use std::{net::SocketAddr, time::Duration};

use axum::{
    Router,
    http::StatusCode,
    routing::{get, post},
};
use server::{config, lifecycle::Lifecycle, listen};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::Notify,
};

use crate::support::TestApp;

const LIMITS: config::Listener = config::Listener {
    connections: 100,
    head: Duration::from_millis(300),
    body: Duration::from_millis(300),
    stall: Duration::from_millis(300),
};

async fn listening(router: Router, limits: config::Listener) -> (SocketAddr, Lifecycle) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let lifecycle = Lifecycle::default();
    listen::serve(listener, router, limits, &lifecycle);
    (address, lifecycle)
}

/// What comes until the other side closes; a test that waits for ever has failed.
async fn to_the_end(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(30), stream.read_to_end(&mut answer)).await;
    // A connection that is reset is closed too.
    let _ = read.expect("the connection is closed");
    String::from_utf8_lossy(&answer).into_owned()
}

async fn say(address: SocketAddr, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(text.as_bytes()).await.expect("written");
    stream
}

const HEALTH: &str = "GET /health HTTP/1.1\r\nHost: spectrum.test\r\nConnection: close\r\n\r\n";

#[sqlx::test(migrations = "../migrations")]
async fn a_head_that_trickles_in_or_never_ends_is_cut_off(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let (address, lifecycle) = listening(app.router.clone(), LIMITS).await;
    let mut silent = TcpStream::connect(address).await.expect("a connection");
    let mut half = say(address, "GET /health HTTP/1.1\r\nHost: spectrum.test\r\nX-Slow: ").await;
    let (mut reader, mut writer) = say(address, "GET /health HTTP/1.1\r\n").await.into_split();
    let trickle = async {
        // A byte now and then must not keep it open.
        while writer.write_all(b"X-A: b\r\n").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let read = async {
        let mut answer = Vec::new();
        let _ = reader.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    };
    let trickled = tokio::time::timeout(Duration::from_secs(30), async { tokio::join!(trickle, read).1 }).await;
    assert!(!trickled.expect("it is cut off").contains("200 OK"));
    for stream in [&mut silent, &mut half] {
        assert!(!to_the_end(stream).await.contains("200 OK"));
    }
    assert!(to_the_end(&mut say(address, HEALTH).await).await.starts_with("HTTP/1.1 200"), "others are answered");
    assert!(lifecycle.stop().await);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_body_that_never_ends_is_answered_408(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await.with_settings(&[("SPECTRUM_HTTP_BODY_SECONDS", "1")], Router::new());
    let (address, lifecycle) = listening(app.router.clone(), LIMITS).await;
    for key in ["", "Idempotency-Key: k\r\n"] {
        let head = format!(
            "POST /api/v1/events HTTP/1.1\r\nHost: spectrum.test\r\nAuthorization: Bearer {}\r\n{key}\
             Content-Length: 1000\r\nConnection: close\r\n\r\n{{\"events\":",
            app.host_key
        );
        let answer = to_the_end(&mut say(address, &head).await).await;
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
        assert!(answer.contains("urn:spectrum:problem:slow-body"), "{answer}");
    }
    assert!(lifecycle.stop().await);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_head_that_is_too_large_or_has_too_many_headers_is_refused(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let (address, lifecycle) = listening(app.router.clone(), LIMITS).await;
    let large = format!("GET /health HTTP/1.1\r\nHost: x\r\nX-Large: {}\r\n\r\n", "a".repeat(64 * 1024));
    let many = format!("GET /health HTTP/1.1\r\nHost: x\r\n{}\r\n", "X-Many: a\r\n".repeat(100));
    for head in [large, many] {
        // It may be closed while we still write.
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        let _ = stream.write_all(head.as_bytes()).await;
        let answer = to_the_end(&mut stream).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
    }
    for nonsense in ["\0\0\0\0\r\n\r\n", "GET\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET / HTTP/9.9\r\n\r\n"] {
        let answer = to_the_end(&mut say(address, nonsense).await).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{nonsense:?}: {answer}");
    }
    // Two lengths, or a length beside chunks: one proxy's body is another's next request.
    for headers in ["Content-Length: 5\r\nContent-Length: 6\r\n", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"]
    {
        let smuggled = format!(
            "POST /fn/sign_in HTTP/1.1\r\nHost: x\r\n{headers}\r\n0\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n"
        );
        let answer = to_the_end(&mut say(address, &smuggled).await).await;
        assert!(!answer.contains("{\"status\":\"ok\"}"), "{headers}: {answer}");
    }
    assert!(to_the_end(&mut say(address, HEALTH).await).await.starts_with("HTTP/1.1 200"));
    assert!(lifecycle.stop().await);
    app.finish().await;
}

#[tokio::test]
async fn a_client_that_takes_nothing_of_its_answer_is_cut_off() {
    let large = "x".repeat(64 * 1024 * 1024);
    let router = Router::new().route("/large", get(async move || large)).route("/small", get(async || "small"));
    let one = config::Listener { connections: 1, ..LIMITS };
    let (address, lifecycle) = listening(router, one).await;
    let greedy = say(address, "GET /large HTTP/1.1\r\nHost: x\r\n\r\n").await;
    // The one place is free again only when the first was cut off.
    let mut next = say(address, "GET /small HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    assert!(to_the_end(&mut next).await.ends_with("small"));
    drop(greedy);
    assert!(lifecycle.stop().await);
}

#[tokio::test]
async fn one_connection_more_than_there_are_places_waits_and_is_answered() {
    let (begun, go_on) = (std::sync::Arc::new(Notify::new()), std::sync::Arc::new(Notify::new()));
    let (inside, outside) = (begun.clone(), go_on.clone());
    let slow = get(move || async move {
        inside.notify_one();
        outside.notified().await;
        "slow"
    });
    let router = Router::new().route("/slow", slow).route("/quick", get(async || "quick"));
    let (address, lifecycle) = listening(router, config::Listener { connections: 1, ..LIMITS }).await;
    let mut first = say(address, "GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    begun.notified().await;
    let mut second = say(address, "GET /quick HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    let mut byte = [0];
    let early = tokio::time::timeout(Duration::from_millis(200), second.read(&mut byte)).await;
    assert!(early.is_err(), "it was answered beside the first");
    go_on.notify_one();
    assert!(to_the_end(&mut first).await.ends_with("slow"));
    assert!(to_the_end(&mut second).await.ends_with("quick"));
    assert!(lifecycle.stop().await);
}

#[tokio::test]
async fn a_request_under_way_is_answered_when_the_process_stops_and_idle_connections_are_closed() {
    let (begun, go_on) = (std::sync::Arc::new(Notify::new()), std::sync::Arc::new(Notify::new()));
    let (inside, outside) = (begun.clone(), go_on.clone());
    let slow = post(move || async move {
        inside.notify_one();
        outside.notified().await;
        StatusCode::CREATED
    });
    let router = Router::new().route("/slow", slow);
    let patient = config::Listener { head: Duration::from_mins(5), ..LIMITS };
    let (address, lifecycle) = listening(router, patient).await;
    let mut idle = TcpStream::connect(address).await.expect("a connection");
    let mut busy = say(address, "POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n").await;
    begun.notified().await;
    let stop = tokio::spawn({
        let lifecycle = lifecycle.clone();
        async move { lifecycle.stop().await }
    });
    assert_eq!(to_the_end(&mut idle).await, "");
    assert!(TcpStream::connect(address).await.is_err() || !stop.is_finished(), "it takes no more");
    go_on.notify_one();
    assert!(to_the_end(&mut busy).await.starts_with("HTTP/1.1 201"));
    assert!(stop.await.expect("no panic"), "all tasks ended in time");
}
