//! What a field of an archive may be. Every column of an imported table has its line here, and a test holds the list
//! against `columns.toml`: a new column fails until somebody has said what it may hold.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde_json::{Map, Value};
use spectrum_domain::{
    affect::{EMOTIONS, FAMILIES, Family, Quadrant},
    calendar::{local_date, local_minute},
    event::MAX_TURNS,
    exclusion::Reason,
    feature::Feature,
    measure::{WHY_NOTS, WhyNot},
    member::ExternalRef,
    rollup::CELLS,
    session::SessionState,
};
use uuid::Uuid;

use super::lines::Faults;
use crate::db::pool::Duty;

/// The tables that are read in, in order, each by the duty that writes it in everyday life.
pub const IMPORTED: [(&str, Duty); 7] = [
    ("session", Duty::Ingest),
    ("turn", Duty::Ingest),
    ("session_vector", Duty::Worker),
    ("turn_impact", Duty::Worker),
    ("exclusion", Duty::Web),
    ("correction", Duty::Web),
    ("day_rollup", Duty::Worker),
];

/// What a value may be; the reason otherwise.
#[derive(Clone, Copy)]
enum May {
    Id,
    Instant,
    Day,
    Truth,
    /// Visible ASCII, as names of hosts and models are.
    Name,
    Feature,
    State,
    WhyNot,
    Zone,
    Role,
    Source,
    Scope,
    Reason,
    Quadrant,
    Family,
    Names,
    Hash,
    Language,
    /// A whole number in a range, both ends in it.
    Whole(i64, i64),
    /// So many of them.
    List(usize, i64, i64),
    /// What it may be, or nothing.
    Maybe(&'static May),
}

const COUNT: May = May::Whole(0, i32::MAX as i64);
const SHARE: May = May::Whole(0, 1_000);
const SCALE: May = May::Whole(-1_000, 1_000);
const STEP: May = May::Maybe(&May::Whole(-2_000, 2_000));
const SHARES: May = May::List(EMOTIONS, 0, 1_000);
/// Sums of squares of thousandths stay far below.
const MOST: i64 = 1 << 53;
const PAIRS: May = May::List(6, -MOST, MOST);

const SESSION: &[(&str, May)] = &[
    ("session_id", May::Id),
    ("external_ref", May::Name),
    ("feature", May::Feature),
    ("started_at", May::Instant),
    ("start_known", May::Truth),
    ("ended_at", May::Maybe(&May::Instant)),
    ("zone", May::Zone),
    ("local_date", May::Day),
    ("local_minute", May::Whole(0, 1_439)),
    ("state", May::State),
    ("excluded", May::Truth),
    ("input_version", COUNT),
    ("vector_revision", May::Maybe(&COUNT)),
    ("why_not", May::Maybe(&May::WhyNot)),
    ("crisis", May::Truth),
    ("model", May::Maybe(&May::Name)),
    ("member_turns", COUNT),
    ("assistant_turns", COUNT),
    ("words", COUNT),
    ("received_at", May::Instant),
    ("last_event_at", May::Instant),
];

const TURN: &[(&str, May)] = &[
    ("session_id", May::Id),
    ("index", May::Whole(0, MAX_TURNS as i64 - 1)),
    ("role", May::Role),
    ("occurred_at", May::Instant),
    ("words", COUNT),
    ("language", May::Maybe(&May::Language)),
    ("received_at", May::Instant),
];

const SESSION_VECTOR: &[(&str, May)] = &[
    ("session_id", May::Id),
    ("revision", COUNT),
    ("emotions", SHARES),
    ("mixture", SHARES),
    ("valence", SCALE),
    ("arousal", SCALE),
    ("dominance", SCALE),
    ("valence_spread", SHARE),
    ("arousal_spread", SHARE),
    ("first_valence", SCALE),
    ("first_arousal", SCALE),
    ("peak_valence", SCALE),
    ("peak_arousal", SCALE),
    ("end_valence", SCALE),
    ("end_arousal", SCALE),
    ("valence_pairs", PAIRS),
    ("arousal_pairs", PAIRS),
    ("displacements", May::List(7, -MOST, MOST)),
    ("valence_band", SHARE),
    ("arousal_band", SHARE),
    ("turns", COUNT),
    ("words", COUNT),
    ("not_measured", May::List(WHY_NOTS, 0, i32::MAX as i64)),
    ("source", May::Source),
    ("model", May::Name),
    ("created_at", May::Instant),
];

const TURN_IMPACT: &[(&str, May)] = &[
    ("session_id", May::Id),
    ("index", May::Whole(0, MAX_TURNS as i64 - 1)),
    ("emotions", SHARES),
    ("valence", SCALE),
    ("arousal", SCALE),
    ("dominance", SCALE),
    ("valence_step", STEP),
    ("arousal_step", STEP),
    ("valence_innovation", STEP),
    ("arousal_innovation", STEP),
    ("mixture_shift", May::Maybe(&SHARE)),
    ("valence_contribution", STEP),
    ("arousal_contribution", STEP),
    ("assistant_before", COUNT),
    ("unmeasured_before", COUNT),
    ("model", May::Name),
    ("created_at", May::Instant),
];

const EXCLUSION: &[(&str, May)] = &[
    ("exclusion_id", May::Id),
    ("scope", May::Scope),
    ("session_id", May::Maybe(&May::Id)),
    ("feature", May::Maybe(&May::Feature)),
    ("first_day", May::Maybe(&May::Day)),
    ("last_day", May::Maybe(&May::Day)),
    ("paused_at", May::Maybe(&May::Instant)),
    ("resumed_at", May::Maybe(&May::Instant)),
    ("reason", May::Maybe(&May::Reason)),
    ("since", May::Instant),
];

const CORRECTION: &[(&str, May)] = &[
    ("session_id", May::Id),
    ("quadrant", May::Maybe(&May::Quadrant)),
    ("family", May::Maybe(&May::Family)),
    ("measured_quadrant", May::Whole(0, 3)),
    ("measured_family", May::Maybe(&May::Whole(0, 8))),
    ("model", May::Name),
    ("since", May::Instant),
];

const SUM: May = May::Whole(-MOST, MOST);

const DAY_ROLLUP: &[(&str, May)] = &[
    ("period", May::Day),
    ("days", COUNT),
    ("sessions", COUNT),
    ("turns", COUNT),
    ("words", May::Whole(0, MOST)),
    ("valence_sum", SUM),
    ("valence_squares", SUM),
    ("valence_min", SCALE),
    ("valence_max", SCALE),
    ("arousal_sum", SUM),
    ("arousal_squares", SUM),
    ("arousal_min", SCALE),
    ("arousal_max", SCALE),
    ("dominance_sum", SUM),
    ("dominance_squares", SUM),
    ("dominance_min", SCALE),
    ("dominance_max", SCALE),
    ("valence_pairs", PAIRS),
    ("arousal_pairs", PAIRS),
    ("emotions", May::List(EMOTIONS, 0, MOST)),
    ("families", May::List(FAMILIES, 0, i32::MAX as i64)),
    ("quadrants", May::List(4, 0, i32::MAX as i64)),
    ("features", May::List(3, 0, i32::MAX as i64)),
    ("feature_moments", May::List(12, -MOST, MOST)),
    ("feature_impacts", May::List(15, -MOST, MOST)),
    ("grid_sessions", May::List(CELLS, 0, i32::MAX as i64)),
    ("grid_valence", May::List(CELLS, -MOST, MOST)),
    ("displacements", May::List(7, -MOST, MOST)),
    ("models", May::Names),
    ("inputs_hash", May::Hash),
    ("version", May::Whole(0, MOST)),
    ("settled", May::Truth),
];

fn fields(table: &str) -> &'static [(&'static str, May)] {
    match table {
        "session" => SESSION,
        "turn" => TURN,
        "session_vector" => SESSION_VECTOR,
        "turn_impact" => TURN_IMPACT,
        "exclusion" => EXCLUSION,
        "correction" => CORRECTION,
        "day_rollup" => DAY_ROLLUP,
        _ => &[],
    }
}

