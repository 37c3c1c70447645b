//! `lexicon@1`: measures feeling with a list of everyday words. Small and plain on purpose: it can be read in ten
//! minutes, and a trained model takes its place behind the same trait.

#![expect(clippy::disallowed_types, reason = "single words live here for the length of one measurement")]

use std::{collections::HashMap, fmt};

use spectrum_domain::{
    affect::{AffectVector, EMOTION_NAMES, EMOTIONS, Milli},
    impact::MeasurementBand,
    measure::{Outcome, Reading, WhyNot},
    private::PrivateText,
};

use super::TextModel;

const WORDS: &str = include_str!("lexicon_1.tsv");
/// A negation reaches this many words ahead, within its clause.
const NEGATION_REACH: usize = 3;
/// Of a negated word less is left, and it points the other way: "not happy" is milder than "sad".
const NEGATED: f64 = -0.6;
/// Where a text without any feeling word lies: writing quietly about nothing much has low energy.
const RESTING_AROUSAL: f64 = -0.08;
/// How many hits' weight the resting place has against the hits; it grows with words that say nothing.
const RESTING_WEIGHT: f64 = 0.4;
const RESTING_WEIGHT_PER_WORD: f64 = 0.012;
/// Strength of an emotion after one hit in a short text: 1 − exp(−0.8) = 0.55.
const HIT: f64 = 0.8;
/// Of two labels the second is the weaker.
const SECOND_LABEL: f64 = 0.7;
/// In a text of this many words a hit counts half.
const WORDS_TO_HALVE: f64 = 90.0;

const NEGATIONS: [&str; 12] =
    ["not", "no", "never", "cannot", "without", "hardly", "scarcely", "barely", "neither", "nor", "nothing", "nobody"];
/// Words that scale the feeling named after them.
const SCALES: [(&str, f64); 18] = [
    ("very", 1.3),
    ("so", 1.2),
    ("really", 1.25),
    ("extremely", 1.5),
    ("utterly", 1.5),
    ("absolutely", 1.4),
    ("deeply", 1.35),
    ("terribly", 1.35),
    ("awfully", 1.3),
    ("completely", 1.4),
    ("most", 1.2),
    ("quite", 1.1),
    ("rather", 0.9),
    ("somewhat", 0.7),
    ("slightly", 0.6),
    ("little", 0.65),
    ("bit", 0.65),
    ("almost", 0.75),
];
/// Endings that are taken off when a word itself is not on the list, and what takes their place.
const ENDINGS: [(&str, &str); 9] = [
    ("ies", "y"),
    ("ied", "y"),
    ("ily", "y"),
    ("ing", ""),
    ("ing", "e"),
    ("ed", ""),
    ("ed", "e"),
    ("ly", ""),
    ("s", ""),
];

/// One line of the list.
struct Entry {
    /// The words after the first; none for a single word.
    rest: Vec<&'static str>,
    valence: f64,
    arousal: f64,
    dominance: f64,
    /// Places in [`EMOTION_NAMES`]; none for a phrase that only looks like a feeling.
    labels: Vec<usize>,
}

/// The word list, ready to look up.
pub struct Lexicon {
    /// By first word; longer phrases first.
    entries: HashMap<&'static str, Vec<Entry>>,
}

impl fmt::Debug for Lexicon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("lexicon@1")
    }
}

impl Default for Lexicon {
    fn default() -> Self {
        Self::new()
    }
}

/// What the hits of a text add up to.
#[derive(Default)]
struct Tally {
    words: f64,
    hits: f64,
    valence: f64,
    arousal: f64,
    dominance: f64,
    labels: [f64; EMOTIONS],
}

impl Lexicon {
    /// Reads the built-in list. A line it can't read is passed over; a test holds that there is none.
    pub fn new() -> Self {
        let mut entries: HashMap<&'static str, Vec<Entry>> = HashMap::new();
        for (first, entry) in WORDS.lines().filter_map(read_line) {
            entries.entry(first).or_default().push(entry);
        }
        for list in entries.values_mut() {
            list.sort_by_key(|entry| std::cmp::Reverse(entry.rest.len()));
        }
        Self { entries }
    }

    /// The longest entry that begins at this word, and how many words it takes.
    fn find(&self, words: &[String]) -> Option<(&Entry, usize)> {
        let (first, after) = words.split_first()?;
        let whole = self.entries.get(first.as_str()).and_then(|list| {
            list.iter().find(|e| e.rest.len() <= after.len() && e.rest.iter().zip(after).all(|(a, b)| *a == b.as_str()))
        });
        let found = whole.or_else(|| {
            ENDINGS.iter().find_map(|(ending, instead)| {
                let stem = first.strip_suffix(ending).filter(|stem| stem.len() > 2)?;
                self.entries.get(format!("{stem}{instead}").as_str())?.iter().find(|e| e.rest.is_empty())
            })
        })?;
        Some((found, found.rest.len() + 1))
    }

    /// Adds up one clause: negations and intensifiers reach no further.
    fn add_clause(&self, tally: &mut Tally, words: &[String], emphatic: bool) {
        let mut place = 0;
        while let Some((entry, taken)) = words
            .get(place..)
            .filter(|w| !w.is_empty())
            .map(|rest| self.find(rest).map_or((None, 1), |(entry, taken)| (Some(entry), taken)))
        {
            if let Some(entry) = entry.filter(|entry| !entry.labels.is_empty()) {
                let before = &words[..place];
                let negated = before.iter().rev().take(NEGATION_REACH).any(|word| is_negation(word));
                let scale: f64 = before.iter().rev().take(2).filter_map(|word| scale_of(word)).product();
                tally.add(entry, scale, negated, emphatic);
            }
            place += taken;
        }
    }
}

