//! Google's push service: a request for each message to version 1 of its HTTP interface, as a service account.

mod account;
mod answer;
mod request;

use std::{fmt, path::PathBuf, pin::Pin, time::Duration};

use chrono::TimeDelta;
use hyper::{
    HeaderMap, Uri,
    body::Bytes,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue},
};
use secrecy::SecretString;
use spectrum_domain::push::ChannelKind;

use self::account::Account;
use crate::{
    channel::{Channel, Clock, Setup},
    message::{Address, Message, Mode},
    outcome::{Answer, Outcome},
    pace::Pace,
    token::{CachedToken, Spent, Token},
    transport::{self, Options, Speaks, Transport},
};

/// Google's server.
pub const BASE: &str = "https://fcm.googleapis.com";
/// What Google lets a project send in a second, on average.
pub const MOST_PER_SECOND: u32 = 10_000;

/// The least that Google asks callers to wait for an answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Younger than this no access token is too old: what refuses it, refuses us.
const LEAST: TimeDelta = TimeDelta::minutes(1);

/// How Google's push service is reached, and as whom.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `BASE`, or a server that stands in for it.
    pub base_url: String,
    /// The service account: the text of the JSON file that Google hands out. Its `token_uri` and `project_id` are kept to.
    pub service_account: SecretString,
    /// A PEM file of certificates that are believed besides the machine's own.
    pub extra_root: Option<PathBuf>,
    /// How many connections are held.
    pub connections: usize,
    /// For all of a request: ten seconds or more.
    pub timeout: Duration,
    /// How many messages a second are sent at most; a minute after the first it is that many.
    pub per_second: u32,
}

/// The channel.
pub struct Fcm {
    transport: Transport,
    send: Uri,
    account: Account,
    token: CachedToken,
    pace: Pace,
    clock: Clock,
}

impl fmt::Debug for Fcm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fcm").field("send", &self.send).finish_non_exhaustive()
    }
}

impl Fcm {
    /// Nothing is connected to before the first message.
    pub fn new(settings: &Settings, clock: Clock) -> Result<Self, Setup> {
        if settings.timeout < PATIENCE {
            return Err(Setup::Setting("FCM's time limit", "ten seconds or more"));
        }
        if !(1..=MOST_PER_SECOND).contains(&settings.per_second) {
            return Err(Setup::Setting("FCM's messages a second", "from 1 to 10000"));
        }
        let account = Account::new(&settings.service_account)?;
        let base = transport::base(&settings.base_url, "FCM's server")?;
        let send = format!("{base}/v1/projects/{}/messages:send", account.project());
        Ok(Self {
            transport: Transport::new(&Options {
                extra_root: settings.extra_root.clone(),
                connections: settings.connections,
                timeout: settings.timeout,
                speaks: Speaks::Http2,
            })?,
            send: send.parse().map_err(|_| Setup::Url("FCM's server"))?,
            account,
            token: CachedToken::new(LEAST),
            pace: Pace::new(settings.per_second),
            clock,
        })
    }

    async fn deliver(&self, to: &Address, message: &Message, mode: Mode) -> Answer {
        let body = match request::body(to, message, (self.clock)(), mode) {
            Ok(body) => body,
            Err(reason) => return Answer::ours(Outcome::Refused, reason),
        };
        if let Err(after) = self.pace.turn().await {
            return Answer::ours(Outcome::Retry { after }, "paced");
        }
        let bearer = match self.bearer().await {
            Ok(bearer) => bearer,
            Err(answer) => return answer,
        };
        let first = self.once(&body, &bearer, mode).await;
        if !answer::is_unauthenticated(&first) || self.token.spent(&bearer, &self.clock).await != Spent::Replaced {
            return first;
        }
        match self.bearer().await {
            Ok(bearer) => self.once(&body, &bearer, mode).await,
            Err(answer) => answer,
        }
    }

    async fn bearer(&self) -> Result<Token, Answer> {
        self.token.get(&self.clock, |now| self.account.mint(&self.transport, now)).await
    }

    async fn once(&self, body: &Bytes, bearer: &Token, mode: Mode) -> Answer {
        let mut headers = HeaderMap::with_capacity(4);
        headers.insert(AUTHORIZATION, bearer.header.clone());
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        match self.transport.post(self.send.clone(), headers, body.clone()).await {
            Ok(reply) => answer::read(&reply, (self.clock)(), mode),
            // A message that is only to be looked at can't have been shown, whether or not it arrived.
            Err(failure) if mode == Mode::DryRun => failure.again(),
            Err(failure) => failure.into(),
        }
    }
}

impl Channel for Fcm {
    fn kind(&self) -> ChannelKind {
        ChannelKind::Fcm
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
