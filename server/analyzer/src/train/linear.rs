//! Linear models of several outputs on sparse rows, fitted by coordinate steps on the dual.
//!
//! The objective is ½‖w‖² + C · Σ loss, in the logistic case that of LIBLINEAR's solver 7 (Yu, Huang & Lin, "Dual
//! coordinate descent methods for logistic regression and maximum entropy models", Machine Learning 85, 2011). Here one
//! example's duals of all outputs take one Newton step together, so that its row is read once.

use rand::{SeedableRng as _, seq::SliceRandom as _};
use rand_chacha::ChaCha8Rng;

use crate::math::sigmoid;

/// Rows of features: place and value, each row's places in order.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    starts: Vec<usize>,
    entries: Vec<(u32, f32)>,
}

impl Rows {
    /// Adds a row.
    pub fn push(&mut self, row: impl IntoIterator<Item = (u32, f32)>) {
        self.starts.push(self.entries.len());
        self.entries.extend(row);
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// One row.
    pub fn row(&self, index: usize) -> &[(u32, f32)] {
        let end = self.starts.get(index + 1).copied().unwrap_or(self.entries.len());
        &self.entries[self.starts[index]..end]
    }
}

/// What is minimised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Targets 0 or 1.
    Logistic,
    /// Targets of any size.
    Squares,
}

/// How to fit.
#[derive(Clone, Copy, Debug)]
pub struct Fit {
    /// What is minimised.
    pub loss: Loss,
    /// Weight of the loss against the size of the weights.
    pub c: f32,
    /// Passes over the rows.
    pub epochs: usize,
    /// Chance: the order of the rows.
    pub seed: u64,
}

/// Weights of `L` outputs for each feature, and their biases.
#[derive(Clone, Debug)]
pub struct Linear<const L: usize> {
    /// One row a feature.
    pub weights: Vec<[f32; L]>,
    /// What an empty row scores.
    pub bias: [f32; L],
}

impl<const L: usize> Linear<L> {
    /// Fits the targets of the chosen rows.
    pub fn fit(rows: &Rows, targets: &[[f32; L]], chosen: &[usize], features: usize, fit: Fit) -> Self {
        let mut model = Self { weights: vec![[0.0; L]; features], bias: [0.0; L] };
        let mut duals = vec![[0.0f32; L]; chosen.len()];
        // The bias is one more feature, of value 1.
        let squares: Vec<f32> =
            chosen.iter().map(|row| 1.0 + rows.row(*row).iter().map(|(_, v)| v * v).sum::<f32>()).collect();
        let mut order: Vec<usize> = (0..chosen.len()).collect();
        let mut chance = ChaCha8Rng::seed_from_u64(fit.seed);
        for _ in 0..fit.epochs {
            order.shuffle(&mut chance);
            for &at in &order {
                let row = rows.row(chosen[at]);
                let scores = model.score(row);
                let mut steps = [0.0; L];
                for l in 0..L {
                    let target = targets[chosen[at]][l];
                    let (guess, slope) = match fit.loss {
                        Loss::Logistic => {
                            let p = sigmoid(scores[l]);
                            // Far from its target a sigmoid is flat, and a step by its slope alone would go too far.
                            (p, (p * (1.0 - p)).max(0.05))
                        }
                        Loss::Squares => (scores[l], 1.0),
                    };
                    let wanted = fit.c * (target - guess);
                    let step = (wanted - duals[at][l]) / (1.0 + fit.c * slope * squares[at]);
                    let dual = match fit.loss {
                        Loss::Logistic => (duals[at][l] + step).clamp(fit.c * (target - 1.0), fit.c * target),
                        Loss::Squares => duals[at][l] + step,
                    };
                    steps[l] = dual - duals[at][l];
                    duals[at][l] = dual;
                }
                for (feature, value) in row {
                    let weights = &mut model.weights[*feature as usize];
                    for l in 0..L {
                        weights[l] += steps[l] * value;
                    }
                }
                for l in 0..L {
                    model.bias[l] += steps[l];
                }
            }
        }
        model
    }

    /// The outputs for each row by a model that had not seen it.
    pub fn out_of_fold(rows: &Rows, targets: &[[f32; L]], features: usize, fit: Fit, folds: &Folds) -> Vec<[f32; L]> {
        let mut scores = vec![[0.0; L]; rows.len()];
        for (seen, unseen) in folds.splits() {
            let model = Self::fit(rows, targets, &seen, features, fit);
            for row in unseen {
                scores[row] = model.score(rows.row(row));
            }
        }
        scores
    }

    /// The outputs for a row, before any sigmoid.
    pub fn score(&self, row: &[(u32, f32)]) -> [f32; L] {
        let mut scores = self.bias;
        for (feature, value) in row {
            let weights = &self.weights[*feature as usize];
            for l in 0..L {
                scores[l] += weights[l] * value;
            }
        }
        scores
    }
}

/// Parts that rows are dealt into, so that each can be scored by a model that had not seen it.
pub const FOLDS: usize = 5;

/// Which part each row belongs to: by chance, all parts of one size.
#[derive(Clone, Debug)]
pub struct Folds(Vec<usize>);

impl Folds {
    /// Deals so many rows.
    pub fn of(rows: usize, seed: u64) -> Self {
        let mut part: Vec<usize> = (0..rows).map(|row| row % FOLDS).collect();
        part.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        Self(part)
    }

    /// For each part the rows outside it, to fit on, and the rows inside it, to score.
    pub fn splits(&self) -> impl Iterator<Item = (Vec<usize>, Vec<usize>)> {
        (0..FOLDS).map(|fold| (0..self.0.len()).partition(|row| self.0[*row] != fold))
    }
}
