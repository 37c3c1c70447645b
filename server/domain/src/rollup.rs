//! Rollups: mergeable sums over session vectors of one member and one local period.
//!
//! A week is the sum of its days and a month of its days; means, spreads and shares are read from the sums and never
//! averaged again. All sums are whole numbers, so the order of adding changes nothing.

use crate::{
    affect::{EMOTIONS, FAMILIES, Family, Milli, PRESENT_FROM},
    feature::Feature,
    measure::{PairSums, SessionVector},
};

/// Sums of one figure in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sums {
    /// Sum.
    pub sum: i64,
    /// Sum of squares.
    pub squares: i64,
    /// Least.
    pub min: i16,
    /// Most.
    pub max: i16,
}

impl Default for Sums {
    fn default() -> Self {
        Self { sum: 0, squares: 0, min: i16::MAX, max: i16::MIN }
    }
}

impl Sums {
    fn add(&mut self, figure: Milli) {
        let value = i64::from(figure.0);
        self.sum += value;
        self.squares += value * value;
        self.min = self.min.min(figure.0);
        self.max = self.max.max(figure.0);
    }

    fn merge(&mut self, other: &Self) {
        self.sum += other.sum;
        self.squares += other.squares;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }
}

/// The mean of a period with its 95 % interval, in fractions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Arithmetic mean over sessions.
    pub mean: f64,
    /// Standard deviation over sessions (n − 1).
    pub sd: f64,
    /// Half the width of the 95 % interval of the mean (Student's t, n − 1 degrees of freedom).
    pub half_width: f64,
}

/// What one member's sessions of a period add up to.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Rollup {
    /// Days with at least one counted session.
    pub days: i32,
    /// Sessions counted.
    pub sessions: i32,
    /// Member turns measured.
    pub turns: i32,
    /// Words in them.
    pub words: i64,
    /// Valence over sessions.
    pub valence: Sums,
    /// Arousal over sessions.
    pub arousal: Sums,
    /// Dominance over sessions.
    pub dominance: Sums,
    /// Valence over pairs of consecutive turns, for inertia and instability.
    pub valence_pairs: PairSums,
    /// Arousal over pairs of consecutive turns.
    pub arousal_pairs: PairSums,
    /// Sum over sessions of each emotion's mean probability.
    pub emotions: [i64; EMOTIONS],
    /// Sessions in which each family was present.
    pub families: [i32; FAMILIES],
    /// Sessions in each quadrant.
    pub quadrants: [i32; 4],
    /// Sessions of each feature.
    pub features: [i32; 3],
}

impl Rollup {
    /// The rollup of one day.
    pub fn of_day<'a>(sessions: impl IntoIterator<Item = (Feature, &'a SessionVector)>) -> Self {
        let mut day = Self::default();
        for (feature, vector) in sessions {
            day.days = 1;
            day.sessions += 1;
            day.turns += vector.coverage.turns;
            day.words += i64::from(vector.coverage.words);
            day.valence.add(vector.affect.valence);
            day.arousal.add(vector.affect.arousal);
            day.dominance.add(vector.affect.dominance);
            day.valence_pairs.merge(&vector.valence_pairs);
            day.arousal_pairs.merge(&vector.arousal_pairs);
            for (sum, emotion) in day.emotions.iter_mut().zip(vector.mixture) {
                *sum += i64::from(emotion.0);
            }
            for family in Family::ALL {
                day.families[family.index()] += i32::from(vector.affect.family(family) >= PRESENT_FROM);
            }
            day.quadrants[vector.affect.quadrant().index()] += 1;
            day.features[feature.index()] += 1;
        }
        day
    }

    /// The rollup of a longer period: the sum of its days.
    pub fn of_days<'a>(days: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut period = Self::default();
        for day in days {
            period.merge(day);
        }
        period
    }

    fn merge(&mut self, other: &Self) {
        fn add<T: Copy + std::ops::AddAssign, const N: usize>(into: &mut [T; N], from: &[T; N]) {
            for (sum, more) in into.iter_mut().zip(from) {
                *sum += *more;
            }
        }
        self.days += other.days;
        self.sessions += other.sessions;
        self.turns += other.turns;
        self.words += other.words;
        self.valence.merge(&other.valence);
        self.arousal.merge(&other.arousal);
        self.dominance.merge(&other.dominance);
        self.valence_pairs.merge(&other.valence_pairs);
        self.arousal_pairs.merge(&other.arousal_pairs);
        add(&mut self.emotions, &other.emotions);
        add(&mut self.families, &other.families);
        add(&mut self.quadrants, &other.quadrants);
        add(&mut self.features, &other.features);
    }

    /// Mean, spread and interval of valence; nothing below two sessions.
    pub fn valence_estimate(&self) -> Option<Estimate> {
        estimate(self.sessions, &self.valence)
    }

    /// Mean, spread and interval of arousal; nothing below two sessions.
    pub fn arousal_estimate(&self) -> Option<Estimate> {
        estimate(self.sessions, &self.arousal)
    }

    /// Families with the sessions they were present in, most first; families never present are left away.
    pub fn families_by_count(&self) -> Vec<(Family, i32)> {
        let mut counts: Vec<_> = Family::ALL.into_iter().zip(self.families).filter(|(_, n)| *n > 0).collect();
        counts.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        counts
    }

    /// How much may be said of the period.
    pub const fn tier(&self) -> Tier {
        match (self.sessions, self.days) {
            (..=0, _) => Tier::Empty,
            (1..=2, _) => Tier::Few,
            (7.., 4..) => Tier::Enough,
            _ => Tier::Some,
        }
    }
}

