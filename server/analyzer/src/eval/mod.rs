//! Judging an analyzer against labelled texts: the figures that `spectrum eval` prints.

pub mod probe;

use std::fmt;

use serde::Serialize;
use spectrum_domain::affect::{EMOTION_NAMES, EMOTIONS};

use crate::{
    groups::{EKMAN, Group, SENTIMENT, probability, truth},
    metrics::{Hits, calibration_error, correlation, hits, interval, mean},
    model::BASIC,
    train::data::{BASIC_NAMES, Labelled, Narrated, Rated},
};

/// What an analyzer says of a text.
#[derive(Clone, Debug)]
pub struct Scored {
    /// Probability of each emotion.
    pub emotions: [f32; EMOTIONS],
    /// Scores of the basic emotions, on the scale of their thresholds.
    pub basic: [f32; BASIC],
    /// Valence, arousal, dominance, on any scale.
    pub dimensions: [f32; 3],
}

/// How a text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// As one sentence, as the data sets' rows are labelled.
    Row,
    /// As a turn: sentence by sentence, then the strongest.
    Turn,
}

/// From which scores on an emotion is said to be there.
#[derive(Clone, Debug)]
pub struct Thresholds {
    /// Of the 28 emotions.
    pub emotions: Vec<f32>,
    /// Of Ekman's groups.
    pub ekman: Vec<f32>,
    /// Of the sentiment groups.
    pub sentiment: Vec<f32>,
    /// Of the basic emotions.
    pub basic: Vec<f32>,
}

impl Thresholds {
    /// The same for all.
    pub fn all(threshold: f32) -> Self {
        let of = |n| vec![threshold; n];
        Self { emotions: of(EMOTIONS), ekman: of(EKMAN.len()), sentiment: of(SENTIMENT.len()), basic: of(BASIC) }
    }
}

/// One label's figures.
#[derive(Clone, Debug, Serialize)]
pub struct LabelFigures {
    /// Its name.
    pub label: &'static str,
    /// Rows that have it.
    pub support: usize,
    /// Harmonic mean of precision and recall.
    pub f1: f32,
    /// Share of what was said that is true.
    pub precision: f32,
    /// Share of what is true that was said.
    pub recall: f32,
    /// From which score on it was said.
    pub threshold: f32,
}

/// The figures on GoEmotions.
#[derive(Clone, Debug, Serialize)]
pub struct EmotionFigures {
    /// Rows judged.
    pub rows: usize,
    /// Mean F1 of the 28 labels.
    pub macro_f1: f32,
    /// Its 95 % interval over a thousand resamples of the rows.
    pub macro_f1_interval: [f32; 2],
    /// F1 over all answers together.
    pub micro_f1: f32,
    /// Its 95 % interval.
    pub micro_f1_interval: [f32; 2],
    /// Mean F1 of Ekman's groups and neutral.
    pub ekman_macro_f1: f32,
    /// Mean F1 of the sentiment groups and neutral.
    pub sentiment_macro_f1: f32,
    /// Expected calibration error, mean over the labels.
    pub ece: f32,
    /// Mean F1 on turns of three rows.
    pub long3_macro_f1: f32,
    /// Mean F1 on turns of six rows.
    pub long6_macro_f1: f32,
    /// Each label's figures.
    pub labels: Vec<LabelFigures>,
}

/// Judges on GoEmotions' rows.
pub fn goemotions<E>(
    rows: &[Labelled],
    thresholds: &Thresholds,
    mut score: impl FnMut(&str, Unit) -> Result<Scored, E>,
) -> Result<EmotionFigures, E> {
    let scores: Vec<[f32; EMOTIONS]> =
        rows.iter().map(|row| score(&row.text, Unit::Row).map(|s| s.emotions)).collect::<Result<_, E>>()?;
    let truths = rows.iter().map(|row| row.emotions.map(|seen| seen > 0.5)).collect();
    let answers = Answers::of(&scores, truths, &thresholds.emotions);
    let every = answers.every();
    let calibration: Vec<f32> = (0..EMOTIONS)
        .map(|l| {
            let (p, t): (Vec<f32>, Vec<bool>) =
                scores.iter().zip(rows).map(|(score, row)| (score[l], row.emotions[l] > 0.5)).unzip();
            calibration_error(&p, &t)
        })
        .collect();
    let group_f1 = |groups: &[Group], thresholds: &[f32]| {
        let f1: Vec<f32> = groups
            .iter()
            .zip(thresholds)
            .map(|(group, threshold)| {
                let (p, t): (Vec<f32>, Vec<bool>) = scores
                    .iter()
                    .zip(rows)
                    .map(|(score, row)| (probability(*group, score), truth(*group, &row.emotions)))
                    .unzip();
                hits(&p, &t, *threshold).f1()
            })
            .collect();
        mean(&f1)
    };
    let mut long = |k: usize| -> Result<f32, E> {
        let mut counts = [Hits::default(); EMOTIONS];
        for turn in rows.chunks_exact(k) {
            let text = turn.iter().map(|row| row.text.as_str()).collect::<Vec<_>>().join(" ");
            let said = score(&text, Unit::Turn)?;
            for l in 0..EMOTIONS {
                let there = turn.iter().any(|row| row.emotions[l] > 0.5);
                counts[l].add(said.emotions[l] >= thresholds.emotions[l], there);
            }
        }
        Ok(macro_f1(&counts))
    };
    Ok(EmotionFigures {
        rows: rows.len(),
        macro_f1: macro_f1(&every),
        macro_f1_interval: answers.interval(macro_f1),
        micro_f1: micro_f1(&every),
        micro_f1_interval: answers.interval(micro_f1),
        ekman_macro_f1: group_f1(&EKMAN, &thresholds.ekman),
        sentiment_macro_f1: group_f1(&SENTIMENT, &thresholds.sentiment),
        ece: mean(&calibration),
        long3_macro_f1: long(3)?,
        long6_macro_f1: long(6)?,
        labels: answers.labels(&EMOTION_NAMES, &thresholds.emotions),
    })
}

