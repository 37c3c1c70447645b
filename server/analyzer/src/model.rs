//! The trained model: what a sentence scores, and what a turn's sentences add up to.

use serde::{Deserialize, Serialize};
use spectrum_domain::affect::{AffectVector, EMOTIONS, FAMILIES, Family, Milli};

use crate::{
    cnn::{Answers, HIDDEN},
    crisis::signs::Weighing,
    eval::{Scored, Thresholds, Unit},
    format::{FormatError, Reader, sha256},
    lexicon::{FIGURES, Lexicon, NORMS},
    linear::{HEADS, LABELS, OUTPUTS, Table},
    math::{logit, sigmoid},
    ngram,
    pieces::Vocabulary,
    text::{Sentence, sentences},
};

/// How many basic emotions the head for first-person writing tells apart.
pub const BASIC: usize = 5;

/// Dense figures that the heads read beside the n-grams: the hidden layer, the 28 scores, the word norms.
pub const DENSE: usize = HIDDEN + LABELS + FIGURES;

/// Outputs of the passage heads: pleasant, high energy, and the families.
pub const PASSAGE: usize = 2 + FAMILIES;

/// Words of a passage: as many as its heads were trained on at most.
const PASSAGE_WORDS: usize = 60;

/// Figures of a turn from which members' valence and arousal, and the families, are read.
pub const TURN_FIGURES: usize = FAMILIES + BASIC + 9 + PASSAGE;

/// What stands in the model's header.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Header {
    /// Name and version, without the hash: `spectrum@1`.
    pub name: String,
    /// The seed of the training.
    pub seed: u64,
    /// What it was trained on: name and SHA-256 of each file.
    pub inputs: Vec<(String, String)>,
    /// Per emotion, slope and shift from the mean of the two parts' scores to a calibrated one (Platt).
    pub platt: Vec<[f32; 2]>,
    /// From which probability on an emotion is said to be seen; from out-of-fold scores of the training data.
    pub thresholds: Vec<f32>,
    /// The same for Ekman's groups.
    pub ekman_thresholds: Vec<f32>,
    /// The same for the sentiment groups.
    pub sentiment_thresholds: Vec<f32>,
    /// The same for the five basic emotions of first-person writing.
    pub basic_thresholds: Vec<f32>,
    /// What members see of a turn.
    pub turn: TurnHeads,
    /// What rules and head of the crisis detector weigh.
    pub crisis: Weighing,
    /// From which log-odds on a turn is flagged as a crisis.
    pub crisis_threshold: f32,
    /// The smallest step of valence and of arousal between two turns of one writer that is more than the error of both: 1.96 ·
    /// √2 · the error's standard deviation (Jacobson & Truax 1991).
    pub band: [f32; 2],
    /// Macro-F1 on BRIGHTER's train and dev part, each fifth by a head that had not seen it.
    pub basic_out_of_fold: f32,
}

/// Logistic heads on a turn's figures, fitted on turns written and labelled for the project.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct TurnHeads {
    /// Mean and scale of each figure.
    pub centre: Vec<[f32; 2]>,
    /// Weights towards pleasant, and their bias last.
    pub valence: Vec<f32>,
    /// Weights towards high energy, and their bias last.
    pub arousal: Vec<f32>,
    /// Per family weights of its emotions' log-odds, its basic emotion's and its passage head's, and their bias.
    pub families: Vec<[f32; 4]>,
}

/// What a sentence scores.
#[derive(Clone, Debug)]
pub struct Scores {
    /// Words of it.
    pub words: usize,
    /// Calibrated probability of each emotion.
    pub emotions: [f32; EMOTIONS],
    /// Log-odds of the basic emotions: anger, fear, joy, sadness, surprise.
    pub basic: [f32; BASIC],
    /// Valence, arousal and dominance as EmoBank's readers rated, less 3: about ±1.
    pub dimensions: [f32; 3],
    /// Log-odds of the crisis head.
    pub crisis: f32,
    /// Log-odds of pleasant, high energy and the families, good for passages.
    pub passage: [f32; PASSAGE],
}

/// The model, ready for use. Loading works out the convolutional tables, which takes a good part of a second; keep one.
#[derive(Debug)]
pub struct Model {
    header: Header,
    version: String,
    table: Table,
    vocabulary: Vocabulary,
    answers: Answers,
    output: Vec<[f32; LABELS]>,
    output_bias: [f32; LABELS],
    dense: Vec<[f32; HEADS]>,
    lexicon: Lexicon,
}

