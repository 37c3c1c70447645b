//! Why a number is not given, in a closed set: a page says one of these sentences, and no other.

use super::{Estimate, FEWEST_PEOPLE, Rate, small_cell::Cell};
use crate::closed_set::closed_set;

/// People of an arm from whom a rate is given; with fewer, the interval reaches over most of what is possible.
pub const RATE_FROM: u64 = 30;
/// People of each arm from whom two arms are compared.
pub const COMPARED_FROM: u64 = 100;
/// Upgrades of each arm from which a rate of upgrading is given.
pub const CONVERSIONS_FROM: u64 = 10;

closed_set!(
    /// Why a number is not given.
    Refusal {
        /// An arm is not of the size that was designed, by more than chance.
        SampleRatioBroken = "sample_ratio_broken",
        /// Nobody's time is up yet.
        WindowsOpen = "windows_open",
        /// It would be of fewer than ten people, or let fewer than ten be worked out.
        SmallCell = "small_cell",
        /// Too few people for a rate.
        TooFewForRate = "too_few_for_rate",
        /// Too few people in an arm for a comparison.
        TooFewForComparison = "too_few_for_comparison",
        /// Too few upgrades.
        TooFewConversions = "too_few_conversions",
    }
);

impl Refusal {
    /// What is said in place of the number.
    pub const fn says(self) -> &'static str {
        match self {
            Self::SampleRatioBroken => {
                "The arms are not of the sizes they were designed for, and chance is no explanation (p < 0.001). People are \
                 missing from one of them, so the result is withheld until it is known why."
            }
            Self::WindowsOpen => "Nobody's time is up yet.",
            Self::SmallCell => "Fewer than 10 people: not shown, so that nobody is found in it.",
            Self::TooFewForRate => "Fewer than 30 people: too few for a rate.",
            Self::TooFewForComparison => "Fewer than 100 people in an arm: counts only, no comparison.",
            Self::TooFewConversions => "Fewer than 10 upgrades: counts only.",
        }
    }
}

/// Counts as they may be shown: how many of how many, without a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// All of them.
    pub people: Cell,
    /// People of whom it is so; hidden where those of whom it is not are few enough to be found by subtraction.
    pub hits: Cell,
}

impl Counts {
    /// So many of so many.
    pub fn of(hits: u64, people: u64) -> Self {
        let others_are_few = (1..FEWEST_PEOPLE).contains(&people.saturating_sub(hits));
        Self { people: Cell::of(people), hits: if others_are_few { Cell::HIDDEN } else { Cell::of(hits) } }
    }
}

/// The rate, if there are so many people and both it and what is left give nobody away.
pub(super) fn rate_from(fewest: u64, refused: Refusal, hits: u64, people: u64) -> Result<Rate, Refusal> {
    let rate = Rate::new(hits, people).ok_or(Refusal::WindowsOpen)?;
    if people < FEWEST_PEOPLE {
        return Err(Refusal::SmallCell);
    }
    if people < fewest {
        return Err(refused);
    }
    if Counts::of(hits, people).hits.is_hidden() { Err(Refusal::SmallCell) } else { Ok(rate) }
}

/// A share of people beside nothing else: with its interval from thirty people on.
pub fn share(hits: u64, people: u64) -> Result<Estimate, Refusal> {
    // Nobody at all is as few as any.
    if people < FEWEST_PEOPLE {
        return Err(Refusal::SmallCell);
    }
    rate_from(RATE_FROM, Refusal::TooFewForRate, hits, people).map(Rate::estimate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_needs_people_on_both_sides() {
        let rate = |hits, people| rate_from(RATE_FROM, Refusal::TooFewForRate, hits, people).map(Rate::hits);
        assert_eq!(rate(0, 0), Err(Refusal::WindowsOpen));
        assert_eq!(rate(5, 9), Err(Refusal::SmallCell));
        assert_eq!(rate(12, 29), Err(Refusal::TooFewForRate));
        assert_eq!(rate(9, 40), Err(Refusal::SmallCell));
        assert_eq!(rate(31, 40), Err(Refusal::SmallCell));
        assert_eq!(rate(12, 40), Ok(12));
        // That it is so of everybody leaves nobody to be found.
        assert_eq!(rate(40, 40), Ok(40));
    }

    #[test]
    fn a_share_of_nobody_is_one_of_too_few() {
        let of = |hits, people| share(hits, people).map(|estimate| estimate.hits);
        assert_eq!([of(0, 0), of(9, 9), of(31, 40)], [Err(Refusal::SmallCell); 3]);
        assert_eq!((of(12, 29), of(12, 40)), (Err(Refusal::TooFewForRate), Ok(12)));
    }

    #[test]
    fn every_refusal_says_why() {
        for refusal in Refusal::ALL {
            assert!(refusal.says().ends_with('.'), "{}", refusal.name());
        }
    }
}
