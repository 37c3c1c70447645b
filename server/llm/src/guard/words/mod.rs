//! The words that the guard knows, one table a language: what each says, and which must not be said.

mod de;
mod en;

use std::{collections::HashSet, sync::LazyLock};

use chrono::Weekday;
use spectrum_domain::{affect::Family, calendar::Daypart, card::Language, feature::Feature, finding::Kind};

use super::Reason;

/// What a word of direction is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dimension {
    /// Unpleasant to pleasant.
    Valence,
    /// Low to high energy.
    Energy,
    /// In how many sessions.
    Often,
    /// How far apart.
    Spread,
    /// How fast.
    Speed,
    /// How far moved.
    Far,
    /// "Higher", "rose": whatever the sentence is about.
    Any,
}

/// Which way a word points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// More of it.
    Up,
    /// Less of it.
    Down,
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Noun {
    /// Sessions.
    Sessions,
    /// Days.
    Days,
    /// Turns.
    Turns,
    /// Weeks.
    Weeks,
    /// Months.
    Months,
    /// Hundredths.
    Percent,
}

/// Something with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// A family.
    Family(Family),
    /// A feeling that is never given.
    OtherFeeling,
    /// A weekday.
    Weekday(Weekday),
    /// A part of the day.
    Daypart(Daypart),
    /// A weekend, noon and other times that are never given.
    OtherTime,
    /// A feature.
    Feature(Feature),
    /// The period, if it is a week.
    ThisWeek,
    /// The period, if it is a month.
    ThisMonth,
    /// The earlier periods.
    Earlier,
    /// A period that is never given.
    OtherPeriod,
}

/// A language as the guard knows it.
#[derive(Debug)]
pub(super) struct Words {
    /// Number words.
    pub(super) numbers: &'static [(&'static str, u32)],
    /// Words that count in a way that is never given: "twice", "a dozen".
    pub(super) uncounted: &'static [&'static str],
    /// Words for a share, with the percents that they stand for.
    pub(super) shares: &'static [(&'static str, (i32, i32))],
    /// What stands between the two numbers of "9 of your 12".
    pub(super) of: &'static [&'static str],
    /// What may stand between a number's "of" and the second number.
    pub(super) between: &'static [&'static str],
    /// What bounds a number instead of giving it: "more than". Only periods may be spoken of "over".
    pub(super) bounds: &'static [&'static str],
    /// "Than": counts of unlike many sessions are not held against each other.
    pub(super) than: &'static str,
    /// "About", before a rounded number.
    pub(super) about: &'static [&'static str],
    /// What comes before a number that a statement about a mean rests on: "across 12 sessions", which does not say that
    /// each of them was so.
    pub(super) across: &'static [&'static str],
    /// What makes a statement about a mean one that leans.
    pub(super) leaning: &'static [&'static str],
    /// What numbers count.
    pub(super) nouns: &'static [(&'static str, Noun)],
    /// Words of direction; `None` names a scale and no direction.
    pub(super) directions: &'static [(&'static str, Option<(Dimension, Way)>)],
    /// Of them those that say where something is, not where it is against something.
    pub(super) absolute: &'static [&'static str],
    /// What turns a statement round.
    pub(super) negators: &'static [&'static str],
    /// What turns a comparison round: "than this week".
    pub(super) reversers: &'static [&'static str],
    /// The member's other sessions, which a contrast is held against.
    pub(super) others: &'static [&'static str],
    /// The beginning of a session.
    pub(super) beginnings: &'static [&'static str],
    /// Its end.
    pub(super) ends: &'static [&'static str],
    /// What makes a clause speak of the time before.
    pub(super) before: &'static [&'static str],
    /// What opens a clause that holds something against the time before.
    pub(super) compared: &'static [&'static str],
    /// What parts clauses beside commas.
    pub(super) partings: &'static [&'static str],
    /// Names.
    pub(super) names: &'static [(&'static str, Name)],
    /// Phrases that say what kind of statement it is.
    pub(super) kinds: &'static [(&'static str, &'static [Kind])],
    /// What must not be said, and why.
    pub(super) refused: &'static [(&'static str, Reason)],
    /// What must not open a sentence.
    pub(super) openings: &'static [(&'static str, Reason)],
    /// "You", where the person is the subject.
    pub(super) you: &'static [&'static str],
    /// What may follow it.
    pub(super) after_you: &'static [&'static str],
    /// Verbs before "you" that make a statement about the person; the question of a month may have some.
    pub(super) before_you: &'static [&'static str],
    /// How the question of a month may begin, so that it can be answered with no.
    pub(super) questions: &'static [&'static str],
    /// Plain words that say nothing by themselves; what is in no table and not here is not known, and refused.
    pub(super) plain: &'static LazyLock<HashSet<&'static str>>,
    /// Highest readability index (LIX) that passes.
    pub(super) hardest: f64,
}

impl Words {
    /// Those of a language.
    pub(super) fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &en::WORDS,
            Language::German => &de::WORDS,
        }
    }
}

/// Kinds that say that something is other than before.
const NEWS: &[Kind] = &[Kind::Changed, Kind::FirstTime, Kind::Returned];
/// Kinds that say that nothing is.
const STILL: &[Kind] = &[Kind::Steady, Kind::NothingNew];
/// Kinds that say how sessions moved.
const MOVED: &[Kind] = &[Kind::FeatureShift, Kind::FeatureContrast, Kind::MovedMost];
