//! Apple's push service: a request for each message, signed with a token that lasts for most of an hour.

mod payload;
mod reason;

use std::{
    fmt,
    path::PathBuf,
    pin::Pin,
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use a2::request::payload::PayloadLike;
use chrono::{DateTime, TimeDelta, Utc};
use hyper::{
    HeaderMap, Uri,
    body::Bytes,
    header::{AUTHORIZATION, HeaderName, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use spectrum_domain::push::{ChannelKind, Environment};
use uuid::Uuid;

use self::payload::Notification;
use crate::{
    channel::{Channel, Clock, Setup},
    jwt::{self, Es256},
    message::{Address, Message, Mode},
    outcome::{Answer, Outcome},
    token::{CachedToken, Minted, Spent, Token},
    transport::{self, Options, Reply, Speaks, Transport},
};

/// Apple's server for apps from the store.
pub const PRODUCTION: &str = "https://api.push.apple.com";
/// Apple's server for apps that their makers try.
pub const SANDBOX: &str = "https://api.sandbox.push.apple.com";

/// Largest payload.
const LARGEST: usize = 4096;
/// Longest device token that is taken for one: Apple promises no length, today's have 64 digits.
const LONGEST_TOKEN: usize = 512;
/// Apple wants no new token before this...
const LEAST: TimeDelta = TimeDelta::minutes(20);
/// ... and a new one before an hour. All processes date theirs by the last half hour of the clock and so make the same, whenever they
/// start: Apple sees one after the other, however many workers there are. One that was half an hour old when it was first used is used
/// for twenty minutes, which is the least.
const LASTS: TimeDelta = TimeDelta::minutes(50);
const DATED: TimeDelta = TimeDelta::minutes(30);

const APNS_ID: HeaderName = HeaderName::from_static("apns-id");

/// How Apple's push service is reached, and as whom.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `PRODUCTION`, or a server that stands in for it.
    pub production_url: String,
    /// `SANDBOX`, or a server that stands in for it.
    pub sandbox_url: String,
    /// The signing key: the text of the `.p8` file.
    pub key: SecretString,
    /// Its name: ten characters.
    pub key_id: String,
    /// Whose it is: ten characters.
    pub team_id: String,
    /// The app: its bundle id.
    pub topic: String,
    /// A PEM file of certificates that are believed besides the machine's own.
    pub extra_root: Option<PathBuf>,
    /// How many connections are held.
    pub connections: usize,
    /// For all of a request.
    pub timeout: Duration,
}

/// The channel.
pub struct Apns {
    transport: Transport,
    production: String,
    sandbox: String,
    signer: Es256,
    key_id: String,
    team_id: String,
    topic: String,
    token: CachedToken,
    /// When the newest token says that it was made.
    made: AtomicI64,
    clock: Clock,
}

impl fmt::Debug for Apns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Apns").field("production", &self.production).field("topic", &self.topic).finish_non_exhaustive()
    }
}

impl Apns {
    /// Nothing is connected to before the first message.
    pub fn new(settings: &Settings, clock: Clock) -> Result<Self, Setup> {
        let named = |name: &str| !name.is_empty() && name.bytes().all(|c| c.is_ascii_graphic());
        if ![&settings.key_id, &settings.team_id, &settings.topic].into_iter().all(|name| named(name)) {
            return Err(Setup::Setting("APNs' key id, team id and topic", "there, without spaces"));
        }
        let signer = Es256::from_pem(settings.key.expose_secret())
            .ok_or(Setup::Key("APNs' key", "a private key of P-256 in PEM, as in Apple's .p8 file"))?;
        Ok(Self {
            transport: Transport::new(&Options {
                extra_root: settings.extra_root.clone(),
                connections: settings.connections,
                timeout: settings.timeout,
                speaks: Speaks::Http2,
            })?,
            production: transport::base(&settings.production_url, "APNs' production server")?,
            sandbox: transport::base(&settings.sandbox_url, "APNs' sandbox server")?,
            signer,
            key_id: settings.key_id.clone(),
            team_id: settings.team_id.clone(),
            topic: settings.topic.clone(),
            token: CachedToken::new(LEAST),
            made: AtomicI64::new(i64::MIN),
            clock,
        })
    }

