//! One estimate from those of several periods, with an error that the periods' own disagreement gives.
//!
//! A pattern is looked for over the period and those before it. Each period gives a difference of its own (between Mondays
//! and other days, say), so whether a whole period lay high or low falls out; how far the periods agree gives the error
//! (Hartung & Knapp 2001, Statistics in Medicine 20:3875; Sidik & Jonkman 2002, 21:3153). That error is never taken for
//! less than the spread within periods makes it (Röver, Knapp & Friede 2015, BMC Medical Research Methodology 15:99).

use super::student::two_sided_p;
use crate::rollup::student_t;

/// Periods from which a pattern is looked for.
pub const POOLED_FROM: usize = 4;
/// Sessions, on either side of a comparison, from which an effect is stated (product reference 6.5).
pub const EFFECT_FROM: i32 = 8;

/// What one period says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Part {
    /// Its estimate.
    pub value: f64,
    /// What it counts for: one over the variance that sampling gives it, in variances of one session.
    pub weight: f64,
}

/// What all say together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pooled {
    /// Weighted mean.
    pub estimate: f64,
    /// Its standard error.
    pub error: f64,
    /// How many periods; the error has one degree of freedom less.
    pub periods: usize,
}

impl Pooled {
    /// Σwd / Σw with the error √(Σw (d − d̄)² / ((G − 1) Σw)), and no less than √(v / Σw), v the variance of one session
    /// within its period. Nothing below [`POOLED_FROM`] periods.
    #[expect(clippy::cast_precision_loss, reason = "a count of periods")]
    pub fn of(parts: &[Part], within: f64) -> Option<Self> {
        let weight: f64 = parts.iter().map(|part| part.weight).sum();
        if parts.len() < POOLED_FROM || weight <= 0.0 {
            return None;
        }
        let freedom = (parts.len() - 1) as f64;
        let estimate = parts.iter().map(|part| part.weight * part.value).sum::<f64>() / weight;
        let scatter: f64 = parts.iter().map(|part| part.weight * (part.value - estimate).powi(2)).sum();
        let error = ((scatter / freedom).max(within) / weight).sqrt();
        (error > 0.0).then_some(Self { estimate, error, periods: parts.len() })
    }

    /// Degrees of freedom of the error.
    #[expect(clippy::cast_precision_loss, reason = "a count of periods")]
    pub fn freedom(&self) -> f64 {
        (self.periods - 1) as f64
    }

    /// The statistic against zero, and its two-sided p.
    pub fn test(&self) -> (f64, f64) {
        let statistic = self.estimate / self.error;
        (statistic, two_sided_p(statistic, self.freedom()))
    }

    /// The 95 % interval.
    pub fn interval(&self) -> (f64, f64) {
        let half_width = student_t(self.periods - 1) * self.error;
        (self.estimate - half_width, self.estimate + half_width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let parts = [(0.1, 1.0), (0.3, 1.0), (0.2, 2.0), (0.4, 4.0)].map(|(value, weight)| Part { value, weight });
        // (0.1 + 0.3 + 0.4 + 1.6) / 8 = 0.3; scatter 0.04 + 0 + 0.02 + 0.04 = 0.1; √(0.1 / 3 / 8).
        let pooled = Pooled::of(&parts, 0.0).expect("four periods");
        assert!((pooled.estimate - 0.3).abs() < 1e-12 && (pooled.error - (0.1f64 / 24.0).sqrt()).abs() < 1e-12);
        let (low, high) = pooled.interval();
        assert!((high - 0.3 - 3.182 * pooled.error).abs() < 1e-12 && (low + high - 0.6).abs() < 1e-12);
        // Within periods sessions vary more than the periods' agreement says.
        let floored = Pooled::of(&parts, 0.32).expect("four periods");
        assert!((floored.error - 0.2).abs() < 1e-12 && floored.test().0 < pooled.test().0);
        assert!(Pooled::of(&parts[..3], 0.1).is_none());
        assert!(
            Pooled::of(&[Part { value: 0.2, weight: 1.0 }; 4], 0.0).is_none(),
            "nothing varies: nothing to measure by"
        );
    }
}
