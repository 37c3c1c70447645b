//! The guard: what a model answered is shown only if every sentence says what the findings say, and nothing else.
//!
//! Schema and claims first; then, sentence by sentence, numbers, directions, periods and names, and the words that no card
//! has; then length, reading and the leak check. Whatever can't be checked is refused: a wrong refusal costs a template, a
//! wrong pass a false card.

mod answer;
mod clauses;
mod context;
mod direction;
mod lexicon;
mod names;
mod numbers;
mod reading;
mod reason;
mod shingles;
mod text;
mod words;

use std::collections::BTreeSet;

use spectrum_domain::{
    card::{Grain, Narrative, Section, Words as CardWords},
    finding::Kind,
};

pub use self::{
    answer::{
        CardAnswer, Claim, Hazard, MonthAnswer, SafetyAnswer, SectionAnswer, Sentence, Verdict, WeekAnswer, What,
        schema,
    },
    reason::Reason,
    shingles::{SHINGLE, Shingles},
};
use self::{clauses::Clauses, context::Context, words::Words};
use crate::input::Input;

/// Words that a headline or heading has at most.
const HEADLINE: usize = 14;
/// Words that a sentence has at most.
const SENTENCE: usize = 22;
/// Words that all cards of a week have at most, and all text of a month.
const WEEK: usize = 90;
const MONTH: usize = 250;
/// Words that a card may have where more than five are asked for.
const CARD: usize = 18;
/// Sentences in the body of a card, and of a section.
const CARD_BODY: usize = 2;
const SECTION_BODY: usize = 5;
/// Sections of a month.
const SECTIONS: usize = 5;

/// What passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// Words for each statement, by its index, in the order of the input.
    Week(Vec<(u8, CardWords)>),
    /// A month's text.
    Month(Narrative),
}

impl Written {
    /// All of its text, one sentence or paragraph a line: what a safety check reads.
    pub fn text(&self) -> String {
        let parts: Vec<&str> = match self {
            Self::Week(cards) => cards.iter().flat_map(|(_, words)| [words.headline.as_str(), &words.body]).collect(),
            Self::Month(narrative) => {
                let sections = narrative.sections.iter().flat_map(|section| [section.heading.as_str(), &section.text]);
                sections.chain([narrative.question.as_str()]).collect()
            }
        };
        parts.join("\n")
    }
}

/// Checks an answer to an input: what can be shown, or every reason why nothing of it is.
///
/// `Err` holds at least one reason, each once, in the order of [`Reason::ALL`].
pub fn judge(answer: &str, input: &Input, shingles: &Shingles) -> Result<Written, Vec<Reason>> {
    let written = match input.grain {
        Grain::Week => week(answer, input),
        Grain::Month => month(answer, input),
    };
    let (written, mut reasons) = written.ok_or_else(|| vec![Reason::Schema])?;
    if shingles.leak_in(&written.text()) {
        reasons.insert(Reason::Leak);
    }
    if reasons.is_empty() { Ok(written) } else { Err(reasons.into_iter().collect()) }
}

/// The sentences of an answer, each with which index it must have, if that is fixed, and what it is.
struct Part<'a> {
    sentence: &'a Sentence,
    index: Option<u8>,
    most: usize,
    question: bool,
}

fn week(answer: &str, input: &Input) -> Option<(Written, BTreeSet<Reason>)> {
    let mut answer: WeekAnswer = serde_json::from_str(answer).ok()?;
    answer.cards.sort_by_key(|card| card.index);
    let asked = input.statements.iter().map(|statement| statement.index);
    let bodies = answer.cards.iter().all(|card| (1..=CARD_BODY).contains(&card.body.len()));
    if !answer.cards.iter().map(|card| card.index).eq(asked) || !bodies {
        return None;
    }
    let part = |index, most| move |sentence| Part { sentence, index: Some(index), most, question: false };
    let parts: Vec<Part<'_>> = answer
        .cards
        .iter()
        .flat_map(|card| {
            let headline = std::iter::once(&card.headline).map(part(card.index, HEADLINE));
            headline.chain(card.body.iter().map(part(card.index, SENTENCE)))
        })
        .collect();
    let reasons = check(&parts, input, WEEK.max(CARD * answer.cards.len()));
    let words = |card: &CardAnswer| CardWords { headline: card.headline.text.clone(), body: joined(&card.body) };
    Some((Written::Week(answer.cards.iter().map(|card| (card.index, words(card))).collect()), reasons))
}

