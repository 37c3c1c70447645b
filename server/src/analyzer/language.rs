//! In which language a turn is, and whether it is anybody's words at all: asked before a measure is believed.
//!
//! A model that knows English gives figures for any text, and for German or a pasted log they mean nothing. The detector
//! (`whatlang`) is sure of itself on long texts and guesses on short ones, and a wrong guess would cost an English member
//! their turn. So a turn is called foreign only where it says so plainly; one that is too short to tell follows the rest
//! of its session, and where all is too short it is taken for the model's own language.

#![deny(clippy::disallowed_types)]

use std::{borrow::Cow, collections::BTreeMap};

use spectrum_domain::{measure::Language, private::PrivateText};

/// No more than this of a text is looked at, in bytes: enough to tell, and a wall of text costs no more than a page.
const LOOK_AT: usize = 2_048;
/// A log or a program is told by its share of words, and that takes some.
const FEWEST_PIECES: usize = 8;
/// Of the pieces between spaces, at least this share must be words in lines of words.
const LEAST_PROSE: f64 = 0.5;
/// A line of words: at least this share of its pieces is words.
const LEAST_OF_LINE: f64 = 0.7;
/// Longer pieces of ASCII are no words: keys, hashes, walls of one letter.
const LONGEST_WORD: usize = 40;
/// Fewer words than this are not asked for their language.
const FEWEST_WORDS: usize = 4;
/// From this share of English little words on, a text is English, whatever the letters' statistics say.
const ENGLISH_FROM: f64 = 0.2;
/// Below this share, it may be another language.
const FOREIGN_BELOW: f64 = 0.1;
/// How sure the detector must be of another language (its own mark of "reliable").
const SURE: f64 = 0.9;

/// Little words that English has many of and its neighbours have few of.
const LITTLE_WORDS: &[&str] = &[
    "the",
    "and",
    "that",
    "this",
    "these",
    "those",
    "with",
    "without",
    "from",
    "about",
    "into",
    "because",
    "when",
    "where",
    "which",
    "what",
    "who",
    "how",
    "why",
    "there",
    "their",
    "they",
    "them",
    "she",
    "his",
    "her",
    "our",
    "your",
    "you",
    "my",
    "myself",
    "it",
    "its",
    "it's",
    "i'm",
    "i've",
    "i'd",
    "i'll",
    "don't",
    "didn't",
    "can't",
    "couldn't",
    "wasn't",
    "isn't",
    "won't",
    "that's",
    "were",
    "been",
    "being",
    "have",
    "does",
    "would",
    "could",
    "should",
    "just",
    "but",
    "not",
    "out",
    "if",
    "than",
    "then",
    "too",
    "very",
    "really",
    "some",
    "any",
    "all",
    "more",
    "much",
    "only",
    "even",
    "still",
    "again",
    "after",
    "before",
    "always",
    "never",
    "feel",
    "feeling",
    "think",
    "know",
    "want",
    "get",
    "got",
    "going",
    "today",
    "people",
    "something",
    "anything",
    "are",
];

/// What a turn is, before anything is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Not one word.
    NoWords,
    /// A pasted log, a program, an address.
    NotProse,
    /// Words, too few to tell their language.
    Unclear,
    /// Words of this language.
    Words(Language),
}

/// What each turn of a session is. Turns too short to tell follow the others.
pub fn survey(turns: &[PrivateText]) -> Box<[Found]> {
    let mut found: Box<[Found]> = turns.iter().map(|turn| look_at(turn.expose())).collect();
    if let Some(language) = of_the_rest(turns, &found) {
        for turn in found.iter_mut().filter(|turn| **turn == Found::Unclear) {
            *turn = Found::Words(language);
        }
    }
    found
}

/// The language most of the clear turns are in, by their length; where none is clear, that of all turns together.
fn of_the_rest(turns: &[PrivateText], found: &[Found]) -> Option<Language> {
    let mut lengths: BTreeMap<Language, usize> = BTreeMap::new();
    for (turn, found) in turns.iter().zip(found) {
        if let Found::Words(language) = found {
            *lengths.entry(*language).or_default() += turn.bytes().min(LOOK_AT);
        }
    }
    if let Some((language, _)) = lengths.into_iter().max_by_key(|(_, length)| *length) {
        return Some(language);
    }
    let unclear = turns.iter().zip(found).filter(|(_, found)| **found == Found::Unclear);
    let mut left = LOOK_AT;
    let parts = unclear.map_while(|(turn, _)| {
        let part = beginning(turn.expose());
        left = left.checked_sub(part.len())?;
        Some(part)
    });
    // PRIVACY: private like its parts, and gone at the end of this function.
    match look_at(PrivateText::joined(parts).expose()) {
        Found::Words(language) => Some(language),
        _ => None,
    }
}

