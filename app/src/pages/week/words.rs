//! What the week page says, as pure functions of what it shows.
//!
//! Plain words, counts before adjectives, hedged where something is estimated ("leaned"), past tense for what was
//! counted. No praise, no advice, no diagnosis. Unpleasant is weather, not failure. Below a data floor it says so.

use chrono::NaiveDate;
use spectrum_domain::{
    affect::Quadrant,
    exclusion::{Change, WeekChange},
    measure::{SessionVector, WhyNot},
    rollup::{Estimate, Tier},
    session::{SessionState, SessionSummary},
    week::{Comparison, DayColumn, WeekView},
};

use super::dates;
use crate::pages::said::Correcting;

/// Why there is nothing to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emptiness {
    /// No session yet in a week that is not over.
    NothingYet,
    /// No session in a week that is over.
    NoSessions,
    /// Every session is left out.
    AllLeftOut,
    /// What is not left out is still being read.
    AllPending,
    /// What is not left out held nothing to measure.
    NothingMeasured,
    /// What is not left out is in languages that can't be measured yet.
    OtherLanguages,
    /// What is not left out is withheld: the panel above says what there is to say.
    Withheld,
}

/// Why a week without counted sessions shows nothing.
pub fn emptiness(view: &WeekView, today: NaiveDate) -> Emptiness {
    if view.sessions.is_empty() {
        if today < view.week.end() { Emptiness::NothingYet } else { Emptiness::NoSessions }
    } else if view.excluded() == view.sessions.len() {
        Emptiness::AllLeftOut
    } else if view.pending() > 0 {
        Emptiness::AllPending
    } else if view.offers_help() {
        Emptiness::Withheld
    } else if view.not_measured(WhyNot::Language) + view.excluded() == view.sessions.len() {
        Emptiness::OtherLanguages
    } else {
        Emptiness::NothingMeasured
    }
}

/// The sentence at the head of the page and, where there is more to say, the one under it.
pub fn headline(view: &WeekView, today: NaiveDate) -> (String, Option<String>) {
    match view.rollup.tier() {
        Tier::Empty => {
            let (first, second) = empty_headline(emptiness(view, today));
            (first.to_owned(), Some(second.to_owned()))
        }
        Tier::Few => (
            format!("{} so far.", capital(&sessions(view.rollup.sessions))),
            Some("A picture of your week starts at three.".to_owned()),
        ),
        Tier::Some => (mix_takeaway(view), Some(below_the_mean(view))),
        Tier::Enough => {
            let (first, second) = lean(view);
            (first.to_owned(), second.map(str::to_owned))
        }
    }
}

const fn empty_headline(why: Emptiness) -> (&'static str, &'static str) {
    match why {
        Emptiness::NothingYet => (
            "Nothing here yet.",
            "Once you have had sessions this week, this page shows where they lay between unpleasant and pleasant, low \
             and high energy, and which feelings were in them.",
        ),
        Emptiness::NoSessions => ("No sessions this week.", "There is nothing to show, and nothing is missing."),
        Emptiness::AllLeftOut => (
            "Every session this week is left out, so there is nothing to show.",
            "Take one in again below and the page counts it at once.",
        ),
        Emptiness::AllPending => {
            ("Your sessions are being read.", "As soon as they are, this page shows what they add up to.")
        }
        Emptiness::NothingMeasured => (
            "There was too little to measure.",
            "Sessions were held this week, but none had enough of your own words to count.",
        ),
        Emptiness::OtherLanguages => (
            "We can’t measure this language yet.",
            "Sessions were held this week, in a language whose feelings we do not know how to estimate. They are kept as \
             they are.",
        ),
        Emptiness::Withheld => ("There are no figures this week.", "Your sessions are kept as they are."),
    }
}

/// What a week between three sessions and the floor for a mean lacks.
fn below_the_mean(view: &WeekView) -> String {
    let n = view.rollup.sessions;
    if n >= 7 {
        "A middle of the week needs sessions on four days or more.".to_owned()
    } else {
        format!("That is {} so far; a middle of the week needs seven, on four days or more.", sessions(n))
    }
}

