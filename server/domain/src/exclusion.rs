//! What the member keeps out of the analysis. Nothing is deleted, and taking it in again restores the same numbers.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    calendar::WeekLabel,
    feature::Feature,
    id::{ExclusionId, SessionId},
};

/// What an exclusion keeps out: one session, or every session, past and to come, that it covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One session.
    Session(SessionId),
    /// All sessions of a feature.
    Feature(Feature),
    /// All sessions of these local days, both included.
    Period {
        /// First day.
        first: NaiveDate,
        /// Last day.
        last: NaiveDate,
    },
    /// All sessions that began while the member had paused the analysis.
    Pause {
        /// From this instant.
        from: DateTime<Utc>,
        /// Up to and without this one; nothing while the pause lasts.
        until: Option<DateTime<Utc>>,
    },
}

impl Scope {
    /// The name in the database and on the wire.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Session(_) => "session",
            Self::Feature(_) => "feature",
            Self::Period { .. } => "period",
            Self::Pause { .. } => "pause",
        }
    }
}

/// Longest period that can be kept out in one exclusion, in days: a hundred years.
pub const LONGEST_PERIOD: i64 = 36_525;

/// Why the member keeps something out, in words of a closed set: a sentence of theirs would be one more text to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Too private to be measured.
    Private,
    /// It was not about the member, or not theirs.
    NotAboutMe,
    /// It was only to try something out.
    Trial,
    /// A time unlike others, which would tint the picture.
    Unusual,
}

impl Reason {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Private, Self::NotAboutMe, Self::Trial, Self::Unusual];

    /// The name in the database and on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::NotAboutMe => "not_about_me",
            Self::Trial => "trial",
            Self::Unusual => "unusual",
        }
    }

    /// The words members read.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Private => "Too private to be counted",
            Self::NotAboutMe => "Not about me",
            Self::Trial => "I was only trying something out",
            Self::Unusual => "A time unlike others",
        }
    }

    /// The reason with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// One act of keeping out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exclusion {
    /// Which act.
    pub exclusion_id: ExclusionId,
    /// What is kept out.
    pub scope: Scope,
    /// Why, where the member said so.
    pub reason: Option<Reason>,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// What an exclusion is tested against.
#[derive(Clone, Copy, Debug)]
pub struct Covered {
    /// Which session.
    pub session_id: SessionId,
    /// Where it was held.
    pub feature: Feature,
    /// The local day it belongs to.
    pub local_date: NaiveDate,
    /// When it began.
    pub started_at: DateTime<Utc>,
}

impl Scope {
    /// Whether it keeps the session out. The database asks the same question in SQL (`is_kept_out`); a test holds the two
    /// against each other.
    pub fn covers(&self, session: &Covered) -> bool {
        match *self {
            Self::Session(id) => session.session_id == id,
            Self::Feature(feature) => session.feature == feature,
            Self::Period { first, last } => first <= session.local_date && session.local_date <= last,
            Self::Pause { from, until } => {
                from <= session.started_at && until.is_none_or(|until| session.started_at < until)
            }
        }
    }
}

/// What leaving a session out, or taking it in again, did to its week.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// Which session.
    pub session_id: SessionId,
    /// Left out now: still so after it was taken in again, where a wider exclusion covers it.
    pub excluded: bool,
    /// Its week.
    pub effect: WeekChange,
}

/// What an exclusion, or taking one back, did to everything it covers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WideChange {
    /// Sessions that were counted or read before and are left out now, or the other way round.
    pub sessions: i32,
    /// Weeks whose sums changed.
    pub weeks: i32,
    /// The newest of them before and after.
    pub newest: Option<WeekChange>,
}

/// A week before and after.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeekChange {
    /// Which week.
    pub week: WeekLabel,
    /// Sessions counted before and after.
    pub sessions: (i32, i32),
    /// Mean valence before and after, where there were enough sessions for one.
    pub valence: Option<(f64, f64)>,
    /// Mean arousal before and after, where there were enough sessions for one.
    pub arousal: Option<(f64, f64)>,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_scope_covers_its_ends_as_it_says() {
        let date = |day| NaiveDate::from_ymd_opt(2026, 11, day).expect("a date");
        let at = |hour: i64| DateTime::UNIX_EPOCH + chrono::TimeDelta::hours(hour);
        let session = Covered {
            session_id: SessionId(Uuid::from_u128(1)),
            feature: Feature::Turn,
            local_date: date(10),
            started_at: at(5),
        };
        assert!(Scope::Session(session.session_id).covers(&session));
        assert!(!Scope::Session(SessionId(Uuid::from_u128(2))).covers(&session));
        assert!(Scope::Feature(Feature::Turn).covers(&session) && !Scope::Feature(Feature::Lens).covers(&session));
        for (first, last, covered) in [(10, 10, true), (9, 10, true), (10, 12, true), (11, 12, false), (1, 9, false)] {
            assert_eq!(Scope::Period { first: date(first), last: date(last) }.covers(&session), covered);
        }
        for (from, until, covered) in
            [(5, None, true), (6, None, false), (4, Some(5), false), (4, Some(6), true), (5, Some(6), true)]
        {
            assert_eq!(Scope::Pause { from: at(from), until: until.map(at) }.covers(&session), covered);
        }
    }
}
