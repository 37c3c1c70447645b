//! Whether every feeling, time, feature and period that a sentence names is the one it is about, and whether it says of what
//! kind the finding is.

use spectrum_domain::{
    card::Grain,
    finding::{Subject, Window},
};

use super::{
    Reason,
    context::Context,
    text::{Found, Token, scan},
    words::Name,
};

/// What is wrong with the names, and how many say what the sentence is about.
pub(super) fn check(context: &Context<'_>, tokens: &[Token]) -> (Vec<Reason>, usize) {
    let found = scan(tokens, context.words.names);
    let reasons = found.iter().filter_map(|found| wrong(context, found.of)).collect();
    let says = |found: &&Found<Name>| match found.of {
        Name::ThisWeek | Name::ThisMonth => context.question,
        name => name != Name::Earlier,
    };
    (reasons, found.iter().filter(says).count())
}

fn wrong(context: &Context<'_>, name: Name) -> Option<Reason> {
    let about = context.statement.about;
    let held_against = !matches!(context.statement.window, Window::Period | Window::Together);
    let (right, reason) = match name {
        Name::Family(family) => (about == Subject::Family(family), Reason::Feeling),
        Name::OtherFeeling => (false, Reason::Feeling),
        Name::Weekday(weekday) => (about == Subject::Weekday(weekday), Reason::Time),
        Name::Daypart(daypart) => (about == Subject::Daypart(daypart), Reason::Time),
        Name::OtherTime => (false, Reason::Time),
        Name::Feature(named) => {
            (matches!(about, Subject::Movement { feature, .. } if feature == named), Reason::Feature)
        }
        Name::ThisWeek => (context.input.grain == Grain::Week, Reason::Period),
        Name::ThisMonth => (context.input.grain == Grain::Month, Reason::Period),
        Name::Earlier => (held_against, Reason::Period),
        Name::OtherPeriod => (false, Reason::Period),
    };
    (!right).then_some(reason)
}

/// What is wrong with words such as "first time", "again" and "steady", and how many there are. What turns a statement round
/// is only right within such a phrase: "nothing new".
pub(super) fn kinds(context: &Context<'_>, tokens: &[Token]) -> (Vec<Reason>, usize) {
    let found = scan(tokens, context.words.kinds);
    let within = |at: usize| found.iter().any(|phrase| (phrase.at..phrase.at + phrase.length).contains(&at));
    let negators: Vec<(&str, ())> = context.words.negators.iter().map(|word| (*word, ())).collect();
    let turned = scan(tokens, &negators).iter().any(|negator| !within(negator.at));
    let wrong = turned || found.iter().any(|phrase| !phrase.of.contains(&context.statement.kind));
    (if wrong { vec![Reason::Kind] } else { Vec::new() }, found.len())
}