/// Which way the week leaned: only where the interval of a mean keeps clear of the middle of its scale.
fn lean(view: &WeekView) -> (&'static str, Option<&'static str>) {
    const MIXED_ENERGY: &str = "Whether energy was more high or low is too close to tell.";
    const MIXED_VALENCE: &str = "Whether it was more pleasant or unpleasant is too close to tell.";
    let side = |estimate: Option<Estimate>| estimate.filter(|e| e.mean.abs() > e.half_width).map(|e| e.mean > 0.0);
    match (side(view.rollup.valence_estimate()), side(view.rollup.arousal_estimate())) {
        (Some(true), Some(true)) => ("Your week leaned pleasant, with high energy.", None),
        (Some(true), Some(false)) => ("Your week leaned pleasant, with low energy.", None),
        (Some(false), Some(true)) => ("Your week leaned unpleasant, with high energy.", None),
        (Some(false), Some(false)) => ("Your week leaned unpleasant, with low energy.", None),
        (Some(true), None) => ("Your week leaned pleasant.", Some(MIXED_ENERGY)),
        (Some(false), None) => ("Your week leaned unpleasant.", Some(MIXED_ENERGY)),
        (None, Some(true)) => ("Your week leaned towards high energy.", Some(MIXED_VALENCE)),
        (None, Some(false)) => ("Your week leaned towards low energy.", Some(MIXED_VALENCE)),
        (None, None) => (
            "Your week did not clearly lean one way.",
            Some("More pleasant or unpleasant, more high or low energy: both are too close to tell."),
        ),
    }
}

/// How the week compares with the one before; nothing where the week itself is below the floor for a mean.
pub fn against_before(view: &WeekView) -> Option<String> {
    if view.rollup.tier() < Tier::Enough {
        return None;
    }
    let valence = match view.valence_against_before() {
        Comparison::TooFew => {
            return Some(match view.before.sessions {
                0 => "The week before has no sessions to compare with.".to_owned(),
                n => format!("The week before has {}: too few to compare.", sessions(n)),
            });
        }
        Comparison::CannotTell => None,
        Comparison::Higher(_) => Some("more pleasant"),
        Comparison::Lower(_) => Some("less pleasant"),
    };
    let arousal = match view.arousal_against_before() {
        Comparison::TooFew | Comparison::CannotTell => None,
        Comparison::Higher(_) => Some("higher in energy"),
        Comparison::Lower(_) => Some("lower in energy"),
    };
    Some(match (valence, arousal) {
        (None, None) => "We can’t tell this week from the one before.".to_owned(),
        (Some(only), None) | (None, Some(only)) => format!("It was {only} than the week before."),
        (Some(valence), Some(arousal)) => format!("It was {valence} and {arousal} than the week before."),
    })
}

/// Said where a week and the week before were measured by different models.
pub const VERSIONS_DIFFER: &str =
    "This week and the week before were measured by different versions, so part of a difference may come from that.";

