//! People who were followed where nobody was drawn by lot, added up by who opened Spectrum soon after one Monday and who did not, and what
//! follows from the sums.
//!
//! In are members who had held a session in the four weeks before that Monday and had not opened Spectrum until then: everybody begins
//! from the same day, and nobody for whom there is no before is in it.

use std::collections::BTreeMap;

use super::{
    Refusal,
    observed::{Balance, DifferenceInDifferences, Landmark, Landmarked, Observed, RawGap},
    simulated::HEADLINE_WEEK,
    summary::LANDMARK_DAY,
    tally::Tally,
};
use crate::closed_set::closed_set;

/// Weeks before the Monday that are looked at, and as many from the landmark on.
pub const WEEKS: u8 = 4;
/// Days after the Monday when the last of those is over.
pub const FOLLOWED_DAYS: u16 = LANDMARK_DAY + 7 * WEEKS as u16;

closed_set!(
    /// What is known of somebody as a small whole number.
    Measure, BadMeasure: "a measure of people who are followed" {
        /// Weeks there from the landmark on, less weeks there before: −4 to 4.
        Change = "change",
        /// The same of the two weeks before against the two before those: −2 to 2.
        ChangeBefore = "change_before",
        /// Weeks there of the four before: 1 to 4.
        Before = "before",
        /// Whether they were there in the last of them.
        LastBefore = "last_before",
        /// Months since their host first named them, 12 for more.
        MonthsKnown = "months_known",
        /// Whether they were there in the headline week, by whether they opened Spectrum before the landmark.
        Landmark = "landmark",
        /// The same by whether they opened it before that week was over.
        Raw = "raw",
    }
);

/// Sums of people by measure, group and value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Followed(BTreeMap<&'static str, [Tally; 2]>);

impl Followed {
    /// So many more people of a group with this value.
    pub fn add(&mut self, measure: Measure, opened: bool, value: i32, people: u64) {
        self.0.entry(measure.name()).or_default()[usize::from(opened)].add_people(value, people);
    }

    /// The others, and who opened it before the landmark.
    pub fn people(&self) -> [u64; 2] {
        self.of(Measure::Change).map(|tally| tally.people())
    }

    fn of(&self, measure: Measure) -> [Tally; 2] {
        self.0.get(measure.name()).cloned().unwrap_or_default()
    }

    fn shares(&self, measure: Measure) -> [(u64, u64); 2] {
        self.of(measure).map(|tally| (tally.with(1), tally.people()))
    }

    /// Who had opened it by the end of the headline week against who had not.
    pub fn raw_gap(&self) -> Result<RawGap, Refusal> {
        let [others, users] = self.shares(Measure::Raw);
        RawGap::between(users, others)
    }

    /// Both from the landmark on.
    pub fn landmark(&self) -> Result<Landmarked, Refusal> {
        let [others, users] = self.shares(Measure::Landmark);
        Landmark::new(LANDMARK_DAY, HEADLINE_WEEK).map_err(|_| Refusal::WindowsOpen)?.compare(users, others)
    }

    /// Differences in differences, with what is to be held against them.
    pub fn observed(&self) -> Result<Observed, Refusal> {
        let between = |measure, weeks| {
            let [others, users] = self.of(measure);
            DifferenceInDifferences::of(&users, &others, weeks)
        };
        let balance = |name, measure| {
            let [others, users] = self.of(measure);
            Balance::of(name, &users, &others)
        };
        Ok(Observed::of(
            between(Measure::Change, WEEKS)?,
            between(Measure::ChangeBefore, WEEKS / 2)?,
            vec![
                balance("Weeks there, of the four before", Measure::Before),
                balance("There in the week before", Measure::LastBefore),
                balance("Months known, up to twelve", Measure::MonthsKnown),
            ],
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effect::{
        observed::Badge,
        simulated::{Person, Population, Side, WEEKS_BEFORE, people},
    };

    /// As the database counts them.
    fn followed(people: impl Iterator<Item = Person>) -> Followed {
        let mut all = Followed::default();
        let there = |weeks: &[bool]| i32::try_from(weeks.iter().filter(|there| **there).count()).expect("weeks");
        for person in people.filter(|person| person.arm == Side::Feature && there(&person.before) > 0) {
            let soon = person.opened_day.is_some_and(|day| day < LANDMARK_DAY);
            let by_then = person.opened_week().is_some_and(|week| week <= HEADLINE_WEEK);
            let headline = i32::from(person.weeks[usize::from(HEADLINE_WEEK) - 1]);
            let mut add = |measure, opened, value| all.add(measure, opened, value, 1);
            add(Measure::Change, soon, there(&person.weeks[2..6]) - there(&person.before));
            add(Measure::ChangeBefore, soon, there(&person.before[2..]) - there(&person.before[..2]));
            add(Measure::Before, soon, there(&person.before));
            add(Measure::LastBefore, soon, i32::from(person.before[WEEKS_BEFORE - 1]));
            add(Measure::MonthsKnown, soon, i32::try_from(person.number % 13).expect("months"));
            add(Measure::Landmark, soon, headline);
            add(Measure::Raw, by_then, headline);
        }
        all
    }

    #[test]
    fn people_who_opened_it_look_better_where_it_does_nothing_and_the_badge_says_so() {
        let population = Population { people: 20_000, holdout: 1, retention_effect: 0.0, ..Population::default() };
        let of = followed(people(&population).expect("people"));
        let gap = of.raw_gap().expect("a gap").with_warning().not_an_effect;
        assert!(gap.difference > 0.15, "{gap:?}");
        let observed = of.observed().expect("enough");
        assert!(observed.effect.difference.abs() < gap.difference, "{observed:?}");
        assert_ne!(observed.badge, Badge::LikelyBiasedUpward, "groups that differ: {observed:?}");
        assert!(of.landmark().expect("enough").gap.difference < gap.difference);
    }

    #[test]
    fn few_people_are_not_compared() {
        let mut of = Followed::default();
        assert_eq!(of.people(), [0, 0]);
        for measure in Measure::ALL {
            of.add(*measure, false, 1, 500);
            of.add(*measure, true, 1, 99);
        }
        assert_eq!(of.observed().map(|_| ()), Err(Refusal::TooFewForComparison));
        assert_eq!(of.raw_gap().map(|_| ()), Err(Refusal::TooFewForComparison));
        assert_eq!(of.landmark().map(|_| ()), Err(Refusal::TooFewForComparison));
    }
}
