//! How each turn moved: the step from the turn before, what of it was new, and what it did to the session.
//!
//! A shift *at* a turn, never one *caused by* it: what stood between two member turns is counted and named, not scored.

use crate::{
    affect::{AffectVector, Milli},
    dynamics::{autocorrelation, unbiased},
    measure::{MeasuredTurn, PairSums, Weighted, ratio},
};

/// Where a member usually lies, and how much of a turn's place carries over to the next: from the days before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HomeBase {
    /// Usual valence.
    pub valence: Milli,
    /// Usual arousal.
    pub arousal: Milli,
    /// How much of a turn's distance from home in valence is left at the next turn.
    pub valence_inertia: Milli,
    /// The same of arousal.
    pub arousal_inertia: Milli,
}

impl Default for HomeBase {
    /// Of a member nothing is known of: the middle of the scales.
    fn default() -> Self {
        let inertia = Milli::of(PRIOR_INERTIA);
        Self { valence: Milli(0), arousal: Milli(0), valence_inertia: inertia, arousal_inertia: inertia }
    }
}

/// Sums over the days that a home base is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HomeSums {
    /// Sessions.
    pub sessions: i64,
    /// Sum of their valence.
    pub valence: i64,
    /// Sum of their arousal.
    pub arousal: i64,
    /// Valence over pairs of turns.
    pub valence_pairs: PairSums,
    /// Arousal over pairs of turns.
    pub arousal_pairs: PairSums,
}

/// How far back a home base looks, in days before the session's own.
pub const HOME_DAYS: u64 = 90;
/// With this many sessions the mean counts as much as the middle of the scale that it is drawn to. A mean of 14
/// observations was found to be half stable over a year (emotion reference 4.4), and n / (n + 14) is then its reliability.
const HOME_PRIOR_SESSIONS: i64 = 14;
/// Inertia where too few pairs tell, and what an estimate is drawn to where they do.
const PRIOR_INERTIA: f64 = 0.3;
/// Below this many pairs the prior alone counts; at this many it counts as much as the estimate.
const PRIOR_PAIRS: i64 = 30;
/// An inertia beyond this would say that feelings never come home.
const MOST_INERTIA: f64 = 0.95;

impl HomeBase {
    /// From the sums of the days before.
    pub fn of(sums: &HomeSums) -> Self {
        let usual = |sum| Milli::of(ratio(sum, sums.sessions + HOME_PRIOR_SESSIONS) / 1000.0);
        Self {
            valence: usual(sums.valence),
            arousal: usual(sums.arousal),
            valence_inertia: Milli::of(inertia(&sums.valence_pairs)),
            arousal_inertia: Milli::of(inertia(&sums.arousal_pairs)),
        }
    }
}

/// Lag-1 autocorrelation over pairs within sessions, corrected for its bias in short series and drawn to the prior.
#[expect(clippy::cast_precision_loss, reason = "a count of pairs")]
fn inertia(sums: &PairSums) -> f64 {
    if sums.pairs < PRIOR_PAIRS {
        return PRIOR_INERTIA;
    }
    let Some(correlation) = autocorrelation(sums) else { return PRIOR_INERTIA };
    let (pairs, corrected) = (sums.pairs as f64, unbiased(correlation, sums.pairs));
    let prior = PRIOR_PAIRS as f64;
    ((pairs * corrected + prior * PRIOR_INERTIA) / (pairs + prior)).clamp(0.0, MOST_INERTIA)
}

/// How large a step between two turns must be to be more than the analyzer's own error: half the width of the 95 %
/// interval of a difference of two measurements (1.96 · √2 · residual standard deviation; Jacobson & Truax 1991).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeasurementBand {
    /// For valence.
    pub valence: Milli,
    /// For arousal.
    pub arousal: Milli,
}

/// A step in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Within the measurement's error: never shown as a change.
    NoChange,
    /// Up by this many thousandths.
    Higher(i16),
    /// Down by this many thousandths.
    Lower(i16),
}

impl MeasurementBand {
    /// What a step of valence amounts to.
    pub const fn valence_step(&self, step: i16) -> Step {
        Self::step(self.valence, step)
    }

    /// What a step of arousal amounts to.
    pub const fn arousal_step(&self, step: i16) -> Step {
        Self::step(self.arousal, step)
    }

    const fn step(band: Milli, step: i16) -> Step {
        if step.unsigned_abs() <= band.0.unsigned_abs() {
            Step::NoChange
        } else if step > 0 {
            Step::Higher(step)
        } else {
            Step::Lower(-step)
        }
    }
}

