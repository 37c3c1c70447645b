//! Word pieces: the longest run of letters that the vocabulary knows, and so on to the end of the word.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

use crate::text::{Kind, Sentence};

/// The most pieces of a sentence that are read.
pub const LONGEST: usize = 64;

/// The pieces that are known, each with its place.
#[derive(Debug)]
pub struct Vocabulary {
    /// By the hash of what a piece is made of; the high bit tells pieces inside a word from those at its start.
    places: HashMap<u64, u32, BuildHasherDefault<Hashed>>,
    /// Bytes of the longest piece.
    longest: usize,
}

/// A map's hasher for keys that are hashes already.
#[derive(Debug, Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {}

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// FNV-1a in 64 bits; two pieces of the vocabulary that shared a hash would be taken for one.
const fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ byte as u64).wrapping_mul(0x0000_0100_0000_01b3)
}

const START: u64 = 0xcbf2_9ce4_8422_2325;
const INSIDE: u64 = step(START, b'#');

fn hash(from: u64, piece: &str) -> u64 {
    piece.bytes().fold(from, step)
}

impl Vocabulary {
    /// From pieces in the order of their places; those inside a word begin with `##`.
    pub fn new<'a>(pieces: impl IntoIterator<Item = &'a str>) -> Self {
        let mut vocabulary = Self { places: HashMap::default(), longest: 1 };
        for (place, piece) in (0..).zip(pieces) {
            let (from, piece) = match piece.strip_prefix("##") {
                Some(inner) if !inner.is_empty() => (INSIDE, inner),
                _ => (START, piece),
            };
            vocabulary.longest = vocabulary.longest.max(piece.len());
            vocabulary.places.insert(hash(from, piece), place);
        }
        vocabulary
    }

    fn mark(&self, mark: &str) -> Option<&u32> {
        self.places.get(&hash(START, mark))
    }

    /// The places of a sentence's pieces. What the vocabulary can't spell is left out.
    pub fn pieces(&self, sentence: &Sentence) -> Vec<u32> {
        let mut found = Vec::with_capacity(32);
        for (token, kind) in sentence.tokens() {
            match kind {
                Kind::Word => {
                    for part in token.split_inclusive('\'') {
                        let (word, mark) = part.strip_suffix('\'').map_or((part, false), |word| (word, true));
                        self.spell(word, &mut found);
                        if mark {
                            found.extend(self.mark("'"));
                        }
                    }
                }
                Kind::Mark => {
                    for mark in token.chars().take(3) {
                        let mut bytes = [0; 4];
                        found.extend(self.mark(mark.encode_utf8(&mut bytes)));
                    }
                }
            }
            if found.len() >= LONGEST {
                found.truncate(LONGEST);
                break;
            }
        }
        found
    }

    fn spell(&self, word: &str, found: &mut Vec<u32>) {
        let start = found.len();
        let mut rest = word;
        while !rest.is_empty() {
            // The hashes of all beginnings are steps of one another; the longest that is a piece counts.
            let mut hash = if rest.len() == word.len() { START } else { INSIDE };
            let mut longest = None;
            for (at, byte) in rest.bytes().enumerate().take(self.longest) {
                hash = step(hash, byte);
                if rest.is_char_boundary(at + 1)
                    && let Some(place) = self.places.get(&hash)
                {
                    longest = Some((*place, at + 1));
                }
            }
            let Some((place, length)) = longest else {
                // A letter nobody knows makes the whole word unknown.
                found.truncate(start);
                return;
            };
            found.push(place);
            rest = &rest[length..];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longest_first() {
        let vocabulary = Vocabulary::new(["un", "##happy", "##hap", "i", "'", "m", "!", "happy"]);
        assert_eq!(vocabulary.pieces(&Sentence::read("I'm unhappy, happy!! ñ")), [3, 4, 5, 0, 1, 7, 6, 6]);
    }
}
