//! Word norms: what VADER, AFINN and the Glasgow Norms say of a sentence's words, with negation. They serve the head for
//! valence, arousal and dominance.

use std::collections::HashMap;

use crate::text::{Kind, Sentence};

/// Norms of a word: VADER valence, AFINN valence, Glasgow valence, arousal and dominance; each centred, in about ±1.
pub const NORMS: usize = 5;

/// Figures that the norms make of a sentence.
pub const FIGURES: usize = 2 * NORMS + 4;

/// Words that a negation reaches.
const REACH: usize = 3;

/// The norms of many words.
#[derive(Debug, Default)]
pub struct Lexicon {
    words: HashMap<Box<str>, [f32; NORMS]>,
}

impl Lexicon {
    /// From words with their norms; `0` where a norm says nothing of the word.
    pub fn new(words: impl IntoIterator<Item = (Box<str>, [f32; NORMS])>) -> Self {
        Self { words: words.into_iter().collect() }
    }

    /// The sums of the norms over the words that have them, by the square root of their number; the most extreme norms;
    /// shares of words found, pleasant, unpleasant and negated.
    pub fn figures(&self, sentence: &Sentence) -> [f32; FIGURES] {
        let mut figures = [0.0f32; FIGURES];
        let (mut negated, mut words) = (0usize, 0.0f32);
        let mut found = [0.0f32; NORMS];
        for (token, kind) in sentence.tokens() {
            if kind == Kind::Mark {
                // A clause ends at a mark, and a negation with it.
                negated = 0;
                continue;
            }
            words += 1.0;
            if negates(token) {
                negated = REACH + 1;
                figures[2 * NORMS + 3] += 1.0;
            } else if let Some(norms) = self.words.get(token) {
                for (n, norm) in norms.iter().enumerate().filter(|(_, norm)| **norm != 0.0) {
                    // What is denied is half of its opposite: "not happy" is milder than "sad". Arousal stays.
                    let norm = if negated > 0 && n != 3 { -0.5 * norm } else { *norm };
                    figures[n] += norm;
                    found[n] += 1.0;
                    if norm.abs() > figures[NORMS + n].abs() {
                        figures[NORMS + n] = norm;
                    }
                }
                let valence = norms[0] + norms[1];
                figures[2 * NORMS + 1] += f32::from(u8::from(valence > 0.0));
                figures[2 * NORMS + 2] += f32::from(u8::from(valence < 0.0));
                figures[2 * NORMS] += 1.0;
            }
            negated = negated.saturating_sub(1);
        }
        for n in 0..NORMS {
            figures[n] /= found[n].max(1.0).sqrt();
        }
        for share in &mut figures[2 * NORMS..] {
            *share /= words.max(1.0);
        }
        figures
    }
}

/// Whether a word denies what follows.
fn negates(word: &str) -> bool {
    word.ends_with("n't")
        || matches!(
            word,
            "not"
                | "no"
                | "never"
                | "without"
                | "hardly"
                | "neither"
                | "nor"
                | "nothing"
                | "cannot"
                | "dont"
                | "didnt"
                | "doesnt"
                | "isnt"
                | "wasnt"
                | "cant"
                | "wont"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_negation_reaches_three_words_and_no_other_clause() {
        let lexicon = Lexicon::new([("happy".into(), [0.5, 0.6, 0.8, 0.4, 0.3])]);
        let valence = |text: &str| lexicon.figures(&Sentence::read(text))[0];
        assert!(valence("I am happy") > 0.4);
        assert!(valence("I am not very happy") < 0.0 && valence("I'm not, I think, happy") > 0.4);
    }
}
