//! The one way out to all providers: HTTP/2 over TLS, without redirects, with bounded answers, and with an exact account of
//! whether a request can have arrived.

mod body;
mod door;
mod failure;
mod reply;

use std::{
    fs,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use http_body_util::{BodyExt, Limited};
use hyper::{
    HeaderMap, Method, Request, Response, Uri,
    body::{Bytes, Incoming},
    header::{HeaderValue, USER_AGENT},
};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, Error, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};
use tokio::time::{Instant, timeout_at};

use self::{body::Once, door::Doors};
pub(crate) use self::{failure::Failure, reply::Reply};
use crate::channel::Setup;

/// Longest answer that is read; the longest documented one is a few hundred bytes.
const MOST_ANSWER: usize = 64 * 1024;
/// Longest wait for a provider's machine to take a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// How often a connection without traffic is tried; Apple asks for no more than this.
const PING: Duration = Duration::from_hours(1);
/// How long sent bytes may stay unconfirmed before the connection is given up: what went silent must not be kept until `PING`.
#[cfg(target_os = "linux")]
const SILENCE: Duration = Duration::from_secs(30);
/// How long a browser's service is kept connected without traffic: there are many, and each week's messages come at once.
const IDLE: Duration = Duration::from_secs(90);

/// What may be spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speaks {
    /// HTTP/2 over TLS and nothing else.
    Http2,
    /// HTTP/2 where it is offered, HTTP/1.1 otherwise. Whoever sends has checked the scheme.
    Either,
}

/// How it is set up.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// A PEM file of certificates that are believed besides the machine's own.
    pub(crate) extra_root: Option<PathBuf>,
    /// How many connections are held to a provider.
    pub(crate) connections: usize,
    /// For all of a request, from the first byte to the last.
    pub(crate) timeout: Duration,
    /// What may be spoken.
    pub(crate) speaks: Speaks,
}

/// A client, which holds one connection to a provider that speaks HTTP/2.
#[derive(Debug)]
struct Caller {
    client: Client<HttpsConnector<HttpConnector>, Once>,
    /// Where it is not known beforehand what is spoken.
    doors: Option<Doors>,
}

/// The clients of one channel.
#[derive(Debug)]
pub(crate) struct Transport {
    callers: Vec<Caller>,
    next: AtomicUsize,
    timeout: Duration,
}

impl Transport {
    pub(crate) fn new(options: &Options) -> Result<Self, Setup> {
        let roots = Arc::new(roots(options)?);
        let callers: Result<_, _> =
            (0..options.connections.max(1)).map(|_| caller(Arc::clone(&roots), options.speaks)).collect();
        Ok(Self { callers: callers?, next: AtomicUsize::new(0), timeout: options.timeout })
    }

    /// Sends it once, over the connection whose turn it is.
    pub(crate) async fn post(&self, uri: Uri, headers: HeaderMap, content: Bytes) -> Result<Reply, Failure> {
        let (body, hold) = Once::new(content);
        let mut request = Request::new(body);
        *request.method_mut() = Method::POST;
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        request
            .headers_mut()
            .insert(USER_AGENT, HeaderValue::from_static(concat!("spectrum/", env!("CARGO_PKG_VERSION"))));

        let until = Instant::now() + self.timeout;
        let caller = &self.callers[self.next.fetch_add(1, Ordering::Relaxed) % self.callers.len()];
        let sent = timeout_at(until, async {
            let entry = match (&caller.doors, request.uri().authority()) {
                (Some(doors), Some(service)) => Some(doors.enter(service.as_str()).await),
                _ => None,
            };
            let response = caller.client.request(request).await?;
            if let Some(entry) = entry {
                entry.answered();
            }
            Ok::<_, Error>(response)
        });
        match sent.await {
            Ok(Ok(response)) => Ok(read(response, until).await),
            Ok(Err(error)) => Err(Failure::of(&error, !hold.withdraw())),
            Err(_) => Err(Failure::timed_out(!hold.withdraw())),
        }
    }
}

async fn read(response: Response<Incoming>, until: Instant) -> Reply {
    let (head, body) = response.into_parts();
    let body = match timeout_at(until, Limited::new(body, MOST_ANSWER).collect()).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(_)) | Err(_) => Bytes::new(),
    };
    Reply { status: head.status.as_u16(), headers: head.headers, body }
}

fn caller(roots: Arc<RootCertStore>, speaks: Speaks) -> Result<Caller, Setup> {
    // A provider of its own, so that nothing depends on which one the process has installed.
    let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(Setup::Tls)?
        .with_root_certificates(roots)
        .with_no_client_auth();

    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(CONNECT));
    #[cfg(target_os = "linux")]
    tcp.set_tcp_user_timeout(Some(SILENCE));

    let https = HttpsConnectorBuilder::new().with_tls_config(tls);
    let connector = match speaks {
        Speaks::Http2 => https.https_only().enable_http2().wrap_connector(tcp),
        Speaks::Either => https.https_or_http().enable_all_versions().wrap_connector(tcp),
    };
    let mut builder = Client::builder(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .http2_only(speaks == Speaks::Http2)
        .pool_idle_timeout((speaks == Speaks::Either).then_some(IDLE))
        .http2_keep_alive_interval(PING)
        .http2_keep_alive_while_idle(true)
        // APNs allows one until it has seen a token; the provider's own number follows with its settings.
        .http2_initial_max_send_streams(1);
    let doors = (speaks == Speaks::Either).then(Doors::default);
    Ok(Caller { client: builder.build(connector), doors })
}

fn roots(options: &Options) -> Result<RootCertStore, Setup> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(path) = &options.extra_root {
        let pem = fs::read(path).map_err(Setup::Root)?;
        let extra = CertificateDer::pem_slice_iter(&pem).filter_map(Result::ok);
        if roots.add_parsable_certificates(extra).0 == 0 {
            return Err(Setup::NoRoot);
        }
    }
    if roots.is_empty() { Err(Setup::NoRoots) } else { Ok(roots) }
}

/// A provider's address from the settings, without the slash at its end.
pub(crate) fn base(url: &str, what: &'static str) -> Result<String, Setup> {
    let uri: Uri = url.parse().map_err(|_| Setup::Url(what))?;
    let sealed = uri.scheme_str() == Some("https");
    let plain = uri.query().is_none() && uri.authority().is_some_and(|host| !host.as_str().contains('@'));
    if sealed && plain { Ok(url.trim_end_matches('/').to_owned()) } else { Err(Setup::Url(what)) }
}

/// A header that nobody prints and that no connection keeps in its table.
pub(crate) fn secret(value: &str) -> Option<HeaderValue> {
    let mut header = HeaderValue::try_from(value).ok()?;
    header.set_sensitive(true);
    Some(header)
}
