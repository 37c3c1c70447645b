//! The host's side of Spectrum's REST API: what a host product would call, used by `spectrum replay` and by the demo.

use std::{fmt, time::Duration};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use reqwest::{Method, StatusCode, Url, header, redirect};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer, de::DeserializeOwned};
use spectrum_domain::{
    feature::Feature,
    member::{Consent, ExternalRef, Plan},
    private::Private,
    session::Role,
};
use uuid::Uuid;

use super::error::ReplayError;

/// Tries for one request; with the pauses between them about three quarters of a minute.
const TRIES: u32 = 9;
/// Longest pause between two tries, also when the server asks for more.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Chooses rustls' ring as the process's cryptography. To be called once at the start; again does nothing.
pub fn install_crypto() {
    // An error says that one was installed before, which is all that is wanted.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// An event as a host sends it.
#[derive(Clone, Debug, Serialize)]
pub struct HostEvent {
    /// The host's id; the same id again is the same event.
    pub event_id: Uuid,
    /// The host's name for the member.
    pub member: ExternalRef,
    /// Which session.
    pub session_id: Uuid,
    /// Where it is held.
    pub feature: Feature,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// Where the member was.
    pub time_zone: Tz,
    /// What happened.
    #[serde(flatten)]
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type")]
pub enum What {
    /// A session began.
    #[serde(rename = "session.started")]
    Started,
    /// Something was written.
    #[serde(rename = "turn.added")]
    Turn {
        /// Place in the session, from 0.
        index: i32,
        /// Who wrote it.
        role: Role,
        /// PRIVACY: goes to the server that the caller named, and nowhere else.
        #[serde(serialize_with = "send_words")]
        text: Private<String>,
    },
    /// The session is over.
    #[serde(rename = "session.ended")]
    Ended,
}

/// `Private` has no `Serialize`, so that nothing writes words by accident; the host's own request is where it is meant.
fn send_words<S: Serializer>(text: &Private<String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text.expose())
}

/// What the host says of a member; what is left out stays as it is.
#[derive(Clone, Debug, Default, Serialize)]
pub struct MemberProfile {
    /// Where the member is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<Tz>,
    /// First day of the week, `monday` to `sunday`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub week_start: Option<&'static str>,
    /// Language tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<&'static str>,
    /// What they pay for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
    /// What they agreed to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent: Option<Consent>,
}

/// How far a member's sessions have come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct MemberProgress {
    /// Sessions known.
    pub sessions: u64,
    /// Sessions without an end.
    pub open: u64,
    /// Sessions measured.
    pub analysed: u64,
    /// Sessions in which there was nothing to measure.
    pub unmeasured: u64,
    /// Jobs ready or running.
    pub pending_jobs: u64,
    /// Jobs that failed for good.
    pub dead_jobs: u64,
    /// Days with a rollup.
    pub days: u64,
    /// Weeks with a rollup.
    pub weeks: u64,
    /// Months with a rollup.
    pub months: u64,
}

/// What became of a batch.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct BatchAnswer {
    /// New, and kept.
    pub accepted: u64,
    /// Known before.
    pub duplicates: u64,
    /// Not kept.
    pub refused: u64,
    /// Why, where something was refused.
    #[serde(default)]
    pub detail: Option<String>,
}

/// A one-time link that signs a member in.
#[derive(Clone, Debug, Deserialize)]
pub struct SignInLink {
    /// Where it leads.
    pub url: String,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
}

/// A running Spectrum as a host product sees it.
#[derive(Clone)]
pub struct HostClient {
    url: Url,
    key: header::HeaderValue,
    http: reqwest::Client,
    first_pause: Duration,
}

impl fmt::Debug for HostClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HostClient({})", self.url)
    }
}

impl HostClient {
    /// For the server at `url` (with its path, if it has one), with a host's service key.
    pub fn new(url: &str, key: &SecretString) -> Result<Self, ReplayError> {
        let bad = || ReplayError::BadAddress { url: url.to_owned() };
        let parsed = Url::parse(url).map_err(|_| bad())?;
        if !matches!(parsed.scheme(), "http" | "https") || parsed.host().is_none() {
            return Err(bad());
        }
        let mut key = header::HeaderValue::try_from(format!("Bearer {}", key.expose_secret()))
            .map_err(|_| ReplayError::BadKey)?;
        key.set_sensitive(true);
        install_crypto();
        // A redirect could carry a diary to another server: there are none in this API.
        let mut http = reqwest::Client::builder()
            .user_agent(concat!("spectrum/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .connect_timeout(Duration::from_secs(5))
            .timeout(Duration::from_mins(1));
        if parsed.scheme() == "http" {
            // Without certificates the system's are not read: a bare machine has none, and making the client would fail.
            http = http.tls_certs_only([]);
        }
        if is_loopback(&parsed) {
            http = http.no_proxy();
        }
        let http = http.build().map_err(|source| ReplayError::Prepare { source })?;
        Ok(Self { url: parsed, key, http, first_pause: Duration::from_millis(250) })
    }

    /// The server's address.
    pub const fn url(&self) -> &Url {
        &self.url
    }

    /// Sets what is known of a member, who is made if need be.
    pub async fn put_member(&self, member: &ExternalRef, profile: &MemberProfile) -> Result<(), ReplayError> {
        const WHAT: &str = "the member's settings";
        let body = self.body(WHAT, profile)?;
        let answer = self.ask(Method::PUT, &["members", member.as_str()], Some(body)).await?;
        if answer.status.is_success() { Ok(()) } else { Err(answer.refusal(WHAT)) }
    }

    /// Sends a batch. Sending the same events again is safe.
    pub async fn send_events(&self, events: &[HostEvent]) -> Result<BatchAnswer, ReplayError> {
        #[derive(Serialize)]
        struct Batch<'a> {
            events: &'a [HostEvent],
        }
        const WHAT: &str = "a batch of events";
        let body = self.body(WHAT, &Batch { events })?;
        let answer = self.ask(Method::POST, &["events"], Some(body)).await?;
        match answer.status {
            StatusCode::OK => self.read(WHAT, &answer),
            // With some events refused the answer is a problem that also counts; without counts it refuses the whole.
            StatusCode::UNPROCESSABLE_ENTITY => serde_json::from_slice(&answer.body).map_err(|_| answer.refusal(WHAT)),
            _ => Err(answer.refusal(WHAT)),
        }
    }

    /// How far the member's sessions have come; nothing for a member Spectrum does not know.
    pub async fn member_status(&self, member: &ExternalRef) -> Result<Option<MemberProgress>, ReplayError> {
        const WHAT: &str = "the question how far the member's sessions are";
        let answer = self.ask(Method::GET, &["members", member.as_str()], None).await?;
        match answer.status {
            StatusCode::OK => self.read(WHAT, &answer).map(Some),
            StatusCode::NOT_FOUND => Ok(None),
            _ => Err(answer.refusal(WHAT)),
        }
    }

    /// A one-time sign-in link; `page` is `newest`, a week such as `2026-W47`, or nothing for the front page.
    pub async fn create_link(&self, member: &ExternalRef, page: Option<&str>) -> Result<SignInLink, ReplayError> {
        #[derive(Serialize)]
        struct Wanted<'a> {
            #[serde(skip_serializing_if = "Option::is_none")]
            page: Option<&'a str>,
        }
        const WHAT: &str = "a sign-in link";
        let body = self.body(WHAT, &Wanted { page })?;
        let answer = self.ask(Method::POST, &["members", member.as_str(), "links"], Some(body)).await?;
        if answer.status.is_success() { self.read(WHAT, &answer) } else { Err(answer.refusal(WHAT)) }
    }