fn month(answer: &str, input: &Input) -> Option<(Written, BTreeSet<Reason>)> {
    let answer: MonthAnswer = serde_json::from_str(answer).ok()?;
    let bodies = answer.sections.iter().all(|section| (1..=SECTION_BODY).contains(&section.body.len()));
    if !(1..=SECTIONS).contains(&answer.sections.len()) || !bodies {
        return None;
    }
    let part = |most, question| move |sentence| Part { sentence, index: None, most, question };
    let sections = answer.sections.iter().flat_map(|section| {
        let heading = std::iter::once(&section.heading).map(part(HEADLINE, false));
        heading.chain(section.body.iter().map(part(SENTENCE, false)))
    });
    let parts: Vec<Part<'_>> = sections.chain(std::iter::once(&answer.question).map(part(SENTENCE, true))).collect();
    let reasons = check(&parts, input, MONTH);
    let section =
        |section: &SectionAnswer| Section { heading: section.heading.text.clone(), text: joined(&section.body) };
    let sections = answer.sections.iter().map(section).collect();
    Some((Written::Month(Narrative { sections, question: answer.question.text.clone() }), reasons))
}

fn joined(sentences: &[Sentence]) -> String {
    sentences.iter().map(|sentence| sentence.text.as_str()).collect::<Vec<_>>().join(" ")
}

fn check(parts: &[Part<'_>], input: &Input, most: usize) -> BTreeSet<Reason> {
    let words = Words::of(input.language);
    let mut reasons = BTreeSet::new();
    for part in parts {
        reasons.extend(sentence(part, input, words));
    }
    // "For the first time" means in the periods that are known: how far back those go is part of it.
    let since = |index: u8| {
        let mut claims = parts.iter().flat_map(|part| &part.sentence.claims).filter(|claim| claim.index == index);
        claims.any(|claim| matches!(claim.what, What::Before | What::Window))
    };
    let told = |index: u8| parts.iter().any(|part| part.sentence.claims.iter().any(|claim| claim.index == index));
    let new = input.statements.iter().filter(|of| matches!(of.kind, Kind::FirstTime | Kind::Returned));
    if new.map(|statement| statement.index).any(|index| told(index) && !since(index)) {
        reasons.insert(Reason::Claims);
    }
    let texts = || parts.iter().map(|part| part.sentence.text.as_str());
    if texts().map(reading::words).sum::<usize>() > most {
        reasons.insert(Reason::Length);
    }
    if reading::lix(texts()) > words.hardest {
        reasons.insert(Reason::Reading);
    }
    reasons
}

fn sentence(part: &Part<'_>, input: &Input, words: &'static Words) -> Vec<Reason> {
    let Sentence { text, claims } = part.sentence;
    let mut reasons = lexicon::characters(text, part.question);
    let length = reading::words(text);
    if length == 0 || length > part.most {
        reasons.push(Reason::Length);
    }
    let Some(statement) = claims.first().and_then(|claim| input.statement(claim.index)) else {
        reasons.push(Reason::Claims);
        return reasons;
    };
    let one = claims.iter().all(|claim| claim.index == statement.index);
    let what = claims.iter().map(|claim| claim.what).collect();
    let context = Context { input, words, statement, what, question: part.question };
    if !one || part.index.is_some_and(|index| index != statement.index) || !context.claims_what_is_there() {
        reasons.push(Reason::Claims);
    }

    let tokens = text::tokens(text);
    let clauses = Clauses::of(&tokens, words);
    let checked = [
        numbers::check(&context, &tokens, &clauses),
        direction::check(&context, &tokens, &clauses),
        names::check(&context, &tokens),
        names::kinds(&context, &tokens),
    ];
    let said: usize = checked.iter().map(|(_, said)| said).sum();
    reasons.extend(checked.into_iter().flat_map(|(reasons, _)| reasons));
    if said == 0 {
        reasons.push(Reason::Nothing);
    }
    reasons.extend(lexicon::check(&context, &tokens));
    reasons
}

#[cfg(test)]
#[path = "guard_tests.rs"]
mod guard_tests;
