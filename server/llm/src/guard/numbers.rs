//! Whether every number of a sentence is one that is given, for what the sentence claims.

use spectrum_domain::{
    card::Grain,
    finding::{CellPath, Kind, Subject, Window},
};

use super::{
    Reason,
    answer::What,
    clauses::Clauses,
    context::Context,
    text::{Token, holds, scan},
    words::{Noun, Words},
};
use crate::input::{Span, Unit};

/// A number in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Number {
    at: usize,
    /// After its last token, its "of 12" included.
    end: usize,
    value: u32,
    of: Option<u32>,
    noun: Option<Noun>,
}

/// What is wrong with the numbers, and how many there are.
pub(super) fn check(context: &Context<'_>, tokens: &[Token], clauses: &Clauses) -> (Vec<Reason>, usize) {
    let words = context.words;
    let mut reasons = Vec::new();
    if holds(tokens, words.uncounted) {
        reasons.push(Reason::Number);
    }
    let shares = scan(tokens, words.shares);
    for share in &shares {
        let (least, most) = share.of;
        let given = context.percent().is_some_and(|percent| (least..=most).contains(&percent));
        if !(context.claims(What::Share) && given) {
            reasons.push(Reason::Number);
        }
    }
    let in_share = |at: usize| shares.iter().any(|share| (share.at..share.at + share.length).contains(&at));
    let Some(numbers) = numbers(tokens, words, in_share) else { return (vec![Reason::Number], 0) };
    if says_each(context, tokens, &numbers) {
        reasons.push(Reason::Number);
    }
    for number in &numbers {
        reasons.extend(wrong(context, tokens, clauses, *number));
    }
    (reasons, numbers.len() + shares.len())
}

/// "In 12 sessions energy was lower": a mean is known, and not in how many sessions it was so. Only of families and quadrants
/// there are counts.
fn says_each(context: &Context<'_>, tokens: &[Token], numbers: &[Number]) -> bool {
    let counted = matches!(context.statement.about, Subject::Family(_) | Subject::Quadrant(_));
    let points = scan(tokens, context.words.directions).iter().any(|found| found.of.is_some());
    let first = numbers.iter().find(|number| matches!(number.noun, Some(Noun::Sessions | Noun::Days | Noun::Turns)));
    let across = |number: &Number| {
        let table: Vec<(&str, ())> = context.words.across.iter().map(|word| (*word, ())).collect();
        scan(tokens, &table).iter().any(|found| found.at + found.length == number.at)
    };
    !counted && points && first.is_some_and(|number| !across(number))
}

/// The numbers of a sentence; nothing where one can't be read.
fn numbers(tokens: &[Token], words: &Words, taken: impl Fn(usize) -> bool) -> Option<Vec<Number>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some((value, length)) = value(tokens, words, at)?.filter(|_| !taken(at)) else {
            at += 1;
            continue;
        };
        let mut end = at + length;
        let of = of(tokens, words, end)?;
        if let Some((_, after)) = of {
            end = after;
        }
        found.push(Number { at, end, value, of: of.map(|(of, _)| of), noun: noun(tokens, words, end)? });
        at = end;
    }
    Some(found)
}

/// The number that begins at this token and its length; nothing at all where a numeral is no whole number.
#[expect(clippy::option_option, reason = "no number, and one that can't be read, are two things")]
fn value(tokens: &[Token], words: &Words, at: usize) -> Option<Option<(u32, usize)>> {
    let Some(token) = tokens.get(at) else { return Some(None) };
    if token.text.starts_with(|c: char| c.is_ascii_digit()) {
        return Some(Some((token.text.parse().ok().filter(|value| *value < 1_000_000)?, 1)));
    }
    let here = |at: usize| {
        let word = scan(tokens.get(at..).unwrap_or_default(), words.numbers).into_iter().next();
        word.filter(|found| found.at == 0).map(|found| (found.of, found.length))
    };
    if let Some((units, tens)) = token.text.split_once("und") {
        let value = |word: &str| words.numbers.iter().find(|(name, _)| *name == word).map(|(_, value)| *value);
        let units = if units == "ein" { Some(1) } else { value(units) };
        if let (Some(units), Some(tens)) = (units, value(tens)) {
            return Some(Some((tens + units, 1)));
        }
    }
    let Some((value, length)) = here(at) else { return Some(None) };
    let units = here(at + length).filter(|(units, _)| value >= 20 && value % 10 == 0 && (1..10).contains(units));
    Some(Some(units.map_or((value, length), |(units, more)| (value + units, length + more))))
}

/// The second number of "9 of your 12", and what comes after it.
#[expect(clippy::option_option, reason = "no number, and one that can't be read, are two things")]
fn of(tokens: &[Token], words: &Words, at: usize) -> Option<Option<(u32, usize)>> {
    let table: Vec<(&str, ())> = words.of.iter().map(|word| (*word, ())).collect();
    let Some(of) = scan(tokens.get(at..).unwrap_or_default(), &table).into_iter().find(|found| found.at == 0) else {
        return Some(None);
    };
    let mut at = at + of.length;
    while tokens.get(at).is_some_and(|token| words.between.contains(&token.text.as_str())) {
        at += 1;
    }
    Some(value(tokens, words, at)?.map(|(value, length)| (value, at + length)))
}

