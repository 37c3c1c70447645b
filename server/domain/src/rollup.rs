//! Rollups: mergeable sums over session vectors of one member and one local period.
//!
//! A week is the sum of its days and a month of its days; means, spreads and shares are read from the sums and never
//! averaged again. All sums are whole numbers, so the order of adding changes nothing.

use chrono::{Datelike, Weekday};
use serde::{Deserialize, Serialize};

use crate::{
    affect::{EMOTIONS, FAMILIES, Family, Milli, PRESENT_FROM},
    calendar::Daypart,
    displacement::Displacements,
    feature::Feature,
    measure::{PairSums, SessionVector},
    session::SessionSummary,
};

/// Sum and sum of squares of one figure in thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moments {
    /// Sum.
    pub sum: i64,
    /// Sum of squares.
    pub squares: i64,
}

impl Moments {
    fn add(&mut self, value: i64) {
        self.sum += value;
        self.squares += value * value;
    }

    const fn merge(&mut self, other: &Self) {
        self.sum += other.sum;
        self.squares += other.squares;
    }

    /// Mean, spread and interval over so many figures, in fractions; nothing below two of them.
    #[expect(clippy::cast_precision_loss, reason = "sums of thousandths stay far below 2^52")]
    pub fn estimate(&self, figures: i32) -> Option<Estimate> {
        let freedom = usize::try_from(figures.checked_sub(1)?).ok().filter(|f| *f > 0)?;
        let n = f64::from(figures);
        let mean = self.sum as f64 / n;
        // n·Σx² − (Σx)² is exact in whole numbers, so equal figures give a spread of exactly zero.
        let scatter = i128::from(figures) * i128::from(self.squares) - i128::from(self.sum) * i128::from(self.sum);
        let sd = (scatter as f64 / (n * (n - 1.0))).sqrt();
        let half_width = student_t(freedom) * sd / n.sqrt();
        Some(Estimate { mean: mean / 1000.0, sd: sd / 1000.0, half_width: half_width / 1000.0 })
    }
}

/// Sums of one figure in thousandths, with its extremes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sums {
    /// Sum and sum of squares.
    pub moments: Moments,
    /// Least.
    pub min: i16,
    /// Most.
    pub max: i16,
}

impl Default for Sums {
    fn default() -> Self {
        Self { moments: Moments::default(), min: i16::MAX, max: i16::MIN }
    }
}

impl Sums {
    fn add(&mut self, figure: Milli) {
        self.moments.add(i64::from(figure.0));
        self.min = self.min.min(figure.0);
        self.max = self.max.max(figure.0);
    }

    fn merge(&mut self, other: &Self) {
        self.moments.merge(&other.moments);
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }
}

/// How sessions moved from their first measured turn to their last. A shift *over* a session, never one *caused by* it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImpactSums {
    /// Sessions with two measured turns or more: only these can have moved.
    pub sessions: i32,
    /// Valence at the last less valence at the first.
    pub valence: Moments,
    /// The same of arousal.
    pub arousal: Moments,
}

/// What the sessions of one feature add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeatureSums {
    /// Sessions.
    pub sessions: i32,
    /// Their valence.
    pub valence: Moments,
    /// Their arousal.
    pub arousal: Moments,
    /// How they moved.
    pub impact: ImpactSums,
}

impl FeatureSums {
    fn add(&mut self, vector: &SessionVector) {
        self.sessions += 1;
        self.valence.add(i64::from(vector.affect.valence.0));
        self.arousal.add(i64::from(vector.affect.arousal.0));
        if vector.coverage.turns >= 2 {
            let moved = |first: Milli, end: Milli| i64::from(end.0) - i64::from(first.0);
            self.impact.sessions += 1;
            self.impact.valence.add(moved(vector.first.valence, vector.end.valence));
            self.impact.arousal.add(moved(vector.first.arousal, vector.end.arousal));
        }
    }

    const fn merge(&mut self, other: &Self) {
        self.sessions += other.sessions;
        self.valence.merge(&other.valence);
        self.arousal.merge(&other.arousal);
        self.impact.sessions += other.impact.sessions;
        self.impact.valence.merge(&other.impact.valence);
        self.impact.arousal.merge(&other.impact.arousal);
    }
}

