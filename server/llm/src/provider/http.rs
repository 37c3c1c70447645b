//! The one way out: over TLS, without redirects, with bounded answers, one second try and a breaker.

use std::{sync::Arc, time::Duration};

use chrono::DateTime;
use reqwest::{
    Certificate, Client, RequestBuilder, Response, StatusCode,
    header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER},
    redirect,
};
use tokio::time::Instant;

use super::{Breaker, Clock, ProviderError, Settings};

/// Longest answer to a single question.
pub(super) const MOST_ANSWER: usize = 1024 * 1024;
/// Longest file of a batch's results.
pub(super) const MOST_RESULTS: usize = 256 * 1024 * 1024;
/// Before the second try, where the provider names no time.
const PAUSE: Duration = Duration::from_millis(250);
/// Longest id of a call that is kept.
const LONGEST_ID: usize = 128;

/// A provider's client could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Setup {
    /// The address is neither sealed nor this machine.
    #[error("the provider's address must begin with https:// unless it is this machine")]
    Open,
    /// The key can't stand in a header.
    #[error("the provider's key has characters that no key has")]
    Key,
    /// The extra certificate can't be read.
    #[error("the provider's extra root certificate could not be read")]
    Root(#[source] std::io::Error),
    /// It is none, or the client can't be made with it.
    #[error("the provider's client could not be made")]
    Client(#[source] reqwest::Error),
}

/// A client of one provider.
#[derive(Debug)]
pub(super) struct Http {
    client: Client,
    headers: HeaderMap,
    timeout: Duration,
    breaker: Breaker,
}

/// What came back, with all that is wanted of its head.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) body: Vec<u8>,
    pub(super) request_id: Option<String>,
}

