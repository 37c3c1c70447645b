//! What two shares of different people differ by, and how surely that is known.

use serde::Serialize;

use super::{Interval, Rate};

/// One share less another. Fractions, −1 to 1; a point is 0.01.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// One less the other.
    pub difference: f64,
    /// Newcombe's, 95 %.
    pub interval: Interval,
}

impl Difference {
    /// `one` less `other`, with the hybrid score interval (Newcombe 1998, Statistics in Medicine 17:873, method 10): made of the two
    /// Wilson intervals, so it holds for few people and rare events, where the textbook's interval does not.
    pub fn between(one: Rate, other: Rate) -> Self {
        let difference = one.share() - other.share();
        let (its, others) = (one.interval(), other.interval());
        let down = (one.share() - its.low).hypot(others.high - other.share());
        let up = (its.high - one.share()).hypot(other.share() - others.low);
        Self { difference, interval: Interval { low: difference - down, high: difference + up } }
    }

    /// Whether chance alone is no good explanation: the interval lies on one side of 0.
    pub fn is_clear(self) -> bool {
        !self.interval.holds(0.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn between(one: (u64, u64), other: (u64, u64)) -> Difference {
        Difference::between(Rate::new(one.0, one.1).expect("a rate"), Rate::new(other.0, other.1).expect("a rate"))
    }

    /// Newcombe 1998, table II, method 10, contrasts (a) to (h).
    #[test]
    fn as_published() {
        for (one, other, low, high) in [
            ((56, 70), (48, 80), 0.0524, 0.3339),
            ((9, 10), (3, 10), 0.1705, 0.8090),
            ((6, 7), (2, 7), 0.0582, 0.8062),
            ((5, 56), (0, 29), -0.0381, 0.1926),
            ((0, 10), (0, 20), -0.1611, 0.2775),
            ((0, 10), (0, 10), -0.2775, 0.2775),
            ((10, 10), (0, 20), 0.6791, 1.0),
            ((10, 10), (0, 10), 0.6075, 1.0),
        ] {
            let found = between(one, other).interval;
            assert!(
                (found.low - low).abs() < 6e-5 && (found.high - high).abs() < 6e-5,
                "{one:?}, {other:?}: {found:?}"
            );
        }
    }

    /// What four points more than 40 % say, by how many people there are.
    #[test]
    fn as_the_table_of_precision_says() {
        for (people, low, high) in
            [(50, -0.149, 0.225), (200, -0.056, 0.135), (800, -0.008, 0.088), (1_600, 0.006, 0.074)]
        {
            let found = between((people * 44 / 100, people), (people * 40 / 100, people)).interval;
            assert!((found.low - low).abs() < 6e-4 && (found.high - high).abs() < 6e-4, "{people}: {found:?}");
        }
        for (people, low, high) in [(2_000, -0.060, 0.133), (10_000, -0.005, 0.083), (20_000, 0.009, 0.071)] {
            let holdout = people / 20;
            let rest = people - holdout;
            let found = between((rest * 44 / 100, rest), (holdout * 40 / 100, holdout)).interval;
            assert!((found.low - low).abs() < 6e-4 && (found.high - high).abs() < 6e-4, "{people}: {found:?}");
        }
    }

    prop_compose! {
        fn rate()(hits in 0u64..3_000, misses in 0u64..3_000) -> Rate {
            Rate::new(hits, (hits + misses).max(1)).expect("a rate")
        }
    }

    proptest! {
        #[test]
        fn holds_the_difference_within_bounds_and_turns_round(one in rate(), other in rate()) {
            let found = Difference::between(one, other);
            prop_assert!(found.interval.holds(found.difference));
            prop_assert!(found.interval.low >= -1.0 - 1e-12 && found.interval.high <= 1.0 + 1e-12);
            let back = Difference::between(other, one);
            prop_assert!((back.difference + found.difference).abs() < 1e-12);
            prop_assert!((back.interval.low + found.interval.high).abs() < 1e-12);
            prop_assert!((back.interval.high + found.interval.low).abs() < 1e-12);
            prop_assert_eq!(found.is_clear(), back.is_clear());
        }
    }
}