/// The columns of a table that are read in: all but whose they are.
pub fn known_fields(table: &str) -> Vec<&'static str> {
    fields(table).iter().map(|(name, _)| *name).collect()
}

/// Holds a row against what its fields may be. False: there is a fault.
pub(super) fn row(table: &str, file: &str, line: usize, row: &Map<String, Value>, faults: &mut Faults) -> bool {
    let mut good = true;
    let mut fault = |field: &str, why: &str| {
        faults.field(file, line, field, why);
        good = false;
    };
    let fields = fields(table);
    for (name, may) in fields {
        match row.get(*name) {
            None => fault(name, "is missing"),
            Some(value) => {
                if let Err(why) = may.check(value) {
                    fault(name, why);
                }
            }
        }
    }
    if row.keys().any(|name| name != "member_id" && !fields.iter().any(|(known, _)| known == name)) {
        fault("member_id", "stands beside a field that this file does not have");
    }
    if table == "correction" && row.get("quadrant") == Some(&Value::Null) && row.get("family") == Some(&Value::Null) {
        fault("quadrant", "must be there, or a family");
    }
    if good && table == "session" {
        return session(file, line, row, faults);
    }
    good
}

/// What holds between the fields of a session.
fn session(file: &str, line: usize, row: &Map<String, Value>, faults: &mut Faults) -> bool {
    let text = |field: &str| row.get(field).and_then(Value::as_str).unwrap_or_default();
    let (Ok(started), Ok(zone)) = (text("started_at").parse::<DateTime<Utc>>(), text("zone").parse::<Tz>()) else {
        return false;
    };
    let (crisis, measured) = (row["crisis"] == true, !row["vector_revision"].is_null());
    let fits = match SessionState::from_name(text("state")) {
        Some(SessionState::Analysed) => measured && !crisis,
        Some(SessionState::Withheld) => crisis,
        Some(SessionState::Unmeasured | SessionState::Reset) => !measured,
        Some(SessionState::Open | SessionState::Ended) | None => true,
    };
    let mut good = true;
    for (field, holds, why) in [
        ("local_date", text("local_date").parse() == Ok(local_date(started, &zone)), "is not the day it began there"),
        ("local_minute", row["local_minute"] == local_minute(started, &zone), "is not the minute it began there"),
        ("state", fits, "does not fit the measure and the flag of the session"),
    ] {
        if !holds {
            faults.field(file, line, field, why);
            good = false;
        }
    }
    good
}

