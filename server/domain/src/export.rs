//! What a member asks to take along: everything held about them, ready for a day.

use chrono::{DateTime, TimeDelta, Utc};

use crate::id::ExportId;

/// How long an export may be fetched once it is ready.
pub const EXPORT_LIFE: TimeDelta = TimeDelta::days(1);

/// One export and how far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Export {
    /// Which one.
    pub export_id: ExportId,
    /// When the member asked for it.
    pub asked_at: DateTime<Utc>,
    /// What can be fetched; nothing while it is being gathered.
    pub ready: Option<Ready>,
    /// A newer one has taken its place, and it can't be fetched any more.
    pub replaced: bool,
}

impl Export {
    /// What can be fetched now; nothing before it is ready, and nothing once its day is over.
    pub fn at_hand(&self, now: DateTime<Utc>) -> Option<Ready> {
        self.ready.filter(|ready| ready.expires_at > now)
    }
}

/// An export that can be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ready {
    /// Since when.
    pub ready_at: DateTime<Utc>,
    /// Until when.
    pub expires_at: DateTime<Utc>,
    /// Bytes of all its files, before they are packed.
    pub bytes: i64,
    /// The member's data version that it shows.
    pub version: i64,
}
