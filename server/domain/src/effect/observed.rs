//! What can be said where nobody was drawn by lot: of people who opened a feature against people who did not. All of it is likely biased
//! upward, since those who open it are the ones who would have come back anyway; the simulation says by how much (`docs/effect.md`).
//!
//! Three things are in the way of saying too much. Followed are people from a **landmark** day on, and a user is who opened before it:
//! nobody is a user for having stayed long enough to open (immortal time). **Differences in differences** hold everybody against what they
//! themselves did before. The **raw gap** can be had only together with its warning.

use serde::Serialize;
use thiserror::Error;

use super::{
    Cell, Difference, Interval, Rate, Refusal, normal::Z_95, number, refusal::COMPARED_FROM, retention::compared_rate,
    tally::Tally,
};
use crate::closed_set::closed_set;

closed_set!(
    /// What a number is worth.
    Badge {
        /// Nobody was drawn by lot.
        LikelyBiasedUpward = "observational_likely_biased_upward",
        /// And the two groups differed before.
        GroupsDiffer = "observational_groups_differ",
        /// And they were already drifting apart, which the difference of differences takes for the feature's doing.
        DriftedBefore = "observational_drifted_before",
    }
);

impl Badge {
    /// What is said beside the number.
    pub const fn says(self) -> &'static str {
        match self {
            Self::LikelyBiasedUpward => "Observational, likely biased upward: nobody was drawn by lot.",
            Self::GroupsDiffer => {
                "Observational, likely biased upward: those who opened Spectrum were already different from those who did not."
            }
            Self::DriftedBefore => {
                "Observational, not to be relied on: both groups were already drifting apart before anybody opened Spectrum."
            }
        }
    }
}

/// What must stand beside the raw gap.
pub const WARNING: &str = "People who open Spectrum were already more active. This is not its effect.";

/// The share of those who opened who came back, less that of the others. No field, no `Serialize` and no `Debug` gives it without its
/// warning.
#[derive(Clone, Copy, PartialEq)]
pub struct RawGap(Difference);

/// The raw gap as it may be shown: collapsed, and with its warning.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Warned {
    /// The sentence to be shown with it.
    pub warning: &'static str,
    /// Fractions.
    pub not_an_effect: Difference,
}

impl RawGap {
    /// Those who opened and those who did not: how many came back, of how many.
    pub fn between(users: (u64, u64), others: (u64, u64)) -> Result<Self, Refusal> {
        Ok(Self(Difference::between(compared_rate(users.0, users.1)?, compared_rate(others.0, others.1)?)))
    }

    /// To be shown.
    pub const fn with_warning(self) -> Warned {
        Warned { warning: WARNING, not_an_effect: self.0 }
    }
}

impl std::fmt::Debug for RawGap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.with_warning().fmt(f)
    }
}

impl Serialize for RawGap {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.with_warning().serialize(serializer)
    }
}

/// The day on which people are told apart, and the week in which it is seen who came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Landmark {
    day: u16,
    week: u8,
}

/// The week would begin before the landmark, so that users would be followed through time in which they had to be there to become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("week {week} begins before the landmark, day {day}")]
pub struct BeginsBefore {
    day: u16,
    week: u8,
}

impl Landmark {
    /// Days after assignment, and the week after assignment, from 1, which has to begin on that day or later.
    pub fn new(day: u16, week: u8) -> Result<Self, BeginsBefore> {
        let begins = u16::from(week.saturating_sub(1)) * 7;
        if week > 0 && begins >= day { Ok(Self { day, week }) } else { Err(BeginsBefore { day, week }) }
    }

    /// Whether someone who first opened on this day after assignment, 0 being that day itself, is a user: before the landmark, or not.
    pub fn is_user(self, opened: Option<u16>) -> bool {
        opened.is_some_and(|opened| opened < self.day)
    }

    /// The week in which it is seen who came back.
    pub const fn week(self) -> u8 {
        self.week
    }

    /// Users less the others, both followed from the landmark on.
    pub fn compare(self, users: (u64, u64), others: (u64, u64)) -> Result<Landmarked, Refusal> {
        let (one, other) = (compared_rate(users.0, users.1)?, compared_rate(others.0, others.1)?);
        Ok(Landmarked {
            landmark: self,
            users: one,
            others: other,
            gap: Difference::between(one, other),
            badge: Badge::LikelyBiasedUpward,
        })
    }
}

/// What is said from a landmark on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Landmarked {
    /// From when.
    pub landmark: Landmark,
    /// Opened before it.
    pub users: Rate,
    /// Did not.
    pub others: Rate,
    /// Users less others. Free of immortal time, and of nothing else.
    pub gap: Difference,
    /// What it is worth.
    pub badge: Badge,
}

/// How much more one group changed than the other.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct DifferenceInDifferences {
    /// Users, who opened before the landmark.
    pub users: Cell,
    /// The others.
    pub others: Cell,
    /// Mean change of users less mean change of the others, as a share of the weeks of a period.
    pub difference: f64,
    /// Its standard error: every person is one observation, their own difference, so weeks of one person are not taken for people.
    pub error: f64,
    /// 95 %.
    pub interval: Interval,
}

