//! A model outside, over an endpoint that speaks as `OpenAI`'s does: off unless configured, and used only for members who
//! agreed that their text may be sent there. What it can't or may not read, the model in the binary has read already.
//!
//! PRIVACY: texts leave without a name, an id or a time. Nothing that comes back is logged or kept but figures, and no
//! error holds a part of an answer: a model may repeat what it was sent.

#![deny(clippy::disallowed_types)]

mod wire;

use std::time::Duration;

use reqwest::{StatusCode, header};
use secrecy::ExposeSecret;
use spectrum_core::Services;
use spectrum_domain::{
    affect::Milli,
    impact::MeasurementBand,
    measure::{Language, Reading},
    private::PrivateText,
};
use tokio::time::Instant;

use super::{Analyzer, Readings, Texts};
use crate::{config, outbound};

/// Most texts in one call, and most bytes of them.
const CALL: (usize, usize) = (24, 32 * 1024);
/// Longest answer that is read.
const MOST_ANSWER: usize = 1024 * 1024;
/// Before the second try.
const PAUSE: Duration = Duration::from_millis(200);

/// Why a model outside gave no readings. PRIVACY: nothing of a text or an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutsideError {
    /// This month's calls or tokens are spent.
    #[error("this month's budget is spent")]
    Spent,
    /// It did not answer, or not in time.
    #[error("the endpoint did not answer")]
    Unreachable,
    /// It answered with an error.
    #[error("the endpoint answered {0}")]
    Status(StatusCode),
    /// It would not read the texts.
    #[error("the model declined")]
    Declined,
    /// Its answer is not what was asked for.
    #[error("the answer can't be read: {0}")]
    Malformed(&'static str),
    /// A reading is missing, or there is one too many.
    #[error("{given} readings came for {asked} turns")]
    Count {
        /// Texts sent.
        asked: usize,
        /// Readings that came back.
        given: usize,
    },
    /// The budget could not be asked, so nothing was sent.
    #[error("the budget could not be asked")]
    Budget,
}

impl OutsideError {
    /// Whether the same may work a moment later.
    fn may_pass(self) -> bool {
        match self {
            Self::Unreachable => true,
            Self::Status(status) => status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS,
            _ => false,
        }
    }
}

/// The model outside could not be set up.
#[derive(Debug, thiserror::Error)]
#[error("the client for analyzer.url could not be made")]
pub struct OutsideSetup(#[source] reqwest::Error);

/// A model outside.
#[derive(Debug)]
pub struct Outside {
    settings: config::Outside,
    http: reqwest::Client,
    /// Who keeps the budget; nobody where an operator judges the model on texts of no member.
    budget: Option<Services>,
    name: Box<str>,
}

impl Outside {
    /// The model that the settings name, with the budget that the services keep.
    pub fn new(settings: config::Outside, services: Services) -> Result<Self, OutsideSetup> {
        Self::with(settings, Some(services))
    }

    /// The same without a budget: only for judging it on published texts, never on a member's.
    pub fn without_budget(settings: config::Outside) -> Result<Self, OutsideSetup> {
        Self::with(settings, None)
    }

    fn with(settings: config::Outside, budget: Option<Services>) -> Result<Self, OutsideSetup> {
        let http = outbound::client(&settings.url).map_err(OutsideSetup)?;
        let name = format!("{}@1+{}", settings.model, wire::revision()).into_boxed_str();
        Ok(Self { settings, http, budget, name })
    }

    /// The readings of the texts, call by call, all within the time set for a session.
    async fn read(&self, texts: &[PrivateText]) -> Result<Vec<Reading>, OutsideError> {
        let until = Instant::now() + self.settings.timeout;
        let mut readings = Vec::with_capacity(texts.len());
        let mut left = texts;
        while !left.is_empty() {
            let (call, rest) = left.split_at(first_call(left));
            let call: Vec<&PrivateText> = call.iter().collect();
            readings.extend(self.call_twice(&call, until).await?);
            left = rest;
        }
        Ok(readings)
    }

    async fn call_twice(&self, texts: &[&PrivateText], until: Instant) -> Result<Vec<Reading>, OutsideError> {
        // Half of what is left for the first try, so that the second has as much.
        let half = Instant::now() + until.saturating_duration_since(Instant::now()) / 2;
        match self.call(texts, half).await {
            Err(error) if error.may_pass() => {
                tokio::time::sleep(PAUSE).await;
                self.call(texts, until).await
            }
            first => first,
        }
    }

    async fn call(&self, texts: &[&PrivateText], until: Instant) -> Result<Vec<Reading>, OutsideError> {
        self.reserve().await?;
        let body = tokio::time::timeout_at(until, self.send(texts)).await.map_err(|_| OutsideError::Unreachable)??;
        let answered = wire::read(&body, texts.len());
        if answered.tokens > 0
            && let Some(budget) = &self.budget
            && let Err(error) = budget.spend_outside_tokens(answered.tokens).await
        {
            // The call is counted already: the month can't run away by this.
            tracing::warn!(error = &error as &dyn std::error::Error, "tokens could not be counted");
        }
        answered.readings
    }

    /// Takes one call from this month's budget.
    async fn reserve(&self) -> Result<(), OutsideError> {
        let Some(budget) = &self.budget else { return Ok(()) };
        match budget.reserve_outside_call(self.settings.monthly_calls, self.settings.monthly_tokens).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(OutsideError::Spent),
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "the analyzer's budget could not be asked");
                Err(OutsideError::Budget)
            }
        }
    }

    async fn send(&self, texts: &[&PrivateText]) -> Result<Vec<u8>, OutsideError> {
        let url = format!("{}/chat/completions", self.settings.url);
        let mut request = self.http.post(url).json(&wire::ask(&self.settings.model, texts));
        if let Some(key) = &self.settings.api_key {
            let mut bearer = header::HeaderValue::try_from(format!("Bearer {}", key.expose_secret()))
                .map_err(|_| OutsideError::Status(StatusCode::UNAUTHORIZED))?;
            bearer.set_sensitive(true);
            request = request.header(header::AUTHORIZATION, bearer);
        }
        let mut answer = request.send().await.map_err(|_| OutsideError::Unreachable)?;
        if !answer.status().is_success() {
            return Err(OutsideError::Status(answer.status()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|_| OutsideError::Unreachable)? {
            if body.len() + chunk.len() > MOST_ANSWER {
                return Err(OutsideError::Malformed("too long"));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

/// How many of the texts go into the first call: as many as fit, and at least one.
fn first_call(texts: &[PrivateText]) -> usize {
    let (most, most_bytes) = CALL;
    let mut bytes = 0;
    let fitting = texts.iter().take(most).take_while(|text| {
        bytes += text.bytes();
        bytes <= most_bytes
    });
    fitting.count().max(1).min(texts.len())
}

impl Analyzer for Outside {
    fn model(&self) -> &str {
        &self.name
    }

    /// Nobody has measured this model here; the error of a good model for valence and arousal is assumed
    /// (emotion reference 4.1: r = .65 and .47).
    fn band(&self) -> MeasurementBand {
        MeasurementBand { valence: Milli(370), arousal: Milli(306) }
    }

    fn knows(&self, _: Language) -> bool {
        true
    }

    fn measure(&self, texts: Texts) -> Readings<'_> {
        Box::pin(async move { Ok(self.read(&texts).await?) })
    }
}
