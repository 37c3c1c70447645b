//! A diary as the events of a host product: one entry a session, one piece a member turn.

use std::{
    collections::HashMap,
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use spectrum_domain::{
    calendar::{Week, local_date},
    feature::Feature,
    member::ExternalRef,
    private::Private,
    session::Role,
};
use uuid::Uuid;

use super::{
    client::{HostEvent, What},
    error::ReplayError,
    local_instant::local_instant,
};

/// Entries are written in the evening, after the day.
const EVENING: u32 = 21;

/// One entry of a diary.
#[derive(Clone, Debug, Deserialize)]
pub struct Entry {
    /// Whose diary.
    pub author: String,
    /// The day it is about.
    pub date: NaiveDate,
    /// PRIVACY: what was written, piece by piece.
    pub turns: Vec<Private<String>>,
}

/// Whose sessions the entries become, and where.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The host's name for the member.
    pub member: ExternalRef,
    /// Where the member is.
    pub zone: Tz,
    /// Where the sessions are held.
    pub feature: Feature,
    /// By how many weeks all dates move.
    pub weeks_ahead: i64,
}

/// Reads a diary: one JSON object a line; empty lines are passed over.
pub fn read(path: &Path) -> Result<Vec<Entry>, ReplayError> {
    let unreadable = |source| ReplayError::ReadDiary { path: path.to_owned(), source };
    let mut entries = Vec::new();
    for (place, line) in BufReader::new(File::open(path).map_err(unreadable)?).lines().enumerate() {
        let line = line.map_err(unreadable)?;
        if line.trim().is_empty() {
            continue;
        }
        // PRIVACY: the parser's own message may quote the line, so only its kind and place are told.
        entries.push(serde_json::from_str(&line).map_err(|error| ReplayError::BadLine {
            line: place + 1,
            column: error.column(),
            problem: match error.classify() {
                serde_json::error::Category::Eof => "it breaks off",
                serde_json::error::Category::Syntax => "it is not JSON",
                _ => "a field is missing or of another kind",
            },
        })?);
    }
    if entries.is_empty() { Err(ReplayError::EmptyDiary) } else { Ok(entries) }
}

/// By how many weeks to move a diary so that its last entry lies in the present week and keeps its weekday.
pub fn weeks_to_now(entries: &[Entry], zone: Tz, now: DateTime<Utc>) -> i64 {
    let this_week = Week::containing(local_date(now, &zone), Weekday::Mon).start();
    let last = entries.iter().map(|entry| entry.date).max().unwrap_or(this_week);
    (this_week - Week::containing(last, Weekday::Mon).start()).num_weeks()
}

/// The events of all entries, in the order of the diary.
pub fn events(entries: &[Entry], setting: &Setting) -> Result<Vec<HostEvent>, ReplayError> {
    let mut on_date: HashMap<NaiveDate, u32> = HashMap::new();
    let mut events = Vec::new();
    for entry in entries {
        let ordinal = on_date.entry(entry.date).or_default();
        add_session(&mut events, entry, *ordinal, setting).ok_or(ReplayError::OutsideCalendar { date: entry.date })?;
        *ordinal += 1;
    }
    Ok(events)
}

/// Adds one session; nothing if its date lies outside the calendar.
fn add_session(events: &mut Vec<HostEvent>, entry: &Entry, ordinal: u32, setting: &Setting) -> Option<()> {
    let days = Days::new(setting.weeks_ahead.unsigned_abs().checked_mul(7)?);
    let date =
        if setting.weeks_ahead < 0 { entry.date.checked_sub_days(days) } else { entry.date.checked_add_days(days) }?;
    // A second entry of a date begins a minute later, so that the order of the diary shows.
    let evening = NaiveTime::from_hms_opt(EVENING, ordinal.min(59), 0)?;
    let start = local_instant(date.and_time(evening), setting.zone)?;
    let id = |kind: &str, index: i32| {
        stable_id(&[
            b"diary",
            entry.author.as_bytes(),
            setting.member.as_str().as_bytes(),
            &setting.weeks_ahead.to_le_bytes(),
            entry.date.to_string().as_bytes(),
            &ordinal.to_le_bytes(),
            kind.as_bytes(),
            &index.to_le_bytes(),
        ])
    };
    let session_id = id("session", 0);
    let mut add = |event_id: Uuid, minutes: i32, what: What| {
        events.push(HostEvent {
            event_id,
            member: setting.member.clone(),
            session_id,
            feature: setting.feature,
            occurred_at: start + TimeDelta::minutes(minutes.into()),
            time_zone: setting.zone,
            what,
        });
    };
    add(id("started", 0), 0, What::Started);
    let mut index = 0;
    for text in &entry.turns {
        add(id("turn", index), index, What::Turn { index, role: Role::Member, text: text.clone() });
        index += 1;
    }
    add(id("ended", 0), index, What::Ended);
    Some(())
}

/// An id that the same parts always lead to (`UUIDv8` of their SHA-256), so that sending again adds nothing.
pub fn stable_id(parts: &[&[u8]]) -> Uuid {
    let mut hash = Sha256::new();
    for part in parts {
        // Lengths keep ("ab", "c") from meeting ("a", "bc").
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
        hash.update(part);
    }
    let digest: [u8; 32] = hash.finalize().into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
