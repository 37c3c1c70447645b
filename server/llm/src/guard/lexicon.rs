//! What no card says: illnesses, treatment, what somebody is or feels, advice, judgement, forecasts, causes, addresses; and
//! words that are in no list at all.

use super::{
    Reason,
    context::Context,
    text::{Token, holds, scan},
    words::Words,
};

/// Marks that a sentence may have beside letters and digits.
const MARKS: &str = " \u{a0}\u{202f}.,;:?()-–'’%";
/// Marks of a quotation.
const QUOTES: &str = "\"“”„«»‹›`";

/// What is wrong with a sentence's characters and its end.
pub(super) fn characters(text: &str, question: bool) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let known = |c: char| c.is_ascii_alphanumeric() || "äöüÄÖÜß".contains(c) || MARKS.contains(c);
    for c in text.chars().filter(|c| !known(*c)) {
        reasons.push(match c {
            '@' | '/' => Reason::Link,
            c if QUOTES.contains(c) => Reason::Quotation,
            _ => Reason::Characters,
        });
    }
    let inner = text.char_indices().filter(|(_, c)| *c == '.');
    let after = inner.filter_map(|(at, _)| text.get(at + 1..).and_then(|rest| rest.chars().next()));
    let after: Vec<char> = after.collect();
    if after.iter().any(|c| c.is_alphabetic()) {
        reasons.push(Reason::Link);
    }
    let end = if question { '?' } else { '.' };
    let ends = text.chars().filter(|c| matches!(c, '.' | '?')).count();
    if !text.ends_with(end) || ends != 1 || text.trim() != text {
        reasons.push(Reason::Characters);
    }
    reasons
}

/// What a sentence says that none may.
pub(super) fn check(context: &Context<'_>, tokens: &[Token]) -> Vec<Reason> {
    let words = context.words;
    let mut reasons: Vec<Reason> = scan(tokens, words.refused).iter().map(|found| found.of).collect();
    if !context.question {
        reasons.extend(scan(tokens, words.openings).iter().filter(|found| found.at == 0).map(|found| found.of));
    } else if !tokens.first().is_some_and(|first| words.questions.contains(&first.text.as_str())) {
        reasons.push(Reason::Advice);
    }
    if speaks_of_them(tokens, words, context.question) {
        reasons.push(Reason::InnerState);
    }
    if !all_known(tokens, words) {
        reasons.push(Reason::Words);
    }
    reasons
}

/// "You" with anything that makes it the one who is or feels, or to whom something was done. Only a question ends with it.
fn speaks_of_them(tokens: &[Token], words: &Words, question: bool) -> bool {
    tokens.iter().enumerate().filter(|(_, token)| words.you.contains(&token.text.as_str())).any(|(at, _)| {
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        let after = tokens.get(at + 1);
        before.is_some_and(|token| words.before_you.contains(&token.text.as_str()))
            || after.map_or(!question, |token| !words.after_you.contains(&token.text.as_str()))
    })
}

/// Where the phrases of a table stand.
fn places<T: Copy>(tokens: &[Token], table: &[(&str, T)]) -> Vec<(usize, usize)> {
    scan(tokens, table).iter().map(|found| (found.at, found.length)).collect()
}

/// Whether every word is in some list. A word that nobody knows could be a name, a place, or what happened.
fn all_known(tokens: &[Token], words: &Words) -> bool {
    let mut known = vec![false; tokens.len()];
    let mut mark = |found: Vec<(usize, usize)>| {
        for (at, length) in found {
            known.iter_mut().skip(at).take(length).for_each(|known| *known = true);
        }
    };
    mark(places(tokens, words.directions));
    mark(places(tokens, words.names));
    mark(places(tokens, words.kinds));
    mark(places(tokens, words.numbers));
    mark(places(tokens, words.nouns));
    mark(places(tokens, words.shares));
    let lists = [words.of, words.between, words.across, words.beginnings, words.ends, words.before, words.questions];
    let listed = |token: &Token| lists.iter().any(|list| holds(std::slice::from_ref(token), list));
    let compound = |token: &Token| {
        token.text.split_once("und").is_some_and(|(_, tens)| words.numbers.iter().any(|(name, _)| *name == tens))
    };
    // "About" is only said of a number.
    let rounds = |at: usize, token: &Token| {
        let number = tokens.get(at + 1).is_some_and(|next| next.text.starts_with(|c: char| c.is_ascii_digit()));
        number && words.about.contains(&token.text.as_str())
    };
    tokens.iter().zip(known).enumerate().all(|(at, (token, known))| {
        known
            || !token.is_word()
            || words.plain.contains(token.text.as_str())
            || listed(token)
            || compound(token)
            || rounds(at, token)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_has_letters_a_few_marks_and_one_end() {
        for right in ["In 9 of 12 sessions.", "Größer – über 31\u{a0}% (ja).", "That’s it."] {
            assert_eq!(characters(right, false), [], "{right}");
        }
        for (wrong, reason) in [
            ("Write to a@b.example.", Reason::Link),
            ("See spectrum.example.", Reason::Link),
            ("He said “no”.", Reason::Quotation),
            ("Great!", Reason::Characters),
            ("Two. Sentences.", Reason::Characters),
            ("Wоrry.", Reason::Characters),
            ("Zero\u{200b}width.", Reason::Characters),
            ("９ sessions.", Reason::Characters),
            ("No end", Reason::Characters),
            ("Is it?", Reason::Characters),
        ] {
            assert!(characters(wrong, false).contains(&reason), "{wrong}");
        }
        assert_eq!(characters("Is it?", true), []);
    }
}
