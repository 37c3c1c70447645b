//! The features of the linear part: hashed words, pairs of words and pieces of words, each group weighted and scaled by
//! itself.

use crate::text::{Kind, Sentence};

/// A feature's name: the hash of the n-gram and its kind. Two that share one are taken for the same.
pub type Key = u32;

/// The two groups of features, which are scaled each by itself.
pub const GROUPS: usize = 2;

/// The most characters of a piece of a word, and the fewest.
const LONGEST: usize = 5;
const SHORTEST: usize = 3;

/// Features of a sentence: per group, keys in order with how often each occurs.
#[derive(Debug, Default)]
pub struct Counts {
    /// Words and pairs, then pieces of words.
    pub groups: [Vec<(Key, u16)>; GROUPS],
}

/// Counts the features of a sentence.
pub fn count(sentence: &Sentence) -> Counts {
    let mut keys: [Vec<Key>; GROUPS] = [Vec::with_capacity(64), Vec::with_capacity(256)];
    let mut before = Hash::new(b'<');
    let mut ends = Vec::with_capacity(64);
    for (token, kind) in sentence.tokens() {
        let mut word = Hash::new(b'1');
        word.bytes(token.as_bytes());
        keys[0].push(word.end());
        let mut pair = before;
        pair.byte(0);
        pair.bytes(token.as_bytes());
        keys[0].push(pair.end());
        before = Hash::new(b'2');
        before.bytes(token.as_bytes());
        if kind == Kind::Word {
            pieces(token, &mut ends, &mut keys[1]);
        }
    }
    Counts { groups: keys.map(counted) }
}

/// Every run of three to five characters of ` word `.
fn pieces(word: &str, ends: &mut Vec<usize>, keys: &mut Vec<Key>) {
    ends.clear();
    ends.extend(word.char_indices().map(|(at, _)| at));
    ends.push(word.len());
    let (bytes, chars) = (word.as_bytes(), ends.len() - 1);
    // Place 0 is the space before the word, place `chars + 1` the space after it.
    for from in 0..=chars {
        let mut hash = Hash::new(b'3');
        for length in 1..=LONGEST {
            let place = from + length - 1;
            if place > chars + 1 {
                break;
            }
            if place == 0 || place == chars + 1 {
                hash.byte(b' ');
            } else {
                hash.bytes(&bytes[ends[place - 1]..ends[place]]);
            }
            if length >= SHORTEST {
                keys.push(hash.end());
            }
        }
    }
}

fn counted(mut keys: Vec<Key>) -> Vec<(Key, u16)> {
    keys.sort_unstable();
    let mut counts: Vec<(Key, u16)> = Vec::with_capacity(keys.len());
    for key in keys {
        match counts.last_mut() {
            Some((last, times)) if *last == key => *times = times.saturating_add(1),
            _ => counts.push((key, 1)),
        }
    }
    counts
}

/// FNV-1a in 64 bits, folded to 32.
#[derive(Clone, Copy)]
struct Hash(u64);

impl Hash {
    const fn new(kind: u8) -> Self {
        Self((0xcbf2_9ce4_8422_2325 ^ kind as u64).wrapping_mul(0x0000_0100_0000_01b3))
    }

    const fn byte(&mut self, byte: u8) {
        self.0 = (self.0 ^ byte as u64).wrapping_mul(0x0000_0100_0000_01b3);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.byte(*byte);
        }
    }

    const fn end(self) -> Key {
        let mixed = (self.0 ^ (self.0 >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 32) as Key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_words_pairs_and_pieces() {
        let counts = count(&Sentence::read("so so good"));
        // so, so, good, and the pairs <so, so so, so good.
        assert_eq!(counts.groups[0].iter().map(|(_, n)| n).sum::<u16>(), 6);
        assert_eq!(counts.groups[0].len(), 5);
        // ` so `: 3 of 2, 4 of 1; twice. ` good `: 4, 3, 2.
        assert_eq!(counts.groups[1].iter().map(|(_, n)| n).sum::<u16>(), 2 * 3 + 9);
    }
}
