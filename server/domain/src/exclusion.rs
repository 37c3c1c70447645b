//! What the member keeps out of the analysis. Nothing is deleted, and taking it in again restores the same numbers.

use chrono::{DateTime, Utc};

use crate::{
    calendar::WeekLabel,
    id::{ExclusionId, SessionId},
};

/// One session left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclusion {
    /// Which act of leaving out.
    pub exclusion_id: ExclusionId,
    /// What is left out.
    pub session_id: SessionId,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// What leaving a session out, or taking it in again, did to its week.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// The week that changed.
    pub week: WeekLabel,
    /// Which session.
    pub session_id: SessionId,
    /// Left out now.
    pub excluded: bool,
    /// Sessions counted in the week before and after.
    pub sessions: (i32, i32),
    /// The week's mean valence before and after, where there were enough sessions for one.
    pub valence: Option<(f64, f64)>,
    /// The week's mean arousal before and after, where there were enough sessions for one.
    pub arousal: Option<(f64, f64)>,
}