impl DifferenceInDifferences {
    /// Of people by how many weeks more they were there after than before, in periods of so many weeks each.
    pub fn of(users: &Tally, others: &Tally, weeks: u8) -> Result<Self, Refusal> {
        let (one, other) = (users.people(), others.people());
        if one < COMPARED_FROM || other < COMPARED_FROM || weeks == 0 {
            return Err(Refusal::TooFewForComparison);
        }
        let scale = f64::from(weeks);
        let mean = |tally: &Tally| tally.mean().unwrap_or_default() / scale;
        let squared_error =
            |tally: &Tally| tally.variance().unwrap_or_default() / (scale * scale) / number(tally.people());
        let difference = mean(users) - mean(others);
        let error = (squared_error(users) + squared_error(others)).sqrt();
        Ok(Self {
            users: Cell::of(one),
            others: Cell::of(other),
            difference,
            error,
            interval: Interval { low: difference - Z_95 * error, high: difference + Z_95 * error },
        })
    }
}

/// How different two groups were before, in one respect.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Balance {
    /// In which respect.
    pub of: &'static str,
    /// Users less others, in standard deviations; none where neither group varies.
    pub apart: Option<f64>,
}

/// Standard deviations from which two groups are called different (Austin 2009, Statistics in Medicine 28:3083).
pub const DIFFERENT_FROM: f64 = 0.1;

impl Balance {
    /// Of users and others by a number that was known before anybody opened.
    pub fn of(of: &'static str, users: &Tally, others: &Tally) -> Self {
        Self { of, apart: users.apart(others) }
    }

    /// Whether the groups are different in it. What can't be told is taken for different.
    pub fn is_different(&self) -> bool {
        self.apart.is_none_or(|apart| apart.abs() >= DIFFERENT_FROM)
    }
}

/// The difference in differences with what a reader has to hold against it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Observed {
    /// After the landmark against before assignment.
    pub effect: DifferenceInDifferences,
    /// The same of two periods before assignment, when there was nothing to have an effect: it should hold 0.
    pub before: DifferenceInDifferences,
    /// What the groups were like before.
    pub balance: Vec<Balance>,
    /// What all that makes of it.
    pub badge: Badge,
}

impl Observed {
    /// These together.
    pub fn of(effect: DifferenceInDifferences, before: DifferenceInDifferences, balance: Vec<Balance>) -> Self {
        let badge = if !before.interval.holds(0.0) {
            Badge::DriftedBefore
        } else if balance.iter().any(Balance::is_different) {
            Badge::GroupsDiffer
        } else {
            Badge::LikelyBiasedUpward
        };
        Self { effect, before, balance, badge }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_landmark_lies_before_what_follows() {
        let landmark = Landmark::new(14, 3).expect("week 3 begins on day 14");
        assert!(landmark.is_user(Some(13)) && !landmark.is_user(Some(14)) && !landmark.is_user(None));
        assert_eq!(Landmark::new(15, 3), Err(BeginsBefore { day: 15, week: 3 }));
        assert!(Landmark::new(0, 0).is_err());
        assert_eq!(landmark.compare((50, 99), (50, 500)), Err(Refusal::TooFewForComparison));
    }

    #[test]
    fn the_raw_gap_comes_with_its_warning() {
        let gap = RawGap::between((60, 100), (80, 200)).expect("a gap");
        let json = serde_json::to_string(&gap).expect("JSON");
        assert!(json.starts_with(&format!("{{\"warning\":\"{WARNING}\"")), "{json}");
        assert!(format!("{gap:?}").contains(WARNING));
        assert_eq!(RawGap::between((60, 99), (80, 200)), Err(Refusal::TooFewForComparison));
    }

    fn tally(counts: &[(i32, u64)]) -> Tally {
        let mut tally = Tally::default();
        for (value, people) in counts {
            tally.add_people(*value, *people);
        }
        tally
    }

    #[test]
    fn differences_by_hand() {
        // Users change by 0 or 2 of 4 weeks, the others by −1 or 1: means 1/4 and 0, variances 1 · 100/99 / 16 each.
        let users = tally(&[(0, 50), (2, 50)]);
        let others = tally(&[(-1, 50), (1, 50)]);
        let found = DifferenceInDifferences::of(&users, &others, 4).expect("enough people");
        assert!((found.difference - 0.25).abs() < 1e-12);
        assert!((found.error - (2.0 / 99.0 / 16.0_f64).sqrt()).abs() < 1e-12);
        assert!(found.interval.holds(0.25) && !found.interval.holds(0.0));
        assert_eq!(DifferenceInDifferences::of(&tally(&[(0, 99)]), &others, 4), Err(Refusal::TooFewForComparison));
    }

    #[test]
    fn a_badge_says_the_worst() {
        let steady = tally(&[(-1, 50), (1, 50)]);
        let up = tally(&[(0, 50), (2, 50)]);
        let did = |users: &Tally| DifferenceInDifferences::of(users, &steady, 4).expect("enough people");
        let badge = |before: &Tally, active: &Tally| {
            Observed::of(did(&up), did(before), vec![Balance::of("weeks there before", active, &steady)]).badge
        };
        assert_eq!(badge(&steady, &steady), Badge::LikelyBiasedUpward);
        assert_eq!(badge(&steady, &up), Badge::GroupsDiffer);
        assert_eq!(badge(&up, &up), Badge::DriftedBefore);
        assert!(Balance::of("always there", &tally(&[(4, 9)]), &tally(&[(3, 9)])).is_different());
        for badge in Badge::ALL {
            assert!(badge.says().starts_with("Observational"));
        }
    }
}
