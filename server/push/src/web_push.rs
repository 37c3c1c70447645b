//! The push services of browsers: an encrypted request for each message (RFC 8030, RFC 8291), signed for the service that it
//! goes to (RFC 8292).

mod vapid;

use std::{fmt, path::PathBuf, pin::Pin, time::Duration};

use chrono::TimeDelta;
use hyper::{
    HeaderMap, Uri,
    body::Bytes,
    header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use spectrum_domain::push::ChannelKind;
use uuid::Uuid;
use web_push_native::{Auth, encrypt, p256::PublicKey};

use self::vapid::Vapid;
use crate::{
    allow::AllowList,
    channel::{Channel, Clock, Setup},
    jwt::unpadded,
    message::{Address, Message, Mode},
    outcome::{Answer, Outcome},
    transport::{Options, Reply, Speaks, Transport},
};

/// Largest content: encrypted it is 103 bytes more, and every service takes 4096.
const LARGEST: usize = 3900;
/// Longest topic (RFC 8030, 5.4).
const LONGEST_TOPIC: usize = 32;
/// Longest that a service is asked to keep a message.
const LONGEST: TimeDelta = TimeDelta::weeks(4);
/// After too many messages, where no time is named.
const SLOWER: Duration = Duration::from_mins(1);
/// The least after an error of the service's own.
const PAUSE: Duration = Duration::from_secs(30);

/// Which services are sent to, and as whom.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The key that subscriptions are made with: a private key of P-256, in PEM, or its 32 bytes in base64url.
    pub key: SecretString,
    /// Whom a service may turn to: `mailto:` or `https:`.
    pub subject: String,
    /// The services.
    pub services: AllowList,
    /// A PEM file of certificates that are believed besides the machine's own.
    pub extra_root: Option<PathBuf>,
    /// How many connections are held to a service.
    pub connections: usize,
    /// For all of a request.
    pub timeout: Duration,
}

/// The channel.
pub struct WebPush {
    transport: Transport,
    services: AllowList,
    vapid: Vapid,
    clock: Clock,
}

impl fmt::Debug for WebPush {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebPush").field("services", &self.services).finish_non_exhaustive()
    }
}

impl WebPush {
    /// Nothing is connected to before the first message.
    pub fn new(settings: &Settings, clock: Clock) -> Result<Self, Setup> {
        Ok(Self {
            transport: Transport::new(&Options {
                extra_root: settings.extra_root.clone(),
                connections: settings.connections,
                timeout: settings.timeout,
                speaks: Speaks::Either,
            })?,
            services: settings.services.clone(),
            vapid: Vapid::new(&settings.key, &settings.subject)?,
            clock,
        })
    }

    /// The public key that a browser makes a subscription with, in base64url.
    pub fn application_server_key(&self) -> &str {
        self.vapid.public()
    }

    /// Whether a subscription may name this endpoint.
    pub fn is_allowed(&self, endpoint: &str) -> bool {
        self.services.is_allowed(endpoint)
    }

    async fn deliver(&self, to: &Address, message: &Message, mode: Mode) -> Answer {
        let Address::WebPush { endpoint, p256dh, auth } = to else { return Answer::misdirected() };
        let refused = |reason| Answer::ours(Outcome::Refused, reason);
        let Some(uri) = self.services.find(endpoint.expose_secret()) else { return refused("endpoint") };
        let Some((public, secret)) = keys(p256dh.expose_secret(), auth.expose_secret()) else {
            return refused("keys");
        };
        let now = (self.clock)();
        let left = message.expires_at - now;
        if left <= TimeDelta::zero() {
            return refused("expired");
        }
        let content = match content(message) {
            Ok(content) => content,
            Err(reason) => return refused(reason),
        };
        let Ok(body) = encrypt(content, &public, &secret) else { return refused("payload") };
        let Some(mut headers) = headers(message, left) else { return refused("collapse") };
        let Some(authorization) = self.vapid.authorization(&uri, now) else {
            return Answer::ours(Outcome::Misconfigured, "unsigned");
        };
        headers.insert(AUTHORIZATION, authorization);
        if mode == Mode::DryRun {
            return Answer::dry_run();
        }
        self.once(uri, headers, body).await
    }