/// What the page rests on: `12 sessions on 6 days · 2 left out · 1 not measured`. A withheld session is in no figure.
pub fn coverage(view: &WeekView) -> Option<String> {
    let mut parts = Vec::with_capacity(4);
    if view.rollup.sessions > 0 {
        parts.push(format!("{} on {}", counted(view.rollup.sessions, "session"), counted(view.rollup.days, "day")));
    }
    let left_out = view.excluded();
    if left_out > 0 {
        parts.push(format!("{left_out} left out"));
    }
    let foreign = view.not_measured(WhyNot::Language);
    if foreign > 0 {
        parts.push(format!("{foreign} in a language we can’t measure yet"));
    }
    let other: usize = WhyNot::ALL.into_iter().map(|why| view.not_measured(why)).sum::<usize>() - foreign;
    if other > 0 {
        parts.push(format!("{other} not measured"));
    }
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// What is still to come.
pub fn pending(view: &WeekView) -> Option<String> {
    match view.pending() {
        0 => None,
        1 => Some("One session is being read. This page will include it in a minute.".to_owned()),
        n => Some(format!(
            "{} sessions are being read. This page will include them in a minute.",
            capital(&number(i32::try_from(n).unwrap_or(i32::MAX)))
        )),
    }
}

/// What the plane shows, in one sentence.
pub fn plane_takeaway(view: &WeekView) -> String {
    let n = view.rollup.sessions;
    if view.rollup.tier() <= Tier::Few {
        return "Each mark is one session, where its words were measured.".to_owned();
    }
    let of = |quadrant: Quadrant| view.rollup.quadrants[quadrant.index()];
    let pleasant = of(Quadrant::HighPleasant) + of(Quadrant::LowPleasant);
    let high = of(Quadrant::HighPleasant) + of(Quadrant::HighUnpleasant);
    // The greater part of each, so that the counts read the way the picture leans.
    let (valence, valence_word) = if pleasant * 2 >= n { (pleasant, "pleasant") } else { (n - pleasant, "unpleasant") };
    let (energy, energy_word) = if high * 2 >= n { (high, "high") } else { (n - high, "low") };
    format!(
        "{valence}\u{a0}of\u{a0}{n} sessions lay on the {valence_word} side, {energy}\u{a0}of\u{a0}{n} on the {energy_word}-energy side."
    )
}

/// The week's middle in figures.
pub fn middle(valence: Estimate, arousal: Estimate) -> String {
    format!(
        "Middle of the week: pleasantness {} ± {:.2}, energy {} ± {:.2}, each between −1 and 1.",
        signed(valence.mean),
        valence.half_width,
        signed(arousal.mean),
        arousal.half_width
    )
}

/// What the day columns show, in one sentence.
pub fn columns_takeaway(columns: &[DayColumn; 7]) -> String {
    let days: Vec<_> = columns.iter().filter_map(|day| Some((day.date, day.range?.1))).collect();
    let least = days.iter().min_by_key(|(_, middle)| *middle);
    let most = days.iter().max_by_key(|(_, middle)| *middle);
    match (days.len(), least, most) {
        (1, Some((date, _)), _) => format!("All sessions fell on {}.", dates::weekday(*date)),
        (n, Some((low, a)), Some((high, b))) if a < b => format!(
            "Of the {} days with sessions, {}’s middle lay most pleasant and {}’s least.",
            number(i32::try_from(n).unwrap_or(7)),
            dates::weekday(*high),
            dates::weekday(*low)
        ),
        (n, ..) => format!("The {} days with sessions lay level.", number(i32::try_from(n).unwrap_or(7))),
    }
}

/// What the distribution shows, in one sentence.
pub fn mix_takeaway(view: &WeekView) -> String {
    let counts = view.rollup.families_by_count();
    let n = view.rollup.sessions;
    let Some((first, most)) = counts.first() else {
        return format!("No feeling stood out in these {}.", sessions(n));
    };
    let level = counts.iter().take_while(|(_, count)| count == most).count();
    match level {
        1 => format!("{first} showed most often, in {most} of {n} sessions."),
        2 => format!("{first} and {} showed most often, each in {most} of {n} sessions.", lower(counts[1].0.title())),
        3 => format!(
            "{first}, {} and {} showed most often, each in {most} of {n} sessions.",
            lower(counts[1].0.title()),
            lower(counts[2].0.title())
        ),
        _ => format!(
            "{} feelings showed equally often, each in {most} of {n} sessions.",
            capital(&number(i32::try_from(level).unwrap_or(9)))
        ),
    }
}

/// How broad the distribution is: said where the headline already names what showed most.
pub fn mix_breadth(view: &WeekView) -> String {
    let present = view.rollup.families.iter().filter(|n| **n > 0).count();
    let present = capital(&number(i32::try_from(present).unwrap_or(9)));
    format!("{present} of nine feelings showed at least once.")
}

/// What leaving a session out, or taking it in again, did.
pub fn changed(change: &Change) -> String {
    let did = if change.excluded { "Left out." } else { "Taken in again." };
    format!("{did} {}", effect(&change.effect))
}

/// What a correction did.
pub fn corrected(correcting: &Correcting) -> String {
    let did = if correcting.corrected {
        "Corrected: your word counts from now on."
    } else {
        "Taken back: what was measured counts again."
    };
    format!("{did}{}", moved(&correcting.effect))
}

/// What was done to a week.
pub fn effect(change: &WeekChange) -> String {
    let (was, now) = change.sessions;
    if was == now {
        format!("Still {} counted.", counted(now, "session"))
    } else {
        format!("Was {}, now {now}.{}", counted(was, "session"), moved(change))
    }
}

/// Where the week's middle went, or that there is none any more; nothing where there was none.
fn moved(change: &WeekChange) -> String {
    let (Some((valence, valence_now)), Some((arousal, arousal_now))) = (change.valence, change.arousal) else {
        let lost = change.sessions.0 >= 7 && change.sessions.1 < 7;
        return if lost { " That is too few for a middle of the week.".to_owned() } else { String::new() };
    };
    let steps = [
        step(valence_now - valence, ("more pleasant", "less pleasant")),
        step(arousal_now - arousal, ("higher in energy", "lower in energy")),
    ];
    match steps {
        [None, None] => " The week’s middle stayed where it was.".to_owned(),
        [Some(only), None] | [None, Some(only)] => format!(" The week’s middle is now {only}."),
        [Some(valence), Some(arousal)] => format!(" The week’s middle is now {valence} and {arousal}."),
    }
}

/// A step in words; nothing where it would round to nothing.
fn step(difference: f64, (more, less): (&str, &str)) -> Option<String> {
    let direction = if difference > 0.0 { more } else { less };
    match difference.abs() {
        ..0.005 => None,
        0.005..0.1 => Some(format!("a little {direction}")),
        0.1..0.3 => Some(direction.to_owned()),
        _ => Some(format!("much {direction}")),
    }
}

/// How a session stands where it does not count; nothing where it does.
pub const fn standing(session: &SessionSummary) -> Option<&'static str> {
    if session.excluded {
        return Some("Left out");
    }
    match session.state {
        SessionState::Open => Some("Still open. It is read when it ends."),
        SessionState::Ended => Some("Being read."),
        SessionState::Withheld => Some("Kept out of your picture."),
        SessionState::Reset => Some("Erased by you: what was measured of it is gone."),
        SessionState::Unmeasured => Some(match session.why_not {
            Some(WhyNot::Language) => "Not measured: in a language we can’t measure yet.",
            Some(WhyNot::NotProse) => "Not measured: pasted text, not your own words.",
            Some(WhyNot::TextGone) => "Not measured: its text is no longer kept.",
            Some(WhyNot::NoWords) | None => "Not measured: too few of your own words.",
        }),
        SessionState::Analysed => None,
    }
}