/// Cells of the weekday by daypart grid.
pub const CELLS: usize = 7 * Daypart::ALL.len();

/// The sessions of one cell of the weekday by daypart grid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Sessions begun in it.
    pub sessions: i32,
    /// Sum of their valence, in thousandths.
    pub valence: i64,
}

impl Cell {
    /// The mean of their valence, as a fraction; zero where there are none.
    #[expect(clippy::cast_precision_loss, reason = "sums of thousandths stay far below 2^52")]
    pub fn mean(self) -> f64 {
        self.valence as f64 / 1000.0 / f64::from(self.sessions.max(1))
    }
}

/// The place of a cell: Monday's night first, Sunday's evening last.
const fn cell(weekday: Weekday, daypart: Daypart) -> usize {
    weekday.num_days_from_monday() as usize * Daypart::ALL.len() + daypart.index()
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
    /// Sums of each feature.
    pub features: [FeatureSums; 3],
    /// Sessions by weekday and daypart of their beginning, in local time.
    pub grid: [Cell; CELLS],
    /// How valence left the sessions' own middles and came back.
    pub displacements: Displacements,
}

impl Rollup {
    /// The rollup of the sessions of one day. What is left out, withheld or not measured adds nothing.
    pub fn of_day<'a>(sessions: impl IntoIterator<Item = &'a SessionSummary>) -> Self {
        let mut day = Self::default();
        for session in sessions {
            let Some(vector) = session.counted() else { continue };
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
            day.features[session.feature.index()].add(vector);
            let cell = &mut day.grid[cell(session.local_date.weekday(), Daypart::of_minute(session.local_minute))];
            cell.sessions += 1;
            cell.valence += i64::from(vector.affect.valence.0);
            day.displacements.merge(&vector.displacements);
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
        for (sums, more) in self.features.iter_mut().zip(&other.features) {
            sums.merge(more);
        }
        for (cell, more) in self.grid.iter_mut().zip(&other.grid) {
            cell.sessions += more.sessions;
            cell.valence += more.valence;
        }
        self.displacements.merge(&other.displacements);
    }

    /// What the sessions of a feature add up to.
    pub const fn feature(&self, feature: Feature) -> &FeatureSums {
        &self.features[feature.index()]
    }

    /// The sessions begun on this weekday in this part of the day.
    pub const fn cell(&self, weekday: Weekday, daypart: Daypart) -> Cell {
        self.grid[cell(weekday, daypart)]
    }

    /// Mean, spread and interval of valence; nothing below two sessions.
    pub fn valence_estimate(&self) -> Option<Estimate> {
        self.valence.moments.estimate(self.sessions)
    }

    /// Mean, spread and interval of arousal; nothing below two sessions.
    pub fn arousal_estimate(&self) -> Option<Estimate> {
        self.arousal.moments.estimate(self.sessions)
    }

    /// Families with the sessions they were present in, most first; families never present are left away.
    pub fn families_by_count(&self) -> Vec<(Family, i32)> {
        let mut counts: Vec<_> = Family::ALL.into_iter().zip(self.families).filter(|(_, n)| *n > 0).collect();
        counts.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        counts
    }

    /// How much may be said of the period.
    pub const fn tier(&self) -> Tier {
        Tier::of(self.sessions, self.days)
    }
}

/// The data floors: what a period has enough sessions to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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

impl Tier {
    /// What so many sessions on so many days are enough to say.
    pub const fn of(sessions: i32, days: i32) -> Self {
        match (sessions, days) {
            (..=0, _) => Self::Empty,
            (1..=2, _) => Self::Few,
            (7.., 4..) => Self::Enough,
            _ => Self::Some,
        }
    }

    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Few => "few",
            Self::Some => "some",
            Self::Enough => "enough",
        }
    }
}

/// Two-sided 95 % quantile of Student's t. Up to 30 degrees of freedom from the table in NIST/SEMATECH e-Handbook of
/// Statistical Methods 1.3.6.7.2; beyond, the Cornish-Fisher expansion, which is within 0.001 there.
pub(crate) fn student_t(freedom: usize) -> f64 {
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
#[path = "rollup_tests.rs"]
mod tests;
