//! What is left to do: job kinds with their payloads of ids, never a word of a member's text.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::id::SessionId;

/// A job's payload. The kind is its name in the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Job {
    /// Measure an ended session.
    AnalyzeSession {
        /// Which session.
        session_id: SessionId,
        /// Which state of it: raised by every turn that comes in after the end.
        input_version: i32,
    },
    /// Add up a local day again, and the week and month that hold it.
    RefreshRollups {
        /// Which day.
        date: NaiveDate,
    },
    /// Add up all weeks again from their days: the member's weeks begin on another day now.
    RebuildWeeks,
    /// End a session that has been idle for long enough.
    CloseIdleSession {
        /// Which session.
        session_id: SessionId,
    },
    /// Read anew what another model has read of the member, oldest first, a few sessions a step.
    ReanalyzeMember {
        /// Where the step before ended; nothing for the first.
        after: Option<SessionPlace>,
    },
}

/// A session's place in the order of the member's days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionPlace {
    /// Its day.
    pub date: NaiveDate,
    /// Which session.
    pub session_id: SessionId,
}

impl Job {
    /// All kinds by name.
    pub const KINDS: [&'static str; 5] =
        ["analyze_session", "refresh_rollups", "rebuild_weeks", "close_idle_session", "reanalyze_member"];

    /// The kind's name, as in the database, metrics and logs.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::AnalyzeSession { .. } => "analyze_session",
            Self::RefreshRollups { .. } => "refresh_rollups",
            Self::RebuildWeeks => "rebuild_weeks",
            Self::CloseIdleSession { .. } => "close_idle_session",
            Self::ReanalyzeMember { .. } => "reanalyze_member",
        }
    }
}
