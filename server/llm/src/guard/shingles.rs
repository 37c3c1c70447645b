//! Whether a text holds five words in a row that a member wrote, asked of salted hashes: what they wrote is not known here.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

use super::text::{Token, tokens};

/// Words in a shingle.
pub const SHINGLE: usize = 5;

/// Salted hashes of the runs of five words of a member's turns; kept no longer than the turns.
#[derive(Clone, Default)]
pub struct Shingles {
    salt: [u8; 32],
    hashes: HashSet<u64>,
}

impl std::fmt::Debug for Shingles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shingles").field("hashes", &self.hashes.len()).finish_non_exhaustive()
    }
}

impl Shingles {
    /// Those that were kept, with the member's salt.
    pub fn new(salt: [u8; 32], hashes: impl IntoIterator<Item = u64>) -> Self {
        Self { salt, hashes: hashes.into_iter().collect() }
    }

    /// The hashes of a text, for keeping. A text of fewer than five words has none.
    pub fn of_text(salt: &[u8; 32], text: &str) -> Vec<u64> {
        hashes(salt, text).collect()
    }

    /// Whether any five words of the text are a member's.
    pub fn leak_in(&self, text: &str) -> bool {
        !self.hashes.is_empty() && hashes(&self.salt, text).any(|hash| self.hashes.contains(&hash))
    }
}

/// The first eight bytes of SHA-256 over the salt and five words in lower case, marks left away.
fn hashes(salt: &[u8; 32], text: &str) -> impl Iterator<Item = u64> {
    let words: Vec<Token> = tokens(text).into_iter().filter(|token| !token.parts() && token.text != "%").collect();
    let salt = *salt;
    (0..(words.len() + 1).saturating_sub(SHINGLE)).map(move |at| {
        let mut hash = Sha256::new_with_prefix(salt);
        for word in words.iter().skip(at).take(SHINGLE) {
            hash.update(word.text.as_bytes());
            hash.update([0]);
        }
        let bytes: [u8; 32] = hash.finalize().into();
        bytes.iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_words_in_a_row_are_found_whatever_their_marks() {
        let salt = [7; 32];
        let kept = Shingles::new(salt, Shingles::of_text(&salt, "I walked along the cold river, alone."));
        assert!(kept.leak_in("They ALONG the walked; walked along the cold – river."));
        assert!(!kept.leak_in("walked along the cold"));
        assert!(!kept.leak_in("walked along a cold river"));
        assert!(!Shingles::new([8; 32], Shingles::of_text(&salt, "a b c d e")).leak_in("a b c d e"), "another salt");
        assert!(!Shingles::default().leak_in("a b c d e"));
        assert_eq!(Shingles::of_text(&salt, "a b c d").len(), 0);
    }
}