/// The feelings present in a session.
pub fn feelings(vector: &SessionVector) -> String {
    let present = vector.affect.present_families();
    let mut text = String::with_capacity(48);
    for family in &present {
        if text.is_empty() {
            text.push_str(family.title());
        } else {
            text.push_str(", ");
            text.push_str(&lower(family.title()));
        }
    }
    if present.is_empty() {
        text.push_str("No feeling stood out");
    }
    text
}

/// What a session's measure rests on.
pub fn extent(vector: &SessionVector) -> String {
    let coverage = &vector.coverage;
    let skipped: i32 = coverage.not_measured.iter().sum();
    let rest = if skipped > 0 { format!(" · {} not measured", counted(skipped, "turn")) } else { String::new() };
    format!("{}, {}{rest}", counted(coverage.turns, "turn"), counted(coverage.words, "word"))
}

/// A figure of −1…1 with its sign, the minus a real one.
pub fn signed(figure: f64) -> String {
    let sign = if figure < -0.005 {
        "−"
    } else if figure >= 0.005 {
        "+"
    } else {
        ""
    };
    format!("{sign}{:.2}", figure.abs())
}

/// `3 of 12` as a share in whole per cent, with the space that does not break.
pub fn percent(part: i32, whole: i32) -> String {
    format!("{:.0}\u{a0}%", f64::from(part) * 100.0 / f64::from(whole.max(1)))
}