/// The data floors: what a period has enough sessions to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Nothing counted.
    Empty,
    /// One or two sessions: they are shown, nothing is added up.
    Few,
    /// From three sessions: counts, but no mean and no trend.
    Some,
    /// From seven sessions on four days: a mean with its interval.
    Enough,
}

#[expect(clippy::cast_precision_loss, reason = "sums of thousandths stay far below 2^52")]
fn estimate(sessions: i32, sums: &Sums) -> Option<Estimate> {
    let freedom = usize::try_from(sessions.checked_sub(1)?).ok().filter(|f| *f > 0)?;
    let n = f64::from(sessions);
    let mean = sums.sum as f64 / n;
    // n·Σx² − (Σx)² is exact in whole numbers, so equal figures give a spread of exactly zero.
    let scatter = i128::from(sessions) * i128::from(sums.squares) - i128::from(sums.sum) * i128::from(sums.sum);
    let sd = (scatter as f64 / (n * (n - 1.0))).sqrt();
    let half_width = student_t(freedom) * sd / n.sqrt();
    Some(Estimate { mean: mean / 1000.0, sd: sd / 1000.0, half_width: half_width / 1000.0 })
}

/// Two-sided 95 % quantile of Student's t. Up to 30 degrees of freedom from the table in NIST/SEMATECH e-Handbook of
/// Statistical Methods 1.3.6.7.2; beyond, the Cornish-Fisher expansion, which is within 0.001 there.
fn student_t(freedom: usize) -> f64 {
    const TABLE: [f64; 30] = [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
        2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
    ];
    const Z: f64 = 1.959_964;
    TABLE.get(freedom.saturating_sub(1)).copied().unwrap_or_else(|| {
        #[expect(clippy::cast_precision_loss, reason = "a count of sessions")]
        let freedom = freedom as f64;
        Z + (Z.powi(3) + Z) / (4.0 * freedom)
            + (5.0 * Z.powi(5) + 16.0 * Z.powi(3) + 3.0 * Z) / (96.0 * freedom.powi(2))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        affect::AffectVector,
        measure::{Coverage, Place},
    };

    fn vector(valence: i16, arousal: i16, emotions: [i16; EMOTIONS]) -> SessionVector {
        let place = Place { valence: Milli(valence), arousal: Milli(arousal) };
        let pairs =
            PairSums { pairs: 1, before: i64::from(valence), products: i64::from(arousal), ..PairSums::default() };
        SessionVector {
            affect: AffectVector {
                emotions: emotions.map(Milli),
                valence: Milli(valence),
                arousal: Milli(arousal),
                dominance: Milli(0),
            },
            mixture: emotions.map(|strength| Milli(strength / 2)),
            valence_spread: Milli(0),
            arousal_spread: Milli(0),
            first: place,
            peak: place,
            end: place,
            valence_pairs: pairs,
            arousal_pairs: pairs,
            coverage: Coverage { turns: 2, words: 40, not_measured: [0; 4] },
        }
    }

    #[test]
    fn the_interval_is_students() {
        // Half-width of a mean of seven with SD 0.4 is 0.37 (product reference 6.5).
        let spread = [-600, -400, 0, 0, 0, 400, 600].map(|v| vector(v, 0, [0; EMOTIONS]));
        let rollup = Rollup::of_day(spread.iter().map(|v| (Feature::Mirror, v)));
        let estimate = rollup.valence_estimate().expect("seven sessions");
        assert!((estimate.sd - 0.4163).abs() < 1e-3);
        assert!((estimate.half_width - 2.447 * 0.4163 / 7f64.sqrt()).abs() < 1e-3);
        assert!((student_t(31) - 2.0395).abs() < 1e-3 && (student_t(120) - 1.9799).abs() < 1e-3);
    }

    #[test]
    fn floors() {
        let tier = |sessions, days| Rollup { days, sessions, ..Rollup::default() }.tier();
        assert_eq!(
            [tier(0, 0), tier(2, 2), tier(3, 1), tier(6, 6), tier(7, 3), tier(7, 4)],
            [Tier::Empty, Tier::Few, Tier::Some, Tier::Some, Tier::Some, Tier::Enough]
        );
    }

    proptest! {
        #[test]
        fn any_order_and_any_grouping_gives_the_same_sums(
            figures in proptest::collection::vec((-1000i16..=1000, -1000i16..=1000, 0i16..=1000), 1..40),
            cut in 0usize..40,
        ) {
            let sessions: Vec<_> = figures.iter().map(|(v, a, e)| vector(*v, *a, [*e; EMOTIONS])).collect();
            let cut = cut.min(sessions.len());
            let day = |part: &[SessionVector]| Rollup::of_day(part.iter().map(|v| (Feature::Turn, v)));
            let whole = day(&sessions);
            let mut backwards = sessions.clone();
            backwards.reverse();
            prop_assert_eq!(&day(&backwards), &whole);
            let halves = Rollup::of_days([&day(&sessions[..cut]), &day(&sessions[cut..])]);
            prop_assert_eq!(Rollup { days: whole.days, ..halves }, whole);
        }
    }
}