impl Http {
    /// `headers` go with every call; those that hold the key are marked sensitive by the caller.
    pub(super) fn new(settings: &Settings, headers: HeaderMap, clock: Arc<dyn Clock>) -> Result<Self, Setup> {
        if !is_sealed_or_here(&settings.base_url) {
            return Err(Setup::Open);
        }
        // An error says that one was installed before, which is all that is wanted.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = Client::builder()
            .user_agent(concat!("spectrum/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .connect_timeout(Duration::from_secs(5).min(settings.timeout));
        let builder = match &settings.extra_root {
            Some(path) => {
                let pem = std::fs::read(path).map_err(Setup::Root)?;
                builder.tls_certs_merge(Certificate::from_pem_bundle(&pem).map_err(Setup::Client)?)
            }
            // Only this machine is asked without TLS: no certificates are needed, and no proxy stands between.
            None if settings.base_url.starts_with("http:") => builder.tls_certs_only([]).no_proxy(),
            None => builder,
        };
        Ok(Self {
            client: builder.build().map_err(Setup::Client)?,
            headers,
            timeout: settings.timeout,
            breaker: Breaker::new(settings.breaker, clock),
        })
    }

    /// Sends what `build` makes, a second time after a passing error if there is time for it.
    pub(super) async fn send(
        &self,
        most: usize,
        build: impl Fn(&Client) -> RequestBuilder + Send + Sync,
    ) -> Result<Answer, ProviderError> {
        let until = Instant::now() + self.timeout;
        // The first try has half of the time, so that the second has as much.
        let half = Instant::now() + self.timeout / 2;
        let first = self.counted(most, build(&self.client), half).await;
        let Err(error) = first else { return first };
        let wait = match error {
            ProviderError::Limited { retry_after: Some(asked) } => asked,
            _ => PAUSE,
        };
        if !error.may_pass() || Instant::now() + wait >= until {
            return Err(error);
        }
        tokio::time::sleep(wait).await;
        self.counted(most, build(&self.client), until).await
    }

    async fn counted(&self, most: usize, request: RequestBuilder, until: Instant) -> Result<Answer, ProviderError> {
        let permit = self.breaker.permit().ok_or(ProviderError::Open)?;
        let sent = tokio::time::timeout_at(until, self.once(most, request)).await;
        let answer = sent.unwrap_or(Err(ProviderError::TimedOut));
        match &answer {
            Err(error) if error.may_pass() => permit.failed(),
            _ => permit.succeeded(),
        }
        answer
    }

    async fn once(&self, most: usize, request: RequestBuilder) -> Result<Answer, ProviderError> {
        let sent = request.headers(self.headers.clone()).send().await;
        let mut response = sent.map_err(|_| ProviderError::Unreachable)?;
        let status = response.status();
        if status == StatusCode::TOO_MANY_REQUESTS {
            return Err(ProviderError::Limited { retry_after: retry_after(response.headers()) });
        }
        if !status.is_success() {
            return Err(match retry_after(response.headers()) {
                // A server that names a time is waited for as one that wants fewer calls.
                Some(asked) if status.is_server_error() => ProviderError::Limited { retry_after: Some(asked) },
                _ => ProviderError::Status(status.as_u16()),
            });
        }
        let request_id = request_id(response.headers());
        Ok(Answer { body: read(&mut response, most).await?, request_id })
    }
}

async fn read(response: &mut Response, most: usize) -> Result<Vec<u8>, ProviderError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| ProviderError::Unreachable)? {
        if body.len() + chunk.len() > most {
            return Err(ProviderError::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// A header that holds the key.
pub(super) fn secret(value: &str) -> Result<HeaderValue, Setup> {
    let mut header = HeaderValue::try_from(value).map_err(|_| Setup::Key)?;
    header.set_sensitive(true);
    Ok(header)
}

fn is_sealed_or_here(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else { return url.starts_with("https://") };
    let host = rest.split('/').next().unwrap_or_default();
    let host =
        host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit())).map_or(host, |(h, _)| h);
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

/// Seconds, or a date (RFC 9110, 10.2.3); a date is taken against the answer's own, so that no clock of ours is asked.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let asked = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = asked.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let answered = DateTime::parse_from_rfc2822(headers.get(DATE)?.to_str().ok()?).ok()?;
    (DateTime::parse_from_rfc2822(asked).ok()? - answered).to_std().ok()
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    let id = ["request-id", "x-request-id"].iter().find_map(|name| headers.get(*name))?.to_str().ok()?;
    is_id(id).then(|| id.to_owned())
}

/// Whether it is an id and nothing that could carry words.
pub(super) fn is_id(id: &str) -> bool {
    (1..=LONGEST_ID).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_asked_in_the_open() {
        for sealed in ["https://api.example", "http://127.0.0.1:8080/v1", "http://localhost", "http://[::1]:9/v1"] {
            assert!(is_sealed_or_here(sealed), "{sealed}");
        }
        for open in
            ["http://api.example", "http://127.0.0.1.example/", "ftp://localhost", "http://localhost:80@evil", ""]
        {
            assert!(!is_sealed_or_here(open), "{open}");
        }
    }

    #[test]
    fn a_time_to_come_again_is_seconds_or_a_date() {
        let with = |asked: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(DATE, HeaderValue::from_static("Thu, 26 Nov 2026 11:00:00 GMT"));
            headers.insert(RETRY_AFTER, HeaderValue::from_static(asked));
            retry_after(&headers)
        };
        assert_eq!(with("7"), Some(Duration::from_secs(7)));
        assert_eq!(with("Thu, 26 Nov 2026 11:00:30 GMT"), Some(Duration::from_secs(30)));
        assert_eq!(with("Thu, 26 Nov 2026 10:00:00 GMT"), None);
        assert_eq!(with("soon"), None);
    }

    #[test]
    fn an_id_carries_no_words() {
        assert!(is_id("req_018EeWyXxfu5pfWkrYcMdjWG"));
        assert!(!is_id("I felt sad") && !is_id("") && !is_id(&"a".repeat(129)));
    }
}
