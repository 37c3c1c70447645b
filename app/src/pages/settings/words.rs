//! What the settings say, as pure functions of what they show.

use chrono_tz::Tz;
use spectrum_core::control::settings::Settings;
use spectrum_domain::exclusion::{Exclusion, Scope, WideChange};

use crate::pages::{
    told::Told,
    week::{dates::day, words::effect},
};

/// How much is left out.
pub fn kept_out(settings: &Settings) -> String {
    let Settings { exclusions, paused, .. } = settings;
    let things = match exclusions {
        0 => "Nothing is left out.".to_owned(),
        1 => "One thing is left out.".to_owned(),
        n => format!("{n} things are left out."),
    };
    if *paused { format!("Paused: what you write now is not read. {things}") } else { things }
}

/// Whether words are kept.
pub fn kept_words(settings: &Settings) -> String {
    if settings.keep_text {
        format!(
            "Your words are kept sealed for {} days, so that a session can be read again if it was misread. What was \
             measured stays when they go.",
            settings.text_days
        )
    } else {
        "Your words are dropped as soon as a session is read. What was measured stays; it can’t be measured again."
            .to_owned()
    }
}

/// What a form did.
pub fn told(told: &Told) -> String {
    match told {
        Told::LeftOut(change) => format!("Left out. {}", wide(change)),
        Told::TakenIn(change) => format!("Taken in again. {}", wide(change)),
        Told::Paused => "Paused. What you write from now on is not read until you resume.".to_owned(),
        Told::Resumed => "Resumed. What you write from now on is read; what you wrote meanwhile stays out.".to_owned(),
        Told::TextKept => "Changed. Your words are kept for 30 days from now on.".to_owned(),
        Told::TextDropped(0) => "Changed. Your words are dropped as soon as a session is read.".to_owned(),
        Told::TextDropped(1) => "Changed. The words of one session that was read are gone.".to_owned(),
        Told::TextDropped(n) => format!("Changed. The words of {n} sessions that were read are gone."),
        Told::BadDays => {
            "Nothing was changed: choose a first and a last day, the last not before the first.".to_owned()
        }
        Told::Unknown => "Nothing was changed: that is no longer in the list.".to_owned(),
        Told::Failed => {
            "Nothing was changed: something on our side did not answer. It is safe to try again.".to_owned()
        }
    }
}

fn wide(change: &WideChange) -> String {
    let sessions = match change.sessions {
        0 => return "No session is touched by that yet.".to_owned(),
        1 => "One session".to_owned(),
        n => format!("{n} sessions"),
    };
    match (change.weeks, &change.newest) {
        (0, _) | (_, None) => format!("{sessions}, and no week’s numbers changed."),
        (1, Some(newest)) => format!("{sessions} in one week. {}", effect(newest)),
        (weeks, Some(newest)) => format!("{sessions} in {weeks} weeks. The newest of them: {}", effect(newest)),
    }
}

/// What an exclusion keeps out.
pub fn scope(exclusion: &Exclusion, zone: Tz) -> String {
    match exclusion.scope {
        Scope::Session(_) => "One session".to_owned(),
        Scope::Feature(feature) => format!("All {} sessions", feature.title()),
        Scope::Period { first, last } if first == last => day(first),
        Scope::Period { first, last } => format!("{} to {}", day(first), day(last)),
        Scope::Pause { from, until: None } => {
            format!("Everything since {}", day(from.with_timezone(&zone).date_naive()))
        }
        Scope::Pause { from, until: Some(until) } => {
            let (from, until) = (from.with_timezone(&zone).date_naive(), until.with_timezone(&zone).date_naive());
            format!("The pause from {} to {}", day(from), day(until))
        }
    }
}

/// When it was left out, and why.
pub fn since(exclusion: &Exclusion, zone: Tz) -> String {
    let when = format!("Left out on {}", day(exclusion.since.with_timezone(&zone).date_naive()));
    match exclusion.reason {
        Some(reason) => format!("{when}: {}.", lower(reason.title())),
        None => format!("{when}."),
    }
}

fn lower(text: &str) -> String {
    // "I" stays as it is.
    if text.starts_with("I ") {
        return text.to_owned();
    }
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use spectrum_domain::{
        calendar::WeekLabel,
        exclusion::{Reason, WeekChange},
    };

    use super::*;

    #[test]
    fn a_wide_change_says_how_many_and_what_became_of_the_newest_week() {
        let week = WeekLabel { year: 2026, week: 47 };
        let newest = Some(WeekChange { week, sessions: (9, 5), valence: None, arousal: None });
        let said = |sessions, weeks, newest| told(&Told::LeftOut(WideChange { sessions, weeks, newest }));
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
        assert_eq!(scope(&exclusion, auckland), "Everything since 21 November 2026");
        assert_eq!(super::since(&exclusion, auckland), "Left out on 21 November 2026: too private to be counted.");
    }
}
