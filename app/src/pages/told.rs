//! What a form of the settings just did, carried over the redirect to the page that tells it: as [`super::said`] does for
//! the week page, in the same cookie and read as strictly.

use std::fmt::Write as _;

use spectrum_domain::exclusion::WideChange;

use super::{
    ctx::{self, Cookie},
    said::{LIFETIME, read_effect, write_effect},
};
use crate::api::error::ApiError;

/// What is told on a settings page about the form before it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Told {
    /// Something is left out now.
    LeftOut(WideChange),
    /// Something was taken in again.
    TakenIn(WideChange),
    /// A pause has begun.
    Paused,
    /// A pause has ended.
    Resumed,
    /// Words are kept for as long as the others' are.
    TextKept,
    /// Words are dropped once they are read; those of so many sessions were just now.
    TextDropped(i32),
    /// The member is written to in another language, or in the one the host says.
    LanguageChosen,
    /// How the member uses Spectrum is counted.
    Counted,
    /// It is not, and what was counted is gone.
    NotCounted,
    /// A model may put findings into other words.
    ModelAllowed,
    /// It may not, and what one said is said by templates again.
    ModelStopped,
    /// The member lives in another zone from now on.
    ZoneMoved,
    /// Weeks begin on another day.
    WeeksMoved,
    /// Zone and weeks are what they were.
    CalendarSame,
    /// Whether and when the member is told of a week is decided.
    NoticesDecided,
    /// A test is on its way.
    TestOnItsWay,
    /// None of the member's devices can be reached from here.
    TestNowhere,
    /// A device is told nothing any more.
    DeviceRemoved,
    /// Nothing was changed: the days are none, or in the wrong order.
    BadDays,
    /// Nothing was changed: there is no such thing any more.
    Unknown,
    /// Nothing was changed: something on our side failed.
    Failed,
}

impl Told {
    /// Lays it into the answer for the next page.
    pub fn carry(&self) -> Result<(), ApiError> {
        ctx::carry(&self.write(), LIFETIME)
    }

    /// Takes what was carried here and clears it.
    pub fn take() -> Option<Self> {
        let told = Self::read(&ctx::cookie(Cookie::Said)?);
        // A cookie that can't be taken away tells its line again at most until it runs out.
        _ = ctx::set_cookie(Cookie::Said, "", 0);
        told
    }

    fn write(&self) -> String {
        match self {
            Self::LeftOut(change) => write_wide("out", change),
            Self::TakenIn(change) => write_wide("in", change),
            Self::Paused => "settings.paused".to_owned(),
            Self::Resumed => "settings.resumed".to_owned(),
            Self::TextKept => "settings.text-kept".to_owned(),
            Self::TextDropped(sessions) => format!("settings.text-dropped.{sessions}"),
            Self::LanguageChosen => "settings.language".to_owned(),
            Self::Counted => "settings.counted".to_owned(),
            Self::NotCounted => "settings.not-counted".to_owned(),
            Self::ModelAllowed => "settings.model".to_owned(),
            Self::ModelStopped => "settings.no-model".to_owned(),
            Self::ZoneMoved => "settings.zone".to_owned(),
            Self::WeeksMoved => "settings.weeks".to_owned(),
            Self::CalendarSame => "settings.same".to_owned(),
            Self::NoticesDecided => "settings.notices".to_owned(),
            Self::TestOnItsWay => "settings.test".to_owned(),
            Self::TestNowhere => "settings.no-test".to_owned(),
            Self::DeviceRemoved => "settings.device".to_owned(),
            Self::BadDays => "settings.bad-days".to_owned(),
            Self::Unknown => "settings.unknown".to_owned(),
            Self::Failed => "settings.failed".to_owned(),
        }
    }

    fn read(text: &str) -> Option<Self> {
        let mut fields = text.strip_prefix("settings.")?.split('.');
        let told = match fields.next()? {
            "out" => Self::LeftOut(read_wide(&mut fields)?),
            "in" => Self::TakenIn(read_wide(&mut fields)?),
            "paused" => Self::Paused,
            "resumed" => Self::Resumed,
            "text-kept" => Self::TextKept,
            "text-dropped" => Self::TextDropped(count(fields.next()?)?),
            "language" => Self::LanguageChosen,
            "counted" => Self::Counted,
            "not-counted" => Self::NotCounted,
            "model" => Self::ModelAllowed,
            "no-model" => Self::ModelStopped,
            "zone" => Self::ZoneMoved,
            "weeks" => Self::WeeksMoved,
            "same" => Self::CalendarSame,
            "notices" => Self::NoticesDecided,
            "test" => Self::TestOnItsWay,
            "no-test" => Self::TestNowhere,
            "device" => Self::DeviceRemoved,
            "bad-days" => Self::BadDays,
            "unknown" => Self::Unknown,
            "failed" => Self::Failed,
            _ => return None,
        };
        fields.next().is_none().then_some(told)
    }
}

fn count(text: &str) -> Option<i32> {
    text.parse().ok().filter(|n| (0..10_000_000).contains(n))
}

fn write_wide(word: &str, change: &WideChange) -> String {
    let mut text = format!("settings.{word}.{}.{}", change.sessions, change.weeks);
    if let Some(newest) = &change.newest {
        // Writing to a String can't fail.
        _ = write!(text, ".{}.", newest.week);
        write_effect(&mut text, "week", newest);
    }
    text
}

fn read_wide<'a>(fields: &mut impl Iterator<Item = &'a str>) -> Option<WideChange> {
    let (sessions, weeks) = (count(fields.next()?)?, count(fields.next()?)?);
    let newest = match fields.next() {
        None => None,
        Some(week) => {
            let week = week.parse().ok()?;
            (fields.next()? == "week").then_some(())?;
            Some(read_effect(week, fields)?)
        }
    };
    Some(WideChange { sessions, weeks, newest })
}

#[cfg(test)]
mod tests {
    use spectrum_domain::{calendar::WeekLabel, exclusion::WeekChange};

    use super::*;

    #[test]
    fn comes_back_as_it_was_and_nothing_else_does() {
        let newest = WeekChange {
            week: WeekLabel { year: 2026, week: 47 },
            sessions: (14, 9),
            valence: Some((0.1, -0.2)),
            arousal: None,
        };
        for told in [
            Told::LeftOut(WideChange { sessions: 120, weeks: 31, newest: Some(newest) }),
            Told::TakenIn(WideChange::default()),
            Told::Paused,
            Told::Resumed,
            Told::TextKept,
            Told::TextDropped(12),
            Told::LanguageChosen,
            Told::Counted,
            Told::NotCounted,
            Told::ModelAllowed,
            Told::ModelStopped,
            Told::ZoneMoved,
            Told::WeeksMoved,
            Told::CalendarSame,
            Told::NoticesDecided,
            Told::TestOnItsWay,
            Told::TestNowhere,
            Told::DeviceRemoved,
            Told::BadDays,
            Told::Unknown,
            Told::Failed,
        ] {
            assert_eq!(Told::read(&told.write()), Some(told));
            assert_eq!(Told::read(&format!("{}.x", told.write())), None, "{told:?}");
        }
        for text in ["", "settings", "settings.", "settings.out.-1.0", "settings.out.1", "out.1.1", "settings.paused.1"]
        {
            assert_eq!(Told::read(text), None, "{text}");
        }
    }
}
