//! Where a provider is and how it wants to be spoken to; read from configuration by whoever uses this crate.

use std::{path::PathBuf, time::Duration};

use secrecy::SecretString;

use super::BreakerSettings;

/// Whose protocol is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Chat completions, as `OpenAI` and the many that follow it speak them.
    OpenAi,
    /// Messages, as Anthropic speaks them.
    Anthropic,
}

/// How a model is held to a JSON schema. Whatever is chosen, the answer is checked again here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AnswerForm {
    /// The API's own: `response_format` with `json_schema`, or `output_config.format`.
    #[default]
    Schema,
    /// A tool with the schema as its input, which the model is made to call.
    Tool,
    /// Nothing but what the prompt says.
    Prompt,
}

/// How long a model that thinks before it answers may do so: thinking is paid for as output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// As little as it can.
    Low,
    /// As usual.
    Medium,
    /// Longer.
    High,
}

impl Effort {
    /// The name on the wire, the same for both protocols.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// What the most tokens are called in chat completions: it changed, and servers that follow know one or the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TokenLimit {
    /// `max_completion_tokens`, the newer name.
    #[default]
    MaxCompletionTokens,
    /// `max_tokens`.
    MaxTokens,
}

/// A provider.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Its protocol.
    pub dialect: Dialect,
    /// Address without a slash at the end: up to and without `/chat/completions`, or `/v1/messages`. Over TLS, but for this
    /// machine.
    pub base_url: String,
    /// What it is called with.
    pub api_key: SecretString,
    /// Longest that one question may take, its second try included.
    pub timeout: Duration,
    /// A certificate in PEM that is trusted beside the system's.
    pub extra_root: Option<PathBuf>,
    /// How the answer is held to its schema.
    pub form: AnswerForm,
    /// Whether the models take a temperature: newer ones refuse a call that has one.
    pub sends_temperature: bool,
    /// How long the models think; nothing is sent where they know no effort.
    pub effort: Option<Effort>,
    /// Chat completions only.
    pub token_limit: TokenLimit,
    /// When it is left alone.
    pub breaker: BreakerSettings,
}

impl Settings {
    /// A provider with what is usual: 30 seconds, the API's own schema, no temperature.
    pub fn new(dialect: Dialect, base_url: &str, api_key: SecretString) -> Self {
        Self {
            dialect,
            base_url: base_url.trim_end_matches('/').to_owned(),
            api_key,
            timeout: Duration::from_secs(30),
            extra_root: None,
            form: AnswerForm::Schema,
            sends_temperature: false,
            effort: None,
            token_limit: TokenLimit::MaxCompletionTokens,
            breaker: BreakerSettings::default(),
        }
    }
}
