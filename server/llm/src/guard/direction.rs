//! Whether every word of direction is the way that the finding points, and about what it is.

use spectrum_domain::{
    affect::Quadrant,
    finding::{Axis, Direction, Kind, Subject, Window},
};

use super::{
    Reason,
    answer::What,
    clauses::Clauses,
    context::Context,
    text::{Found, Token, holds, scan},
    words::{Dimension, Way},
};

/// What is wrong with the directions, and how many there are.
pub(super) fn check(context: &Context<'_>, tokens: &[Token], clauses: &Clauses) -> (Vec<Reason>, usize) {
    let found: Vec<_> = scan(tokens, context.words.directions)
        .into_iter()
        .filter_map(|found| Some(Found { of: found.of?, at: found.at, length: found.length }))
        .collect();
    let right = found.iter().all(|found| points_right(context, tokens, clauses, found));
    let pointed = !found.is_empty();
    let turned = holds(tokens, context.words.reversers)
        || speaks_of_ends(context, tokens)
        || (pointed && (runs_backwards(context, tokens) || compares_otherwise(context, tokens)));
    let mut reasons = if right && !turned { Vec::new() } else { vec![Reason::Direction] };
    // The mean lay on one side: "leaned", not "was".
    if pointed && context.statement.kind == Kind::Level && !holds(tokens, context.words.leaning) {
        reasons.push(Reason::Unhedged);
    }
    (reasons, found.len())
}

fn points_right(context: &Context<'_>, tokens: &[Token], clauses: &Clauses, found: &Found<(Dimension, Way)>) -> bool {
    let statement = context.statement;
    let (dimension, way) = found.of;
    let phrase: Vec<&str> = tokens.iter().skip(found.at).take(found.length).map(|token| token.text.as_str()).collect();
    let absolute = context.words.absolute.contains(&phrase.join(" ").as_str());
    if let Subject::Quadrant(quadrant) = statement.about {
        return absolute && sides(quadrant).contains(&(dimension, way));
    }
    let expected = match statement.direction {
        Direction::Higher => Way::Up,
        Direction::Lower => Way::Down,
        Direction::Neither => return false,
    };
    // "The last twelve weeks were higher": what comes after "last" speaks of them, and the comparison is turned round.
    let of_before = statement.window != Window::Together && clauses.speaks_of_before(tokens, context.words, found.at);
    let about = match dimension {
        Dimension::Any => of(statement.kind, statement.about) != Some(Dimension::Far),
        _ => of(statement.kind, statement.about) == Some(dimension),
    };
    let level = statement.kind == Kind::Level;
    context.claims(What::Direction) && way == expected && about && absolute == level && !of_before
}

/// What a statement's direction is about.
const fn of(kind: Kind, subject: Subject) -> Option<Dimension> {
    Some(match (kind, subject) {
        (Kind::MovedMost, _) => Dimension::Far,
        (
            _,
            Subject::Level(Axis::Valence)
            | Subject::Weekday(_)
            | Subject::Daypart(_)
            | Subject::Movement { axis: Axis::Valence, .. },
        ) => Dimension::Valence,
        (_, Subject::Level(Axis::Arousal) | Subject::Movement { axis: Axis::Arousal, .. }) => Dimension::Energy,
        (_, Subject::Family(_)) => Dimension::Often,
        (_, Subject::Spread(_)) => Dimension::Spread,
        (_, Subject::Recovery) => Dimension::Speed,
        (_, Subject::Quadrant(_) | Subject::Period) => return None,
    })
}

/// The two sides that a quadrant is named by.
const fn sides(quadrant: Quadrant) -> [(Dimension, Way); 2] {
    let (energy, valence) = match quadrant {
        Quadrant::HighUnpleasant => (Way::Up, Way::Down),
        Quadrant::HighPleasant => (Way::Up, Way::Up),
        Quadrant::LowPleasant => (Way::Down, Way::Up),
        Quadrant::LowUnpleasant => (Way::Down, Way::Down),
    };
    [(Dimension::Energy, energy), (Dimension::Valence, valence)]
}

/// "Sessions began more pleasant than they ended": a movement runs from beginning to end, so the end is named first.
fn runs_backwards(context: &Context<'_>, tokens: &[Token]) -> bool {
    let first = |words: &[&str]| {
        let table: Vec<(&str, ())> = words.iter().map(|word| (*word, ())).collect();
        scan(tokens, &table).first().map(|found| found.at)
    };
    let Some(beginning) = first(context.words.beginnings) else { return false };
    matches!(context.statement.about, Subject::Movement { .. })
        && first(context.words.ends).is_none_or(|end| end > beginning)
}

/// A contrast says how far sessions of a feature moved beside the member's others, not whether they ended higher than they
/// began; a shift says that and nothing of the others.
fn compares_otherwise(context: &Context<'_>, tokens: &[Token]) -> bool {
    let words = context.words;
    let with_others = holds(tokens, words.others);
    match context.statement.kind {
        Kind::FeatureContrast => !with_others || holds(tokens, words.beginnings) || holds(tokens, words.ends),
        Kind::FeatureShift => with_others,
        _ => false,
    }
}

/// What sessions began or ended with is known of movements alone.
fn speaks_of_ends(context: &Context<'_>, tokens: &[Token]) -> bool {
    let statement = context.statement;
    let known = matches!(statement.about, Subject::Movement { .. } | Subject::Period);
    !known && (holds(tokens, context.words.beginnings) || holds(tokens, context.words.ends))
}
