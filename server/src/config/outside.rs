//! The model outside: where it is, and what it may cost.

use std::time::Duration;

use secrecy::SecretString;

use super::{Key, Values, key};

/// A model outside, which may read the text of members who agreed to that.
#[derive(Clone, Debug)]
pub struct Outside {
    /// Address up to and without `/chat/completions`, without a slash at the end.
    pub url: String,
    /// What it is called with.
    pub api_key: Option<SecretString>,
    /// Its name there.
    pub model: String,
    /// Longest a session may wait for it.
    pub timeout: Duration,
    /// Most calls in a calendar month (UTC).
    pub monthly_calls: i64,
    /// Most tokens; the call that goes past them is the last.
    pub monthly_tokens: i64,
}

pub(super) const KEYS: [Key; 6] = [
    key(
        "analyzer.url",
        "",
        "OpenAI-compatible endpoint (`https://…/v1`) that may read text of members who agreed; empty: none",
    ),
    key("analyzer.api_key", "", "its key"),
    key("analyzer.model", "", "the model's name there"),
    key("analyzer.timeout_seconds", "20", "longest a session waits for it, its second try included; at most 25"),
    key("analyzer.monthly_calls", "10000", "calls in a calendar month; then the embedded model alone reads"),
    key("analyzer.monthly_tokens", "5000000", "tokens in a calendar month; the same"),
];

impl Values {
    pub(super) fn outside(&mut self) -> Option<Outside> {
        let url = self.take("analyzer.url").trim_end_matches('/').to_owned();
        let key = self.take("analyzer.api_key");
        let outside = Outside {
            api_key: (!key.is_empty()).then(|| SecretString::from(key)),
            model: self.take("analyzer.model"),
            timeout: Duration::from_secs(self.parse("analyzer.timeout_seconds", 20)),
            monthly_calls: self.parse("analyzer.monthly_calls", 0),
            monthly_tokens: self.parse("analyzer.monthly_tokens", 0),
            url,
        };
        if outside.url.is_empty() {
            return None;
        }
        if !super::is_sealed_or_here(&outside.url) {
            // Members' text must not cross a network in the open.
            self.problems.push("- analyzer.url: must begin with https:// unless it is this machine".to_owned());
        }
        if outside.model.is_empty() {
            self.problems.push("- analyzer.model: must be set with analyzer.url".to_owned());
        }
        if !(1..=25).contains(&outside.timeout.as_secs()) {
            self.problems.push("- analyzer.timeout_seconds: must be 1 to 25".to_owned());
        }
        Some(outside)
    }
}
