//! How well scores agree with people: F1, thresholds, calibration error, correlation, and their intervals.

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// Right and wrong answers of one label.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Hits {
    /// Said and true.
    pub right: f32,
    /// Said and not true.
    pub false_alarms: f32,
    /// True and not said.
    pub missed: f32,
}

impl Hits {
    /// Counts one answer.
    pub fn add(&mut self, said: bool, truth: bool) {
        match (said, truth) {
            (true, true) => self.right += 1.0,
            (true, false) => self.false_alarms += 1.0,
            (false, true) => self.missed += 1.0,
            (false, false) => {}
        }
    }

    /// Adds the counts of another label.
    pub fn merge(&mut self, other: Self) {
        self.right += other.right;
        self.false_alarms += other.false_alarms;
        self.missed += other.missed;
    }

    /// The harmonic mean of precision and recall; 0 where nothing was said and nothing true.
    pub fn f1(&self) -> f32 {
        let all = 2.0 * self.right + self.false_alarms + self.missed;
        if all > 0.0 { 2.0 * self.right / all } else { 0.0 }
    }

    /// Share of what was said that is true.
    pub fn precision(&self) -> f32 {
        self.right / (self.right + self.false_alarms).max(1.0)
    }

    /// Share of what is true that was said.
    pub fn recall(&self) -> f32 {
        self.right / (self.right + self.missed).max(1.0)
    }
}

/// Counts a label's answers: said from `threshold` on.
pub fn hits(scores: &[f32], truth: &[bool], threshold: f32) -> Hits {
    let mut hits = Hits::default();
    for (score, truth) in scores.iter().zip(truth) {
        hits.add(*score >= threshold, *truth);
    }
    hits
}

/// The mean of some figures.
#[expect(clippy::cast_precision_loss, reason = "a count")]
pub fn mean(figures: &[f32]) -> f32 {
    figures.iter().sum::<f32>() / figures.len().max(1) as f32
}

/// Resamples of the rows that a threshold is taken from.
const RESAMPLES: usize = 100;

/// The threshold with the best F1: the median over resamples of the rows, so that a rare label's threshold does not
/// hang on one row.
pub fn threshold(scores: &[f32], truth: &[bool], seed: u64) -> f32 {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let mut found: Vec<f32> = (0..RESAMPLES)
        .map(|_| {
            let mut times = vec![0u8; scores.len()];
            for _ in 0..scores.len() {
                let at = chance.random_range(0..scores.len());
                times[at] = times[at].saturating_add(1);
            }
            best_cut(scores, truth, &order, &times)
        })
        .collect();
    found.sort_by(f32::total_cmp);
    found[found.len() / 2]
}

fn best_cut(scores: &[f32], truth: &[bool], order: &[usize], times: &[u8]) -> f32 {
    let positives: f32 = truth.iter().zip(times).filter(|(truth, _)| **truth).map(|(_, n)| f32::from(*n)).sum();
    let (mut said, mut right, mut best, mut cut) = (0.0, 0.0, -1.0, f32::INFINITY);
    for (rank, at) in order.iter().enumerate() {
        said += f32::from(times[*at]);
        right += if truth[*at] { f32::from(times[*at]) } else { 0.0 };
        let f1 = 2.0 * right / (positives + said).max(1.0);
        if f1 > best {
            let next = order.get(rank + 1).map_or(scores[*at], |next| scores[*next]);
            (best, cut) = (f1, 0.5 * (scores[*at] + next));
        }
    }
    cut
}

/// Expected calibration error of one label: over ten bins of equal width, the distance between the mean probability and the
/// share that is true, weighted by the bin's rows.
pub fn calibration_error(probabilities: &[f32], truth: &[bool]) -> f32 {
    let mut bins = [(0.0f32, 0.0f32, 0.0f32); 10];
    for (p, truth) in probabilities.iter().zip(truth) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 9")]
        let bin = ((p * 10.0) as usize).min(9);
        bins[bin].0 += p;
        bins[bin].1 += f32::from(u8::from(*truth));
        bins[bin].2 += 1.0;
    }
    let rows: f32 = bins.iter().map(|bin| bin.2).sum();
    bins.iter().map(|(sum, positive, _)| (sum - positive).abs()).sum::<f32>() / rows.max(1.0)
}

/// Pearson's correlation.
pub fn correlation(a: &[f32], b: &[f32]) -> f32 {
    let (middle_a, middle_b) = (mean(a), mean(b));
    let (mut both, mut squares_a, mut squares_b) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(b) {
        let (a, b) = (a - middle_a, b - middle_b);
        both += a * b;
        squares_a += a * a;
        squares_b += b * b;
    }
    if squares_a > 0.0 && squares_b > 0.0 { both / (squares_a * squares_b).sqrt() } else { 0.0 }
}

/// The 95 % interval of a figure over a thousand resamples of the rows.
pub fn interval(rows: usize, seed: u64, figure: impl Fn(&[usize]) -> f32) -> [f32; 2] {
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let mut found: Vec<f32> = (0..1000)
        .map(|_| {
            let rows: Vec<usize> = (0..rows).map(|_| chance.random_range(0..rows)).collect();
            figure(&rows)
        })
        .collect();
    found.sort_by(f32::total_cmp);
    [found[25], found[974]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_known_by_hand() {
        let scores = [0.9, 0.8, 0.3, 0.2];
        let truth = [true, false, true, false];
        assert_eq!(hits(&scores, &truth, 0.5), Hits { right: 1.0, false_alarms: 1.0, missed: 1.0 });
        assert!((hits(&scores, &truth, 0.25).f1() - 0.8).abs() < 1e-6);
        assert!((calibration_error(&scores, &truth) - (0.1 + 0.8 + 0.7 + 0.2) / 4.0).abs() < 1e-6);
        assert!((correlation(&[1.0, 2.0, 3.0], &[2.0, 4.0, 6.5]) - 0.997).abs() < 1e-3);
        let cut = best_cut(&scores, &truth, &[0, 1, 2, 3], &[1; 4]);
        assert!((cut - 0.25).abs() < 1e-6, "{cut}");
    }
}
