//! What the week page says, as pure functions of what it shows: which message, with which figures. The sentences themselves
//! are in `words/*/week.ftl`.

use chrono::NaiveDate;
use spectrum_domain::{
    affect::Quadrant,
    exclusion::{Change, WeekChange},
    measure::{SessionVector, WhyNot},
    rollup::{Estimate, Tier},
    session::{SessionState, SessionSummary},
    week::{Comparison, DayColumn, WeekView},
};

use crate::pages::{
    language::{Words, args, id},
    said::Correcting,
};

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
pub fn headline(words: Words, view: &WeekView, today: NaiveDate) -> (String, Option<String>) {
    let n = view.rollup.sessions;
    match view.rollup.tier() {
        Tier::Empty => {
            let (first, second) = empty_headline(emptiness(view, today));
            (words.say(first), Some(words.say(second)))
        }
        Tier::Few => (words.say_with("week-few", &args! { n: n }), Some(words.say("week-few-more"))),
        Tier::Some => (mix_takeaway(words, view), Some(below_the_mean(words, view))),
        Tier::Enough => {
            let (first, second) = lean(view);
            (words.say(first), second.map(|second| words.say(second)))
        }
    }
}

const fn empty_headline(why: Emptiness) -> (&'static str, &'static str) {
    match why {
        Emptiness::NothingYet => (id("week-nothing-yet"), id("week-nothing-yet-more")),
        Emptiness::NoSessions => (id("week-no-sessions"), id("week-no-sessions-more")),
        Emptiness::AllLeftOut => (id("week-all-left-out"), id("week-all-left-out-more")),
        Emptiness::AllPending => (id("week-all-pending"), id("week-all-pending-more")),
        Emptiness::NothingMeasured => (id("week-nothing-measured"), id("week-nothing-measured-more")),
        Emptiness::OtherLanguages => (id("week-other-languages"), id("week-other-languages-more")),
        Emptiness::Withheld => (id("week-withheld"), id("week-withheld-more")),
    }
}

/// What a week between three sessions and the floor for a mean lacks.
fn below_the_mean(words: Words, view: &WeekView) -> String {
    match view.rollup.sessions {
        7.. => words.say("week-below-days"),
        n => words.say_with("week-below-sessions", &args! { n: n }),
    }
}

/// Which way the week leaned: only where the interval of a mean keeps clear of the middle of its scale.
fn lean(view: &WeekView) -> (&'static str, Option<&'static str>) {
    let side = |estimate: Option<Estimate>| estimate.filter(|e| e.mean.abs() > e.half_width).map(|e| e.mean > 0.0);
    let (energy, valence) = (Some(id("week-close-energy")), Some(id("week-close-valence")));
    match (side(view.rollup.valence_estimate()), side(view.rollup.arousal_estimate())) {
        (Some(true), Some(true)) => (id("week-lean-pleasant-high"), None),
        (Some(true), Some(false)) => (id("week-lean-pleasant-low"), None),
        (Some(false), Some(true)) => (id("week-lean-unpleasant-high"), None),
        (Some(false), Some(false)) => (id("week-lean-unpleasant-low"), None),
        (Some(true), None) => (id("week-lean-pleasant"), energy),
        (Some(false), None) => (id("week-lean-unpleasant"), energy),
        (None, Some(true)) => (id("week-lean-high"), valence),
        (None, Some(false)) => (id("week-lean-low"), valence),
        (None, None) => (id("week-lean-neither"), Some(id("week-close-both"))),
    }
}

