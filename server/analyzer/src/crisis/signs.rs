//! What the rules and the head find in a turn, as figures for one small logistic model.

use serde::{Deserialize, Serialize};

use super::{
    plain::{MARK, Plain},
    rules::{Hit, KINDS, RULES, SECTIONS},
};
use crate::text::sentences;

/// Sections that bear on a crisis without being one.
const CONTEXTS: usize = SECTIONS.len() - KINDS;

/// Figures of a turn.
pub const SIGNS: usize = 9 + KINDS + 2 * CONTEXTS + 3;

/// Words before a rule's in which a negation takes it back.
const REACH: usize = 4;

/// What the crisis rules weigh.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Weighing {
    /// Per rule how much more often it speaks in crisis turns than in ordinary ones, and than in those that only look like
    /// crises: logarithms.
    pub evidence: Vec<[f32; 2]>,
    /// Weights of a turn's figures, and their bias last.
    pub weights: Vec<f32>,
}

/// What rules find in a sentence.
#[derive(Clone, Debug, Default)]
struct Found {
    /// Rules that speak for a crisis.
    rules: Vec<usize>,
    /// Whether a rule was taken back by a negation.
    denied: bool,
    contexts: [bool; CONTEXTS],
    /// Whether the sentence says I, me or my.
    own: bool,
}

/// What rules find in a turn, sentence by sentence.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    sentences: Vec<Found>,
}

/// How many rules there are.
pub fn rules() -> usize {
    RULES.len()
}

impl Reading {
    /// Reads a turn.
    pub fn of(turn: &str) -> Self {
        Self { sentences: sentences(turn).into_iter().map(|sentence| found(&Plain::read(sentence))).collect() }
    }

    /// The rules that speak for a crisis, each once.
    pub fn rules(&self) -> Vec<usize> {
        let mut rules: Vec<usize> = self.sentences.iter().flat_map(|found| found.rules.iter().copied()).collect();
        rules.sort_unstable();
        rules.dedup();
        rules
    }

    /// The figures, from the evidence of each rule and the head's log-odds.
    pub fn signs(&self, evidence: &dyn Fn(usize) -> [f32; 2], head: f32) -> [f32; SIGNS] {
        let mut signs = [0.0; SIGNS];
        let mut strengths: Vec<[f32; 2]> = self.rules().into_iter().map(evidence).collect();
        for side in 0..2 {
            strengths.sort_by(|a, b| b[side].total_cmp(&a[side]));
            for (place, strength) in strengths.iter().take(3).enumerate() {
                signs[side * 3 + place] = strength[side];
            }
        }
        let flag = |yes: bool| f32::from(u8::from(yes));
        let strongest = self.sentences.iter().filter(|found| !found.rules.is_empty()).max_by(|a, b| {
            let most = |found: &Found| found.rules.iter().map(|rule| evidence(*rule)[0]).fold(f32::MIN, f32::max);
            most(a).total_cmp(&most(b))
        });
        signs[6] = flag(strongest.is_some());
        signs[7] = flag(strengths.len() > 1);
        signs[8] = flag(self.sentences.iter().filter(|found| !found.rules.is_empty()).count() > 1);
        for rule in self.rules() {
            signs[9 + RULES.section(rule)] = 1.0;
        }
        for context in 0..CONTEXTS {
            signs[9 + KINDS + context] = flag(self.sentences.iter().any(|found| found.contexts[context]));
            signs[9 + KINDS + CONTEXTS + context] = flag(strongest.is_some_and(|found| found.contexts[context]));
        }
        signs[SIGNS - 3] = flag(self.sentences.iter().any(|found| found.denied));
        signs[SIGNS - 2] = flag(strongest.is_some_and(|found| found.own));
        signs[SIGNS - 1] = head;
        signs
    }
}

impl Weighing {
    /// The log-odds that a turn is a crisis.
    pub fn score(&self, reading: &Reading, head: f32) -> f32 {
        let signs = reading.signs(&|rule| self.evidence.get(rule).copied().unwrap_or_default(), head);
        let bias = self.weights.get(SIGNS).copied().unwrap_or_default();
        bias + self.weights.iter().zip(signs).map(|(weight, sign)| weight * sign).sum::<f32>()
    }
}

fn found(sentence: &Plain) -> Found {
    let words: Vec<&str> = sentence.words().collect();
    let mut found =
        Found { own: words.iter().any(|word| matches!(*word, "i" | "me" | "my" | "myself")), ..Found::default() };
    for hit in RULES.hits(sentence) {
        match RULES.section(hit.rule) {
            context if context >= KINDS => found.contexts[context - KINDS] = true,
            _ if denied(&words, hit) => found.denied = true,
            _ => found.rules.push(hit.rule),
        }
    }
    found
}

/// Whether a negation stands before the rule's words, in their clause. One among them belongs to what they say.
fn denied(words: &[&str], hit: Hit) -> bool {
    let negation = |word: &&str| matches!(*word, "not" | "never" | "no" | "nobody" | "without" | "nor" | "none");
    !words[hit.from..hit.to].iter().any(negation)
        && words[..hit.from].iter().rev().take(REACH).take_while(|word| **word != MARK).any(negation)
}
