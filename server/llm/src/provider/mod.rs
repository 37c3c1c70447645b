//! Who is asked: one trait, with one request, reply and error for every provider.
//!
//! PRIVACY: no error holds a part of an answer, and a reply's text is not printed by `Debug`: what a model wrote is shown to
//! nobody before the guard has passed it.

mod anthropic;
mod batch;
mod breaker;
mod http;
mod openai;
mod settings;

use std::{fmt, future::Future, pin::Pin, time::Duration};

use serde_json::Value;

pub use self::{
    anthropic::Anthropic,
    batch::{Batch, BatchId, BatchItem, ItemId, NoItemId, Polled},
    breaker::{Breaker, BreakerSettings, Clock, Monotonic, Permit, State},
    http::Setup,
    openai::OpenAi,
    settings::{AnswerForm, Dialect, Effort, Settings, TokenLimit},
};

/// What a model is asked.
#[derive(Clone, Debug)]
pub struct Request {
    /// The model's name at its provider.
    pub model: String,
    /// The system prompt.
    pub system: String,
    /// The user's message: JSON of a closed vocabulary. Only the safety check puts a model's own words here.
    pub input: String,
    /// What the schema is called: letters, digits, `_`.
    pub schema_name: &'static str,
    /// The JSON schema that the answer must follow.
    pub schema: Value,
    /// Most tokens that it may write.
    pub max_output_tokens: u32,
    /// How freely it may choose, 0 to 1; not sent where the settings say that the model takes none.
    pub temperature: f64,
}

/// Tokens that a call was charged for, as the provider counted them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Read at the full rate.
    pub input: u64,
    /// Read from the provider's cache. Not part of `input`.
    pub cached_input: u64,
    /// Written.
    pub output: u64,
}

impl std::ops::Add for Usage {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            input: self.input.saturating_add(other.input),
            cached_input: self.cached_input.saturating_add(other.cached_input),
            output: self.output.saturating_add(other.output),
        }
    }
}

/// How an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    /// By itself.
    Complete,
    /// At the most tokens it may have.
    CutOff,
    /// The model would not answer.
    Declined,
}

/// What came back.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// The answer, unchecked.
    pub text: String,
    /// How it ended.
    pub finish: Finish,
    /// What it was charged for.
    pub usage: Usage,
    /// The provider's id of the call, for asking them about it.
    pub request_id: Option<String>,
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { text, finish, usage, request_id } = self;
        f.debug_struct("Reply")
            .field("bytes", &text.len())
            .field("finish", finish)
            .field("usage", usage)
            .field("request_id", request_id)
            .finish()
    }
}

/// Why there is no reply. PRIVACY: nothing of what was sent or answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// No connection, or it broke.
    #[error("the provider could not be reached")]
    Unreachable,
    /// No answer in time.
    #[error("the provider did not answer in time")]
    TimedOut,
    /// Too many calls; it says when to come again.
    #[error("the provider wants fewer calls")]
    Limited {
        /// How long to wait, if it said so.
        retry_after: Option<Duration>,
    },
    /// It answered with an error.
    #[error("the provider answered {0}")]
    Status(u16),
    /// What came back is not what its protocol says.
    #[error("the provider's answer can't be read: {0}")]
    Malformed(&'static str),
    /// What came back is longer than is read.
    #[error("the provider's answer is too long")]
    TooLong,
    /// It failed too often and is left alone for a while.
    #[error("the provider is left alone for now")]
    Open,
    /// The batch, or an item of it, was given up by the provider.
    #[error("the provider gave the batch up")]
    BatchFailed,
}

impl ProviderError {
    /// Whether the same may work a moment later.
    pub const fn may_pass(self) -> bool {
        match self {
            Self::Unreachable | Self::TimedOut | Self::Limited { .. } => true,
            Self::Status(status) => status >= 500,
            _ => false,
        }
    }
}

/// What a provider is still about to say.
pub type Answering<'a, T> = Pin<Box<dyn Future<Output = Result<T, ProviderError>> + Send + 'a>>;

/// Somebody who completes prompts.
pub trait Provider: Send + Sync + fmt::Debug {
    /// Asks once: the second try after a passing error, the provider's wish to wait, and the time limit are within.
    fn complete<'a>(&'a self, request: &'a Request) -> Answering<'a, Reply>;
}

/// The provider that the settings name.
pub fn provider(settings: Settings, clock: std::sync::Arc<dyn Clock>) -> Result<Box<dyn Provider>, Setup> {
    Ok(match settings.dialect {
        Dialect::OpenAi => Box::new(OpenAi::new(settings, clock)?),
        Dialect::Anthropic => Box::new(Anthropic::new(settings, clock)?),
    })
}

/// The same provider for many questions at once, on connections and with a breaker of its own: a batch that is large or
/// fails keeps no single question waiting.
pub fn batches(settings: Settings, clock: std::sync::Arc<dyn Clock>) -> Result<Box<dyn Batch>, Setup> {
    Ok(match settings.dialect {
        Dialect::OpenAi => Box::new(OpenAi::new(settings, clock)?),
        Dialect::Anthropic => Box::new(Anthropic::new(settings, clock)?),
    })
}
