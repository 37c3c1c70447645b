//! What a finding can say: the closed vocabulary that words are later chosen for.

use std::{fmt, str::FromStr};

use chrono::Weekday;
use serde::{Deserialize, Serialize};

use crate::{
    affect::{Family, Quadrant},
    calendar::Daypart,
    feature::Feature,
};

/// What kind of statement a finding is. `docs/findings.md` has the formula, floor and test of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Too little was counted to say more than how much.
    LowData,
    /// What the period rests on.
    Coverage,
    /// There are too few earlier periods to compare with.
    BaselineShort,
    /// Where the period lay.
    Level,
    /// What was in it, and in how many sessions.
    Mix,
    /// How far its sessions lie apart.
    Variability,
    /// How fast valence came home within sessions.
    Recovery,
    /// The period left what the member's earlier periods let expect.
    Changed,
    /// A family that none of the earlier sessions had.
    FirstTime,
    /// A family that is back after having been away.
    Returned,
    /// A figure lies within what the earlier periods let expect.
    Steady,
    /// Nothing that was tested has changed.
    NothingNew,
    /// One weekday lies apart from the others.
    WeekdayPattern,
    /// One part of the day lies apart from the others.
    DaypartPattern,
    /// Sessions of a feature moved one way from their first turn to their last.
    FeatureShift,
    /// Sessions of a feature moved otherwise than the member's other sessions.
    FeatureContrast,
    /// The feature whose sessions moved farthest, either way.
    MovedMost,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 17] = [
        Self::LowData,
        Self::Coverage,
        Self::BaselineShort,
        Self::Level,
        Self::Mix,
        Self::Variability,
        Self::Recovery,
        Self::Changed,
        Self::FirstTime,
        Self::Returned,
        Self::Steady,
        Self::NothingNew,
        Self::WeekdayPattern,
        Self::DaypartPattern,
        Self::FeatureShift,
        Self::FeatureContrast,
        Self::MovedMost,
    ];

    /// The name on the wire and in the database; never changed, because templates and receipts refer to it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LowData => "low_data",
            Self::Coverage => "coverage",
            Self::BaselineShort => "baseline_short",
            Self::Level => "level",
            Self::Mix => "mix",
            Self::Variability => "variability",
            Self::Recovery => "recovery",
            Self::Changed => "changed",
            Self::FirstTime => "first_time",
            Self::Returned => "returned",
            Self::Steady => "steady",
            Self::NothingNew => "nothing_new",
            Self::WeekdayPattern => "weekday_pattern",
            Self::DaypartPattern => "daypart_pattern",
            Self::FeatureShift => "feature_shift",
            Self::FeatureContrast => "feature_contrast",
            Self::MovedMost => "moved_most",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The text names no kind of finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a kind of finding such as changed")]
pub struct UnknownKind;

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|kind| kind.name() == text).ok_or(UnknownKind)
    }
}

/// One of the two axes of the plane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Axis {
    /// Unpleasant to pleasant.
    Valence,
    /// Low to high energy.
    Arousal,
}

impl Axis {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Valence, Self::Arousal];

    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Valence => "valence",
            Self::Arousal => "arousal",
        }
    }
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The period as a whole.
    Period,
    /// Where sessions lie on an axis.
    Level(Axis),
    /// How far sessions lie apart on an axis.
    Spread(Axis),
    /// How fast valence comes home.
    Recovery,
    /// In how many sessions a family is present.
    Family(Family),
    /// How many sessions lie in a quadrant.
    Quadrant(Quadrant),
    /// Valence of the sessions begun on a weekday.
    Weekday(Weekday),
    /// Valence of the sessions begun in a part of the day.
    Daypart(Daypart),
    /// How the sessions of a feature move from first to last turn.
    Movement {
        /// Whose sessions.
        feature: Feature,
        /// On which axis.
        axis: Axis,
    },
}

/// Which way. It takes no side: neither way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More of it: more pleasant, more energy, more often, farther, faster.
    Higher,
    /// Less of it.
    Lower,
    /// No way that could be told, or none that matters.
    Neither,
}

impl Direction {
    /// By the sign of a difference.
    pub(super) fn of(difference: f64) -> Self {
        if difference > 0.0 {
            Self::Higher
        } else if difference < 0.0 {
            Self::Lower
        } else {
            Self::Neither
        }
    }
}

/// Over which periods a finding speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// The period alone.
    Period,
    /// The period against those of the four before that hold enough.
    AgainstFour,
    /// The period against those of the twelve before that hold enough.
    AgainstTwelve,
    /// The period against all before that were handed in.
    AgainstAll,
    /// The period and the twelve before, together.
    Together,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart_and_are_those_of_the_wire() {
        for kind in Kind::ALL {
            assert_eq!(kind.name().parse::<Kind>(), Ok(kind));
            assert_eq!(serde_json::to_value(kind).expect("a value"), kind.name());
        }
        assert_eq!("sad".parse::<Kind>(), Err(UnknownKind));
    }
}