impl Model {
    /// Reads a model file.
    pub fn read(file: &[u8]) -> Result<Self, FormatError> {
        let (reader, header) = Reader::open::<Header>(file)?;
        let sizes = [header.platt.len(), header.thresholds.len(), header.basic_thresholds.len()];
        if sizes != [EMOTIONS, EMOTIONS, BASIC] {
            return Err(FormatError::Section("header"));
        }
        let norms = reader.small("lexicon_norms")?;
        let (norms, []) = norms.as_chunks::<NORMS>() else { return Err(FormatError::Section("lexicon_norms")) };
        let words = reader.text("lexicon_words")?.lines().map(Box::from);
        let output = reader.floats("output")?.as_chunks::<LABELS>().0.to_vec();
        let dense = reader.floats("head_dense")?.as_chunks::<HEADS>().0.to_vec();
        if output.len() != HIDDEN || dense.len() != DENSE {
            return Err(FormatError::Section("output"));
        }
        Ok(Self {
            version: format!("{}+{}", header.name, &sha256(file)[..12]),
            header,
            table: Table::read(&reader)?,
            vocabulary: Vocabulary::new(reader.text("pieces")?.lines()),
            answers: Answers::read(&reader)?,
            output,
            output_bias: reader.array("output_bias")?,
            dense,
            lexicon: Lexicon::new(words.zip(norms.iter().map(|norms| norms.map(|n| f32::from(n) / 127.0)))),
        })
    }

    /// Name, version and the first twelve digits of the file's SHA-256: `spectrum@1+0123456789ab`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// What stands in the header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The hidden layer of a sentence, the mean scores of both parts before calibration, and the dense figures.
    pub fn features(&self, sentence: &Sentence, linear: &[f32; OUTPUTS]) -> ([f32; LABELS], [f32; DENSE]) {
        let hidden = self.answers.hidden(&self.vocabulary.pieces(sentence));
        let mut scores = self.output_bias;
        for (h, weights) in hidden.iter().zip(&self.output) {
            if *h != 0.0 {
                for l in 0..LABELS {
                    scores[l] += h * weights[l];
                }
            }
        }
        let mut dense = [0.0; DENSE];
        for (place, figure) in hidden.iter().enumerate() {
            dense[place] = HIDDEN_SCALE * figure;
        }
        for l in 0..LABELS {
            scores[l] = 0.5 * (scores[l] + linear[l]);
            dense[HIDDEN + l] = SCORE_SCALE * scores[l];
        }
        dense[HIDDEN + LABELS..].copy_from_slice(&self.lexicon.figures(sentence));
        (scores, dense)
    }

    /// What the linear part alone makes of counted n-grams.
    pub fn linear(&self, counts: &ngram::Counts) -> [f32; OUTPUTS] {
        self.table.score(counts)
    }

    /// What a sentence scores.
    pub fn score(&self, sentence: &Sentence) -> Scores {
        let linear = self.table.score(&ngram::count(sentence));
        let (mean, dense) = self.features(sentence, &linear);
        let mut heads: [f32; HEADS] = std::array::from_fn(|head| linear[LABELS + head]);
        for (figure, weights) in dense.iter().zip(&self.dense) {
            if *figure != 0.0 {
                for head in 0..HEADS {
                    heads[head] += figure * weights[head];
                }
            }
        }
        let mut emotions = [0.0; EMOTIONS];
        for l in 0..EMOTIONS {
            let [slope, shift] = self.header.platt[l];
            emotions[l] = sigmoid(slope * mean[l] + shift);
        }
        Scores {
            words: sentence.words(),
            emotions,
            basic: std::array::from_fn(|b| heads[b]),
            dimensions: std::array::from_fn(|d| heads[BASIC + d]),
            crisis: heads[BASIC + 3],
            passage: std::array::from_fn(|p| heads[BASIC + 4 + p]),
        }
    }

    /// What each sentence of a turn scores.
    fn score_sentences(&self, turn: &str) -> Vec<Scores> {
        sentences(turn).into_iter().map(|sentence| self.score(&Sentence::read(sentence))).collect()
    }

    /// Everything that is read of a turn. A part that is all of a larger one is scored once.
    pub fn score_turn(&self, turn: &str) -> TurnScores {
        let sentences = self.score_sentences(turn);
        let whole = match sentences.as_slice() {
            [only] => only.clone(),
            _ => self.score(&Sentence::read(turn)),
        };
        let passages = match passages(turn).as_slice() {
            [_] => vec![whole.clone()],
            several => several.iter().map(|passage| self.score(&Sentence::read(passage))).collect(),
        };
        TurnScores { sentences, passages, whole }
    }