    fn body(&self, what: &'static str, value: &impl Serialize) -> Result<Vec<u8>, ReplayError> {
        serde_json::to_vec(value).map_err(|_| self.not_understood(what))
    }

    fn read<T: DeserializeOwned>(&self, what: &'static str, answer: &Answer) -> Result<T, ReplayError> {
        serde_json::from_slice(&answer.body).map_err(|_| self.not_understood(what))
    }

    fn not_understood(&self, what: &'static str) -> ReplayError {
        ReplayError::BadAnswer { what, url: self.url.to_string() }
    }

    /// Asks until there is an answer that is not "later". Every call of this API can be made twice without harm.
    async fn ask(&self, method: Method, path: &[&str], body: Option<Vec<u8>>) -> Result<Answer, ReplayError> {
        let mut url = self.url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(["api", "v1"]).extend(path);
        }
        let mut pause = self.first_pause;
        let mut last = String::new();
        for attempt in 1..=TRIES {
            let mut request = self.http.request(method.clone(), url.clone()).header(header::AUTHORIZATION, &self.key);
            if let Some(body) = &body {
                request = request.header(header::CONTENT_TYPE, "application/json").body(body.clone());
            }
            let mut wait = pause;
            match answer_to(request).await {
                Ok((answer, later)) => {
                    if !is_later(answer.status) {
                        return Ok(answer);
                    }
                    last = format!("it answered {}", answer.status);
                    wait = later.unwrap_or(wait).min(LONGEST_PAUSE);
                }
                Err(error) => last = reason_of(&error),
            }
            if attempt < TRIES {
                tokio::time::sleep(wait).await;
                pause = (pause * 2).min(LONGEST_PAUSE / 2);
            }
        }
        Err(ReplayError::Unreachable { url: self.url.to_string(), tries: TRIES, last })
    }

    /// The same client with other pauses between its tries, so that a test of them takes no time.
    #[cfg(test)]
    pub(crate) const fn with_first_pause(mut self, pause: Duration) -> Self {
        self.first_pause = pause;
        self
    }
}

/// An answer, read to its end.
struct Answer {
    status: StatusCode,
    body: Vec<u8>,
}

impl Answer {
    /// The problem in its own words (RFC 9457).
    fn refusal(&self, what: &'static str) -> ReplayError {
        #[derive(Default, Deserialize)]
        struct Problem {
            #[serde(default)]
            title: Option<String>,
            #[serde(default)]
            detail: Option<String>,
        }
        let problem: Problem = serde_json::from_slice(&self.body).unwrap_or_default();
        let detail = problem.detail.or(problem.title).unwrap_or_else(|| "it gave no reason".to_owned());
        let detail = detail.trim_end_matches('.').to_owned();
        ReplayError::Refused { what, status: self.status.as_u16(), detail }
    }
}

/// The answer with what the server says about when to come again.
async fn answer_to(request: reqwest::RequestBuilder) -> Result<(Answer, Option<Duration>), reqwest::Error> {
    let response = request.send().await?;
    let later = response.headers().get(header::RETRY_AFTER).and_then(|v| v.to_str().ok()?.parse().ok());
    let status = response.status();
    let body = response.bytes().await?.to_vec();
    Ok((Answer { status, body }, later.map(Duration::from_secs)))
}

const fn is_later(status: StatusCode) -> bool {
    matches!(status.as_u16(), 429 | 502 | 503 | 504)
}

/// Why there was no answer, without the address, which the sentence around it has.
fn reason_of(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        "no answer in time".to_owned()
    } else if error.is_connect() {
        "no connection".to_owned()
    } else {
        "the connection broke".to_owned()
    }
}

fn is_loopback(url: &Url) -> bool {
    url.host_str().is_some_and(|host| {
        let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
        host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    })
}
