//! What a member's earlier periods let expect of the next one, so that a period can be told from them.
//!
//! A member's weeks differ more from each other than chance within a week lets them: a t-test between the sessions of two
//! weeks takes that for a change. So the yardstick is how far the earlier periods' own figures lie apart, and a period has
//! to leave their prediction interval (Hahn & Meeker 1991, Statistical Intervals, chapter 4). Two things are allowed for:
//!
//! - **Periods hang together.** Neighbours are more alike than periods far apart, which makes the earlier ones look closer
//!   together than they are. The variance, and the degrees of freedom that are left of it, are those of periods whose
//!   figures have a lag-1 autocorrelation of [`AUTOCORRELATION`]; where they hang together less the interval is too wide,
//!   where they hang together much more it is too narrow. An estimate of a member's own from twelve figures would be off by
//!   ± 0.5.
//! - **Periods hold different numbers of sessions.** One with fewer than usual is allowed what its sampling adds, and the
//!   spread is never taken for less than sampling alone makes it.

use super::student::{quantile_95, two_sided_p};

/// Earlier periods that a baseline looks back over.
pub const LONG: u8 = 12;
/// Earlier periods of the recent baseline.
pub const RECENT: u8 = 4;
/// Periods with enough sessions from which there is a baseline.
pub const BASELINE_FROM: usize = 4;
/// Of the recent ones so many must have enough sessions.
pub(super) const RECENT_FROM: usize = 3;
/// Lag-1 autocorrelation of periods' figures that the test allows for. Sampling dilutes that of the feelings behind them: with
/// ten sessions a period, 0.5 of those becomes about 0.4 of these. How far an interval holds there `docs/findings.md` says.
pub const AUTOCORRELATION: f64 = 0.3;

/// A figure of one period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Observed {
    /// The figure, on the scale of the test.
    pub value: f64,
    /// Variance that it has from the sampling of sessions alone.
    pub sampling: f64,
}

/// Which earlier periods there are, and what follows from that alone: the same for all figures of a period.
#[derive(Clone, Debug)]
pub(super) struct Design {
    /// How many periods ago each was, nearest first.
    pub agos: Vec<u8>,
    /// What the sum of squares around their mean is expected to be, in variances of one period: k − 1 were they independent.
    trace: f64,
    /// Degrees of freedom of that sum, by its first two moments (Satterthwaite 1946, Biometrics Bulletin 2:110).
    pub freedom: f64,
    /// Student's quantile for them.
    quantile: f64,
}

/// The correlation of two periods so far apart.
fn correlation(lag: u8) -> f64 {
    AUTOCORRELATION.powi(i32::from(lag))
}

impl Design {
    /// Of earlier periods with enough sessions; nothing below [`BASELINE_FROM`] of them.
    pub fn of(agos: Vec<u8>) -> Option<Self> {
        if agos.len() < BASELINE_FROM {
            return None;
        }
        let periods = count(&agos);
        let (mut total, mut squares, mut rows) = (0.0, 0.0, 0.0);
        for one in &agos {
            let mut row = 0.0;
            for other in &agos {
                let together = correlation(one.abs_diff(*other));
                row += together;
                squares += together * together;
            }
            total += row;
            rows += row * row;
        }
        // With M = I − J/k, which takes the mean away, and R the correlations: tr(MR) and tr(MRMR).
        let trace = periods - total / periods;
        let second = squares - 2.0 / periods * rows + total * total / (periods * periods);
        let freedom = trace * trace / second;
        Some(Self { agos, trace, freedom, quantile: quantile_95(freedom) })
    }

