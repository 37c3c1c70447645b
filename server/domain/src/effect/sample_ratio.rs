//! Whether the arms came out as they were designed. Where they did not, people are missing from one of them for a reason, and that
//! reason, not the feature, may be the difference.

use serde::Serialize;
use thiserror::Error;

use super::number;

/// The chance below which the arms are said to be broken. So strict because it is looked at every day.
pub const ALARM_BELOW: f64 = 0.001;
/// People that the design expects in every arm before the test is made (Cochran 1954, Biometrics 10:417).
const EXPECTED_FROM: f64 = 5.0;

/// The sizes of the arms against the design's weights: Pearson's chi-square.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SampleRatio {
    /// Σ (people − expected)² / expected.
    pub statistic: f64,
    /// Arms less one.
    pub freedom: u32,
    /// How likely sizes this far from the design are by chance.
    pub p: f64,
}

/// Why nothing is said of the sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NotTested {
    /// Fewer than two arms, as many weights as arms they are not, or a weight of nothing.
    #[error("the design does not fit the arms")]
    Design,
    /// In some arm fewer than five people are expected.
    #[error("too few people for the sizes of the arms to say anything")]
    TooFew,
}

impl SampleRatio {
    /// Of arms with so many people each and weights that need not add up to anything.
    pub fn of(people: &[u64], weights: &[u16]) -> Result<Self, NotTested> {
        if people.len() < 2 || people.len() != weights.len() || weights.contains(&0) {
            return Err(NotTested::Design);
        }
        let freedom = u32::try_from(people.len() - 1).map_err(|_| NotTested::Design)?;
        let all = number(people.iter().sum());
        let weight: f64 = weights.iter().copied().map(f64::from).sum();
        let mut statistic = 0.0;
        for (people, its) in people.iter().zip(weights) {
            let expected = all * f64::from(*its) / weight;
            if expected < EXPECTED_FROM {
                return Err(NotTested::TooFew);
            }
            statistic += (number(*people) - expected).powi(2) / expected;
        }
        Ok(Self { statistic, freedom, p: survival(statistic, freedom) })
    }

    /// Whether what follows from these arms has to be withheld.
    pub fn is_broken(self) -> bool {
        self.p < ALARM_BELOW
    }
}

/// How much of the chi-square distribution lies above. For whole degrees of freedom the incomplete gamma function is a finite sum
/// (Abramowitz & Stegun 1964, 26.4.4 and 26.4.5).
fn survival(statistic: f64, freedom: u32) -> f64 {
    let half = statistic / 2.0;
    let (mut sum, mut term, mut at, terms) = if freedom.is_multiple_of(2) {
        (0.0, (-half).exp(), 1.0, freedom / 2)
    } else {
        let first = (-half).exp() * half.sqrt() * std::f64::consts::FRAC_2_SQRT_PI;
        (libm::erfc(half.sqrt()), first, 1.5, freedom / 2)
    };
    for _ in 0..terms {
        sum += term;
        term *= half / at;
        at += 1.0;
    }
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Critical values of the NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.4.
    #[test]
    fn as_the_tables_say() {
        for (freedom, five, one_in_a_thousand) in [
            (1, 3.841, 10.828),
            (2, 5.991, 13.816),
            (3, 7.815, 16.266),
            (4, 9.488, 18.467),
            (9, 16.919, 27.877),
            (30, 43.773, 59.703),
        ] {
            assert!((survival(five, freedom) - 0.05).abs() < 2e-5, "{freedom}: {}", survival(five, freedom));
            assert!((survival(one_in_a_thousand, freedom) - 0.001).abs() < 1e-6, "{freedom}");
        }
    }

    #[test]
    fn a_broken_split_is_told_from_chance() {
        // Of 10,000 by halves 5,165 are 3.3 standard deviations off: p = 0.00097; 5,160 are 3.2: 0.0014.
        assert!(SampleRatio::of(&[5_165, 4_835], &[500, 500]).expect("a test").is_broken());
        assert!(!SampleRatio::of(&[5_160, 4_840], &[500, 500]).expect("a test").is_broken());
        // One in twenty as designed, and with half of them lost.
        assert!(!SampleRatio::of(&[19_000, 1_000], &[950, 50]).expect("a test").is_broken());
        assert!(SampleRatio::of(&[19_000, 500], &[950, 50]).expect("a test").is_broken());
    }

    #[test]
    fn what_cannot_be_tested_is_not() {
        assert_eq!(SampleRatio::of(&[5], &[1_000]), Err(NotTested::Design));
        assert_eq!(SampleRatio::of(&[5, 6], &[1_000]), Err(NotTested::Design));
        assert_eq!(SampleRatio::of(&[5, 6], &[1_000, 0]), Err(NotTested::Design));
        assert_eq!(SampleRatio::of(&[80, 2], &[950, 50]), Err(NotTested::TooFew));
    }

    proptest! {
        #[test]
        fn a_chance_that_falls_with_the_statistic(at in 0.0f64..3_000.0, more in 0.01f64..50.0, freedom in 1u32..40) {
            let (near, far) = (survival(at, freedom), survival(at + more, freedom));
            prop_assert!((0.0..=1.0).contains(&near) && far <= near);
            prop_assert!((survival(0.0, freedom) - 1.0).abs() < 1e-12);
            // More arms make the same statistic less of a surprise.
            prop_assert!(survival(at, freedom + 1) >= near);
        }

        #[test]
        fn arms_as_designed_are_no_surprise(unit in 1u64..10_000, weights in proptest::collection::vec(1u16..300, 2..6)) {
            let people: Vec<u64> = weights.iter().map(|weight| u64::from(*weight) * unit * 5).collect();
            let found = SampleRatio::of(&people, &weights).expect("a test");
            prop_assert!(found.statistic < 1e-9 && found.p > 0.999);
        }
    }
}
