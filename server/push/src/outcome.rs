//! What came of a try: one type for all channels, so that whoever asked needs to know no protocol.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// What came of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The provider took it.
    Delivered {
        /// The provider's own name for it.
        provider_id: Option<String>,
    },
    /// The address is no address any more.
    Gone {
        /// When the provider was sure of that, where it says so: a registration that is newer than this is not meant.
        since: Option<DateTime<Utc>>,
        /// The provider speaks of this very address. Otherwise it may as well be our environment or project that is wrong, and of
        /// many such answers none may be believed.
        certain: bool,
    },
    /// Not now.
    Retry {
        /// The provider's own time, or the least that its protocol asks for.
        after: Duration,
    },
    /// Nobody knows whether the provider took it: the connection ended before the answer. It is sent again under the same ids.
    Unknown,
    /// Nothing goes through this channel until a person has looked: a key, a topic or a project is wrong.
    Misconfigured,
    /// This message is never taken: too large, or otherwise not as the protocol wants it.
    Refused,
}

/// A try and what is to be kept of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What came of it.
    pub outcome: Outcome,
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// Why, in the provider's own word where that is one of its documented ones, otherwise in one of ours. PRIVACY: never a text
    /// that came over the network: a label of metrics and a column of the database.
    pub reason: &'static str,
}
