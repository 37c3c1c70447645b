//! The training data: what is read from which file, and the hash of each.

use std::{collections::BTreeMap, fs, io, path::Path};

use serde::Deserialize;
use spectrum_domain::affect::EMOTIONS;

use crate::{format::sha256, lexicon::NORMS, model::BASIC};

/// A file could not be read, or holds something else than expected.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// The file system's answer.
    #[error("{path}: {source}")]
    File {
        /// Which file.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// What stands in the file.
    #[error("{path}, line {line}: {what}")]
    Line {
        /// Which file.
        path: String,
        /// Which line, from 1.
        line: usize,
        /// What is wrong with it.
        what: String,
    },
}

/// A file read whole, with its hash.
#[derive(Debug)]
pub struct Input {
    /// The name it was asked for by.
    pub name: String,
    /// SHA-256 in hex.
    pub sha256: String,
    bytes: Vec<u8>,
}

impl Input {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, DataError> {
        let name = path.display().to_string();
        let bytes = fs::read(path).map_err(|source| DataError::File { path: name.clone(), source })?;
        let sha256 = sha256(&bytes);
        Ok(Self { name, sha256, bytes })
    }

    /// What stands in it.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What stands in it, as text.
    pub fn text(&self) -> Result<&str, DataError> {
        std::str::from_utf8(&self.bytes).map_err(|error| self.wrong(0, &error.to_string()))
    }

    /// An error about a line of it.
    pub fn wrong(&self, line: usize, what: &str) -> DataError {
        DataError::Line { path: self.name.clone(), line, what: what.to_owned() }
    }

    fn rows<T: for<'a> Deserialize<'a>>(&self) -> Result<Vec<T>, DataError> {
        let mut reader = csv::Reader::from_reader(self.bytes.as_slice());
        reader
            .deserialize()
            .map(|row| {
                row.map_err(|error: csv::Error| {
                    let line = error.position().map_or(0, csv::Position::line);
                    self.wrong(usize::try_from(line).unwrap_or_default(), &error.to_string())
                })
            })
            .collect()
    }
}

/// A text with the emotions that people saw in it.
#[derive(Clone, Debug)]
pub struct Labelled {
    /// The text.
    pub text: String,
    /// 1 where the emotion was seen, in the order of `EMOTION_NAMES`.
    pub emotions: [f32; EMOTIONS],
}

/// GoEmotions: `text TAB ids TAB comment`, no header.
pub fn goemotions(input: &Input) -> Result<Vec<Labelled>, DataError> {
    let mut rows = Vec::new();
    for (at, line) in input.text()?.lines().enumerate() {
        let mut columns = line.split('\t');
        let (Some(text), Some(ids)) = (columns.next(), columns.next()) else {
            return Err(input.wrong(at + 1, "expected text, a tab and label ids"));
        };
        let mut emotions = [0.0; EMOTIONS];
        for id in ids.split(',') {
            let place = id.trim().parse::<usize>().ok().and_then(|id| emotions.get_mut(id));
            *place.ok_or_else(|| input.wrong(at + 1, "a label id is a number from 0 to 27"))? = 1.0;
        }
        rows.push(Labelled { text: text.to_owned(), emotions });
    }
    Ok(rows)
}

/// A sentence with its valence, arousal and dominance, 1 to 5.
#[derive(Clone, Debug, Deserialize)]
pub struct Rated {
    /// `train` or `dev` (or `test`); empty in a file that is all of one.
    #[serde(default)]
    pub split: String,
    /// Valence.
    #[serde(rename = "V")]
    pub valence: f32,
    /// Arousal.
    #[serde(rename = "A")]
    pub arousal: f32,
    /// Dominance.
    #[serde(rename = "D")]
    pub dominance: f32,
    /// The sentence.
    pub text: String,
}

/// EmoBank: `id,split,V,A,D,text`.
pub fn emobank(input: &Input) -> Result<Vec<Rated>, DataError> {
    input.rows()
}

/// The names of BRIGHTER's emotions, in the order of its columns.
pub const BASIC_NAMES: [&str; BASIC] = ["anger", "fear", "joy", "sadness", "surprise"];

/// A first-person sentence with the basic emotions that people saw in it.
#[derive(Clone, Debug, Deserialize)]
pub struct Narrated {
    /// The text.
    pub text: String,
    anger: f32,
    fear: f32,
    joy: f32,
    sadness: f32,
    surprise: f32,
}

impl Narrated {
    /// 1 where the emotion was seen (from weak on), in the order of [`BASIC_NAMES`].
    pub fn emotions(&self) -> [f32; BASIC] {
        [self.anger, self.fear, self.joy, self.sadness, self.surprise].map(|n| if n > 0.0 { 1.0 } else { 0.0 })
    }
}

/// BRIGHTER: `id,text,anger,fear,joy,sadness,surprise`.
pub fn brighter(input: &Input) -> Result<Vec<Narrated>, DataError> {
    input.rows()
}

/// A row of the Glasgow Norms.
#[derive(Deserialize)]
struct Norm {
    #[serde(rename = "Word")]
    word: String,
    #[serde(rename = "Valence")]
    valence: f32,
    #[serde(rename = "Arousal")]
    arousal: f32,
    #[serde(rename = "Dominance")]
    dominance: f32,
}

/// The norms of all words of the three lists, in the order of the words. VADER's are of ±4 and AFINN's of ±5, the Glasgow
/// Norms' of 1 to 9.
pub fn lexicon(vader: &Input, afinn: &Input, glasgow: &Input) -> Result<BTreeMap<String, [f32; NORMS]>, DataError> {
    let mut words: BTreeMap<String, [f32; NORMS]> = BTreeMap::new();
    for (input, place, scale) in [(vader, 0, 4.0), (afinn, 1, 5.0)] {
        for (at, line) in input.text()?.lines().enumerate() {
            let mut columns = line.split('\t');
            let (Some(word), Some(valence)) = (columns.next(), columns.next()) else { continue };
            let valence: f32 =
                valence.trim().parse().map_err(|_| input.wrong(at + 1, "the second column is a number"))?;
            if word.chars().all(|c| c.is_ascii_alphabetic() || c == '\'') {
                words.entry(word.to_ascii_lowercase()).or_default()[place] = valence / scale;
            }
        }
    }
    for row in glasgow.rows::<Norm>()? {
        // Homonyms carry their meaning in brackets; which is meant can't be told from the word.
        if row.word.chars().all(|c| c.is_ascii_alphabetic()) {
            let norms = words.entry(row.word.to_ascii_lowercase()).or_default();
            for (norm, rating) in norms[2..].iter_mut().zip([row.valence, row.arousal, row.dominance]) {
                *norm = (rating - 5.0) / 4.0;
            }
        }
    }
    Ok(words)
}
