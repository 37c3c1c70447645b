//! What a finding rests on: cells of rollups, named so that every number can be derived again without this code.

use std::fmt;

use chrono::Weekday;
use serde::{Deserialize, Serialize};

use super::kind::Axis;
use crate::{
    affect::{Family, Quadrant},
    calendar::Daypart,
    feature::Feature,
    rollup::{FeatureSums, Moments, Rollup},
};

/// A cell of a rollup, or a row or column of its grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CellPath {
    /// Sessions counted.
    Sessions,
    /// Days with a session.
    Days,
    /// Moments of an axis over sessions.
    Level(Axis),
    /// Sessions in which a family was present.
    Family(Family),
    /// Sessions in a quadrant.
    Quadrant(Quadrant),
    /// The four cells of the grid in a weekday.
    Weekday(Weekday),
    /// The seven cells of the grid in a part of the day.
    Daypart(Daypart),
    /// How the sessions of a feature moved on an axis.
    Movement {
        /// Whose sessions.
        feature: Feature,
        /// On which axis.
        axis: Axis,
    },
    /// Displacements that came home.
    Returns,
}

impl CellPath {
    /// How many observations the cell of a rollup holds: days, returns, or sessions.
    pub fn count(self, rollup: &Rollup) -> i64 {
        match self {
            Self::Sessions | Self::Level(_) => i64::from(rollup.sessions),
            Self::Days => i64::from(rollup.days),
            Self::Family(family) => i64::from(rollup.families[family.index()]),
            Self::Quadrant(quadrant) => i64::from(rollup.quadrants[quadrant.index()]),
            Self::Weekday(weekday) => {
                Daypart::ALL.into_iter().map(|daypart| i64::from(rollup.cell(weekday, daypart).sessions)).sum()
            }
            Self::Daypart(daypart) => {
                WEEKDAYS.into_iter().map(|weekday| i64::from(rollup.cell(weekday, daypart).sessions)).sum()
            }
            Self::Movement { feature, .. } => i64::from(rollup.feature(feature).impact.sessions),
            Self::Returns => rollup.displacements.returns,
        }
    }
}

/// The path in the rollup, such as `features.turn.impact.valence`.
impl fmt::Display for CellPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sessions => f.write_str("sessions"),
            Self::Days => f.write_str("days"),
            Self::Level(axis) => f.write_str(axis.name()),
            Self::Family(family) => write!(f, "families.{}", family.name()),
            Self::Quadrant(quadrant) => write!(f, "quadrants.{}", quadrant.name()),
            Self::Weekday(weekday) => write!(f, "grid.{}.*", weekday.to_string().to_lowercase()),
            Self::Daypart(daypart) => write!(f, "grid.*.{}", daypart_name(*daypart)),
            Self::Movement { feature, axis } => write!(f, "features.{feature}.impact.{}", axis.name()),
            Self::Returns => f.write_str("displacements.returns"),
        }
    }
}

const fn daypart_name(daypart: Daypart) -> &'static str {
    match daypart {
        Daypart::Night => "night",
        Daypart::Morning => "morning",
        Daypart::Afternoon => "afternoon",
        Daypart::Evening => "evening",
    }
}

/// A cell of one period's rollup, and how much it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Periods ago: 0 is the period that the finding is about.
    pub ago: u8,
    /// Which cell.
    pub cell: CellPath,
    /// Days, returns or sessions in it.
    pub n: i64,
}

impl Evidence {
    /// A cell of the rollup of so many periods ago.
    pub(super) fn of(ago: u8, cell: CellPath, rollup: &Rollup) -> Self {
        Self { ago, cell, n: cell.count(rollup) }
    }
}

/// Monday first.
pub(super) const WEEKDAYS: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

impl Axis {
    /// The axis over a rollup's sessions.
    pub(super) const fn of(self, rollup: &Rollup) -> &Moments {
        match self {
            Self::Valence => &rollup.valence.moments,
            Self::Arousal => &rollup.arousal.moments,
        }
    }

    /// How a feature's sessions moved on the axis.
    pub(super) const fn of_movement(self, sums: &FeatureSums) -> &Moments {
        match self {
            Self::Valence => &sums.impact.valence,
            Self::Arousal => &sums.impact.arousal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_says_where_to_look() {
        for (cell, path) in [
            (CellPath::Sessions, "sessions"),
            (CellPath::Level(Axis::Arousal), "arousal"),
            (CellPath::Family(Family::Warmth), "families.warmth"),
            (CellPath::Quadrant(Quadrant::LowPleasant), "quadrants.low_pleasant"),
            (CellPath::Weekday(Weekday::Sun), "grid.sun.*"),
            (CellPath::Daypart(Daypart::Night), "grid.*.night"),
            (CellPath::Movement { feature: Feature::Turn, axis: Axis::Valence }, "features.turn.impact.valence"),
        ] {
            assert_eq!(cell.to_string(), path);
        }
    }

    #[test]
    fn a_cell_counts_what_it_holds() {
        let mut rollup = Rollup { sessions: 9, days: 5, ..Rollup::default() };
        rollup.grid[0].sessions = 2; // Monday night
        rollup.grid[3].sessions = 3; // Monday evening
        rollup.grid[27].sessions = 4; // Sunday evening
        let counts =
            [CellPath::Days, CellPath::Weekday(Weekday::Mon), CellPath::Daypart(Daypart::Evening), CellPath::Returns]
                .map(|cell| cell.count(&rollup));
        assert_eq!(counts, [5, 5, 7, 0]);
    }
}
