//! Which part of a sentence speaks of the time before: "in 9 of 12, before in 20 of 120".

use super::{
    text::{Token, holds, scan},
    words::Words,
};

/// A sentence's clauses.
#[derive(Debug)]
pub(super) struct Clauses {
    /// The clause of each token.
    of: Vec<usize>,
    /// From which token on each clause speaks of the time before.
    before: Vec<Option<usize>>,
    /// Tokens that say so.
    markers: Vec<usize>,
}

impl Clauses {
    pub(super) fn of(tokens: &[Token], words: &Words) -> Self {
        let partings: Vec<(&str, ())> = words.partings.iter().map(|word| (*word, ())).collect();
        let parted: Vec<usize> = scan(tokens, &partings).iter().map(|found| found.at).collect();
        let mut of = Vec::with_capacity(tokens.len());
        let mut clause = 0;
        for (at, token) in tokens.iter().enumerate() {
            if at > 0 && (token.parts() || parted.contains(&at)) {
                clause += 1;
            }
            of.push(clause);
        }
        let table: Vec<(&str, ())> = words.before.iter().map(|word| (*word, ())).collect();
        let markers: Vec<usize> = scan(tokens, &table).iter().map(|found| found.at).collect();
        let mut before = vec![None; clause + 1];
        for marker in &markers {
            if let Some(of) = of.get(*marker).and_then(|clause| before.get_mut(*clause)) {
                *of = Some(of.map_or(*marker, |first: usize| first.min(*marker)));
            }
        }
        let mut clauses = Self { of, before, markers };
        clauses.lead_on(tokens, words);
        clauses
    }

    /// "Before, it was in 20 of 120": a clause that says when and nothing else speaks for the next one, unless it only holds
    /// something against the time before.
    fn lead_on(&mut self, tokens: &[Token], words: &Words) {
        for clause in 0..self.before.len().saturating_sub(1) {
            let own: Vec<Token> =
                tokens.iter().zip(&self.of).filter(|(_, of)| **of == clause).map(|(t, _)| t.clone()).collect();
            let says_more = !scan(&own, words.directions).is_empty() || holds(&own, words.compared);
            let counts = own.windows(2).any(|pair| {
                pair.iter().any(|token| token.text.starts_with(|c: char| c.is_ascii_digit()))
                    && pair.iter().any(|token| words.of.contains(&token.text.as_str()))
            });
            if let (Some(Some(_)), false, false) = (self.before.get(clause).copied(), says_more, counts) {
                let start = self.of.iter().position(|of| *of == clause + 1);
                if let Some(next) = self.before.get_mut(clause + 1) {
                    *next = start;
                }
            }
        }
    }

    /// Whether what stands here comes after a word that makes its clause speak of the time before.
    fn after_marker(&self, at: usize) -> bool {
        let before = self.of.get(at).and_then(|clause| self.before.get(*clause).copied().flatten());
        before.is_some_and(|marker| marker <= at)
    }

    /// The same, unless the clause only holds something against that time: "compared with your last 12 weeks".
    pub(super) fn speaks_of_before(&self, tokens: &[Token], words: &Words, at: usize) -> bool {
        let clause = self.of.get(at).copied();
        let Some(marker) = clause.and_then(|clause| self.before.get(clause).copied().flatten()) else { return false };
        let start = self.of.iter().position(|of| Some(*of) == clause).unwrap_or(marker);
        let led: Vec<Token> = tokens.iter().take(marker).skip(start).cloned().collect();
        marker <= at && !holds(&led, words.compared)
    }

    /// Whether what stands here comes after such a word, or one follows at once.
    pub(super) fn before(&self, at: usize, end: usize) -> bool {
        let follows = |marker: &usize| (end..end + 3).contains(marker) && self.of.get(*marker) == self.of.get(at);
        self.after_marker(at) || self.markers.iter().any(follows)
    }
}

#[cfg(test)]
mod tests {
    use spectrum_domain::card::Language;

    use super::*;
    use crate::guard::text::tokens;

    fn before(text: &str, language: Language) -> Vec<bool> {
        let tokens = tokens(text);
        let clauses = Clauses::of(&tokens, Words::of(language));
        let pairs = tokens.iter().enumerate().filter(|(_, token)| token.text == "of" || token.text == "von");
        pairs.map(|(at, _)| clauses.before(at - 1, at + 2)).collect()
    }

    #[test]
    fn the_time_before_has_clauses_of_its_own() {
        for (text, expected) in [
            ("It was in 9 of 12 sessions, before in 20 of 120.", vec![false, true]),
            ("It was in 9 of 12 sessions, and in 20 of 120 before.", vec![false, true]),
            ("Before, it was in 20 of 120 sessions.", vec![true]),
            ("In 9 of 12 sessions energy was below your last 12 weeks.", vec![false]),
            ("Compared with your last 12 weeks, it was in 9 of 12.", vec![false]),
            ("In 20 of 120 sessions, before in 9 of 12.", vec![false, true]),
        ] {
            assert_eq!(before(text, Language::English), expected, "{text}");
        }
        let german = "Sie war in 9 von 12 Sitzungen da, vorher in 20 von 120.";
        assert_eq!(before(german, Language::German), [false, true]);
    }
}
