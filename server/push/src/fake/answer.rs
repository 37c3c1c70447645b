//! What comes of a request: it goes to the server that its path names, and what was told to go wrong goes wrong.

use std::{sync::Mutex, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use hyper::{HeaderMap, Method, Version, body::Bytes};
use serde_json::Value;

use super::{
    apns, control, fcm, oauth,
    told::{Told, locked},
    trouble::{RetryAfter, Trouble},
};

/// A request that is whole.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) version: Version,
    pub(super) connection: u64,
}

impl Call {
    /// A header that is there once and is text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body as text.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Bytes,
}

impl Reply {
    pub(super) fn json(status: u16, body: &Value) -> Self {
        let headers = vec![("content-type", "application/json; charset=UTF-8".to_owned())];
        Self { status, headers, body: body.to_string().into() }
    }

    pub(super) const fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Bytes::new() }
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// What becomes of the stream.
#[derive(Clone, Debug)]
pub(super) enum Fate {
    /// An answer after a while.
    Answer(Reply, Duration),
    /// The stream is reset, or refused.
    Reset { refused: bool },
    /// Nothing ever.
    Never,
    /// The connection breaks.
    Cut,
    /// The connection ends after so many more answers, of which this may be one.
    End { after: u32, drain: bool, reply: Reply },
}

/// What comes of a request.
#[derive(Debug)]
pub(super) struct Verdict {
    pub(super) fate: Fate,
    /// The client has shown a token that holds: it may have more streams.
    pub(super) known: bool,
}

/// How a provider says no in its own words.
pub(super) trait Words {
    /// An error of this status and reason.
    fn error(&self, code: u16, reason: &str) -> Reply;
    /// Too many.
    fn too_many(&self) -> Reply;
    /// Our token is too old.
    fn expired(&self) -> Reply;
}

/// Decides about a request.
pub(super) fn decide(told: &Mutex<Told>, call: &Call) -> Verdict {
    let mut told = locked(told);
    if call.path == "/__control" {
        return Verdict { fate: Fate::Answer(control::answer(&mut told, &call.body), Duration::ZERO), known: false };
    }
    let mut verdict = if call.path == "/token" {
        oauth::answer(&mut told, call)
    } else if call.path.starts_with("/v1/") {
        fcm::answer(&mut told, call)
    } else {
        apns::answer(&mut told, call)
    };
    if let Fate::Answer(_, delay) = &mut verdict.fate {
        *delay += told.manner.delay;
    }
    verdict
}

/// What becomes of a request that is as it must be: what trouble there is, or else what `process` makes of it.
pub(super) fn hinder(
    told: &mut Told,
    trouble: Option<Trouble>,
    words: &impl Words,
    process: impl FnOnce(&mut Told) -> Reply,
) -> Fate {
    let now = |reply| Fate::Answer(reply, Duration::ZERO);
    let Some(trouble) = trouble else { return now(process(told)) };
    match trouble {
        Trouble::Status { code, reason } => now(words.error(code, &reason)),
        Trouble::TooMany { retry_after } => {
            let reply = words.too_many();
            now(match retry_after {
                None => reply,
                Some(RetryAfter::Seconds(seconds)) => reply.with("retry-after", seconds.to_string()),
                Some(RetryAfter::HttpDate(seconds)) => {
                    let then = told.now() + TimeDelta::seconds(i64::try_from(seconds).unwrap_or(0));
                    reply.with("retry-after", http_date(then))
                }
            })
        }
        Trouble::HtmlPage => {
            let page = "<!DOCTYPE html><html><title>502 Bad Gateway</title><h1>Bad Gateway</h1></html>";
            let headers = vec![("content-type", "text/html; charset=utf-8".to_owned())];
            now(Reply { status: 502, headers, body: Bytes::from_static(page.as_bytes()) })
        }
        Trouble::ExpiredProviderToken => now(words.expired()),
        Trouble::RefuseStream => Fate::Reset { refused: true },
        Trouble::Slow(time) => Fate::Answer(process(told), time),
        Trouble::ResetStream => unanswered(told, process, Fate::Reset { refused: false }),
        Trouble::Hang => unanswered(told, process, Fate::Never),
        Trouble::Cut => unanswered(told, process, Fate::Cut),
        Trouble::Goaway { after } => Fate::End { after, drain: false, reply: process(told) },
        Trouble::Drain { after } => Fate::End { after, drain: true, reply: process(told) },
    }
}

fn unanswered(told: &mut Told, process: impl FnOnce(&mut Told) -> Reply, fate: Fate) -> Fate {
    let before = told.counts.accepted;
    process(told);
    told.counts.unanswered += told.counts.accepted - before;
    fate
}

/// A time as HTTP writes it.
pub(super) fn http_date(time: DateTime<Utc>) -> String {
    time.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