impl May {
    fn check(self, value: &Value) -> Result<(), &'static str> {
        let text = value.as_str();
        let (good, why) = match self {
            Self::Maybe(may) => return if value.is_null() { Ok(()) } else { may.check(value) },
            Self::Id => (text.is_some_and(|t| t.parse::<Uuid>().is_ok()), "must be a UUID"),
            Self::Instant => (text.is_some_and(|t| t.parse::<DateTime<Utc>>().is_ok()), "must be an instant"),
            Self::Day => (text.is_some_and(|t| t.parse::<NaiveDate>().is_ok()), "must be a date"),
            Self::Truth => (value.is_boolean(), "must be true or false"),
            Self::Name => {
                (text.is_some_and(|t| t.parse::<ExternalRef>().is_ok()), "must be 1 to 128 visible ASCII characters")
            }
            Self::Feature => (text.is_some_and(|t| t.parse::<Feature>().is_ok()), "must be mirror, turn or lens"),
            Self::State => (text.is_some_and(|t| SessionState::from_name(t).is_some()), "must be a session's state"),
            Self::WhyNot => {
                (text.is_some_and(|t| WhyNot::from_name(t).is_some()), "must be a reason why a session has no measure")
            }
            Self::Zone => (text.is_some_and(|t| t.parse::<Tz>().is_ok()), "must be an IANA time zone"),
            Self::Role => (matches!(text, Some("member" | "assistant")), "must be member or assistant"),
            Self::Source => (matches!(text, Some("model" | "member")), "must be model or member"),
            Self::Scope => (
                matches!(text, Some("session" | "feature" | "period" | "pause")),
                "must be session, feature, period or pause",
            ),
            Self::Reason => (text.is_some_and(|t| Reason::from_name(t).is_some()), "must be a reason that is offered"),
            Self::Quadrant => (
                text.is_some_and(|t| Quadrant::from_name(t).is_some()),
                "must be a quarter of the plane such as low_pleasant",
            ),
            Self::Family => (text.is_some_and(|t| Family::from_name(t).is_some()), "must be a family of feelings"),
            Self::Names => (
                value.as_array().is_some_and(|list| list.iter().all(|name| Self::Name.check(name).is_ok())),
                "must be a list of names",
            ),
            Self::Hash => (
                text.and_then(|t| t.strip_prefix("\\x"))
                    .is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit())),
                "must be the hash of what was added up",
            ),
            Self::Language => (
                text.is_some_and(|t| t.len() == 3 && t.bytes().all(|b| b.is_ascii_lowercase())),
                "must be a language's code of three letters",
            ),
            Self::Whole(least, most) => {
                (value.as_i64().is_some_and(|n| (least..=most).contains(&n)), "must be a whole number in its range")
            }
            Self::List(length, least, most) => (
                value.as_array().is_some_and(|list| {
                    let within = |n: &Value| n.as_i64().is_some_and(|n| (least..=most).contains(&n));
                    list.len() == length && list.iter().all(within)
                }),
                "must be a list of as many whole numbers as there are, each in its range",
            ),
        };
        if good { Ok(()) } else { Err(why) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{control::archive::LEFT_OUT_COLUMNS, db::classes};

    #[test]
    fn every_column_of_what_is_read_in_has_its_check() {
        for (table, _) in IMPORTED {
            let columns = classes::tables().iter().find(|known| known.name == table).expect("a table");
            let columns = columns.columns.iter().map(|column| column.name.as_str());
            // What no archive has is in none that is read.
            let left_out = |name: &str| LEFT_OUT_COLUMNS.iter().any(|(of, column, _)| *of == table && *column == name);
            let mut columns: Vec<_> = columns.filter(|name| *name != "member_id" && !left_out(name)).collect();
            let mut known = known_fields(table);
            columns.sort_unstable();
            known.sort_unstable();
            assert_eq!(known, columns, "{table}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_and_not_repeated() {
        let turn = json!({
            "member_id": "x", "session_id": "018f6f2a-0000-7000-8000-000000000001", "index": 10_000, "role": "secret",
            "occurred_at": "2026-11-20T12:00:00Z", "words": 3, "language": null, "received_at": "secret",
        });
        let mut faults = Faults::default();
        assert!(!row("turn", "turn.jsonl", 7, turn.as_object().expect("a row"), &mut faults));
        let said = faults.end().expect_err("faults").to_string();
        for part in ["turn.jsonl, line 7, `index`", "`role`: must be member or assistant", "`received_at`"] {
            assert!(said.contains(part), "{part} in {said}");
        }
        assert!(!said.contains("secret") && !said.contains("language"), "{said}");
    }
}
