//! How feelings move over a period: how far they spread, how much they jump, how much they linger, how fast they settle.
//!
//! All but one are read from a rollup's sums. Turn to turn the pairs lie within sessions, so they add up. Session to
//! session they do not: the pair across two days belongs to neither, and which sessions are neighbours changes with every
//! exclusion and every late arrival. Sums that carry a period's first and last session would merge, but only in order and
//! with nothing missing between, and a day would no longer be a plain sum. So these are read from the period's session
//! vectors in the order they were held; a week has about ten and a month about forty.
//!
//! None of this is a score of a person. Beyond level and spread such measures add little (Dejonckheere et al. 2019, Nature
//! Human Behaviour), so below the counts that make them stable nothing is said.

use crate::{
    affect::Milli,
    displacement::Displacements,
    measure::{PairSums, SessionVector},
    rollup::{Moments, Rollup},
    session::SessionSummary,
};

/// Sessions from which a spread is told; with 42 it is as stable as a mean (emotion reference 4.4).
pub const VARIABILITY_FROM: i32 = 20;
/// Pairs from which instability is told.
pub const INSTABILITY_FROM: i64 = 20;
/// Pairs from which inertia is told, and then with its interval.
pub const INERTIA_FROM: i64 = 30;
/// Displacements from which a recovery or a rise is told.
pub const RECOVERY_FROM: i64 = 5;

/// How far sessions of a period lie apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Variability {
    /// Sessions.
    pub sessions: i32,
    /// Standard deviation (n − 1), as a fraction of the scale's half.
    pub sd: f64,
    /// The deviation as a share, 0 to 1, of the largest that a mean like this one leaves room for; nothing where it leaves
    /// none.
    pub relative: Option<f64>,
}

impl Variability {
    /// Standard deviation, and relative standard deviation SD / √((M + 1)(1 − M) · n / (n − 1)) on the scale from −1 to 1:
    /// near the end of a bounded scale a mean leaves little room to vary, and the plain deviation would say so twice
    /// (Mestdagh et al. 2018, Psychological Methods 23:690). From [`VARIABILITY_FROM`] sessions.
    pub fn of(sessions: i32, moments: &Moments) -> Option<Self> {
        let estimate = moments.estimate(sessions).filter(|_| sessions >= VARIABILITY_FROM)?;
        let n = f64::from(sessions);
        let room = (estimate.mean + 1.0) * (1.0 - estimate.mean) * n / (n - 1.0);
        let relative = (room > 0.0).then(|| (estimate.sd / room.sqrt()).min(1.0));
        Some(Self { sessions, sd: estimate.sd, relative })
    }
}

/// How much a figure jumps from one observation to the next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Instability {
    /// Pairs of neighbours.
    pub pairs: i64,
    /// Mean square of successive differences, in squares of the scale's half.
    pub mssd: f64,
}

impl Instability {
    /// MSSD = Σ(xₜ − xₜ₋₁)² / m (Jahng, Wood & Trull 2008, Psychological Methods 13:354), from Σxₜ² + Σxₜ₋₁² − 2Σxₜxₜ₋₁.
    /// From [`INSTABILITY_FROM`] pairs.
    #[expect(clippy::cast_precision_loss, reason = "sums of thousandths stay far below 2^52")]
    pub fn of(sums: &PairSums) -> Option<Self> {
        let squares = sums.before_squares + sums.after_squares - 2 * sums.products;
        (sums.pairs >= INSTABILITY_FROM)
            .then(|| Self { pairs: sums.pairs, mssd: squares as f64 / sums.pairs as f64 / 1e6 })
    }

    /// The root of it, on the scale of the figure itself.
    pub fn root(&self) -> f64 {
        self.mssd.sqrt()
    }
}

/// How much of where a figure lies carries over to the next observation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inertia {
    /// Pairs of neighbours.
    pub pairs: i64,
    /// Lag-1 autocorrelation, corrected for its bias in short series.
    pub autocorrelation: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end of its 95 % interval.
    pub high: f64,
}

impl Inertia {
    /// Lag-1 autocorrelation (Kuppens, Allen & Sheeber 2010, Psychological Science 21:984) with the correction of
    /// [`unbiased`]; its interval is Fisher's, atanh r ± 1.96 / √(m − 3), through the same correction. Pairs that share an
    /// observation are not independent, so it is a rough one. From [`INERTIA_FROM`] pairs, where anything varies.
    #[expect(clippy::cast_precision_loss, reason = "a count of pairs")]
    pub fn of(sums: &PairSums) -> Option<Self> {
        let r = autocorrelation(sums).filter(|_| sums.pairs >= INERTIA_FROM)?;
        let reach = 1.959_964 / (sums.pairs as f64 - 3.0).sqrt();
        let corrected = |r: f64| unbiased(r, sums.pairs).clamp(-1.0, 1.0);
        let end = |by: f64| corrected((r.atanh() + by).tanh());
        Some(Self { pairs: sums.pairs, autocorrelation: corrected(r), low: end(-reach), high: end(reach) })
    }
}

