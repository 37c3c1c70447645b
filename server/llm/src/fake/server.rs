//! The fake's server: TLS with a certificate of its own, both protocols, and what can be told to go wrong.

use std::{
    collections::VecDeque,
    io,
    net::SocketAddr,
    path::PathBuf,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use http_body_util::{BodyExt, Limited};
use hyper::{
    HeaderMap, Method, Request, Response, StatusCode,
    body::{Body, Bytes, Frame, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinSet};
use tokio_rustls::TlsAcceptor;

use super::{Lie, batch::Batches, honest, spoken::wrap, strict};
use crate::provider::{Dialect, Settings, Usage};

/// The key that the fake takes.
pub const KEY: &str = "fake-key-0123456789";

/// What can go wrong with one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// 429, and when to come again, in seconds.
    TooMany {
        /// The header, if it has one.
        retry_after: Option<u64>,
    },
    /// An error of this status.
    Status(u16),
    /// Nothing for so long.
    Slow(Duration),
    /// The connection breaks in the middle.
    Cut,
    /// The answer is whole, its JSON is not.
    HalfJson,
    /// Two megabytes.
    Huge,
    /// Go and ask there.
    Redirect,
    /// The model declines.
    Declined,
    /// The most tokens are reached.
    CutOff,
}

/// What is told to the fake and what it has seen.
#[derive(Debug, Default)]
pub(super) struct Told {
    lie: Option<(Lie, usize)>,
    unsafe_: bool,
    troubles: VecDeque<Trouble>,
    pub(super) counted: Usage,
    calls: u32,
    refused: Vec<String>,
    systems: Vec<String>,
    inputs: Vec<Value>,
    pub(super) batches: Batches,
}

/// The fake. It stops when it is dropped.
#[derive(Debug)]
pub struct Fake {
    address: SocketAddr,
    root: PathBuf,
    told: Arc<Mutex<Told>>,
    _tasks: JoinSet<()>,
}

impl Drop for Fake {
    fn drop(&mut self) {
        // A file in the temporary folder that can't be removed does no harm.
        let _ = std::fs::remove_file(&self.root);
    }
}

impl Fake {
    /// Starts it on a free port of this machine.
    pub async fn start() -> io::Result<Self> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let signed = rcgen::generate_simple_self_signed(["localhost".to_owned()]).map_err(io::Error::other)?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signed.signing_key.serialize_der()));
        let tls = rustls::ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![signed.cert.der().clone()], key)
            .map_err(io::Error::other)?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let root = std::env::temp_dir().join(format!("spectrum-fake-{}-{}.pem", std::process::id(), address.port()));
        std::fs::write(&root, signed.cert.pem())?;
        let told = Arc::new(Mutex::new(Told::default()));
        let mut tasks = JoinSet::new();
        tasks.spawn(serve(listener, TlsAcceptor::from(Arc::new(tls)), Arc::clone(&told)));
        Ok(Self { address, root, told, _tasks: tasks })
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        locked(&self.told)
    }

    /// Settings that reach it, with its certificate as the extra root. They wait long: an answer that a busy machine was late with would be
    /// counted here and booked nowhere.
    pub fn settings(&self, dialect: Dialect) -> Settings {
        let path = if dialect == Dialect::OpenAi { "/v1" } else { "" };
        let url = format!("https://localhost:{}{path}", self.address.port());
        let settings = Settings::new(dialect, &url, KEY.to_owned().into());
        Settings { extra_root: Some(self.root.clone()), timeout: Duration::from_mins(1), ..settings }
    }

    /// From now on it lies like this, at the sentence of this place; or not at all.
    pub fn lie(&self, lie: Option<(Lie, usize)>) {
        self.told().lie = lie;
    }

    /// From now on it calls texts unsafe, or safe.
    pub fn call_unsafe(&self, yes: bool) {
        self.told().unsafe_ = yes;
    }

    /// The next call goes wrong like this; several are taken in order.
    pub fn trouble(&self, trouble: Trouble) {
        self.told().troubles.push_back(trouble);
    }

    /// Tokens of all answers that it gave, by its own count.
    pub fn counted(&self) -> Usage {
        self.told().counted
    }

    /// Calls that came in.
    pub fn calls(&self) -> u32 {
        self.told().calls
    }

    /// The results of the next batch lack its first item, which is not charged for.
    pub fn lose_an_item(&self) {
        self.told().batches.loses = true;
    }

    /// What the items of all batches were named, in order.
    pub fn batch_items(&self) -> Vec<String> {
        self.told().batches.named.clone()
    }

    /// What it refused, and why.
    pub fn refused(&self) -> Vec<String> {
        self.told().refused.clone()
    }

    /// The inputs that it was given, in order.
    pub fn inputs(&self) -> Vec<Value> {
        self.told().inputs.clone()
    }
}

pub(super) fn locked(told: &Mutex<Told>) -> MutexGuard<'_, Told> {
    told.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(listener: TcpListener, tls: TlsAcceptor, told: Arc<Mutex<Told>>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let (tls, told) = (tls.clone(), Arc::clone(&told));
        connections.spawn(async move {
            // Head and body go out one after the other; waiting for the first to be confirmed would cost 40 ms a call.
            let _ = stream.set_nodelay(true);
            let Ok(stream) = tls.accept(stream).await else { return };
            let answer = service_fn(move |request| respond(request, Arc::clone(&told)));
            // A connection that breaks is what some tests want.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
        });
        while connections.try_join_next().is_some() {}
    }
}

