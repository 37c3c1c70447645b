//! What the fake is told, and what it has seen.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use spectrum_domain::push::ChannelKind;

use super::{
    keys::Keys,
    trouble::{Dice, State, Trouble},
};

/// The time, from outside.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// A push that the fake took.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Seen {
    /// Whose protocol it came by.
    pub channel: ChannelKind,
    /// Whom it is for: a token, an installation id, or a topic.
    pub address: String,
    /// Whether it is an installation id.
    pub is_fid: bool,
    /// Its `apns-id`, or the name that FCM gave it.
    pub id: String,
    /// What it replaces on a screen: `apns-collapse-id`, or Android's `tag`, or else its `collapseKey`.
    pub collapse: Option<String>,
    /// APNs' payload, or FCM's `message` with its fields in camel case.
    pub payload: Value,
    /// What came over the connection, to the letter.
    pub sent: String,
    /// The headers `apns-*`, and who calls.
    pub headers: BTreeMap<String, String>,
    /// Only to be checked (`validateOnly`).
    pub dry: bool,
    /// On which connection, from 1.
    pub connection: u64,
    /// When, by the fake's clock.
    pub at: DateTime<Utc>,
}

/// How it behaves, whatever comes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner {
    /// Time to an answer.
    pub(super) delay: Duration,
    /// Streams at a time, once a client has shown a token.
    pub(super) streams: u32,
    /// One stream at first.
    pub(super) careful: bool,
    /// Whether pushes are only counted.
    pub(super) lean: bool,
}

/// What is counted.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Counts {
    /// Pushes taken, those aside that were only to be checked.
    pub accepted: u64,
    /// Among them, those that were never answered.
    pub unanswered: u64,
    /// Connections that spoke TLS.
    pub connections: u64,
    /// Distinct tokens that APNs was shown.
    pub provider_tokens: u64,
    /// Tokens that the OAuth server gave.
    pub access_tokens: u64,
}

/// Everything that changes.
pub(super) struct Told {
    pub(super) keys: Keys,
    pub(super) url: String,
    pub(super) clock: Clock,
    pub(super) manner: Manner,
    pub(super) troubles: VecDeque<Trouble>,
    pub(super) token_troubles: VecDeque<Trouble>,
    pub(super) dice: Dice,
    pub(super) states: HashMap<String, State>,
    pub(super) wrong_environment: bool,
    pub(super) wrong_project: bool,
    /// APNs' tokens that were verified, and when they were issued.
    pub(super) provider_tokens: HashMap<String, i64>,
    /// When a provider token was first shown that had not been before.
    pub(super) provider_token_at: Option<DateTime<Utc>>,
    /// OAuth's tokens, and when they end.
    pub(super) access_tokens: HashMap<String, DateTime<Utc>>,
    pub(super) expires_in: i64,
    pub(super) counts: Counts,
    pub(super) seen: Vec<Seen>,
    pub(super) refused: Vec<String>,
    /// Names that FCM gave.
    pub(super) names: u64,
}

impl fmt::Debug for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Told").field("manner", &self.manner).field("counts", &self.counts).finish_non_exhaustive()
    }
}

impl Told {
    pub(super) fn new(keys: Keys, url: String, manner: Manner) -> Self {
        Self {
            keys,
            url,
            clock: Arc::new(system_time),
            manner,
            troubles: VecDeque::new(),
            token_troubles: VecDeque::new(),
            dice: Dice::default(),
            states: HashMap::new(),
            wrong_environment: false,
            wrong_project: false,
            provider_tokens: HashMap::new(),
            provider_token_at: None,
            access_tokens: HashMap::new(),
            expires_in: 3599,
            counts: Counts::default(),
            seen: Vec::new(),
            refused: Vec::new(),
            names: 0,
        }
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// Forgets what was told and seen, but not the clock, the manner and the tokens that were given.
    pub(super) fn reset(&mut self) {
        self.troubles.clear();
        self.token_troubles.clear();
        self.dice = Dice::default();
        self.states.clear();
        (self.wrong_environment, self.wrong_project) = (false, false);
        self.provider_tokens.clear();
        self.provider_token_at = None;
        self.counts = Counts::default();
        self.seen.clear();
        self.refused.clear();
    }

    pub(super) fn state(&self, address: &str) -> State {
        self.states.get(address).copied().unwrap_or_default()
    }

    /// What goes wrong with this push: what was told first, else what chance says.
    pub(super) fn next_trouble(&mut self) -> Option<Trouble> {
        self.troubles.pop_front().or_else(|| self.dice.throw())
    }

    pub(super) fn take(&mut self, seen: Seen) {
        self.counts.accepted += u64::from(!seen.dry);
        if !self.manner.lean {
            self.seen.push(seen);
        }
    }

    pub(super) fn refuse(&mut self, why: String) {
        self.refused.push(why);
    }
}

#[expect(clippy::disallowed_methods, reason = "the fake's own clock, for those who hand it none")]
fn system_time() -> DateTime<Utc> {
    std::time::SystemTime::now().into()
}

pub(super) fn locked(told: &Mutex<Told>) -> MutexGuard<'_, Told> {
    told.lock().unwrap_or_else(PoisonError::into_inner)
}
