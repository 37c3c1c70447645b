//! What the settings say, as pure functions of what they show. The sentences themselves are in `words/*/settings.ftl`.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use spectrum_core::control::settings::Settings;
use spectrum_domain::exclusion::{Exclusion, Reason, Scope, WideChange};

use crate::pages::{
    language::{Words, args, id},
    told::Told,
    week::words::effect,
};

/// How much is left out.
pub fn kept_out(words: Words, settings: &Settings) -> String {
    let things = words.say_with("settings-left-out", &args! { n: settings.exclusions });
    if settings.paused { words.say_with("settings-paused", &args! { left_out: things }) } else { things }
}

/// Whether words are kept.
pub fn kept_words(words: Words, settings: &Settings) -> String {
    if settings.keep_text {
        words.say_with("settings-text-kept", &args! { days: settings.text_days })
    } else {
        words.say("settings-text-dropped")
    }
}

/// Who chooses the words.
pub fn model(words: Words, settings: &Settings) -> String {
    words.say(if settings.model { id("settings-model-yes") } else { id("settings-model-no") })
}

/// What a form did.
pub fn told(words: Words, told: &Told) -> String {
    match told {
        Told::LeftOut(change) => words.say_with("told-left-out", &args! { change: wide(words, change) }),
        Told::TakenIn(change) => words.say_with("told-taken-in", &args! { change: wide(words, change) }),
        Told::Paused => words.say("told-paused"),
        Told::Resumed => words.say("told-resumed"),
        Told::TextKept => words.say("told-text-kept"),
        Told::TextDropped(n) => words.say_with("told-text-dropped", &args! { n: *n }),
        Told::LanguageChosen => words.say("told-language"),
        Told::Counted => words.say("told-counted"),
        Told::NotCounted => words.say("told-not-counted"),
        Told::ModelAllowed => words.say("told-model-allowed"),
        Told::ModelStopped => words.say("told-model-stopped"),
        Told::ZoneMoved => words.say("told-zone"),
        Told::WeeksMoved => words.say("told-weeks"),
        Told::CalendarSame => words.say("told-calendar-same"),
        Told::NoticesDecided => words.say("told-notices"),
        Told::TestOnItsWay => words.say("told-test"),
        Told::TestNowhere => words.say("told-no-test"),
        Told::DeviceRemoved => words.say("told-device-removed"),
        Told::BadDays => words.say("told-bad-days"),
        Told::Unknown => words.say("told-unknown"),
        Told::Failed => words.say("told-failed"),
    }
}

fn wide(words: Words, change: &WideChange) -> String {
    let n = change.sessions;
    match (n, change.weeks, &change.newest) {
        (0, ..) => words.say("told-wide-none"),
        (_, 0, _) | (.., None) => words.say_with("told-wide-no-week", &args! { n: n }),
        (_, weeks, Some(newest)) => {
            words.say_with("told-wide-weeks", &args! { n: n, weeks: weeks, effect: effect(words, newest) })
        }
    }
}

/// What an exclusion keeps out.
pub fn scope(words: Words, exclusion: &Exclusion, zone: Tz) -> String {
    let day_of = |at: DateTime<Utc>| words.day(at.with_timezone(&zone).date_naive());
    match exclusion.scope {
        Scope::Session(_) => words.say("exclusions-session"),
        Scope::Feature(feature) => words.say_with("exclusions-feature", &args! { feature: words.feature(feature) }),
        Scope::Period { first, last } if first == last => words.day(first),
        Scope::Period { first, last } => {
            words.say_with("exclusions-range", &args! { first: words.day(first), last: words.day(last) })
        }
        Scope::Pause { from, until: None } => words.say_with("exclusions-pause-since", &args! { from: day_of(from) }),
        Scope::Pause { from, until: Some(until) } => {
            words.say_with("exclusions-pause-range", &args! { from: day_of(from), until: day_of(until) })
        }
    }
}

/// When it was left out, and why.
pub fn since(words: Words, exclusion: &Exclusion, zone: Tz) -> String {
    let day = words.day(exclusion.since.with_timezone(&zone).date_naive());
    let reason = exclusion.reason.map_or("none", Reason::name);
    words.say_with("exclusions-since", &args! { day: day, reason: reason })
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use spectrum_domain::{
        calendar::WeekLabel,
        exclusion::{Reason, WeekChange},
    };

    use super::*;

    fn english() -> Words {
        Words::of_tag("en")
    }

    #[test]
    fn a_wide_change_says_how_many_and_what_became_of_the_newest_week() {
        let week = WeekLabel { year: 2026, week: 47 };
        let newest = Some(WeekChange { week, sessions: (9, 5), valence: None, arousal: None });
        let said = |sessions, weeks, newest| told(english(), &Told::LeftOut(WideChange { sessions, weeks, newest }));
        assert_eq!(said(0, 0, None), "Left out. No session is touched by that yet.");
        assert_eq!(said(1, 0, None), "Left out. One session, and no week’s numbers changed.");
        assert_eq!(
            said(4, 1, newest),
            "Left out. 4 sessions in one week. Was 9 sessions, now 5. That is too few for a middle of the week."
        );
        assert!(said(120, 31, newest).starts_with("Left out. 120 sessions in 31 weeks. The newest of them: Was 9"));
    }

    #[test]
    fn an_exclusion_names_its_days_where_the_member_lives() {
        let since: DateTime<Utc> = "2026-11-20T23:30:00Z".parse().expect("an instant");
        let exclusion = Exclusion {
            exclusion_id: uuid::Uuid::nil().into(),
            scope: Scope::Pause { from: since, until: None },
            reason: Some(Reason::Private),
            since,
        };
        let auckland = chrono_tz::Pacific::Auckland;
        assert_eq!(scope(english(), &exclusion, auckland), "Everything since 21 November 2026");
        assert_eq!(
            super::since(english(), &exclusion, auckland),
            "Left out on 21 November 2026: too private to be counted."
        );
    }
}