/// A body, which may break off.
#[derive(Debug)]
struct Answer {
    rest: Option<Bytes>,
    breaks: bool,
}

impl Body for Answer {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Poll::Ready(match self.rest.take() {
            Some(rest) => Some(Ok(Frame::data(rest))),
            None if self.breaks => Some(Err(io::ErrorKind::ConnectionReset.into())),
            None => None,
        })
    }
}

fn answer(status: u16, body: impl Into<Bytes>, breaks: bool) -> Response<Answer> {
    let mut response = Response::new(Answer { rest: Some(body.into()), breaks });
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in [("request-id", "req_fake_1"), ("x-request-id", "req_fake_1")] {
        response.headers_mut().insert(name, hyper::header::HeaderValue::from_static(value));
    }
    response
}

async fn respond(request: Request<Incoming>, told: Arc<Mutex<Told>>) -> Result<Response<Answer>, io::Error> {
    let (head, body) = request.into_parts();
    let body = Limited::new(body, 8 * 1024 * 1024).collect().await.map_err(io::Error::other)?.to_bytes();
    let path = head.uri.path();
    let dialect = if path.starts_with("/v1/messages") { Dialect::Anthropic } else { Dialect::OpenAi };
    let trouble = {
        let mut told = locked(&told);
        told.calls += 1;
        told.troubles.pop_front()
    };
    if let Some(response) = hinder(trouble).await {
        return Ok(response);
    }
    let done = strict::head(dialect, &head.headers).and_then(|()| {
        let mut told = locked(&told);
        match (&head.method, path) {
            (&Method::POST, "/v1/chat/completions" | "/v1/messages") => {
                let json = of_json(&head.headers).then(|| serde_json::from_slice(&body).ok()).flatten();
                let asked = strict::body(dialect, &json.ok_or("no JSON")?)?;
                Ok(told.complete(&asked, trouble))
            }
            _ => told.batch(dialect, &head.method, path, &head.headers, &body),
        }
    });
    Ok(match done {
        Ok(text) if trouble == Some(Trouble::Cut) => answer(200, cut(&text), true),
        Ok(text) if trouble == Some(Trouble::HalfJson) => answer(200, cut(&text), false),
        Ok(text) => answer(200, text, false),
        Err(why) => {
            locked(&told).refused.push(why);
            answer(400, "{\"error\":{\"type\":\"invalid_request_error\",\"message\":\"no\"}}", false)
        }
    })
}

fn cut(text: &str) -> String {
    text.chars().take(text.len() / 2).collect()
}

fn of_json(headers: &HeaderMap) -> bool {
    headers.get("content-type").is_some_and(|kind| kind == "application/json")
}

async fn hinder(trouble: Option<Trouble>) -> Option<Response<Answer>> {
    Some(match trouble? {
        Trouble::TooMany { retry_after } => {
            let mut response = answer(429, "{}", false);
            if let Some(seconds) = retry_after {
                response.headers_mut().insert("retry-after", seconds.into());
            }
            response
        }
        Trouble::Status(status) => answer(status, "{\"error\":\"I felt sad\"}", false),
        Trouble::Redirect => {
            let mut response = answer(307, "", false);
            response
                .headers_mut()
                .insert("location", hyper::header::HeaderValue::from_static("https://localhost/elsewhere"));
            response
        }
        Trouble::Huge => answer(200, vec![b' '; 2 * 1024 * 1024], false),
        Trouble::Slow(time) => {
            tokio::time::sleep(time).await;
            return None;
        }
        Trouble::Cut | Trouble::HalfJson | Trouble::Declined | Trouble::CutOff => return None,
    })
}

impl Told {
    /// The answer's body. Tokens are a quarter of the bytes; a system prompt seen before comes from the cache. What breaks
    /// off on its way is not counted: nobody is told what it cost.
    pub(super) fn complete(&mut self, asked: &strict::Asked, trouble: Option<Trouble>) -> String {
        let text = self.text(asked);
        let tokens = |bytes: usize| u64::try_from(bytes.div_ceil(4)).unwrap_or(u64::MAX);
        let seen = self.systems.contains(&asked.system);
        let cached_input = if seen {
            tokens(asked.system.len())
        } else {
            self.systems.push(asked.system.clone());
            0
        };
        let usage = Usage { input: tokens(asked.bytes) - cached_input, cached_input, output: tokens(text.len()) };
        if !matches!(trouble, Some(Trouble::Cut | Trouble::HalfJson)) {
            self.counted = self.counted + usage;
        }
        self.inputs.push(asked.input.clone());
        wrap(asked, &text, usage, trouble).to_string()
    }

    fn text(&self, asked: &strict::Asked) -> String {
        if asked.input.get("text").is_some() {
            let (verdict, category) = if self.unsafe_ { ("unsafe", "other") } else { ("safe", "none") };
            return json!({ "verdict": verdict, "category": category }).to_string();
        }
        let input = &asked.input["input"];
        let honest = honest::answer(input);
        self.lie.map_or_else(|| honest.to_string(), |(lie, at)| lie.spoil(honest.clone(), input, at))
    }
}
