//! From a turn to sentences, and from a sentence to words and marks as the model reads them.

use std::ops::Range;

use spectrum_domain::private::PrivateText;

/// Words after which a sentence is cut although it has no end: a wall of text is scored in pieces.
const LONGEST_SENTENCE: usize = 30;

/// Bytes after which a word is cut.
const LONGEST_WORD: usize = 48;

/// The sentences of a turn, each with at least one letter, digit or mark.
pub fn sentences(turn: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut start, mut words, mut in_word, mut ended, mut comma) = (0, 0usize, false, false, None);
    for (at, c) in turn.char_indices() {
        let cut = match c {
            '\n' => true,
            c if c.is_whitespace() => ended || words >= LONGEST_SENTENCE,
            _ => false,
        };
        if c.is_whitespace() {
            in_word = false;
        } else if !in_word {
            in_word = true;
            words += 1;
        }
        match c {
            '.' | '!' | '?' | '…' | '。' | '！' | '？' => ended = true,
            '"' | '\'' | '”' | '’' | ')' | ']' | '*' => {}
            c if c.is_whitespace() => {}
            _ => ended = false,
        }
        if matches!(c, ',' | ';' | ':' | '—' | '–') && words >= LONGEST_SENTENCE / 3 {
            comma = Some((at + c.len_utf8(), words));
        }
        if cut {
            // A sentence without an end is cut at its last comma, where there is one.
            let (end, before) = comma.take().filter(|_| !ended && c != '\n').unwrap_or((at, words));
            push(&mut found, &turn[start..end]);
            (start, words) = (end, words - before);
            ended = false;
        }
    }
    push(&mut found, &turn[start..]);
    found
}

fn push<'a>(found: &mut Vec<&'a str>, sentence: &'a str) {
    let sentence = sentence.trim();
    if !sentence.is_empty() {
        found.push(sentence);
    }
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Letters and digits, with apostrophes inside.
    Word,
    /// A run of one mark, an emoji, an emoticon's part.
    Mark,
}

/// PRIVACY: a sentence in the form that the model reads. Lower case, straight quotes, no letter more than three times in
/// a row; cut into words and marks.
#[derive(Debug)]
pub struct Sentence {
    text: PrivateText,
    tokens: Vec<(Range<usize>, Kind)>,
}

impl Sentence {
    /// Reads one sentence.
    pub fn read(sentence: &str) -> Self {
        let text = PrivateText::new(normalised(sentence).collect());
        let tokens = tokens(text.expose());
        Self { text, tokens }
    }

    /// The tokens in order.
    pub fn tokens(&self) -> impl Iterator<Item = (&str, Kind)> {
        self.tokens.iter().map(|(range, kind)| (&self.text.expose()[range.clone()], *kind))
    }

    /// The whole of it.
    pub fn text(&self) -> &str {
        self.text.expose()
    }

    /// How many words there are.
    pub fn words(&self) -> usize {
        self.tokens.iter().filter(|(_, kind)| *kind == Kind::Word).count()
    }
}

fn normalised(sentence: &str) -> impl Iterator<Item = char> {
    let (mut before, mut times) = ('\0', 0);
    sentence
        .chars()
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            '’' | '‘' | '`' | '´' => '\'',
            '“' | '”' | '«' | '»' => '"',
            '…' => '.',
            '–' | '—' => '-',
            c if c.is_whitespace() || c.is_control() => ' ',
            c => c,
        })
        .filter(move |c| {
            times = if *c == before { times + 1 } else { 1 };
            before = *c;
            times <= 3 && (*c != ' ' || times == 1)
        })
}

fn tokens(text: &str) -> Vec<(Range<usize>, Kind)> {
    let mut found: Vec<(Range<usize>, Kind)> = Vec::with_capacity(text.len() / 4 + 1);
    let bytes = text.as_bytes();
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if c == ' ' {
            continue;
        }
        // `[name]`, as the training data writes a person left out, is one word.
        if c == '['
            && let Some(inside) = text[start + 1..].find(']').filter(|n| (1..=12).contains(n))
            && text[start + 1..start + 1 + inside].bytes().all(|b| b.is_ascii_lowercase())
        {
            let end = start + inside + 2;
            while chars.peek().is_some_and(|(at, _)| *at < end) {
                chars.next();
            }
            found.push((start..end, Kind::Word));
            continue;
        }
        let mut end = start + c.len_utf8();
        let kind = if c.is_alphanumeric() {
            while let Some((at, next)) = chars.peek().copied() {
                let joins = next.is_alphanumeric()
                    || (next == '\'' && bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric));
                if !joins || end - start >= LONGEST_WORD {
                    break;
                }
                end = at + next.len_utf8();
                chars.next();
            }
            Kind::Word
        } else {
            while let Some((at, next)) = chars.peek().copied().filter(|(_, next)| *next == c) {
                end = at + next.len_utf8();
                chars.next();
            }
            Kind::Mark
        };
        found.push((start..end, kind));
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Vec<String> {
        Sentence::read(text).tokens().map(|(token, _)| token.to_owned()).collect()
    }

    #[test]
    fn sentences_end_where_people_end_them() {
        assert_eq!(
            sentences("I sat down. Then \"why?\" she said… Nothing!\nA new line with 3.5 cups"),
            ["I sat down.", "Then \"why?\"", "she said…", "Nothing!", "A new line with 3.5 cups"]
        );
        assert_eq!(sentences(" \n "), Vec::<&str>::new());
        let wall = "word ".repeat(100);
        assert!(sentences(&wall).iter().all(|part| part.split(' ').count() <= LONGEST_SENTENCE + 1));
    }

    #[test]
    fn words_and_marks() {
        assert_eq!(
            read("I’m SOOOOO  happy!!! :) [NAME]’s 🙂🙂"),
            ["i'm", "sooo", "happy", "!!!", ":", ")", "[name]", "'", "s", "🙂🙂"]
        );
        assert_eq!(read("don't 'quote'"), ["don't", "'", "quote", "'"]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_panics(text in "\\PC{0,300}|([a-z]{1,9}[ ,.!?]{1,2}){0,90}") {
            let parts = sentences(&text);
            let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(bare(&parts.concat()), bare(&text));
            for part in parts {
                Sentence::read(part);
            }
        }
    }
}
