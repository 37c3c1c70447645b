//! A session as everybody but the analyzer knows it: who spoke, how far it has come, and what counts of it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    feature::Feature,
    id::SessionId,
    measure::{SessionVector, WhyNot},
};

/// Who wrote a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The member: measured.
    Member,
    /// The assistant: counted, never measured.
    Assistant,
}

impl Role {
    /// The name on the wire and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Assistant => "assistant",
        }
    }
}

/// How far a session has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    /// More turns may come.
    Open,
    /// Ended, waiting to be measured.
    Ended,
    /// Measured.
    Analysed,
    /// Kept from the findings because of a crisis flag.
    Withheld,
    /// There was nothing that could be measured.
    Unmeasured,
    /// What was measured was erased by the member, and is not measured again.
    Reset,
}

impl SessionState {
    /// The name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Ended => "ended",
            Self::Analysed => "analysed",
            Self::Withheld => "withheld",
            Self::Unmeasured => "unmeasured",
            Self::Reset => "reset",
        }
    }

    /// The state with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Open, Self::Ended, Self::Analysed, Self::Withheld, Self::Unmeasured, Self::Reset]
            .into_iter()
            .find(|state| state.name() == name)
    }
}

/// A session as the member's screens know it: numbers only, never its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionSummary {
    /// Which session.
    pub session_id: SessionId,
    /// Where it was held.
    pub feature: Feature,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// The local day it belongs to.
    pub local_date: NaiveDate,
    /// Minutes since local midnight when it began.
    pub local_minute: i16,
    /// How far it has come.
    pub state: SessionState,
    /// Left out of the analysis by the member.
    pub excluded: bool,
    /// Flagged for crisis: it feeds nothing, whatever its state, and a help panel shows instead.
    pub crisis: bool,
    /// Why there was nothing to measure, where there was nothing.
    pub why_not: Option<WhyNot>,
    /// The measure is the member's own: they overruled the model's.
    pub corrected: bool,
    /// Its measure, once there is one; kept, inert, while the session is left out.
    pub vector: Option<SessionVector>,
}

impl SessionSummary {
    /// The vector, if the session counts in rollups. While a session is read again, what was read before counts.
    pub fn counted(&self) -> Option<&SessionVector> {
        let measured = !matches!(self.state, SessionState::Withheld | SessionState::Unmeasured);
        (measured && !self.excluded && !self.crisis).then_some(self.vector.as_ref()).flatten()
    }
}
