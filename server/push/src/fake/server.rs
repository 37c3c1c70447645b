//! The fake's server: TLS with a certificate of its own, and what a test tells it and asks of it.

use std::{
    io,
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::{net::TcpListener, task::JoinSet};
use tokio_rustls::TlsAcceptor;

use super::{
    KEY_ID, TEAM_ID, TOPIC,
    keys::{self, Keys},
    stream::{http1, http2},
    told::{Clock, Counts, Manner, Seen, Told, locked},
    trouble::{Dice, State, Trouble},
};
use crate::{apns, fcm};

/// How a fake is started.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Where on this machine, or 0 for a free port.
    pub port: u16,
    /// Time to every answer.
    pub delay: Duration,
    /// Streams at a time.
    pub streams: u32,
    /// One stream until a client has shown a token that holds, as Apple wants it.
    pub careful: bool,
    /// Pushes are checked and counted, but none is kept: for measurements.
    pub lean: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { port: 0, delay: Duration::ZERO, streams: 1000, careful: true, lean: false }
    }
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
        Self::start_with(Options::default()).await
    }

    /// Starts it on this port.
    pub async fn start_on(port: u16) -> io::Result<Self> {
        Self::start_with(Options { port, ..Options::default() }).await
    }

    /// Starts it like this.
    pub async fn start_with(options: Options) -> io::Result<Self> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let signed = rcgen::generate_simple_self_signed(["localhost".to_owned()]).map_err(io::Error::other)?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signed.signing_key.serialize_der()));
        let mut tls = rustls::ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![signed.cert.der().clone()], key)
            .map_err(io::Error::other)?;
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let listener = TcpListener::bind(("127.0.0.1", options.port)).await?;
        let address = listener.local_addr()?;
        let root = std::env::temp_dir().join(format!("spectrum-push-{}-{}.pem", std::process::id(), address.port()));
        std::fs::write(&root, signed.cert.pem())?;
        let Options { delay, streams, careful, lean, .. } = options;
        let url = format!("https://localhost:{}", address.port());
        let told = Told::new(Keys::new()?, url, Manner { delay, streams, careful, lean });
        let told = Arc::new(Mutex::new(told));
        let mut tasks = JoinSet::new();
        tasks.spawn(serve(listener, TlsAcceptor::from(Arc::new(tls)), Arc::clone(&told)));
        Ok(Self { address, root, told, _tasks: tasks })
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        locked(&self.told)
    }

    /// Where it is: the base of both providers' paths.
    pub fn url(&self) -> String {
        self.told().url.clone()
    }

    /// Its port.
    pub const fn port(&self) -> u16 {
        self.address.port()
    }

    /// Its certificate (PEM), until it is dropped.
    pub fn root(&self) -> PathBuf {
        self.root.clone()
    }

    /// The private key for APNs (PKCS#8 PEM), another one in every fake.
    pub fn apns_key(&self) -> String {
        self.told().keys.apns.clone()
    }

    /// The key file for FCM (JSON), whose `token_uri` is here.
    pub fn service_account(&self) -> String {
        keys::service_account(&self.url())
    }

    /// Settings that reach it as APNs, in both environments.
    pub fn apns_settings(&self) -> apns::Settings {
        apns::Settings {
            production_url: self.url(),
            sandbox_url: self.url(),
            key: self.apns_key().into(),
            key_id: KEY_ID.to_owned(),
            team_id: TEAM_ID.to_owned(),
            topic: TOPIC.to_owned(),
            extra_root: Some(self.root()),
            connections: 1,
            timeout: Duration::from_secs(10),
        }
    }

    /// Settings that reach it as FCM, at full pace.
    pub fn fcm_settings(&self) -> fcm::Settings {
        fcm::Settings {
            base_url: self.url(),
            service_account: self.service_account().into(),
            extra_root: Some(self.root()),
            connections: 1,
            timeout: Duration::from_secs(10),
            per_second: fcm::MOST_PER_SECOND,
        }
    }

    /// From now on this is the time.
    pub fn set_clock(&self, clock: Clock) {
        self.told().clock = clock;
    }

    /// From now on an answer takes so long.
    pub fn delay(&self, time: Duration) {
        self.told().manner.delay = time;
    }

    /// Connections to come have so many streams at a time.
    pub fn stream_limit(&self, most: u32) {
        self.told().manner.streams = most;
    }

    /// The next push goes wrong like this; several are taken in order.
    pub fn trouble(&self, trouble: Trouble) {
        self.told().troubles.push_back(trouble);
    }

    /// The next asking for an access token goes wrong like this.
    pub fn token_trouble(&self, trouble: Trouble) {
        self.told().token_troubles.push_back(trouble);
    }

    /// From now on so many of a thousand pushes go wrong, in ways that this seed chooses; 0 is the end of it.
    pub fn chaos(&self, seed: u64, per_mille: u32) {
        self.told().dice = Dice::new(seed, per_mille);
    }

    /// What is thought of an address from now on. A device token of APNs is named in lower case.
    pub fn address_is(&self, address: &str, state: State) {
        self.told().states.insert(address.to_owned(), state);
    }

    /// Whether every token of APNs is another environment's.
    pub fn wrong_environment(&self, yes: bool) {
        self.told().wrong_environment = yes;
    }

    /// Whether every address of FCM is unknown, and no more is said.
    pub fn wrong_project(&self, yes: bool) {
        self.told().wrong_project = yes;
    }

    /// Access tokens to come are good for so many seconds.
    pub fn expires_in(&self, seconds: i64) {
        self.told().expires_in = seconds;
    }

    /// No access token that was given is good any more.
    pub fn forget_access_tokens(&self) {
        self.told().access_tokens.clear();
    }

    /// The pushes that it took, in order.
    pub fn seen(&self) -> Vec<Seen> {
        self.told().seen.clone()
    }

    /// What its strictness refused, and why.
    pub fn refused(&self) -> Vec<String> {
        self.told().refused.clone()
    }

    /// What it counted.
    pub fn counts(&self) -> Counts {
        self.told().counts.clone()
    }

    /// Pushes that it took, those aside that were only to be checked.
    pub fn accepted(&self) -> u64 {
        self.told().counts.accepted
    }

    /// Connections that spoke TLS.
    pub fn connections(&self) -> u64 {
        self.told().counts.connections
    }

    /// Distinct tokens that APNs was shown, and tokens that the OAuth server gave.
    pub fn tokens_minted(&self) -> u64 {
        let counts = self.counts();
        counts.provider_tokens + counts.access_tokens
    }

    /// Forgets what it was told and has seen. Its clock and manner stay, and access tokens stay good.
    pub fn reset(&self) {
        self.told().reset();
    }
}

async fn serve(listener: TcpListener, tls: TlsAcceptor, told: Arc<Mutex<Told>>) {
    let mut connections = JoinSet::new();
    let mut number = 0;
    while let Ok((stream, _)) = listener.accept().await {
        number += 1;
        let (tls, told, number) = (tls.clone(), Arc::clone(&told), number);
        connections.spawn(async move {
            // Answers are small and go out one by one; waiting for the one before to be confirmed would cost 40 ms.
            let _ = stream.set_nodelay(true);
            let Ok(stream) = tls.accept(stream).await else { return };
            locked(&told).counts.connections += 1;
            if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
                http2(stream, told, number).await;
            } else {
                http1(stream, told, number).await;
            }
        });
        while connections.try_join_next().is_some() {}
    }
}
