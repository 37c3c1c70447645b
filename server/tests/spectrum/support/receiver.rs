//! A receiver of traces on this machine: real HTTP, every byte kept, and read as the protocol says.

use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, LazyLock, Mutex},
};

use axum::{Router, body::Bytes, extract::State, http::HeaderMap, routing::post};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::any_value::Value,
    trace::v1::{Span, status::StatusCode},
};
use prost::Message as _;
use server::{config, telemetry::Telemetry};
use tokio::net::TcpListener;
use tracing::Dispatch;
use tracing_subscriber::fmt::MakeWriter;

/// Everything that was sent, with the headers it came with.
type Sent = Arc<Mutex<Vec<(HeaderMap, Bytes)>>>;

/// A receiver that takes what it is sent.
pub struct Receiver {
    pub url: String,
    sent: Sent,
}

/// A span as it was received.
#[derive(Clone, Debug, PartialEq)]
pub struct Received {
    pub trace: String,
    pub id: String,
    pub parent: Option<String>,
    /// Traces and spans that it points to.
    pub links: Vec<(String, String)>,
    pub name: String,
    pub attributes: BTreeMap<String, String>,
    pub failed: bool,
    /// Nanoseconds.
    pub from: u64,
    pub until: u64,
}

impl Receiver {
    pub async fn start() -> Self {
        let sent = Sent::default();
        let take = async |State(sent): State<Sent>, headers: HeaderMap, body: Bytes| {
            sent.lock().expect("no panic").push((headers, body));
        };
        let router = Router::new().route("/otlp/v1/traces", post(take)).with_state(Arc::clone(&sent));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/otlp", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, sent }
    }

    /// Everything as it came, headers first.
    pub fn bytes(&self) -> Vec<u8> {
        let sent = self.sent.lock().expect("no panic");
        sent.iter().flat_map(|(headers, body)| [format!("{headers:?}").into_bytes(), body.to_vec()].concat()).collect()
    }

    /// How often something was sent.
    pub fn requests(&self) -> usize {
        self.sent.lock().expect("no panic").len()
    }

    /// The header of this name of the first request.
    pub fn header(&self, name: &str) -> String {
        let sent = self.sent.lock().expect("no panic");
        let value = sent.first().and_then(|(headers, _)| headers.get(name)?.to_str().ok());
        value.unwrap_or_default().to_owned()
    }

    /// The spans so far, by when they began.
    pub fn spans(&self) -> Vec<Received> {
        let sent = self.sent.lock().expect("no panic");
        let mut spans = Vec::new();
        for (_, body) in sent.iter() {
            let request = ExportTraceServiceRequest::decode(body.clone()).expect("OTLP");
            for resource in request.resource_spans {
                spans.extend(resource.scope_spans.into_iter().flat_map(|scope| scope.spans).map(Received::of));
            }
        }
        spans.sort_by_key(|span| (span.from, span.id.clone()));
        spans
    }
}

impl Received {
    fn of(span: Span) -> Self {
        let text = |value: Option<Value>| match value {
            Some(Value::StringValue(text)) => text,
            Some(Value::IntValue(number)) => number.to_string(),
            other => panic!("{other:?}"),
        };
        assert!(span.events.is_empty() && span.trace_state.is_empty(), "{span:?}");
        Self {
            trace: hex(&span.trace_id),
            id: hex(&span.span_id),
            parent: Some(hex(&span.parent_span_id)).filter(|id| !id.is_empty()),
            links: span.links.iter().map(|link| (hex(&link.trace_id), hex(&link.span_id))).collect(),
            name: span.name,
            attributes: span
                .attributes
                .into_iter()
                .map(|attribute| (attribute.key, text(attribute.value.and_then(|any| any.value))))
                .collect(),
            failed: span.status.is_some_and(|status| status.code == StatusCode::Error as i32),
            from: span.start_time_unix_nano,
            until: span.end_time_unix_nano,
        }
    }

    /// The attribute of this name; nothing if there is none.
    pub fn says(&self, name: &str) -> &str {
        self.attributes.get(name).map(String::as_str).unwrap_or_default()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

/// The spans with this name.
pub fn named<'a>(spans: &'a [Received], name: &str) -> Vec<&'a Received> {
    spans.iter().filter(|span| span.name == name).collect()
}

/// The one span with this name.
pub fn one<'a>(spans: &'a [Received], name: &str) -> &'a Received {
    match named(spans, name)[..] {
        [span] => span,
        ref other => panic!("{name}: {other:?}"),
    }
}

/// Whether a span links to another.
pub fn points_to(span: &Received, other: &Received) -> bool {
    span.links.contains(&(other.trace.clone(), other.id.clone()))
}

/// Lines of a log, kept.
#[derive(Clone, Default)]
pub struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("no panic")).into_owned()
    }
}

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// What this test does is followed from here on, and what others do beside it is not: theirs are other threads.
pub fn follow(endpoint: Option<&str>, sample_permille: u16) -> (Telemetry, Lines, tracing::subscriber::DefaultGuard) {
    // While a process has but one subscriber, `tracing` asks that of whatever thread comes first by a span whether anybody wants it, and
    // keeps the answer for all: a test beside this one that follows nothing would switch spans off here. So there are always two.
    static OTHERS: LazyLock<[Dispatch; 2]> =
        LazyLock::new(|| [(); 2].map(|()| Dispatch::new(tracing_subscriber::registry())));
    LazyLock::force(&OTHERS);
    let settings = config::Telemetry {
        endpoint: endpoint.map(str::to_owned),
        headers: vec![("authorization".to_owned(), "Bearer sesame".into())],
        sample_permille,
        continue_hosts: false,
    };
    let telemetry = Telemetry::new(&settings).expect("telemetry");
    let (log, lines) = (config::Log { format: config::LogFormat::Json, filter: "info".to_owned() }, Lines::default());
    let guard = tracing::subscriber::set_default(telemetry.subscriber(&log, lines.clone()));
    (telemetry, lines, guard)
}
