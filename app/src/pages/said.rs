//! What the form just posted did, carried over the redirect to the page that says it.
//!
//! It travels in a cookie of our own that scripts can't read and that the page takes away, not in the address: an
//! address can be written by anybody, kept as a bookmark and loaded again, and would then say what is not so. Even so
//! the cookie is read strictly: a week, a session, whole numbers and known words; anything else is no message.

use std::fmt::Write as _;

use spectrum_domain::{
    affect::Milli,
    calendar::WeekLabel,
    exclusion::{Change, WeekChange},
    id::SessionId,
};

use super::ctx::{self, Cookie};
use crate::api::error::ApiError;

/// How long a browser may keep it should the page never be reached, in seconds.
pub(super) const LIFETIME: i64 = 60;

/// A correction, or one that was taken back, and what it did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Correcting {
    /// Which session.
    pub session_id: SessionId,
    /// The member's own word counts now; else the model's again.
    pub corrected: bool,
    /// Its week.
    pub effect: WeekChange,
}

/// What is said on a week's page about the form before it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Said {
    /// A session was left out or taken in again.
    Changed(Change),
    /// A session was corrected, or a correction taken back.
    Corrected(Correcting),
    /// Nothing was changed: there is no such session.
    Unknown(WeekLabel, SessionId),
    /// Nothing was changed: something on our side failed.
    Failed(WeekLabel, SessionId),
}

impl Said {
    /// The week it is about.
    pub const fn week(&self) -> WeekLabel {
        match self {
            Self::Changed(change) => change.effect.week,
            Self::Corrected(correcting) => correcting.effect.week,
            Self::Unknown(week, _) | Self::Failed(week, _) => *week,
        }
    }

    /// The session it is about.
    pub const fn session_id(&self) -> SessionId {
        match self {
            Self::Changed(change) => change.session_id,
            Self::Corrected(correcting) => correcting.session_id,
            Self::Unknown(_, session_id) | Self::Failed(_, session_id) => *session_id,
        }
    }

    /// Lays it into the answer for the next page.
    pub fn carry(&self) -> Result<(), ApiError> {
        ctx::carry(&self.write(), LIFETIME)
    }

    /// Takes what was carried here, if it is about this week, and clears it.
    pub fn take(week: WeekLabel) -> Option<Self> {
        Self::take_any().filter(|said| said.week() == week)
    }

    /// Takes what was carried here, whichever week it is about, and clears it.
    pub fn take_any() -> Option<Self> {
        let said = Self::read(&ctx::cookie(Cookie::Said)?);
        // A cookie that can't be taken away says its line again at most until it runs out.
        _ = ctx::set_cookie(Cookie::Said, "", 0);
        said
    }

    fn write(&self) -> String {
        let mut text = format!("{}.{}.", self.week(), self.session_id());
        match self {
            Self::Changed(change) => {
                write_effect(&mut text, if change.excluded { "out" } else { "in" }, &change.effect);
            }
            Self::Corrected(correcting) => {
                let word = if correcting.corrected { "corrected" } else { "back" };
                write_effect(&mut text, word, &correcting.effect);
            }
            Self::Unknown(..) => text.push_str("unknown"),
            Self::Failed(..) => text.push_str("failed"),
        }
        text
    }

    fn read(text: &str) -> Option<Self> {
        let mut fields = text.split('.');
        let week = fields.next()?.parse().ok()?;
        let session_id = fields.next()?.parse().ok()?;
        let said = match fields.next()? {
            "unknown" => Self::Unknown(week, session_id),
            "failed" => Self::Failed(week, session_id),
            word @ ("out" | "in" | "corrected" | "back") => {
                let effect = read_effect(week, &mut fields)?;
                match word {
                    "out" | "in" => Self::Changed(Change { session_id, excluded: word == "out", effect }),
                    _ => Self::Corrected(Correcting { session_id, corrected: word == "corrected", effect }),
                }
            }
            _ => return None,
        };
        fields.next().is_none().then_some(said)
    }
}

/// A word, and what was done to a week in figures; the week itself stands before it.
pub(super) fn write_effect(text: &mut String, word: &str, effect: &WeekChange) {
    // Writing to a String can't fail.
    _ = write!(text, "{word}.{}.{}", effect.sessions.0, effect.sessions.1);
    for pair in [effect.valence, effect.arousal] {
        _ = match pair {
            Some((from, to)) => write!(text, ".{}.{}", Milli::of(from).0, Milli::of(to).0),
            None => write!(text, ".."),
        };
    }
}

/// The figures behind the word.
pub(super) fn read_effect<'a>(week: WeekLabel, fields: &mut impl Iterator<Item = &'a str>) -> Option<WeekChange> {
    let mut sessions = || fields.next()?.parse::<i32>().ok().filter(|n| (0..10_000).contains(n));
    let sessions = (sessions()?, sessions()?);
    Some(WeekChange { week, sessions, valence: read_pair(fields)?, arousal: read_pair(fields)? })
}

/// Two figures in thousandths, or two empty fields; the outer nothing is what can't be read.
#[expect(clippy::option_option, reason = "an absent figure and an unreadable one are different answers")]
fn read_pair<'a>(fields: &mut impl Iterator<Item = &'a str>) -> Option<Option<(f64, f64)>> {
    let figure =
        |text: &str| text.parse::<i16>().ok().filter(|m| (-1000..=1000).contains(m)).map(|m| Milli(m).as_f64());
    match (fields.next()?, fields.next()?) {
        ("", "") => Some(None),
        (from, to) => Some(Some((figure(from)?, figure(to)?))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change() -> Change {
        Change {
            session_id: "018f6f2a-0000-7000-8000-000000000001".parse().expect("an id"),
            excluded: true,
            effect: WeekChange {
                week: WeekLabel { year: 2026, week: 47 },
                sessions: (14, 13),
                valence: Some((0.12, -0.034)),
                arousal: None,
            },
        }
    }

    #[test]
    fn comes_back_as_it_was() {
        let change = change();
        let effect = WeekChange { valence: None, arousal: Some((-1.0, 1.0)), ..change.effect };
        let session_id = change.session_id;
        for said in [
            Said::Changed(change),
            Said::Changed(Change { excluded: false, effect, ..change }),
            Said::Corrected(Correcting { session_id, corrected: true, effect }),
            Said::Corrected(Correcting { session_id, corrected: false, effect: change.effect }),
            Said::Unknown(effect.week, session_id),
            Said::Failed(effect.week, session_id),
        ] {
            assert_eq!(Said::read(&said.write()), Some(said));
        }
    }

    #[test]
    fn anything_else_is_no_message() {
        let id = change().session_id;
        for text in [
            String::new(),
            "2026-W47".to_owned(),
            format!("2026-W47.{id}.hello"),
            format!("2026-W47.{id}.out.14"),
            format!("2026-W47.{id}.out.14.13.120.-34.."),
            format!("2026-W47.{id}.out.14.13.120.-34...more"),
            format!("2026-W47.{id}.out.-1.13...."),
            format!("2026-W47.{id}.out.14.13.9999.0.."),
            format!("2026-W54.{id}.failed"),
            "2026-W47.<b>.failed".to_owned(),
        ] {
            let read = Said::read(&text);
            assert!(text.ends_with("120.-34..") == read.is_some(), "{text} {read:?}");
        }
    }
}
