//! A share of people, and how surely it is known.

use serde::Serialize;

use super::{normal::Z_95, number};

/// From where to where, 95 %. Fractions: of people, or of the difference of two shares.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// Whether it holds the figure, ends included.
    pub fn holds(self, figure: f64) -> bool {
        self.low <= figure && figure <= self.high
    }
}

/// So many of so many people. There is somebody, and no more are counted than there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rate {
    hits: u64,
    people: u64,
}

impl Rate {
    /// `hits` of `people`; none where there is nobody, or more hits than people.
    pub fn new(hits: u64, people: u64) -> Option<Self> {
        (people > 0 && hits <= people).then_some(Self { hits, people })
    }

    /// People of whom it is so.
    pub const fn hits(self) -> u64 {
        self.hits
    }

    /// People of whom it is not so.
    pub const fn misses(self) -> u64 {
        self.people - self.hits
    }

    /// All of them.
    pub const fn people(self) -> u64 {
        self.people
    }

    /// 0 to 1.
    pub fn share(self) -> f64 {
        number(self.hits) / number(self.people)
    }

    /// The 95 % score interval (Wilson 1927, Journal of the American Statistical Association 22:209): within 0 to 1, and never of no
    /// width.
    pub fn interval(self) -> Interval {
        let (n, share) = (number(self.people), self.share());
        let spread = 1.0 + Z_95 * Z_95 / n;
        let middle = (share + Z_95 * Z_95 / (2.0 * n)) / spread;
        let half_width = Z_95 * (share * (1.0 - share) / n + Z_95 * Z_95 / (4.0 * n * n)).sqrt() / spread;
        // Where none or all are counted the formula's end is the share itself, but for the last digit.
        Interval {
            low: if self.hits == 0 { 0.0 } else { middle - half_width },
            high: if self.misses() == 0 { 1.0 } else { middle + half_width },
        }
    }

    /// With its share and interval, to be shown.
    pub fn estimate(self) -> Estimate {
        Estimate { hits: self.hits, people: self.people, share: self.share(), interval: self.interval() }
    }
}

/// A rate that may be shown, with everything a reader needs to hold against it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// People of whom it is so.
    pub hits: u64,
    /// All of them.
    pub people: u64,
    /// 0 to 1.
    pub share: f64,
    /// Wilson's, 95 %.
    pub interval: Interval,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn by_hand() {
        // Newcombe 1998 (Statistics in Medicine 17:857), table I, method 3: 81/263, 15/148, 0/20, 1/29.
        for (hits, people, low, high) in
            [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
        {
            let found = Rate::new(hits, people).expect("a rate").interval();
            assert!((found.low - low).abs() < 5e-5 && (found.high - high).abs() < 5e-5, "{hits}/{people}: {found:?}");
        }
    }

    #[test]
    fn nobody_and_too_many_are_no_rate() {
        assert_eq!(Rate::new(0, 0), None);
        assert_eq!(Rate::new(3, 2), None);
    }

    proptest! {
        #[test]
        fn holds_the_share_and_stays_within_bounds(people in 1u64..2_000_000, part in 0.0f64..=1.0) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a count")]
            let hits = ((number(people) * part) as u64).min(people);
            let rate = Rate::new(hits, people).expect("a rate");
            let found = rate.interval();
            prop_assert!(found.holds(rate.share()) && found.low >= 0.0 && found.high <= 1.0 && found.low < found.high);
            // Turned round, the interval is turned round.
            let other = Rate::new(people - hits, people).expect("a rate").interval();
            prop_assert!((other.low - (1.0 - found.high)).abs() < 1e-12);
            // Both ends solve (p − share)² = z² p (1 − p) / n, which is what the score interval is.
            for end in [found.low, found.high] {
                let off = (end - rate.share()).powi(2) - Z_95 * Z_95 * end * (1.0 - end) / number(people);
                prop_assert!(off.abs() < 1e-12, "{off}");
            }
        }

        #[test]
        fn more_people_say_it_more_surely(hits in 0u64..500, more in 1u64..500, times in 2u64..9) {
            let once = Rate::new(hits, hits + more).expect("a rate").interval();
            let often = Rate::new(hits * times, (hits + more) * times).expect("a rate").interval();
            prop_assert!(often.high - often.low < once.high - once.low);
        }
    }
}