/// How the week compares with the one before; nothing where the week itself is below the floor for a mean.
pub fn against_before(words: Words, view: &WeekView) -> Option<String> {
    if view.rollup.tier() < Tier::Enough {
        return None;
    }
    let valence = match view.valence_against_before() {
        Comparison::TooFew => {
            return Some(match view.before.sessions {
                0 => words.say("week-before-none"),
                n => words.say_with("week-before-few", &args! { n: n }),
            });
        }
        Comparison::CannotTell => None,
        Comparison::Higher(_) => Some(id("step-pleasant")),
        Comparison::Lower(_) => Some(id("step-unpleasant")),
    };
    let arousal = match view.arousal_against_before() {
        Comparison::TooFew | Comparison::CannotTell => None,
        Comparison::Higher(_) => Some(id("step-higher")),
        Comparison::Lower(_) => Some(id("step-lower")),
    };
    let [valence, arousal] =
        [valence, arousal].map(|step| step.map(|step| words.say_with(step, &args! { size: "some" })));
    Some(match (valence, arousal) {
        (None, None) => words.say("week-before-same"),
        (Some(only), None) | (None, Some(only)) => words.say_with("week-before-one", &args! { step: only }),
        (Some(valence), Some(arousal)) => {
            words.say_with("week-before-two", &args! { valence: valence, arousal: arousal })
        }
    })
}

