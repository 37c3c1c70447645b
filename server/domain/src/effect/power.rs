//! What so many people could show, and how many it takes: two shares at 5 % two-sided and 80 % power.
//!
//! Each share has its own variance, p (1 − p) / n (Fleiss, Levin & Paik 2003, Statistical Methods for Rates and Proportions, 4.2, without
//! the pooling under no difference, which moves the numbers of the table in the tests by a tenth of a percent).

use super::{
    normal::{Z_80, Z_95, below},
    number,
};

/// z of 5 % two-sided plus z of 80 % power.
const REACH: f64 = Z_95 + Z_80;

/// People of each of two equal arms in whom a share that is `to` instead of `base` shows in four of five experiments. None where
/// there is no difference, or a share is none.
pub fn people_needed(base: f64, to: f64) -> Option<u64> {
    let shares = 0.0..=1.0;
    if !shares.contains(&base) || !shares.contains(&to) || (to - base).abs() < 1e-9 {
        return None;
    }
    let needed = REACH * REACH * (base * (1.0 - base) + to * (1.0 - to)) / (to - base).powi(2);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive, and below 10^19")]
    Some(needed.ceil() as u64)
}

/// The smallest rise above `base`, a fraction, that shows in four of five experiments with so many people in the arm that is held
/// against (`base_people`) and in the other. None where even from `base` to everybody would not, or an arm is empty.
pub fn smallest_difference(base: f64, base_people: u64, people: u64) -> Option<f64> {
    if base_people == 0 || people == 0 || !(0.0..=1.0).contains(&base) {
        return None;
    }
    // d² = r² (p (1 − p) / m + (p + d) (1 − p − d) / n), solved for d.
    let (m, n, reach) = (number(base_people), number(people), REACH * REACH);
    let (square, linear) = (n + reach, reach * (1.0 - 2.0 * base));
    let constant = reach * base * (1.0 - base) * (n / m + 1.0);
    let rise = f64::midpoint(linear, (linear * linear + 4.0 * square * constant).sqrt()) / square;
    (rise > 0.0 && base + rise <= 1.0).then_some(rise)
}

/// In how many experiments of all, 0 to 1, a share that is `to` instead of `base` shows at 5 % two-sided.
pub fn power(base: f64, base_people: u64, to: f64, people: u64) -> f64 {
    let error = (base * (1.0 - base) / number(base_people) + to * (1.0 - to) / number(people)).sqrt();
    let away = (to - base) / error;
    below(away - Z_95) + below(-away - Z_95)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn as_the_table_of_precision_says() {
        for (base, to, people) in [(0.40, 0.44, 2_387), (0.40, 0.42, 9_490), (0.04, 0.05, 6_743), (0.04, 0.044, 39_473)]
        {
            assert_eq!(people_needed(base, to), Some(people), "{base} to {to}");
        }
    }

    #[test]
    fn where_nothing_can_be_said_nothing_is() {
        assert_eq!(people_needed(0.4, 0.4), None);
        assert_eq!(people_needed(0.4, 1.4), None);
        assert_eq!(smallest_difference(0.4, 0, 100), None);
        // From 99 % nothing is left to rise to; of three people each not even a rise to everybody would show.
        assert_eq!(smallest_difference(0.99, 50, 50), None);
        assert_eq!(smallest_difference(0.5, 3, 3), None);
    }

    #[test]
    fn no_difference_is_found_once_in_twenty() {
        assert!((power(0.3, 500, 0.3, 900) - 0.05).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn the_smallest_difference_has_four_in_five(base in 0.0f64..0.8, m in 30u64..50_000, n in 30u64..50_000) {
            if let Some(rise) = smallest_difference(base, m, n) {
                // The other tail, in which the wrong arm wins, adds a hair.
                prop_assert!((power(base, m, base + rise, n) - 0.8).abs() < 1e-3);
                let more = smallest_difference(base, m * 2, n * 2).expect("a difference");
                prop_assert!(more < rise);
            }
        }

        #[test]
        fn so_many_people_as_are_needed_are_enough(base in 0.02f64..0.6, rise in 0.01f64..0.3) {
            let needed = people_needed(base, base + rise).expect("a number");
            prop_assert!(smallest_difference(base, needed, needed).is_some_and(|found| found <= rise + 1e-9));
            let fewer = needed - 1;
            prop_assert!(smallest_difference(base, fewer, fewer).is_none_or(|found| found > rise - 1e-9));
        }
    }
}
