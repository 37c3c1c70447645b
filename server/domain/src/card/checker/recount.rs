//! Numbers counted again from raw rollups, the long way round. Nothing of `finding` or of the writer is used.

use crate::{
    affect::Family,
    feature::Feature,
    rollup::{Moments, Rollup},
};

/// A member's periods: the period itself first, then those before, newest first.
pub(super) struct Periods<'a>(pub Vec<&'a Rollup>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scale {
    Valence,
    Arousal,
}

pub(super) fn real(whole: i64) -> f64 {
    f64::from(i32::try_from(whole).expect("small"))
}

/// How many there are.
pub(super) fn of<T>(all: &[T]) -> f64 {
    f64::from(u32::try_from(all.len()).expect("few"))
}

impl Scale {
    pub fn of(self, rollup: &Rollup) -> Moments {
        if self == Self::Valence { rollup.valence.moments } else { rollup.arousal.moments }
    }

    pub fn moved(self, rollup: &Rollup, feature: Feature) -> (i64, Moments) {
        let impact = &rollup.features[feature.index()].impact;
        (impact.sessions.into(), if self == Self::Valence { impact.valence } else { impact.arousal })
    }
}

pub(super) fn mean(rollup: &Rollup, scale: Scale) -> f64 {
    real(scale.of(rollup).sum) / f64::from(rollup.sessions) / 1000.0
}

fn variance(rollup: &Rollup, scale: Scale) -> f64 {
    let (n, m) = (f64::from(rollup.sessions), mean(rollup, scale));
    (real(scale.of(rollup).squares) / 1e6 - n * m * m) / (n - 1.0)
}

pub(super) fn sd(rollup: &Rollup, scale: Scale) -> f64 {
    variance(rollup, scale).max(0.0).sqrt()
}

/// The spread as a share of the most that the mean leaves room for.
pub(super) fn relative_sd(rollup: &Rollup, scale: Scale) -> f64 {
    let (n, m) = (f64::from(rollup.sessions), mean(rollup, scale));
    (sd(rollup, scale) / ((1.0 + m) * (1.0 - m) * n / (n - 1.0)).sqrt()).min(1.0)
}

/// Student's quantile for 95 % by the expansion in 1/ν to the fourth order (Abramowitz & Stegun 26.7.5).
fn quantile(freedom: f64) -> f64 {
    // Terms of the expansion in 1/ν around the normal quantile.
    let z: f64 = 1.959_963_985;
    let g1 = (z.powi(3) + z) / 4.0;
    let g2 = (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / 96.0;
    let g3 = (3.0 * z.powi(7) + 19.0 * z.powi(5) + 17.0 * z.powi(3) - 15.0 * z) / 384.0;
    let g4 = (79.0 * z.powi(9) + 776.0 * z.powi(7) + 1482.0 * z.powi(5) - 1920.0 * z.powi(3) - 945.0 * z) / 92160.0;
    z + g1 / freedom + g2 / freedom.powi(2) + g3 / freedom.powi(3) + g4 / freedom.powi(4)
}

/// Half the width of the 95 % interval of the mean.
pub(super) fn half_width(rollup: &Rollup, scale: Scale) -> f64 {
    quantile(f64::from(rollup.sessions - 1)) * sd(rollup, scale) / f64::from(rollup.sessions).sqrt()
}

pub(super) fn present(rollup: &Rollup, family: Family) -> i64 {
    rollup.families[family.index()].into()
}

impl Periods<'_> {
    pub fn own(&self) -> &Rollup {
        self.0[0]
    }

    pub fn comparable(rollup: &Rollup) -> bool {
        rollup.sessions >= 7 && rollup.days >= 4
    }

    /// Earlier periods not longer than `reach` ago that hold enough.
    pub fn baseline(&self, reach: usize) -> Vec<&Rollup> {
        self.among(reach, Self::comparable)
    }

    pub fn among(&self, reach: usize, enough: fn(&Rollup) -> bool) -> Vec<&Rollup> {
        self.0.iter().skip(1).take(reach).copied().filter(|rollup| enough(rollup)).collect()
    }

    /// Mean of the earlier periods' means.
    pub fn usual(&self, reach: usize, scale: Scale) -> f64 {
        let before = self.baseline(reach);
        before.iter().map(|rollup| mean(rollup, scale)).sum::<f64>() / of(&before)
    }

    /// The period and the twelve before, empty ones too.
    pub fn together(&self) -> impl Iterator<Item = &Rollup> {
        self.0.iter().take(13).copied()
    }

    /// The sides of a comparison in the periods that have both: sessions of each, the weighted mean difference of their
    /// means in thousandths, and how many periods.
    pub fn differ(&self, sides: impl Fn(&Rollup) -> [(i64, i64); 2]) -> Sides {
        let mut found = Sides::default();
        let mut weights = 0.0;
        for [(a, sum), (b, other)] in self.together().map(sides).filter(|[one, two]| one.0 > 0 && two.0 > 0) {
            let weight = real(a) * real(b) / real(a + b);
            found.difference += weight * (real(sum) / real(a) - real(other) / real(b));
            weights += weight;
            found.inside += a;
            found.outside += b;
            found.inside_sum += sum;
            found.outside_sum += other;
            found.periods += 1;
        }
        found.difference /= weights;
        found
    }

    /// How many comparisons are made where nothing is new.
    pub fn comparisons(&self) -> i64 {
        let (four, twelve) = (self.baseline(4), self.baseline(12));
        let windows = i64::from(four.len() >= 3) + i64::from(twelve.len() > four.len());
        let mut tested = 2 * windows;
        for family in Family::ALL {
            let all: Vec<_> = self.0.iter().skip(1).filter(|r| r.sessions > 0).collect();
            let sessions: i32 = all.iter().map(|r| r.sessions).sum();
            let never = all.iter().all(|r| present(r, family) == 0);
            let had: i64 = twelve.iter().map(|r| present(r, family)).sum();
            let total: i64 = twelve.iter().map(|r| i64::from(r.sessions)).sum();
            let mixed = twelve.iter().filter(|r| present(r, family) > 0 && present(r, family) < r.sessions.into());
            let away = four.len() >= 3
                && four.iter().all(|r| present(r, family) == 0)
                && four.iter().map(|r| r.sessions).sum::<i32>() >= 20
                && twelve.iter().skip(four.len()).any(|r| present(r, family) >= 3);
            let first = never && sessions >= 30 && all.len() >= 4;
            let home = had >= 5 && total - had >= 5 && 2 * mixed.count() >= twelve.len();
            tested += i64::from(first || away || (home && windows > 0));
        }
        for scale in [Scale::Valence, Scale::Arousal] {
            let spread = |r: &Rollup| r.sessions >= 20 && relative_sd(r, scale) > 0.0;
            let before = self.0.iter().skip(1).take(12).filter(|r| spread(r)).count();
            tested += i64::from(spread(self.own()) && before >= 4);
        }
        let returns = |r: &Rollup| r.displacements.returns >= 5 && r.displacements.return_distance > 0;
        tested + i64::from(returns(self.own()) && self.0.iter().skip(1).take(12).filter(|r| returns(r)).count() >= 4)
    }
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sides {
    pub inside: i64,
    pub outside: i64,
    pub inside_sum: i64,
    pub outside_sum: i64,
    pub difference: f64,
    pub periods: i64,
}
