//! What a host may send: the beginning of a session, a turn, the end of a session.

#![deny(clippy::disallowed_types)]

use std::{fmt, str::FromStr};

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::{feature::Feature, id::EventId, member::ExternalRef, private::PrivateText, session::Role};

/// The host's own name for a session: 1 to 128 visible ASCII characters, a UUID or not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionRef(ExternalRef);

impl SessionRef {
    /// The reference as the host sent it.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl FromStr for SessionRef {
    type Err = crate::member::BadReference;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl fmt::Display for SessionRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One event, parsed: every field means something.
#[derive(Clone, Debug)]
pub struct Event {
    /// The host's id; the same id again is the same event.
    pub event_id: EventId,
    /// The host's name for the member.
    pub member: ExternalRef,
    /// The host's name for the session.
    pub session: SessionRef,
    /// Where the session is held.
    pub feature: Feature,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// Where the member was.
    pub zone: Tz,
    /// What happened.
    pub body: EventBody,
}

/// What happened.
#[derive(Clone, Debug)]
pub enum EventBody {
    /// `session.started`
    Started,
    /// `turn.added`
    Turn {
        /// Place in the session, from 0.
        index: i32,
        /// Who wrote it.
        role: Role,
        /// PRIVACY: the member's words.
        text: PrivateText,
    },
    /// `session.ended`
    Ended,
}

/// Most events in a batch.
pub const MAX_BATCH: usize = 1_000;
/// Longest text of a turn, in bytes of UTF-8.
pub const MAX_TEXT: usize = 16 * 1024;
/// Most turns in a session.
pub const MAX_TURNS: i32 = 10_000;
/// How far ahead of the clock an event may be: replayed diaries are moved by whole weeks, so up to a week and a day.
pub const MAX_AHEAD: TimeDelta = TimeDelta::days(8);