impl Tally {
    fn add(&mut self, entry: &Entry, scale: f64, negated: bool, emphatic: bool) {
        let turn = if negated { NEGATED } else { 1.0 };
        let lift = if emphatic && !negated { 0.12 } else { 0.0 };
        self.hits += 1.0;
        self.valence += (entry.valence * scale * turn).clamp(-1.0, 1.0);
        // Denied energy is neither energy nor calm: it only counts for less. The same holds for being in control.
        self.arousal += (entry.arousal * scale * turn.abs() + lift).clamp(-1.0, 1.0);
        self.dominance += (entry.dominance * scale * turn).clamp(-1.0, 1.0);
        if negated {
            // What "not happy" feels like is less sure than what "happy" does: one weak label.
            let label = if entry.valence > 0.0 { "disappointment" } else { "relief" };
            if let Some(place) = emotion(label) {
                self.labels[place] += 0.5 * scale;
            }
        } else {
            for (place, share) in entry.labels.iter().zip([1.0, SECOND_LABEL]) {
                self.labels[*place] += share * scale;
            }
        }
    }

    fn affect(&self) -> AffectVector {
        let resting = RESTING_WEIGHT + RESTING_WEIGHT_PER_WORD * (self.words - self.hits).max(0.0);
        let total = self.hits + resting;
        let thinned = HIT / (1.0 + self.words / WORDS_TO_HALVE);
        let mut emotions = self.labels.map(|weight| Milli::of(1.0 - (-thinned * weight).exp()));
        let any: f64 = self.labels.iter().sum();
        if let Some(neutral) = emotion("neutral") {
            emotions[neutral] = Milli::of(0.95 * (-thinned * any).exp());
        }
        AffectVector {
            emotions,
            valence: Milli::of(self.valence / total),
            arousal: Milli::of((self.arousal + RESTING_AROUSAL * resting) / total),
            dominance: Milli::of(self.dominance / total),
        }
    }
}

impl TextModel for Lexicon {
    fn model(&self) -> &'static str {
        "lexicon@1"
    }

    /// Word lists reach r = .48 for valence and about .2 for arousal on `EmoBank` (emotion reference 4.1), whose scales spread by
    /// .35 and .25 of four points: 1.96 · √2 · .175 · √(1 − .48²) and 1.96 · √2 · .125 · √(1 − .2²).
    fn band(&self) -> MeasurementBand {
        MeasurementBand { valence: Milli(426), arousal: Milli(339) }
    }

    fn read(&self, text: &PrivateText) -> Reading {
        let outcome = self.measure(text).map_or(Outcome::NotMeasured(WhyNot::NoWords), Outcome::Measured);
        // A list of words can't tell danger: see the crisis detector of the trained model.
        Reading { outcome, crisis: false }
    }
}

impl Lexicon {
    /// The measure of a text; nothing only when it has no word at all.
    pub fn measure(&self, text: &PrivateText) -> Option<AffectVector> {
        let mut tally = Tally::default();
        // Sentence by sentence, clause by clause.
        for sentence in text.expose().split_inclusive(['.', '!', '?', ';', '\n', '…']) {
            let emphatic = sentence.ends_with('!');
            for clause in sentence.split([',', ':', '(', ')', '—', '–', '"', '“', '”']) {
                let words = words_of(clause);
                tally.words += f64::from(u32::try_from(words.len()).unwrap_or(u32::MAX));
                for part in words.split(|word| word == "but") {
                    self.add_clause(&mut tally, part, emphatic);
                }
            }
        }
        (tally.words > 0.0).then(|| tally.affect())
    }
}

/// The words of a clause in lower case: runs of letters, digits, hyphens and apostrophes, of which one is a letter or
/// digit.
fn words_of(clause: &str) -> Vec<String> {
    clause
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’' | '-')))
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .map(|word| word.trim_matches(['\'', '’', '-']).to_lowercase().replace('’', "'"))
        .collect()
}

fn is_negation(word: &str) -> bool {
    NEGATIONS.contains(&word) || word.ends_with("n't")
}

fn scale_of(word: &str) -> Option<f64> {
    SCALES.iter().find(|(name, _)| *name == word).map(|(_, scale)| *scale)
}

fn emotion(name: &str) -> Option<usize> {
    EMOTION_NAMES.iter().position(|known| *known == name)
}

/// A line of the list: words, valence, arousal, dominance, labels, between tabs.
fn read_line(line: &'static str) -> Option<(&'static str, Entry)> {
    let mut fields = line.split('\t');
    let mut words = fields.next()?.split(' ');
    let first = words.next()?;
    let mut figure = || fields.next()?.parse::<f64>().ok().filter(|figure| figure.abs() <= 1.0);
    let (valence, arousal, dominance) = (figure()?, figure()?, figure()?);
    let labels: Vec<usize> = fields.next()?.split(' ').map(emotion).collect::<Option<_>>()?;
    let labels = labels.into_iter().filter(|label| EMOTION_NAMES[*label] != "neutral").collect();
    Some((first, Entry { rest: words.collect(), valence, arousal, dominance, labels }))
}

#[cfg(test)]
#[path = "lexicon_tests.rs"]
mod tests;
