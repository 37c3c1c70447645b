//! The 28 emotions: both parts fitted on all of the training data, and on four fifths of it five times over, so that
//! calibration and thresholds come from scores of rows that the scoring model had not seen.

use spectrum_domain::affect::EMOTIONS;

use super::{
    Progress,
    cnn::Cnn,
    data::Labelled,
    dictionary::Dictionary,
    linear::{FOLDS, Fit, Folds, Linear, Loss},
    pieces::Start,
};
use crate::{
    groups::{EKMAN, SENTIMENT, probability, truth},
    math::sigmoid,
    metrics::threshold,
    ngram::{Counts, count},
    text::Sentence,
};

/// N-grams that the linear part keeps.
const NGRAMS: usize = 25_000;
const EPOCHS: usize = 8;
const LINEAR: Fit = Fit { loss: Loss::Logistic, c: 1.0, epochs: 8, seed: 0 };

/// Everything that was fitted for the emotions.
#[derive(Debug)]
pub struct Emotions {
    /// The n-grams of the linear part.
    pub dictionary: Dictionary,
    /// The linear part.
    pub linear: Linear<EMOTIONS>,
    /// The convolutional part.
    pub cnn: Cnn<EMOTIONS>,
    /// Slope and shift of each emotion's calibration.
    pub platt: Vec<[f32; 2]>,
    /// Thresholds of the emotions, Ekman's groups and the sentiments.
    pub thresholds: [Vec<f32>; 3],
}

/// Fits both parts.
pub fn fit(rows: &[Labelled], start: &Start, seed: u64, told: &mut Progress<'_>) -> Emotions {
    let sentences: Vec<Sentence> = rows.iter().map(|row| Sentence::read(&row.text)).collect();
    let counts: Vec<Counts> = sentences.iter().map(count).collect();
    let pieces: Vec<Vec<u32>> = sentences.iter().map(|sentence| start.vocabulary.pieces(sentence)).collect();
    let targets: Vec<[f32; EMOTIONS]> = rows.iter().map(|row| row.emotions).collect();
    let all: Vec<usize> = (0..rows.len()).collect();
    let fit = Fit { seed, ..LINEAR };

    let everything = Dictionary::of(&counts);
    told(&format!("emotions: {} n-grams in {} texts; choosing the best {NGRAMS}", everything.len(), rows.len()));
    let first = Linear::fit(&everything.rows(&counts), &targets, &all, everything.len(), fit);
    let dictionary = everything.best(&first, NGRAMS);
    let features = dictionary.rows(&counts);
    let linear = Linear::fit(&features, &targets, &all, dictionary.len(), fit);
    let epoch = |name: &str, told: &mut Progress<'_>, chosen: &[usize]| {
        Cnn::fit(&start.vectors, &pieces, &targets, chosen, EPOCHS, seed, |epoch, loss| {
            told(&format!("emotions: {name}, epoch {epoch} of {EPOCHS}, loss {loss:.3}"));
        })
    };
    let cnn = epoch("convolutions on all texts", &mut *told, &all);

    let mut out_of_fold = vec![[0.0f32; EMOTIONS]; rows.len()];
    for (fold, (inside, outside)) in Folds::of(rows.len(), seed).splits().enumerate() {
        let linear = Linear::fit(&features, &targets, &inside, dictionary.len(), fit);
        let cnn = epoch(&format!("fold {} of {FOLDS}", fold + 1), told, &inside);
        let hidden = cnn.hidden(&outside.iter().map(|row| pieces[*row].as_slice()).collect::<Vec<_>>());
        for (row, hidden) in outside.into_iter().zip(hidden) {
            let (a, b) = (linear.score(features.row(row)), cnn.output(&hidden));
            out_of_fold[row] = std::array::from_fn(|l| 0.5 * (a[l] + b[l]));
        }
    }

    told("emotions: calibration and thresholds from out-of-fold scores");
    let platt: Vec<[f32; 2]> = (0..EMOTIONS)
        .map(|l| platt(&column(&out_of_fold, l), &targets.iter().map(|row| row[l]).collect::<Vec<_>>()))
        .collect();
    for row in &mut out_of_fold {
        for (score, [slope, shift]) in row.iter_mut().zip(&platt) {
            *score = sigmoid(slope * *score + shift);
        }
    }
    let cut = |scores: &[f32], truth: &[bool]| threshold(scores, truth, seed);
    let labels = (0..EMOTIONS)
        .map(|l| cut(&column(&out_of_fold, l), &targets.iter().map(|row| row[l] > 0.5).collect::<Vec<_>>()))
        .collect();
    let groups = |groups: &[crate::groups::Group]| {
        groups
            .iter()
            .map(|group| {
                let scores: Vec<f32> = out_of_fold.iter().map(|row| probability(*group, row)).collect();
                cut(&scores, &targets.iter().map(|row| truth(*group, row)).collect::<Vec<_>>())
            })
            .collect()
    };
    let thresholds = [labels, groups(&EKMAN), groups(&SENTIMENT)];
    Emotions { dictionary, linear, cnn, platt, thresholds }
}

fn column<const L: usize>(rows: &[[f32; L]], l: usize) -> Vec<f32> {
    rows.iter().map(|row| row[l]).collect()
}

/// Slope and shift that make scores into log-odds, by Newton's method on the logistic loss (Platt 1999, without his prior).
fn platt(scores: &[f32], truth: &[f32]) -> [f32; 2] {
    let (mut slope, mut shift) = (1.0f64, 0.0f64);
    for _ in 0..20 {
        let (mut g0, mut g1, mut h00, mut h01, mut h11) = (1e-3 * (slope - 1.0), 0.0, 1e-3, 0.0, 1e-6);
        for (score, truth) in scores.iter().zip(truth) {
            let (score, truth) = (f64::from(*score), f64::from(*truth));
            let p = 1.0 / (1.0 + libm::exp(-(slope * score + shift)));
            let (error, weight) = (p - truth, p * (1.0 - p));
            g0 += error * score;
            g1 += error;
            h00 += weight * score * score;
            h01 += weight * score;
            h11 += weight;
        }
        let determinant = h00 * h11 - h01 * h01;
        slope -= (h11 * g0 - h01 * g1) / determinant;
        shift -= (h00 * g1 - h01 * g0) / determinant;
    }
    #[expect(clippy::cast_possible_truncation, reason = "a model's figure")]
    [slope as f32, shift as f32]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calibration_finds_the_odds() {
        // Scores of 2 are true three times in four, scores of -2 once in four: log-odds of ±1.0986.
        let scores = [2.0, 2.0, 2.0, 2.0, -2.0, -2.0, -2.0, -2.0];
        let [slope, shift] = platt(&scores, &[1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
        assert!((slope - 1.0986 / 2.0).abs() < 1e-2 && shift.abs() < 1e-3, "{slope} {shift}");
    }
}
