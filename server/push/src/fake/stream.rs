//! One connection: its streams, how many there may be, and how it ends.

use std::{
    future::poll_fn,
    io,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering::SeqCst},
    },
    time::Duration,
};

use h2::{
    Reason, RecvStream,
    server::{Builder, SendResponse},
};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::HeaderValue,
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::Notify,
    task::JoinSet,
    time::{Instant, sleep, sleep_until},
};

use super::{
    answer::{Call, Fate, Reply, decide},
    told::{Manner, Told, locked},
    wire::{Line, Wire},
};

/// The longest body that is read, of which far less is taken.
const MOST: usize = 64 * 1024;
/// Time for a GOAWAY to be read before the connection closes.
const GRACE: Duration = Duration::from_millis(50);
/// What Apple says in a GOAWAY.
const SHUTDOWN: &str = "{\"reason\":\"Shutdown\"}";

/// How the connection is to end.
#[derive(Debug)]
struct Ending {
    /// Answers until then.
    left: u32,
    /// Whether what was asked until then is answered.
    drain: bool,
    said: bool,
}

/// What the streams of a connection share.
#[derive(Debug)]
struct Shared {
    told: Arc<Mutex<Told>>,
    number: u64,
    manner: Manner,
    line: Line,
    wake: Notify,
    active: AtomicU32,
    last: AtomicU32,
    known: AtomicBool,
    ending: Mutex<Option<Ending>>,
}

impl Shared {
    /// Whether one more stream may be answered; the one that may not is what ends the connection.
    fn may_answer(&self) -> bool {
        let mut ending = self.ending.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(ending) = &mut *ending else { return true };
        if ending.left > 0 {
            ending.left -= 1;
            return true;
        }
        if !ending.said {
            ending.said = true;
            self.line.go_away(self.last.load(SeqCst), SHUTDOWN);
        }
        self.wake.notify_one();
        ending.drain
    }

    /// When the connection closes, once its end was said and nothing is left to be answered.
    fn closes(&self) -> Option<Instant> {
        let ending = self.ending.lock().unwrap_or_else(PoisonError::into_inner);
        let ending = ending.as_ref().filter(|ending| ending.said)?;
        (!ending.drain || self.active.load(SeqCst) == 0).then(|| Instant::now() + GRACE)
    }

    fn has_said(&self) -> bool {
        self.ending.lock().unwrap_or_else(PoisonError::into_inner).as_ref().is_some_and(|ending| ending.said)
    }
}

/// A stream that is not answered yet.
struct Active(Arc<Shared>);

impl Active {
    fn new(shared: &Arc<Shared>) -> Self {
        shared.active.fetch_add(1, SeqCst);
        Self(Arc::clone(shared))
    }
}

impl Drop for Active {
    fn drop(&mut self) {
        self.0.active.fetch_sub(1, SeqCst);
    }
}

/// A connection that speaks HTTP/2.
pub(super) async fn http2(io: impl AsyncRead + AsyncWrite + Unpin, told: Arc<Mutex<Told>>, number: u64) {
    let manner = locked(&told).manner;
    let shared = Arc::new(Shared {
        told,
        number,
        manner,
        line: Line::default(),
        wake: Notify::new(),
        active: AtomicU32::new(0),
        last: AtomicU32::new(0),
        known: AtomicBool::new(!manner.careful),
        ending: Mutex::new(None),
    });
    let first = if manner.careful { 1 } else { manner.streams };
    let wire = Wire::new(io, shared.line.clone(), Some(first));
    let mut builder = Builder::new();
    builder.max_concurrent_streams(manner.streams).initial_connection_window_size(16 * 1024 * 1024);
    let Ok(mut connection) = builder.handshake::<_, Bytes>(wire).await else { return };
    let mut streams = JoinSet::new();
    // Streams that came after the end was said: dropped they would be answered with a reset.
    let mut ignored = Vec::new();
    let mut closes = None;
    loop {
        tokio::select! {
            accepted = connection.accept() => {
                let Some(Ok((request, mut respond))) = accepted else { return };
                if shared.has_said() {
                    ignored.push((request, respond));
                } else if is_early(&shared, &request) {
                    locked(&shared.told).refuse("apns: a second stream before the first had shown a token".to_owned());
                    respond.send_reset(Reason::REFUSED_STREAM);
                } else {
                    shared.last.store(respond.stream_id().as_u32(), SeqCst);
                    let active = Active::new(&shared);
                    streams.spawn(stream(request, respond, active));
                }
            }
            () = shared.wake.notified() => closes = closes.or_else(|| shared.closes()),
            () = sleep_until(closes.unwrap_or_else(Instant::now)), if closes.is_some() => return,
        }
        while streams.try_join_next().is_some() {}
    }
}