/// What was said of each row, beside what is true of it, for so many labels.
struct Answers<const L: usize> {
    said: Vec<[bool; L]>,
    truth: Vec<[bool; L]>,
}

impl<const L: usize> Answers<L> {
    fn of(scores: &[[f32; L]], truth: Vec<[bool; L]>, thresholds: &[f32]) -> Self {
        let said = scores.iter().map(|row| std::array::from_fn(|l| row[l] >= thresholds[l])).collect();
        Self { said, truth }
    }

    fn count(&self, rows: impl Iterator<Item = usize>) -> [Hits; L] {
        let mut counts = [Hits::default(); L];
        for row in rows {
            for l in 0..L {
                counts[l].add(self.said[row][l], self.truth[row][l]);
            }
        }
        counts
    }

    fn every(&self) -> [Hits; L] {
        self.count(0..self.truth.len())
    }

    fn interval(&self, figure: fn(&[Hits; L]) -> f32) -> [f32; 2] {
        interval(self.truth.len(), 1, |chosen| figure(&self.count(chosen.iter().copied())))
    }

    fn labels(&self, names: &[&'static str; L], thresholds: &[f32]) -> Vec<LabelFigures> {
        let every = self.every();
        (0..L)
            .map(|l| LabelFigures {
                label: names[l],
                support: self.truth.iter().filter(|row| row[l]).count(),
                f1: every[l].f1(),
                precision: every[l].precision(),
                recall: every[l].recall(),
                threshold: thresholds[l],
            })
            .collect()
    }
}

fn macro_f1<const L: usize>(counts: &[Hits; L]) -> f32 {
    mean(&counts.map(|hits| hits.f1()))
}

fn micro_f1<const L: usize>(counts: &[Hits; L]) -> f32 {
    let mut all = Hits::default();
    for hits in counts {
        all.merge(*hits);
    }
    all.f1()
}

/// The figures on EmoBank.
#[derive(Clone, Debug, Serialize)]
pub struct DimensionFigures {
    /// Rows judged: all but those of the split `train`.
    pub rows: usize,
    /// Pearson's correlation of valence.
    pub r_valence: f32,
    /// Its 95 % interval.
    pub r_valence_interval: [f32; 2],
    /// Pearson's correlation of arousal.
    pub r_arousal: f32,
    /// Its 95 % interval.
    pub r_arousal_interval: [f32; 2],
    /// Pearson's correlation of dominance.
    pub r_dominance: f32,
    /// Its 95 % interval.
    pub r_dominance_interval: [f32; 2],
}

/// Judges on EmoBank's rows. Rows of the split `train` are left out where there are others.
pub fn emobank<E>(
    rows: &[Rated],
    mut score: impl FnMut(&str, Unit) -> Result<Scored, E>,
) -> Result<DimensionFigures, E> {
    let unseen: Vec<&Rated> = rows.iter().filter(|row| row.split != "train").collect();
    let rows: Vec<&Rated> = if unseen.is_empty() { rows.iter().collect() } else { unseen };
    let scores: Vec<[f32; 3]> =
        rows.iter().map(|row| score(&row.text, Unit::Row).map(|s| s.dimensions)).collect::<Result<_, E>>()?;
    let r = |d: usize| {
        let of = |row: usize| (scores[row][d], [rows[row].valence, rows[row].arousal, rows[row].dominance][d]);
        let over = |chosen: &mut dyn Iterator<Item = usize>| {
            let (a, b): (Vec<f32>, Vec<f32>) = chosen.map(of).unzip();
            correlation(&a, &b)
        };
        (over(&mut (0..rows.len())), interval(rows.len(), 1, |chosen| over(&mut chosen.iter().copied())))
    };
    let [(r_valence, v), (r_arousal, a), (r_dominance, d)] = [0, 1, 2].map(r);
    Ok(DimensionFigures {
        rows: rows.len(),
        r_valence,
        r_valence_interval: v,
        r_arousal,
        r_arousal_interval: a,
        r_dominance,
        r_dominance_interval: d,
    })
}

/// The figures on BRIGHTER.
#[derive(Clone, Debug, Serialize)]
pub struct BasicFigures {
    /// Rows judged.
    pub rows: usize,
    /// Mean F1 of the five emotions.
    pub macro_f1: f32,
    /// Its 95 % interval.
    pub macro_f1_interval: [f32; 2],
    /// F1 over all answers together.
    pub micro_f1: f32,
    /// Each emotion's figures.
    pub labels: Vec<LabelFigures>,
    /// Whether the model was trained on these rows: then these figures say how well it remembers them, and the honest one is
    /// `out_of_fold_macro_f1`.
    pub trained_on: bool,
    /// Macro-F1 on the training rows, each by a head that had not seen it.
    pub out_of_fold_macro_f1: Option<f32>,
}

/// Judges on BRIGHTER's rows.
pub fn brighter<E>(
    rows: &[Narrated],
    thresholds: &Thresholds,
    trained: Option<f32>,
    mut score: impl FnMut(&str, Unit) -> Result<Scored, E>,
) -> Result<BasicFigures, E> {
    let scores: Vec<[f32; BASIC]> =
        rows.iter().map(|row| score(&row.text, Unit::Row).map(|s| s.basic)).collect::<Result<_, E>>()?;
    let truths = rows.iter().map(|row| row.emotions().map(|seen| seen > 0.5)).collect();
    let answers = Answers::of(&scores, truths, &thresholds.basic);
    let every = answers.every();
    Ok(BasicFigures {
        rows: rows.len(),
        macro_f1: macro_f1(&every),
        macro_f1_interval: answers.interval(macro_f1),
        micro_f1: micro_f1(&every),
        labels: answers.labels(&BASIC_NAMES, &thresholds.basic),
        trained_on: trained.is_some(),
        out_of_fold_macro_f1: trained,
    })
}

fn table(f: &mut fmt::Formatter<'_>, labels: &[LabelFigures]) -> fmt::Result {
    writeln!(
        f,
        "\n{:<16} {:>7} {:>6} {:>9} {:>6} {:>9}",
        "label", "support", "F1", "precision", "recall", "threshold"
    )?;
    for label in labels {
        writeln!(
            f,
            "{:<16} {:>7} {:>6.3} {:>9.3} {:>6.3} {:>9.3}",
            label.label, label.support, label.f1, label.precision, label.recall, label.threshold
        )?;
    }
    Ok(())
}

fn line(f: &mut fmt::Formatter<'_>, name: &str, figure: f32, interval: Option<[f32; 2]>) -> fmt::Result {
    let interval = interval.map(|[low, high]| format!("  [{low:.3}, {high:.3}]")).unwrap_or_default();
    writeln!(f, "{name:<26} {figure:.4}{interval}")
}

impl fmt::Display for EmotionFigures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "GoEmotions, {} rows; [95 % interval over 1,000 resamples]", self.rows)?;
        line(f, "28 labels, macro-F1", self.macro_f1, Some(self.macro_f1_interval))?;
        line(f, "28 labels, micro-F1", self.micro_f1, Some(self.micro_f1_interval))?;
        line(f, "Ekman, macro-F1", self.ekman_macro_f1, None)?;
        line(f, "sentiment, macro-F1", self.sentiment_macro_f1, None)?;
        line(f, "calibration error", self.ece, None)?;
        line(f, "turns of 3, macro-F1", self.long3_macro_f1, None)?;
        line(f, "turns of 6, macro-F1", self.long6_macro_f1, None)?;
        table(f, &self.labels)
    }
}

impl fmt::Display for DimensionFigures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "EmoBank, {} rows; Pearson's r [95 % interval over 1,000 resamples]", self.rows)?;
        line(f, "valence", self.r_valence, Some(self.r_valence_interval))?;
        line(f, "arousal", self.r_arousal, Some(self.r_arousal_interval))?;
        line(f, "dominance", self.r_dominance, Some(self.r_dominance_interval))
    }
}

impl fmt::Display for BasicFigures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "BRIGHTER, {} rows; [95 % interval over 1,000 resamples]", self.rows)?;
        line(f, "5 emotions, macro-F1", self.macro_f1, Some(self.macro_f1_interval))?;
        line(f, "5 emotions, micro-F1", self.micro_f1, None)?;
        if let Some(out_of_fold) = self.out_of_fold_macro_f1 {
            writeln!(f, "The model was trained on these rows; by heads that had not seen them it is:")?;
            line(f, "out of fold, macro-F1", out_of_fold, None)?;
        }
        table(f, &self.labels)
    }
}