    async fn once(&self, uri: Uri, headers: HeaderMap, body: Vec<u8>) -> Answer {
        match self.transport.post(uri, headers, Bytes::from(body)).await {
            Ok(reply) => self.read(&reply),
            Err(failure) => failure.into(),
        }
    }

    fn read(&self, reply: &Reply) -> Answer {
        let asked = || reply.retry_after((self.clock)());
        let (reason, outcome) = match reply.status {
            200..=299 => ("ok", Outcome::Delivered { provider_id: None }),
            // A service speaks of the subscription that was asked for by its name, and of no other.
            404 => ("not_found", Outcome::Gone { since: None, certain: true }),
            410 => ("gone", Outcome::Gone { since: None, certain: true }),
            413 => ("too_large", Outcome::Refused),
            401 => ("unauthorized", Outcome::Misconfigured),
            // A subscription that was made with another key than ours: one browser must not be able to stop all.
            403 => ("forbidden", Outcome::Gone { since: None, certain: false }),
            429 => ("too_many", Outcome::Retry { after: asked().unwrap_or(SLOWER) }),
            408 | 500..=599 => ("server", Outcome::Retry { after: asked().unwrap_or_default().max(PAUSE) }),
            // Where it leads was looked up by nobody.
            300..=399 => ("redirect", Outcome::Refused),
            400 => ("bad_request", Outcome::Refused),
            _ => ("other", Outcome::Refused),
        };
        Answer { outcome, status: Some(reply.status), reason }
    }
}

impl Channel for WebPush {
    fn kind(&self) -> ChannelKind {
        ChannelKind::WebPush
    }

    fn send<'a>(
        &'a self,
        to: &'a Address,
        message: &'a Message,
        mode: Mode,
    ) -> Pin<Box<dyn Future<Output = Answer> + Send + 'a>> {
        Box::pin(self.deliver(to, message, mode))
    }
}

/// Whether a browser's two keys are what they should be: a point of P-256 and 16 bytes.
pub fn are_keys(p256dh: &str, auth: &str) -> bool {
    keys(p256dh, auth).is_some()
}

fn keys(p256dh: &str, auth: &str) -> Option<(PublicKey, Auth)> {
    let public = unpadded(p256dh).filter(|public| public.len() == 65)?;
    let secret: [u8; 16] = unpadded(auth)?.try_into().ok()?;
    Some((PublicKey::from_sec1_bytes(&public).ok()?, secret.into()))
}

/// What the service worker reads.
#[derive(Serialize)]
struct Content<'a> {
    title: &'a str,
    body: &'a str,
    url: &'a str,
    tag: &'a str,
    delivery: Uuid,
    stop: &'a str,
}

fn content(message: &Message) -> Result<Vec<u8>, &'static str> {
    let Message { delivery, collapse, title, body, stop, path, .. } = message;
    let content = Content { title, body, url: path, tag: collapse, delivery: *delivery, stop };
    let json = serde_json::to_vec(&content).map_err(|_| "payload")?;
    if json.len() > LARGEST { Err("too_large") } else { Ok(json) }
}

/// All but the signature; none if what is to be replaced can't be a topic.
fn headers(message: &Message, left: TimeDelta) -> Option<HeaderMap> {
    let topic = message.collapse.as_str();
    let fits = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_');
    if topic.is_empty() || topic.len() > LONGEST_TOPIC || !topic.bytes().all(fits) {
        return None;
    }
    let mut headers = HeaderMap::with_capacity(8);
    headers.insert("ttl", HeaderValue::from(left.min(LONGEST).num_seconds()));
    headers.insert("urgency", HeaderValue::from_static("low"));
    headers.insert("topic", HeaderValue::try_from(topic).ok()?);
    headers.insert(CONTENT_ENCODING, HeaderValue::from_static("aes128gcm"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    Some(headers)
}

#[cfg(test)]
mod tests;