fn is_early(shared: &Shared, request: &Request<RecvStream>) -> bool {
    !shared.known.load(SeqCst) && shared.active.load(SeqCst) > 0 && request.uri().path().starts_with("/3/")
}

async fn stream(request: Request<RecvStream>, mut respond: SendResponse<Bytes>, active: Active) {
    let shared = Arc::clone(&active.0);
    let (head, body) = request.into_parts();
    let Some(body) = whole(body).await else { return };
    let call = Call {
        method: head.method,
        path: head.uri.path_and_query().map_or("", |path| path.as_str()).to_owned(),
        headers: head.headers,
        body,
        version: head.version,
        connection: shared.number,
    };
    let verdict = decide(&shared.told, &call);
    if verdict.known && !shared.known.swap(true, SeqCst) {
        shared.line.streams(shared.manner.streams);
        shared.wake.notify_one();
    }
    let reply = match verdict.fate {
        Fate::Answer(reply, delay) => {
            if !delay.is_zero() {
                sleep(delay).await;
            }
            reply
        }
        Fate::End { after, drain, reply } => {
            let mut ending = shared.ending.lock().unwrap_or_else(PoisonError::into_inner);
            ending.get_or_insert(Ending { left: after, drain, said: false });
            reply
        }
        Fate::Reset { refused } => {
            respond.send_reset(if refused { Reason::REFUSED_STREAM } else { Reason::INTERNAL_ERROR });
            return;
        }
        Fate::Never => return until_reset(respond).await,
        Fate::Cut => {
            shared.line.cut();
            shared.wake.notify_one();
            return until_reset(respond).await;
        }
    };
    if !shared.may_answer() {
        locked(&shared.told).counts.unanswered += u64::from(reply.status == 200);
        return until_reset(respond).await;
    }
    // Whoever has the answer may open the next stream at once.
    drop(active);
    send(&mut respond, reply);
    if shared.has_said() {
        shared.wake.notify_one();
    }
}

/// The whole body, if it is not too long by far.
async fn whole(mut body: RecvStream) -> Option<Bytes> {
    let mut bytes = Vec::new();
    while let Some(chunk) = body.data().await {
        let chunk = chunk.ok()?;
        let _ = body.flow_control().release_capacity(chunk.len());
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MOST {
            return None;
        }
    }
    Some(bytes.into())
}

async fn until_reset(mut respond: SendResponse<Bytes>) {
    let _ = poll_fn(|cx| respond.poll_reset(cx)).await;
}

fn response<B>(reply: &Reply, body: B) -> Response<B> {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in &reply.headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(*name, value);
        }
    }
    response
}

fn send(respond: &mut SendResponse<Bytes>, reply: Reply) {
    let is_empty = reply.body.is_empty();
    // A client that has gone meanwhile is its own affair.
    if let Ok(mut rest) = respond.send_response(response(&reply, ()), is_empty)
        && !is_empty
    {
        let _ = rest.send_data(reply.body, true);
    }
}

/// A connection that speaks HTTP/1.1, as one of Google's clients does.
pub(super) async fn http1(io: impl AsyncRead + AsyncWrite + Unpin, told: Arc<Mutex<Told>>, number: u64) {
    let answer = service_fn(|request| one(request, &told, number));
    // A connection that breaks is what some tests want.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(io), answer).await;
}

async fn one(request: Request<Incoming>, told: &Mutex<Told>, connection: u64) -> io::Result<Response<Full<Bytes>>> {
    let (head, body) = request.into_parts();
    let body = Limited::new(body, MOST).collect().await.map_err(io::Error::other)?.to_bytes();
    let path = head.uri.path_and_query().map_or("", |path| path.as_str()).to_owned();
    let call = Call { method: head.method, path, headers: head.headers, body, version: head.version, connection };
    match decide(told, &call).fate {
        Fate::Answer(reply, delay) => {
            if !delay.is_zero() {
                sleep(delay).await;
            }
            Ok(response(&reply, Full::new(reply.body.clone())))
        }
        Fate::End { drain: true, reply, .. } => {
            let body = Full::new(reply.body.clone());
            Ok(response(&reply.with("connection", "close"), body))
        }
        Fate::Never => std::future::pending().await,
        Fate::End { .. } | Fate::Reset { .. } | Fate::Cut => Err(io::ErrorKind::ConnectionReset.into()),
    }
}