fn counted(n: i32, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

fn sessions(n: i32) -> String {
    if n == 1 { "one session".to_owned() } else { format!("{} sessions", number(n)) }
}

/// Up to twelve in letters, more in digits.
fn number(n: i32) -> String {
    const WORDS: [&str; 13] =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    usize::try_from(n).ok().and_then(|n| WORDS.get(n)).map_or_else(|| n.to_string(), |word| (*word).to_owned())
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn lower(text: &str) -> String {
    text.to_lowercase()
}

#[cfg(test)]
mod tests {
    use chrono::Weekday;
    use spectrum_domain::{
        affect::Milli,
        calendar::Week,
        id::SessionId,
        rollup::{Moments, Rollup, Sums},
    };

    use super::*;

    fn week(label: &str) -> Week {
        Week::from_label(label.parse().expect("a week"), Weekday::Mon).expect("exists")
    }

    #[test]
    fn a_change_says_before_and_after() {
        let change = Change {
            session_id: SessionId("018f6f2a-0000-7000-8000-000000000001".parse().expect("an id")),
            excluded: true,
            effect: WeekChange {
                week: week("2026-W47").label(),
                sessions: (14, 13),
                valence: Some((0.20, 0.16)),
                arousal: Some((0.1, 0.1001)),
            },
        };
        let effect = change.effect;
        let none = WeekChange { valence: None, arousal: None, ..effect };
        let said = |change: Change| changed(&change);
        assert_eq!(said(change), "Left out. Was 14 sessions, now 13. The week’s middle is now a little less pleasant.");
        assert_eq!(
            said(Change { excluded: false, effect: WeekChange { sessions: (1, 2), ..none }, ..change }),
            "Taken in again. Was 1 session, now 2."
        );
        assert_eq!(
            said(Change {
                effect: WeekChange { valence: Some((-0.5, 0.1)), arousal: Some((0.3, 0.1)), ..effect },
                ..change
            }),
            "Left out. Was 14 sessions, now 13. The week’s middle is now much more pleasant and lower in energy."
        );
        assert_eq!(
            said(Change {
                effect: WeekChange { valence: Some((0.1, 0.1)), arousal: Some((0.1, 0.1)), ..effect },
                ..change
            }),
            "Left out. Was 14 sessions, now 13. The week’s middle stayed where it was."
        );
        assert_eq!(
            said(Change { effect: WeekChange { sessions: (7, 6), ..none }, ..change }),
            "Left out. Was 7 sessions, now 6. That is too few for a middle of the week."
        );
        let still = WeekChange { sessions: (3, 3), ..effect };
        assert_eq!(said(Change { effect: still, ..change }), "Left out. Still 3 sessions counted.");
        let word = |is| corrected(&Correcting { session_id: change.session_id, corrected: is, effect });
        assert_eq!(
            word(true),
            "Corrected: your word counts from now on. The week’s middle is now a little less pleasant."
        );
        assert!(word(false).starts_with("Taken back: what was measured counts again."));
    }

    #[test]
    fn days_are_told_apart_only_where_they_differ() {
        let days = week("2026-W47").days();
        let columns = |middles: [Option<i16>; 7]| {
            std::array::from_fn(|i| DayColumn {
                date: days[i],
                sessions: usize::from(middles[i].is_some()),
                range: middles[i].map(|m| (Milli(m), Milli(m), Milli(m))),
            })
        };
        let said = |middles| columns_takeaway(&columns(middles));
        assert_eq!(said([None, Some(3), None, None, None, None, None]), "All sessions fell on Tuesday.");
        assert_eq!(
            said([Some(-200), None, Some(300), None, None, None, Some(0)]),
            "Of the three days with sessions, Wednesday’s middle lay most pleasant and Monday’s least."
        );
        assert_eq!(said([Some(5), Some(5), None, None, None, None, None]), "The two days with sessions lay level.");
    }

    #[test]
    fn figures_carry_a_true_minus_and_no_sign_on_zero() {
        assert_eq!([0.214, -0.2, 0.001, -0.004].map(signed), ["+0.21", "−0.20", "0.00", "0.00"]);
        assert_eq!((percent(9, 12), percent(0, 0)), ("75\u{a0}%".to_owned(), "0\u{a0}%".to_owned()));
    }

    #[test]
    fn a_middle_is_spoken_of_only_with_enough_sessions() {
        let mut view = WeekView {
            member: spectrum_domain::member::Member {
                member_id: spectrum_domain::id::MemberId(
                    "018f6f2a-0000-7000-8000-000000000002".parse().expect("an id"),
                ),
                zone: chrono_tz::UTC,
                week_start: Weekday::Mon,
                locale: "en".to_owned(),
                plan: spectrum_domain::member::Plan::Free,
                data_version: 0,
            },
            week: week("2026-W47"),
            rollup: Rollup { sessions: 2, days: 2, ..Rollup::default() },
            before: Rollup::default(),
            models: vec![],
            models_before: vec![],
            sessions: vec![],
        };
        let today = view.week.start();
        assert_eq!(headline(&view, today).0, "Two sessions so far.");
        assert_eq!(against_before(&view), None);
        view.rollup = Rollup { sessions: 6, days: 6, ..Rollup::default() };
        view.rollup.families[1] = 4;
        assert_eq!(headline(&view, today).0, "Interest showed most often, in 4 of 6 sessions.");
        view.rollup.families[4] = 4;
        assert_eq!(headline(&view, today).0, "Interest and calm showed most often, each in 4 of 6 sessions.");
        view.rollup.sessions = 8;
        view.rollup.valence = Sums { moments: Moments { sum: 2400, squares: 740_000 }, min: 200, max: 400 };
        view.rollup.arousal = Sums { moments: Moments { sum: 0, squares: 800_000 }, min: -500, max: 500 };
        assert_eq!(
            headline(&view, today),
            (
                "Your week leaned pleasant.".to_owned(),
                Some("Whether energy was more high or low is too close to tell.".to_owned())
            )
        );
        assert_eq!(against_before(&view).as_deref(), Some("The week before has no sessions to compare with."));
        view.before = view.rollup.clone();
        assert_eq!(against_before(&view).as_deref(), Some("We can’t tell this week from the one before."));
    }
}