    /// What `spectrum eval` judges.
    pub fn scored(&self, text: &str, unit: Unit) -> Scored {
        let scores = match unit {
            Unit::Row => vec![self.score(&Sentence::read(text))],
            Unit::Turn => self.score_sentences(text),
        };
        let first = scores.first();
        Scored {
            emotions: most(&scores),
            basic: first.map(|s| s.basic).unwrap_or_default(),
            dimensions: first.map(|s| s.dimensions).unwrap_or_default(),
        }
    }

    /// From which scores on an emotion is said to be there.
    pub fn thresholds(&self) -> Thresholds {
        Thresholds {
            emotions: self.header.thresholds.clone(),
            ekman: self.header.ekman_thresholds.clone(),
            sentiment: self.header.sentiment_thresholds.clone(),
            basic: self.header.basic_thresholds.clone(),
        }
    }

    /// The measure that members see of a turn; nothing when no sentence has a word.
    pub fn measure(&self, turn: &TurnScores) -> Option<AffectVector> {
        let (figures, most) = turn.figures()?;
        Some(self.header.turn.measure(&figures, &most))
    }
}

/// What a turn scores: its sentences, its passages, and all of it as one row.
#[derive(Clone, Debug)]
pub struct TurnScores {
    sentences: Vec<Scores>,
    passages: Vec<Scores>,
    whole: Scores,
}

impl TurnScores {
    /// The figures of the turn, and the strongest probability of each emotion; nothing when no sentence has a word.
    pub fn figures(&self) -> Option<(TurnFigures, [f32; EMOTIONS])> {
        let scores: Vec<Scores> = self.sentences.iter().filter(|s| s.words > 0).cloned().collect();
        Some((turn_figures(&scores, &self.passage())?, most(&scores)))
    }

    /// The log-odds of the passage heads, weighted by words.
    fn passage(&self) -> [f32; PASSAGE] {
        let (mut sums, mut total) = ([0.0f32; PASSAGE], 0.0f32);
        for scores in &self.passages {
            #[expect(clippy::cast_precision_loss, reason = "a count of words")]
            let weight = scores.words.max(1) as f32;
            total += weight;
            for (sum, score) in sums.iter_mut().zip(scores.passage) {
                *sum += weight * score;
            }
        }
        sums.map(|sum| sum / total.max(1.0))
    }

    /// The crisis head's log-odds: of all of the turn, or of its worst sentence.
    pub fn crisis(&self) -> f32 {
        self.sentences.iter().map(|sentence| sentence.crisis).fold(self.whole.crisis, f32::max)
    }
}

/// A turn in passages: whole sentences together, up to so many words.
fn passages(turn: &str) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    let (mut start, mut words) = (0, 0);
    for sentence in sentences(turn) {
        // Sentences are parts of the turn, so their place in it can be taken from where they lie.
        let from = sentence.as_ptr() as usize - turn.as_ptr() as usize;
        let more = sentence.split_whitespace().count();
        if words > 0 && words + more > PASSAGE_WORDS {
            found.push(&turn[start..from]);
            (start, words) = (from, 0);
        }
        words += more;
    }
    if words > 0 {
        found.push(&turn[start..]);
    }
    found
}

/// What is read of a turn before members' figures are made of it.
pub type TurnFigures = [f32; TURN_FIGURES];

/// The scales of the dense figures: the heads' penalty is the same for all of them.
const HIDDEN_SCALE: f32 = 0.1;
const SCORE_SCALE: f32 = 0.1;

/// The strongest probability of each emotion over a turn's sentences.
pub fn most(scores: &[Scores]) -> [f32; EMOTIONS] {
    let mut most = [0.0f32; EMOTIONS];
    for score in scores {
        for (most, here) in most.iter_mut().zip(score.emotions) {
            *most = most.max(here);
        }
    }
    most
}

