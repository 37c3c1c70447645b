//! How long a text is and how hard to read, by a measure that needs no syllables and so is the same in both languages.

use super::text::{Token, tokens};

/// Letters from which a word is long.
const LONG: usize = 7;

/// Words and numerals of a text.
pub(super) fn words(text: &str) -> usize {
    tokens(text).iter().filter(|token| !token.parts()).count()
}

/// LIX of sentences: words a sentence, and the share of long words in hundredths (Björnsson 1968, Läsbarhet). Below 30 is a
/// children's book, 40 to 50 a newspaper. Nothing for no words.
#[expect(clippy::cast_precision_loss, reason = "counts of words")]
pub(super) fn lix<'a>(sentences: impl Iterator<Item = &'a str>) -> f64 {
    let (mut all, mut long, mut count) = (0, 0, 0);
    for sentence in sentences {
        let words: Vec<Token> = tokens(sentence).into_iter().filter(|token| !token.parts()).collect();
        all += words.len();
        long += words.iter().filter(|word| word.text.chars().count() >= LONG).count();
        count += 1;
    }
    if all == 0 || count == 0 {
        return 0.0;
    }
    all as f64 / f64::from(count) + 100.0 * long as f64 / all as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(words("In 9 of 12 sessions, so."), 6);
        // Eight words in two sentences, two of them long: 4 + 25.
        let measured = lix(["One sentence has five words.", "And one another."].into_iter());
        assert!((measured - 29.0).abs() < 1e-9, "{measured}");
        assert!(lix(std::iter::empty()).abs() < 1e-9);
    }
}