/// What a number counts: a noun among the four words after it, before any other number.
#[expect(clippy::option_option, reason = "no noun, and a number that can't be read, are two things")]
fn noun(tokens: &[Token], words: &Words, end: usize) -> Option<Option<Noun>> {
    for at in end..(end + 4).min(tokens.len()) {
        let here = scan(tokens.get(at..).unwrap_or_default(), words.nouns).into_iter().next();
        if let Some(found) = here.filter(|found| found.at == 0) {
            return Some(Some(found.of));
        }
        if tokens.get(at).is_some_and(Token::parts) || value(tokens, words, at)?.is_some() {
            break;
        }
    }
    Some(None)
}

fn wrong(context: &Context<'_>, tokens: &[Token], clauses: &Clauses, number: Number) -> Option<Reason> {
    let words = context.words;
    let preceded = |phrases: &[&str]| {
        let table: Vec<(&str, ())> = phrases.iter().map(|phrase| (*phrase, ())).collect();
        scan(tokens, &table).iter().any(|found| found.at + found.length == number.at)
    };
    let periods = matches!(number.noun, Some(Noun::Weeks | Noun::Months));
    let about = preceded(words.about);
    let mut before = tokens.iter().take(number.at).rev().take(2);
    if number.of.is_some() && before.any(|token| token.text == words.than) {
        return Some(Reason::Number);
    }
    if (preceded(words.bounds) && !periods) || (about && number.noun != Some(Noun::Percent)) {
        return Some(Reason::Number);
    }
    let right = match (number.of, number.noun) {
        (Some(of), None | Some(Noun::Sessions)) => pair(context, clauses, number, of),
        (Some(_), _) | (None, None) => false,
        (None, Some(Noun::Sessions)) => sessions(context, clauses, number),
        (None, Some(Noun::Days)) => context.counted() && number.value == context.input.coverage.days,
        (None, Some(Noun::Turns)) => context.counted() && number.value == context.input.coverage.turns,
        (None, Some(Noun::Percent)) => percent(context, clauses, number, about),
        (None, Some(noun @ (Noun::Weeks | Noun::Months))) => {
            if (noun == Noun::Weeks) != (context.input.grain == Grain::Week) {
                return Some(Reason::Period);
            }
            return (!window(context, clauses, number)).then_some(Reason::Period);
        }
    };
    (!right).then_some(Reason::Number)
}

/// Over what a number is summed, where it stands, if the sentence claims that.
fn span(context: &Context<'_>, clauses: &Clauses, number: Number) -> Option<Span> {
    let (span, what) = match context.statement.window {
        Window::Together => (Span::Together, What::Counts),
        _ if clauses.before(number.at, number.end) => (Span::Before, What::Before),
        _ => (Span::Now, What::Counts),
    };
    context.claims(what).then_some(span)
}

fn pair(context: &Context<'_>, clauses: &Clauses, number: Number, of: u32) -> bool {
    let named = matches!(context.statement.about, Subject::Family(_) | Subject::Quadrant(_));
    named
        && span(context, clauses, number).is_some_and(|span| {
            context.statement.own(span) == Some(number.value)
                && context.statement.cell(CellPath::Sessions, span) == Some(of)
        })
}

fn sessions(context: &Context<'_>, clauses: &Clauses, number: Number) -> bool {
    let statement = context.statement;
    let own = span(context, clauses, number).and_then(|span| statement.own(span));
    let own = own.filter(|_| statement.about != Subject::Recovery && statement.kind != Kind::BaselineShort);
    let needed = statement.figure.and_then(|figure| figure.reference).filter(|_| statement.kind == Kind::LowData);
    let needed = needed.and_then(|needed| u32::try_from(needed).ok());
    let counted = context.counted() && [Some(context.input.coverage.sessions), needed].contains(&Some(number.value));
    own == Some(number.value) || counted
}

/// As given, or to the nearest five or ten after "about".
fn percent(context: &Context<'_>, clauses: &Clauses, number: Number, about: bool) -> bool {
    let earlier = clauses.before(number.at, number.end);
    let figure = context.statement.figure.filter(|figure| figure.unit == Unit::Percent);
    let (given, what) = match figure {
        Some(figure) if earlier => (figure.reference, What::Before),
        Some(figure) => (Some(figure.value), What::Share),
        None => return false,
    };
    let value = i32::try_from(number.value).unwrap_or(-1);
    let fits = |given: i32| {
        given == value || (about && value % 5 == 0 && (given - value).abs() * 2 <= 5 * (1 + i32::from(value % 10 == 0)))
    };
    context.claims(what) && given.is_some_and(fits)
}

/// Whether the statement speaks of so many periods.
fn window(context: &Context<'_>, clauses: &Clauses, number: Number) -> bool {
    let (statement, value) = (context.statement, number.value);
    let named = match statement.window {
        Window::AgainstFour => Some(4),
        Window::AgainstTwelve => Some(12),
        _ => None,
    };
    let figure = statement.figure.filter(|_| statement.kind == Kind::BaselineShort);
    let figures = figure.into_iter().flat_map(|figure| [Some(figure.value), figure.reference]).flatten();
    let stated =
        context.claims(What::Coverage) && figures.filter_map(|figure| u32::try_from(figure).ok()).any(|n| n == value);
    // "Your last 12 weeks", not "for 12 weeks": the earlier ones are what it is held against, not how long it was so.
    let earlier = statement.window == Window::Together || clauses.before(number.at, number.end);
    let spoken = statement.window != Window::Period && context.claims(What::Window) && earlier;
    stated || (spoken && (named == Some(value) || u32::from(statement.periods) == value))
}