/// The figures of a turn: the families' log-odds (noisy-or over the emotions of the strongest sentences), the basic emotions'
/// log-odds at their strongest, of valence, arousal and dominance the word-weighted mean, the extreme and the last, and the passage
/// heads. Nothing for a turn without words.
fn turn_figures(scores: &[Scores], passage: &[f32; PASSAGE]) -> Option<TurnFigures> {
    let last = scores.last()?;
    let mut figures = [0.0; TURN_FIGURES];
    let strongest = most(scores);
    for family in Family::ALL {
        let none: f32 = (0..EMOTIONS)
            .filter(|emotion| Family::of_emotion(*emotion) == Some(family))
            .map(|emotion| 1.0 - strongest[emotion])
            .product();
        figures[family.index()] = logit(1.0 - none);
    }
    for basic in 0..BASIC {
        figures[FAMILIES + basic] = scores.iter().map(|s| s.basic[basic]).fold(f32::MIN, f32::max);
    }
    #[expect(clippy::cast_precision_loss, reason = "a count of words")]
    let weight = |s: &Scores| s.words.clamp(1, 30) as f32;
    let total: f32 = scores.iter().map(weight).sum();
    for dimension in 0..3 {
        let at = FAMILIES + BASIC + dimension * 3;
        figures[at] = scores.iter().map(|s| weight(s) * s.dimensions[dimension]).sum::<f32>() / total;
        figures[at + 1] = scores
            .iter()
            .map(|s| s.dimensions[dimension])
            .fold(0.0, |most: f32, here| if here.abs() > most.abs() { here } else { most });
        figures[at + 2] = last.dimensions[dimension];
    }
    figures[TURN_FIGURES - PASSAGE..].copy_from_slice(passage);
    Some(figures)
}

impl TurnHeads {
    /// The probability that a reader calls the turn pleasant, or of high energy.
    fn side(&self, weights: &[f32], figures: &TurnFigures) -> f32 {
        let (weights, bias) = weights.split_at(TURN_FIGURES.min(weights.len()));
        let mut score = bias.first().copied().unwrap_or_default();
        for ((weight, figure), [mean, scale]) in weights.iter().zip(figures).zip(&self.centre) {
            score += weight * (figure - mean) / scale;
        }
        sigmoid(score)
    }

    /// The probability that a reader sees the family in the turn.
    pub fn family(&self, family: Family, figures: &TurnFigures) -> f32 {
        let Some(weights) = self.families.get(family.index()) else { return sigmoid(figures[family.index()]) };
        let read = family_figures(family, figures);
        sigmoid(weights[3] + weights.iter().zip(read).map(|(weight, figure)| weight * figure).sum::<f32>())
    }

    /// Valence or arousal of a turn in −1…1: twice the probability of its upper side, less one.
    pub fn dimension(&self, arousal: bool, figures: &TurnFigures) -> f32 {
        2.0 * self.side(if arousal { &self.arousal } else { &self.valence }, figures) - 1.0
    }

    /// Dominance of a turn: how far its mean lies from the mean of the turns written for the project, in two of their spreads.
    fn dominance(&self, figures: &TurnFigures) -> f32 {
        let at = FAMILIES + BASIC + 6;
        self.centre.get(at).map_or(0.0, |[middle, spread]| (figures[at] - middle) / (2.0 * spread))
    }

    fn measure(&self, figures: &TurnFigures, most: &[f32; EMOTIONS]) -> AffectVector {
        // The strongest emotion of a family is as probable as the family; the others keep their proportion to it.
        let mut emotions = *most;
        for family in Family::ALL {
            let mine = || (0..EMOTIONS).filter(|emotion| Family::of_emotion(*emotion) == Some(family));
            let strongest = mine().map(|emotion| most[emotion]).fold(1e-6, f32::max);
            let factor = self.family(family, figures) / strongest;
            for emotion in mine() {
                emotions[emotion] = most[emotion] * factor;
            }
        }
        let milli = |figure: f32| Milli::of(f64::from(figure));
        AffectVector {
            emotions: emotions.map(milli),
            valence: milli(self.dimension(false, figures)),
            arousal: milli(self.dimension(true, figures)),
            dominance: milli(self.dominance(figures)),
        }
    }
}

/// What a family's probability is read from: its emotions' log-odds, its basic emotion's (0 where it has none), and its
/// passage head's.
pub fn family_figures(family: Family, figures: &TurnFigures) -> [f32; 3] {
    let basic = basic_of(family).map_or(0.0, |basic| figures[FAMILIES + basic]);
    [figures[family.index()], basic, figures[TURN_FIGURES - FAMILIES + family.index()]]
}

/// The basic emotion of first-person writing that speaks for a family.
const fn basic_of(family: Family) -> Option<usize> {
    match family {
        Family::Anger => Some(0),
        Family::Worry => Some(1),
        Family::Joy => Some(2),
        Family::Sadness => Some(3),
        Family::Interest => Some(4),
        Family::Hope | Family::Warmth | Family::Calm | Family::Regret => None,
    }
}