/// What one text is.
fn look_at(text: &str) -> Found {
    if !text.chars().any(char::is_alphabetic) {
        return Found::NoWords;
    }
    let text = beginning(text);
    let shape = Shape::of(text);
    if shape.words == 0 || (shape.pieces >= FEWEST_PIECES && share(shape.prose, shape.pieces) < LEAST_PROSE) {
        // Words may lie behind the part that was looked at; what fills two pages before them is still no prose.
        return Found::NotProse;
    }
    if share(shape.latin, shape.letters) < 0.5 {
        // Written in other letters: their script tells the language, or at least that it is not English.
        let told = whatlang::detect(text).filter(|info| info.script() != whatlang::Script::Latin);
        return Found::Words(told.map_or(Language::UNDETERMINED, |info| Language::of_code(info.lang().code())));
    }
    if shape.words < FEWEST_WORDS {
        return Found::Unclear;
    }
    let little = share(shape.little, shape.words);
    if little >= ENGLISH_FROM {
        return Found::Words(Language::ENGLISH);
    }
    match whatlang::detect_lang(text) {
        Some(whatlang::Lang::Eng) => Found::Words(Language::ENGLISH),
        Some(language) if little < FOREIGN_BELOW && is_surely_not_english(text, language) => {
            Found::Words(Language::of_code(language.code()))
        }
        _ => Found::Unclear,
    }
}

/// Whether the text is plainly in this language and not in English. Asked between these two: that it might also be the
/// language's neighbour, Portuguese for Spanish, is no doubt that matters here.
fn is_surely_not_english(text: &str, language: whatlang::Lang) -> bool {
    let between = whatlang::Detector::with_allowlist(vec![language, whatlang::Lang::Eng]);
    between.detect(text).is_some_and(|info| info.lang() == language && info.confidence() >= SURE)
}

/// The part of a text that is looked at: no more than [`LOOK_AT`] bytes from where it begins to say something.
fn beginning(text: &str) -> &str {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric() && !c.is_ascii_punctuation());
    &text[..text.floor_char_boundary(LOOK_AT)]
}

/// What a text is made of.
#[derive(Debug, Default)]
struct Shape {
    /// What stands between spaces and is not signs only.
    pieces: usize,
    /// Pieces that are words.
    words: usize,
    /// Words in lines that are mostly words.
    prose: usize,
    /// Words that are little words of English.
    little: usize,
    letters: usize,
    /// Letters of the alphabet that English is written in, with any accent.
    latin: usize,
}

impl Shape {
    fn of(text: &str) -> Self {
        let mut shape = Self::default();
        for line in text.lines() {
            let (mut pieces, mut words) = (0, 0);
            for piece in line.split_whitespace().filter(|piece| !is_decoration(piece) && !is_figure(piece)) {
                pieces += 1;
                let word = piece.trim_matches(|c: char| !c.is_alphanumeric() && !"/\\<={}|$@".contains(c));
                // `"name":` is a key of somebody's data.
                if !piece.ends_with("\":") && is_word(word) {
                    words += 1;
                    shape.little += usize::from(is_little(word));
                }
            }
            shape.pieces += pieces;
            shape.words += words;
            if share(words, pieces) >= LEAST_OF_LINE {
                shape.prose += words;
            }
        }
        for letter in text.chars().filter(|c| c.is_alphabetic()) {
            shape.letters += 1;
            shape.latin += usize::from(is_latin(letter));
        }
        shape
    }
}

/// Dashes, dots, pictures: what people put between words. Brackets and operators are none of it.
fn is_decoration(piece: &str) -> bool {
    piece
        .chars()
        .all(|c| matches!(c, '-' | '–' | '—' | '.' | '…' | '*' | '&' | '+' | ':' | ')' | '(' | '!' | '?' | ','))
        || piece.chars().all(|c| !c.is_alphanumeric() && !c.is_ascii())
}

/// A figure, a time, a score: said by people and by machines alike, so it tells nothing.
fn is_figure(piece: &str) -> bool {
    piece.chars().all(|c| !c.is_alphabetic()) && !piece.contains(['=', '{', '}', '<', '|', '$', '@', '_', '\\'])
}

/// Letters, with apostrophes, hyphens, or slashes between two of them; never a figure, a path or a call.
fn is_word(piece: &str) -> bool {
    let mut before = ' ';
    for c in piece.chars() {
        // Signs that people leave without a space between two words.
        let joins = matches!(c, '\'' | '-' | '.' | ',' | '!' | '?' | '*' | ';' | ':' | '"' | '/') && before != ' ';
        if !(c.is_alphabetic() || is_mark(c) || joins) {
            return false;
        }
        before = c;
    }
    let ascii = piece.is_ascii();
    // One dot between letters is a full stop without its space; two are an address or a path through a program.
    let short = !ascii || piece.len() <= LONGEST_WORD;
    short && !piece.is_empty() && (piece.matches('.').count() < 2 || is_ellipsis(piece))
}

fn is_ellipsis(piece: &str) -> bool {
    piece.contains("...") && piece.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '\'' | '’'))
}

/// Vowel signs and joiners of scripts that are not alphabets, and pictures at a word's end.
fn is_mark(c: char) -> bool {
    !c.is_ascii() && !c.is_alphanumeric()
}

fn is_little(word: &str) -> bool {
    let lower: Cow<'_, str> = if word.chars().any(|c| c.is_uppercase() || c == '’') {
        word.to_lowercase().replace('’', "'").into()
    } else {
        word.into()
    };
    LITTLE_WORDS.contains(&lower.as_ref())
}

fn is_latin(c: char) -> bool {
    matches!(c, 'a'..='z' | 'A'..='Z' | '\u{aa}' | '\u{ba}' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

#[expect(clippy::cast_precision_loss, reason = "counts within two kilobytes")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
#[path = "language_tests.rs"]
mod tests;