/// How a member turn moved the member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TurnImpact {
    /// Place of the turn in the session.
    pub index: i32,
    /// What was measured there.
    pub affect: AffectVector,
    /// The change since the measured turn before; nothing for the first.
    pub since: Option<Since>,
    /// What the turn did to the session's mean; nothing where it is the only one.
    pub contribution: Option<Contribution>,
    /// Turns of the assistant's since the measured turn before, or since the beginning. Whose they are the session's
    /// feature says: Mirror, Turn or Lens.
    pub assistant_before: i32,
    /// Member turns without a measurement since then.
    pub unmeasured_before: i32,
}

/// A change from one measured turn to the next, in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Since {
    /// Change of valence.
    pub valence_step: i16,
    /// Change of arousal.
    pub arousal_step: i16,
    /// What of the change of valence the way home does not explain.
    pub valence_innovation: i16,
    /// The same of arousal.
    pub arousal_innovation: i16,
    /// How far the mixture of emotions moved: √ of the Jensen-Shannon divergence to base 2, from 0 to 1. A metric.
    pub mixture_shift: Milli,
}

/// The session's mean with the turn less the mean without it, in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contribution {
    /// Of valence.
    pub valence: i16,
    /// Of arousal.
    pub arousal: i16,
}

impl TurnImpact {
    /// The impact of every measured turn, in order.
    pub fn of(turns: &[MeasuredTurn], home: &HomeBase) -> Vec<Self> {
        let valence = Weighted::of(turns, &|a| a.valence);
        let arousal = Weighted::of(turns, &|a| a.arousal);
        let before = std::iter::once(None).chain(turns.iter().map(Some));
        turns
            .iter()
            .zip(before)
            .map(|(turn, before)| Self {
                index: turn.index,
                affect: turn.affect,
                since: before.map(|before| Since::of(&before.affect, &turn.affect, *home)),
                contribution: (turns.len() > 1).then(|| Contribution {
                    valence: contribution(&valence, turn, turn.affect.valence),
                    arousal: contribution(&arousal, turn, turn.affect.arousal),
                }),
                assistant_before: turn.assistant_before,
                unmeasured_before: turn.unmeasured_before,
            })
            .collect()
    }
}

impl Since {
    fn of(before: &AffectVector, after: &AffectVector, home: HomeBase) -> Self {
        Self {
            valence_step: after.valence.0 - before.valence.0,
            arousal_step: after.arousal.0 - before.arousal.0,
            valence_innovation: innovation(before.valence, after.valence, home.valence, home.valence_inertia),
            arousal_innovation: innovation(before.arousal, after.arousal, home.arousal, home.arousal_inertia),
            mixture_shift: mixture_shift(before, after),
        }
    }
}

/// The step less the regression to the home base that it holds: V − [μ + φ (V₋₁ − μ)].
fn innovation(before: Milli, after: Milli, home: Milli, inertia: Milli) -> i16 {
    let home = home.as_f64();
    thousandths(after.as_f64() - (home + inertia.as_f64() * (before.as_f64() - home)))
}

/// The mean with the turn less the mean without it.
fn contribution(all: &Weighted, turn: &MeasuredTurn, figure: Milli) -> i16 {
    let weight = turn.weight();
    let without = ratio(all.sum - weight * i64::from(figure.0), all.weight - weight);
    thousandths((ratio(all.sum, all.weight) - without) / 1000.0)
}

/// The square root of the Jensen-Shannon divergence (to base 2) of two mixtures, each made to add up to one. From a
/// mixture of nothing to another it is the whole way, from nothing to nothing none.
fn mixture_shift(before: &AffectVector, after: &AffectVector) -> Milli {
    let total = |affect: &AffectVector| affect.emotions.iter().map(|p| i64::from(p.0.max(0))).sum::<i64>();
    let (before_total, after_total) = (total(before), total(after));
    if before_total == 0 || after_total == 0 {
        return if before_total == after_total { Milli(0) } else { Milli(1000) };
    }
    let term = |part: f64, middle: f64| if part > 0.0 { part * (part / middle).log2() } else { 0.0 };
    let divergence: f64 = before
        .emotions
        .iter()
        .zip(&after.emotions)
        .map(|(p, q)| {
            let (p, q) = (ratio(i64::from(p.0.max(0)), before_total), ratio(i64::from(q.0.max(0)), after_total));
            let middle = f64::midpoint(p, q);
            f64::midpoint(term(p, middle), term(q, middle))
        })
        .sum();
    Milli::of(divergence.max(0.0).sqrt())
}

/// A difference of two figures of −1…1 in whole thousandths.
#[expect(clippy::cast_possible_truncation, reason = "clamped to ±2000 first")]
fn thousandths(figure: f64) -> i16 {
    (figure.clamp(-2.0, 2.0) * 1000.0).round() as i16
}

#[cfg(test)]
#[path = "impact_tests.rs"]
mod tests;
