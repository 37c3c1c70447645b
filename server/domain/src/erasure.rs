//! Erasure: who asks for it, the steps it takes, and what each step leaves behind.

use chrono::{DateTime, TimeDelta, Utc};

use crate::id::ErasureId;

/// So long after it was asked for an erasure is done, or a person has to look: its job is tried for two days before it is dead.
pub const PROMISED_WITHIN: TimeDelta = TimeDelta::days(2);

/// Who asked for an erasure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedBy {
    /// The member, on their page.
    Member,
    /// The host, through the API.
    Host,
    /// An operator, on the command line.
    Operator,
    /// A tombstone, after a backup brought the member back.
    Restore,
}

impl AskedBy {
    const ALL: [Self; 4] = [Self::Member, Self::Host, Self::Operator, Self::Restore];

    /// Who has this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.name() == name)
    }

    /// The name in the database and in receipts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Host => "host",
            Self::Operator => "operator",
            Self::Restore => "restore",
        }
    }
}

/// How far an erasure has come. Each step is taken once, in a transaction of its own, so that one that is cut off is taken
/// up where it stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ErasureState {
    /// The member is shut out; their sign-ins are gone.
    Requested,
    /// Their rows are gone; what is left are their names and their key.
    RowsDeleted,
    /// Their key and the last row that names them are gone.
    KeyDestroyed,
    /// Nothing was found of them any more.
    Verified,
    /// The receipt is signed.
    Done,
}

impl ErasureState {
    const ALL: [Self; 5] = [Self::Requested, Self::RowsDeleted, Self::KeyDestroyed, Self::Verified, Self::Done];

    /// The name in the database and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::RowsDeleted => "rows_deleted",
            Self::KeyDestroyed => "key_destroyed",
            Self::Verified => "verified",
            Self::Done => "done",
        }
    }

    /// The state with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// An erasure as whoever asked for it sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// Its number.
    pub erasure_id: ErasureId,
    /// How far it has come.
    pub state: ErasureState,
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
    /// When it was done.
    pub done_at: Option<DateTime<Utc>>,
}