    async fn deliver(&self, to: &Address, message: &Message, mode: Mode) -> Answer {
        let Address::Apns { token, environment } = to else { return Answer::misdirected() };
        let device = token.expose_secret();
        let base = match environment {
            Environment::Production => &self.production,
            Environment::Sandbox => &self.sandbox,
        };
        let Some(uri) = path(base, device) else { return Answer::ours(Outcome::Refused, "address") };
        let now = (self.clock)();
        if message.expires_at <= now {
            return Answer::ours(Outcome::Refused, "expired");
        }
        let (headers, body) = match self.request(message, device) {
            Ok(request) => request,
            Err(reason) => return Answer::ours(Outcome::Refused, reason),
        };
        let bearer = match self.bearer().await {
            Ok(bearer) => bearer,
            Err(answer) => return answer,
        };
        if mode == Mode::DryRun {
            return Answer::dry_run();
        }
        let first = self.once(&uri, &headers, &body, &bearer).await;
        if first.reason != reason::EXPIRED_TOKEN {
            return first;
        }
        match self.token.spent(&bearer, &self.clock).await {
            Spent::TooYoung(rest) => retry_in(rest, first.status),
            Spent::Replaced => {
                let bearer = match self.bearer().await {
                    Ok(bearer) => bearer,
                    Err(answer) => return answer,
                };
                self.once(&uri, &headers, &body, &bearer).await
            }
        }
    }

    fn request(&self, message: &Message, device: &str) -> Result<(HeaderMap, Bytes), &'static str> {
        let id = message.delivery.to_string();
        let notification = Notification::new(message, device, &id, &self.topic)?;
        let body = notification.to_json_string().map_err(|_| "payload")?;
        if body.len() > LARGEST {
            return Err("too_large");
        }
        let headers = headers(&notification).ok_or("header")?;
        Ok((headers, Bytes::from(body)))
    }

    async fn bearer(&self) -> Result<Token, Answer> {
        let mint = |now| std::future::ready(self.mint(now));
        self.token.get(&self.clock, mint).await
    }

    fn mint(&self, now: DateTime<Utc>) -> Result<Minted, Answer> {
        let now = now.timestamp();
        let common = now - now.rem_euclid(DATED.num_seconds());
        // Asked for the same one again: Apple has called it too old, whatever our clock says.
        let iat = if self.made.swap(common, Ordering::Relaxed) == common { now } else { common };
        let lasts = LASTS - TimeDelta::seconds(now - iat);
        let claims = Claims { iss: &self.team_id, iat };
        jwt::signed(&self.signer, Some(&self.key_id), &claims)
            .ok()
            .and_then(|token| transport::secret(&format!("bearer {token}")))
            .map(|header| Minted { header, lasts })
            .ok_or(Answer::ours(Outcome::Misconfigured, "unsigned"))
    }

    async fn once(&self, uri: &Uri, headers: &HeaderMap, body: &Bytes, bearer: &Token) -> Answer {
        let mut headers = headers.clone();
        headers.insert(AUTHORIZATION, bearer.header.clone());
        match self.transport.post(uri.clone(), headers, body.clone()).await {
            Ok(reply) if reply.status == 200 => delivered(&reply),
            Ok(reply) => reason::answer(&reply, (self.clock)()),
            Err(failure) => failure.into(),
        }
    }
}

impl Channel for Apns {
    fn kind(&self) -> ChannelKind {
        ChannelKind::Apns
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

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    iat: i64,
}

fn path(base: &str, device: &str) -> Option<Uri> {
    let is_token = (1..=LONGEST_TOKEN).contains(&device.len()) && device.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_token.then(|| format!("{base}/3/device/{device}").parse().ok()).flatten()
}

fn headers(notification: &Notification<'_>) -> Option<HeaderMap> {
    let options = notification.get_options();
    let text = |text: String| HeaderValue::try_from(text).ok();
    let mut headers = HeaderMap::with_capacity(8);
    headers.insert(APNS_ID, transport::secret(options.apns_id?)?);
    headers.insert("apns-topic", text(options.apns_topic?.to_owned())?);
    headers.insert("apns-push-type", text(options.apns_push_type?.to_string())?);
    headers.insert("apns-priority", text(options.apns_priority.as_ref()?.to_string())?);
    headers.insert("apns-expiration", text(options.apns_expiration?.to_string())?);
    headers.insert("apns-collapse-id", text(options.apns_collapse_id.as_ref()?.value.to_owned())?);
    Some(headers)
}

fn delivered(reply: &Reply) -> Answer {
    let id = reply.headers.get(APNS_ID).and_then(|id| Uuid::parse_str(id.to_str().ok()?).ok());
    let outcome = Outcome::Delivered { provider_id: id.map(|id| id.to_string()) };
    Answer { outcome, status: Some(reply.status), reason: "ok" }
}

fn retry_in(rest: TimeDelta, status: Option<u16>) -> Answer {
    let outcome = Outcome::Retry { after: rest.to_std().unwrap_or_default() };
    Answer { outcome, status, reason: reason::EXPIRED_TOKEN }
}