/// What the page rests on: `12 sessions on 6 days · 2 left out · 1 not measured`. A withheld session is in no figure.
pub fn coverage(words: Words, view: &WeekView) -> Option<String> {
    let mut parts = Vec::with_capacity(4);
    let (sessions, days) = (view.rollup.sessions, view.rollup.days);
    if sessions > 0 {
        parts.push(words.say_with("week-coverage", &args! { sessions: sessions, days: days }));
    }
    let foreign = view.not_measured(WhyNot::Language);
    let other: usize = WhyNot::ALL.into_iter().map(|why| view.not_measured(why)).sum::<usize>() - foreign;
    let counts =
        [(id("week-left-out"), view.excluded()), (id("week-foreign"), foreign), (id("week-not-measured"), other)];
    let counts = counts.into_iter().filter(|(_, n)| *n > 0);
    parts.extend(counts.map(|(message, n)| words.say_with(message, &args! { n: n })));
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// What is still to come.
pub fn pending(words: Words, view: &WeekView) -> Option<String> {
    let n = view.pending();
    (n > 0).then(|| words.say_with("week-pending", &args! { n: n }))
}

/// What the plane shows, in one sentence.
pub fn plane_takeaway(words: Words, view: &WeekView) -> String {
    let n = view.rollup.sessions;
    if view.rollup.tier() <= Tier::Few {
        return words.say("week-plane-few");
    }
    let of = |quadrant: Quadrant| view.rollup.quadrants[quadrant.index()];
    let pleasant = of(Quadrant::HighPleasant) + of(Quadrant::LowPleasant);
    let high = of(Quadrant::HighPleasant) + of(Quadrant::HighUnpleasant);
    // The greater part of each, so that the counts read the way the picture leans.
    let (valence, side) = if pleasant * 2 >= n { (pleasant, "pleasant") } else { (n - pleasant, "unpleasant") };
    let (energy, level) = if high * 2 >= n { (high, "high") } else { (n - high, "low") };
    words.say_with("week-plane-sides", &args! { n: n, valence: valence, side: side, energy: energy, level: level })
}

/// The week's middle in figures, and how it is drawn.
pub fn middle(words: Words, valence: Estimate, arousal: Estimate) -> String {
    words.say_with(
        "week-plane-middle",
        &args! {
            valence: words.signed(valence.mean),
            valence_reach: words.decimals(valence.half_width, 2),
            arousal: words.signed(arousal.mean),
            arousal_reach: words.decimals(arousal.half_width, 2),
        },
    )
}

/// What the day columns show, in one sentence.
pub fn columns_takeaway(words: Words, columns: &[DayColumn; 7]) -> String {
    let days: Vec<_> = columns.iter().filter_map(|day| Some((day.date, day.range?.1))).collect();
    let least = days.iter().min_by_key(|(_, middle)| *middle);
    let most = days.iter().max_by_key(|(_, middle)| *middle);
    match (days.len(), least, most) {
        (1, Some((date, _)), _) => words.say_with("week-days-one", &args! { day: words.weekday(*date) }),
        (n, Some((low, a)), Some((high, b))) if a < b => {
            words.say_with("week-days-apart", &args! { n: n, most: words.weekday(*high), least: words.weekday(*low) })
        }
        (n, ..) => words.say_with("week-days-level", &args! { n: n }),
    }
}

/// What the distribution shows, in one sentence.
pub fn mix_takeaway(words: Words, view: &WeekView) -> String {
    let counts = view.rollup.families_by_count();
    let n = view.rollup.sessions;
    let Some((first, most)) = counts.first() else {
        return words.say_with("week-mix-none", &args! { n: n });
    };
    let level: Vec<_> = counts.iter().take_while(|(_, count)| count == most).map(|(family, _)| *family).collect();
    if level.len() > 3 {
        return words.say_with("week-mix-many", &args! { n: level.len(), most: *most, of: n });
    }
    let mut names = vec![words.family(*first)];
    names.extend(level.iter().skip(1).map(|family| words.family_inside(*family)));
    let message = if level.len() == 1 { id("week-mix-one") } else { id("week-mix-several") };
    words.say_with(message, &args! { families: words.list(&names), most: *most, of: n })
}

/// How broad the distribution is: said where the headline already names what showed most.
pub fn mix_breadth(words: Words, view: &WeekView) -> String {
    let present = view.rollup.families.iter().filter(|n| **n > 0).count();
    words.say_with("week-mix-breadth", &args! { n: present })
}

/// What leaving a session out, or taking it in again, did.
pub fn changed(words: Words, change: &Change) -> String {
    let did = if change.excluded { words.say("said-left-out") } else { words.say("said-taken-in") };
    format!("{did} {}", effect(words, &change.effect))
}

/// What a correction did.
pub fn corrected(words: Words, correcting: &Correcting) -> String {
    let did = if correcting.corrected { words.say("said-corrected") } else { words.say("said-correction-back") };
    join(did, moved(words, &correcting.effect))
}

/// What was done to a week.
pub fn effect(words: Words, change: &WeekChange) -> String {
    let (was, now) = change.sessions;
    if was == now {
        words.say_with("said-still", &args! { n: now })
    } else {
        join(words.say_with("said-was", &args! { n: was, now: now }), moved(words, change))
    }
}

fn join(sentence: String, next: Option<String>) -> String {
    match next {
        Some(next) => format!("{sentence} {next}"),
        None => sentence,
    }
}

/// Where the week's middle went, or that there is none any more; nothing where there was none.
fn moved(words: Words, change: &WeekChange) -> Option<String> {
    let (Some((valence, valence_now)), Some((arousal, arousal_now))) = (change.valence, change.arousal) else {
        let lost = change.sessions.0 >= 7 && change.sessions.1 < 7;
        return lost.then(|| words.say("said-too-few"));
    };
    let steps = [
        step(words, valence_now - valence, (id("step-pleasant"), id("step-unpleasant"))),
        step(words, arousal_now - arousal, (id("step-higher"), id("step-lower"))),
    ];
    Some(match steps {
        [None, None] => words.say("said-stayed"),
        [Some(only), None] | [None, Some(only)] => words.say_with("said-moved-one", &args! { step: only }),
        [Some(valence), Some(arousal)] => {
            words.say_with("said-moved-two", &args! { valence: valence, arousal: arousal })
        }
    })
}

/// A step in words; nothing where it would round to nothing.
fn step(words: Words, difference: f64, (more, less): (&str, &str)) -> Option<String> {
    let size = match difference.abs() {
        ..0.005 => return None,
        0.005..0.1 => "little",
        0.1..0.3 => "some",
        _ => "much",
    };
    Some(words.say_with(if difference > 0.0 { more } else { less }, &args! { size: size }))
}

/// How a session stands where it does not count; nothing where it does.
pub fn standing(words: Words, session: &SessionSummary) -> Option<String> {
    let message = match session.state {
        _ if session.excluded => id("week-session-left-out"),
        SessionState::Open => id("week-session-open"),
        SessionState::Ended => id("week-session-ended"),
        SessionState::Withheld => id("week-session-withheld"),
        SessionState::Reset => id("week-session-reset"),
        SessionState::Unmeasured => match session.why_not {
            Some(WhyNot::Language) => id("week-session-language"),
            Some(WhyNot::NotProse) => id("week-session-not-prose"),
            Some(WhyNot::TextGone) => id("week-session-text-gone"),
            Some(WhyNot::NoWords) | None => id("week-session-no-words"),
        },
        SessionState::Analysed => return None,
    };
    Some(words.say(message))
}

/// The feelings present in a session.
pub fn feelings(words: Words, vector: &SessionVector) -> String {
    let present = vector.affect.present_families();
    let names: Vec<_> = present
        .iter()
        .enumerate()
        .map(|(at, family)| if at == 0 { words.family(*family) } else { words.family_inside(*family) })
        .collect();
    if names.is_empty() { words.say("week-session-no-feeling") } else { names.join(", ") }
}

/// What a session's measure rests on.
pub fn extent(words: Words, vector: &SessionVector) -> String {
    let coverage = &vector.coverage;
    let extent = words.say_with("week-session-extent", &args! { turns: coverage.turns, words: coverage.words });
    match coverage.not_measured.iter().sum::<i32>() {
        ..=0 => extent,
        skipped => format!("{extent} · {}", words.say_with("week-session-skipped", &args! { n: skipped })),
    }
}

/// A session's place in the week: `Monday 16 November, 20:14`.
pub fn moment(words: Words, session: &SessionSummary) -> String {
    let (day, clock) = (words.weekday_and_day(session.local_date), words.clock_of(session.local_minute));
    words.say_with("week-moment", &args! { day: day, clock: clock })
}

/// The same on the page of its week: `Monday 20:14`.
pub fn moment_of_week(words: Words, session: &SessionSummary) -> String {
    let (day, clock) = (words.weekday(session.local_date), words.clock_of(session.local_minute));
    words.say_with("week-list-day", &args! { day: day, clock: clock })
}

/// The same where there is little room: `Mon 20:14`.
pub fn moment_short(words: Words, session: &SessionSummary) -> String {
    let (day, clock) = (words.weekday_short(session.local_date), words.clock_of(session.local_minute));
    words.say_with("week-list-day", &args! { day: day, clock: clock })
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

    fn english() -> Words {
        Words::of_tag("en")
    }

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
        let said = |change: Change| changed(english(), &change);
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
        let word = |is| corrected(english(), &Correcting { session_id: change.session_id, corrected: is, effect });
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
        let said = |middles| columns_takeaway(english(), &columns(middles));
        assert_eq!(said([None, Some(3), None, None, None, None, None]), "All sessions fell on Tuesday.");
        assert_eq!(
            said([Some(-200), None, Some(300), None, None, None, Some(0)]),
            "Of the three days with sessions, Wednesday’s middle lay most pleasant and Monday’s least."
        );
        assert_eq!(said([Some(5), Some(5), None, None, None, None, None]), "The two days with sessions lay level.");
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
                counted: false,
            },
            week: week("2026-W47"),
            rollup: Rollup { sessions: 2, days: 2, ..Rollup::default() },
            before: Rollup::default(),
            models: vec![],
            models_before: vec![],
            sessions: vec![],
        };
        let today = view.week.start();
        assert_eq!(headline(english(), &view, today).0, "Two sessions so far.");
        assert_eq!(against_before(english(), &view), None);
        view.rollup = Rollup { sessions: 6, days: 6, ..Rollup::default() };
        view.rollup.families[1] = 4;
        assert_eq!(headline(english(), &view, today).0, "Interest showed most often, in 4 of 6 sessions.");
        view.rollup.families[4] = 4;
        assert_eq!(
            headline(english(), &view, today).0,
            "Interest and calm showed most often, each in 4 of 6 sessions."
        );
        view.rollup.sessions = 8;
        view.rollup.valence = Sums { moments: Moments { sum: 2400, squares: 740_000 }, min: 200, max: 400 };
        view.rollup.arousal = Sums { moments: Moments { sum: 0, squares: 800_000 }, min: -500, max: 500 };
        assert_eq!(
            headline(english(), &view, today),
            (
                "Your week leaned pleasant.".to_owned(),
                Some("Whether energy was more high or low is too close to tell.".to_owned())
            )
        );
        assert_eq!(
            against_before(english(), &view).as_deref(),
            Some("The week before has no sessions to compare with.")
        );
        view.before = view.rollup.clone();
        assert_eq!(against_before(english(), &view).as_deref(), Some("We can’t tell this week from the one before."));
    }
}