    /// What is expected of the period, where the figure in these periods was `before`, its mean over those not longer than
    /// `reach` ago is the centre, and sampling gives the period itself the variance `sampling`.
    pub fn predict(&self, before: &[Observed], reach: u8, sampling: f64) -> Prediction {
        let mean = before.iter().map(|o| o.value).sum::<f64>() / count(&self.agos);
        let usual_sampling = before.iter().map(|o| o.sampling).sum::<f64>() / count(&self.agos);
        let scatter: f64 = before.iter().map(|o| (o.value - mean).powi(2)).sum();
        let variance = (scatter / self.trace).max(usual_sampling);
        let own_variance = variance + (sampling - usual_sampling).max(0.0);

        let near: Vec<u8> = self.agos.iter().copied().filter(|ago| *ago <= reach).collect();
        let centre = before.iter().take(near.len()).map(|o| o.value).sum::<f64>() / count(&near);
        let among: f64 = near.iter().flat_map(|one| near.iter().map(|other| correlation(one.abs_diff(*other)))).sum();
        let with_own: f64 = near.iter().map(|ago| correlation(*ago)).sum();
        let of_centre = among / count(&near).powi(2) - 2.0 * with_own / count(&near);
        let error = (own_variance + variance * of_centre).max(0.0).sqrt();
        Prediction { centre, error, freedom: self.freedom, quantile: self.quantile }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a count of periods")]
fn count(agos: &[u8]) -> f64 {
    agos.len() as f64
}

/// What is expected of a period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Prediction {
    /// Mean of the earlier periods' figures, each period counting once.
    pub centre: f64,
    /// Standard error of the difference between the period and the centre.
    pub error: f64,
    /// Degrees of freedom of that error.
    pub freedom: f64,
    /// Student's quantile for them.
    quantile: f64,
}

impl Prediction {
    /// The statistic of a value and its two-sided p. Where nothing varied and sampling adds nothing, nothing can be told.
    pub fn test(&self, value: f64) -> (f64, f64) {
        if self.error <= 0.0 {
            return (0.0, 1.0);
        }
        let statistic = (value - self.centre) / self.error;
        (statistic, two_sided_p(statistic, self.freedom))
    }

    /// The 95 % prediction interval.
    pub fn interval(&self) -> (f64, f64) {
        let half_width = self.quantile * self.error;
        (self.centre - half_width, self.centre + half_width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn observed(values: &[f64], sampling: f64) -> Vec<Observed> {
        values.iter().map(|value| Observed { value: *value, sampling }).collect()
    }

    #[test]
    fn four_periods_by_hand() {
        // With 0.3 between neighbours: ΣΣR = 4 + 2 (3 · 0.3 + 2 · 0.09 + 0.027) = 6.214; tr MR = 4 − 6.214 / 4 = 2.4465.
        let design = Design::of(vec![1, 2, 3, 4]).expect("four");
        assert!((design.trace - 2.4465).abs() < 1e-12);
        // Σ R² = 4 + 2 (3 · 0.09 + 2 · 0.0081 + 0.000729) = 4.573858; rows 1.417, 1.69, 1.69, 1.417.
        let rows = 2.0 * (1.417 * 1.417 + 1.69 * 1.69);
        let second = 4.573_858 - rows / 2.0 + 6.214 * 6.214 / 16.0;
        assert!((design.freedom - 2.4465 * 2.4465 / second).abs() < 1e-12);
        // Scatter 0.05 around 0.25; the centre adds 6.214/16 and takes 2 (0.3 + 0.09 + 0.027 + 0.0081)/4.
        let prediction = design.predict(&observed(&[0.1, 0.2, 0.3, 0.4], 0.0), RECENT, 0.0);
        assert!((prediction.centre - 0.25).abs() < 1e-12);
        let error = (0.05_f64 / 2.4465 * (1.0 + 6.214 / 16.0 - 2.0 * 0.4251 / 4.0)).sqrt();
        assert!((prediction.error - error).abs() < 1e-12, "{prediction:?}");
        let (statistic, p) = prediction.test(0.25 + 2.0 * error);
        assert!((statistic - 2.0).abs() < 1e-12 && (p - two_sided_p(2.0, design.freedom)).abs() < 1e-12);
        assert!(Design::of(vec![1, 2, 3]).is_none());
    }

    #[test]
    fn the_recent_centre_is_that_of_the_recent_periods_and_gaps_part() {
        let design = Design::of(vec![1, 2, 4, 7, 9]).expect("five");
        let values = observed(&[0.3, 0.1, 0.2, -0.4, -0.6], 0.0);
        assert!((design.predict(&values, RECENT, 0.0).centre - 0.2).abs() < 1e-12);
        assert!((design.predict(&values, LONG, 0.0).centre + 0.08).abs() < 1e-12);
        let close = Design::of(vec![1, 2, 3, 4, 5]).expect("five");
        assert!(design.freedom > close.freedom, "periods apart hang together less");
    }

    #[test]
    fn sampling_is_the_least_spread_and_few_sessions_widen() {
        let design = Design::of(vec![1, 2, 3, 4]).expect("four");
        let still = observed(&[0.2; 4], 0.01);
        let usual = design.predict(&still, LONG, 0.01);
        let few = design.predict(&still, LONG, 0.04);
        assert!(usual.error > 0.1 && (few.error.powi(2) - usual.error.powi(2) - 0.03).abs() < 1e-12);
        assert_eq!(design.predict(&still, LONG, 0.001), usual, "many sessions narrow nothing");
        assert_eq!(design.predict(&observed(&[0.2; 4], 0.0), LONG, 0.0).test(0.9), (0.0, 1.0));
    }
}