/// Correlation of a figure with itself one observation later; nothing where either side does not vary.
#[expect(clippy::cast_precision_loss, reason = "sums of thousandths stay far below 2^52")]
pub(crate) fn autocorrelation(sums: &PairSums) -> Option<f64> {
    let n = i128::from(sums.pairs);
    let scatter = |squares: i64, sum: i64| n * i128::from(squares) - i128::from(sum) * i128::from(sum);
    let before = scatter(sums.before_squares, sums.before);
    let after = scatter(sums.after_squares, sums.after);
    let shared = n * i128::from(sums.products) - i128::from(sums.before) * i128::from(sums.after);
    (before > 0 && after > 0)
        .then(|| (shared as f64 / ((before as f64).sqrt() * (after as f64).sqrt())).clamp(-1.0, 1.0))
}

/// An autocorrelation over m pairs less its bias towards −1/m in short series: (r + 1/m) / (1 − 3/m) (Marriott & Pope
/// 1954, Biometrika 41:390; Kendall 1954, 41:403).
#[expect(clippy::cast_precision_loss, reason = "a count of pairs")]
pub(crate) fn unbiased(autocorrelation: f64, pairs: i64) -> f64 {
    let pairs = pairs as f64;
    (autocorrelation + 1.0 / pairs) / (1.0 - 3.0 / pairs)
}

/// How fast valence goes between home and the peak of a displacement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// Displacements that went this way.
    pub episodes: i64,
    /// Distance a turn, as a fraction of the scale's half.
    pub per_turn: f64,
}

impl Rate {
    /// Recovery: distance of the peaks from home over turns back (Hipson & Mohammad 2021; see
    /// [`displacement`](crate::displacement) for what home is). From [`RECOVERY_FROM`] displacements that came home.
    pub fn of_recovery(sums: &Displacements) -> Option<Self> {
        Self::of(sums.returns, sums.return_distance, sums.return_steps)
    }

    /// Rise: distance of the peaks from home over turns out. From [`RECOVERY_FROM`] displacements that set out from home.
    pub fn of_rise(sums: &Displacements) -> Option<Self> {
        Self::of(sums.rises, sums.rise_distance, sums.rise_steps)
    }

    #[expect(clippy::cast_precision_loss, reason = "sums of thousandths stay far below 2^52")]
    fn of(episodes: i64, distance: i64, steps: i64) -> Option<Self> {
        (episodes >= RECOVERY_FROM && steps > 0)
            .then(|| Self { episodes, per_turn: distance as f64 / steps as f64 / 1000.0 })
    }
}

/// How a figure moves from one observation to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Course {
    /// How much it jumps.
    pub instability: Option<Instability>,
    /// How much it lingers.
    pub inertia: Option<Inertia>,
}

impl Course {
    /// From sums over pairs of neighbours.
    pub fn of(sums: &PairSums) -> Self {
        Self { instability: Instability::of(sums), inertia: Inertia::of(sums) }
    }
}

/// How one figure moves over a period.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Motion {
    /// How far its sessions lie apart.
    pub variability: Option<Variability>,
    /// From turn to turn within sessions.
    pub turns: Course,
    /// From session to session.
    pub sessions: Course,
}

/// How feelings move over a period. What too little was counted for is left out.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Dynamics {
    /// Valence.
    pub valence: Motion,
    /// Arousal.
    pub arousal: Motion,
    /// How fast valence comes home.
    pub recovery: Option<Rate>,
    /// How fast valence leaves home.
    pub rise: Option<Rate>,
}

impl Dynamics {
    /// Of a period: its rollup, and its sessions in the order they were held. Those that don't count are passed over, and
    /// those around them become neighbours.
    pub fn of(rollup: &Rollup, sessions: &[SessionSummary]) -> Self {
        let motion = |moments: &Moments, pairs: &PairSums, figure: fn(&SessionVector) -> Milli| {
            let series: Vec<_> = sessions.iter().filter_map(SessionSummary::counted).map(figure).collect();
            Motion {
                variability: Variability::of(rollup.sessions, moments),
                turns: Course::of(pairs),
                sessions: Course::of(&PairSums::of_series(&series)),
            }
        };
        Self {
            valence: motion(&rollup.valence.moments, &rollup.valence_pairs, |vector| vector.affect.valence),
            arousal: motion(&rollup.arousal.moments, &rollup.arousal_pairs, |vector| vector.affect.arousal),
            recovery: Rate::of_recovery(&rollup.displacements),
            rise: Rate::of_rise(&rollup.displacements),
        }
    }
}

#[cfg(test)]
#[path = "dynamics_tests.rs"]
mod tests;
