//! Events as a host would send them.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

/// The events of one session, in order.
#[derive(Clone, Debug)]
pub struct Sent {
    pub session_id: String,
    pub events: Vec<Value>,
}

/// A session of a member with these member turns, ended. Ids come from the session's name, so the same call gives the
/// same events.
pub fn session(member: &str, name: &str, started: &str, zone: &str, turns: &[&str]) -> Sent {
    let started: DateTime<Utc> = started.parse().expect("an instant");
    let id = |what: &str| Uuid::from_bytes(fingerprint(&format!("{member}|{name}|{what}")));
    let session_id = id("session").to_string();
    let event = |kind: &str, what: &str, minute: usize| {
        json!({
            "event_id": id(what),
            "type": kind,
            "member": member,
            "session_id": session_id,
            "feature": "mirror",
            "occurred_at": (started + TimeDelta::minutes(i64::try_from(minute).expect("few turns"))).to_rfc3339(),
            "time_zone": zone,
        })
    };
    let mut events = vec![event("session.started", "started", 0)];
    for (index, text) in turns.iter().enumerate() {
        let mut turn = event("turn.added", &format!("turn {index}"), index);
        turn["index"] = json!(index);
        turn["role"] = json!("member");
        turn["text"] = json!(text);
        events.push(turn);
    }
    events.push(event("session.ended", "ended", turns.len()));
    Sent { session_id, events }
}

/// Many sessions of one member over the days before [`super::START`].
#[derive(Clone, Copy, Debug)]
pub struct Diary {
    pub member: &'static str,
    pub zone: &'static str,
    pub days: u32,
}

impl Diary {
    /// One session a day, with turns that differ from day to day.
    pub fn sessions(self) -> Vec<Sent> {
        const MOODS: [&str; 5] = [
            "I felt calm and grateful after the walk.",
            "I am worried and tense about tomorrow.",
            "It was a delightful, exciting day and I am happy.",
            "I am sad and tired, and the evening was lonely.",
            "I was angry and annoyed at the meeting.",
        ];
        let start: DateTime<Utc> = super::START.parse().expect("an instant");
        (0..self.days)
            .map(|back| {
                let day = start - TimeDelta::days(i64::from(back));
                let mood = MOODS[back as usize % MOODS.len()];
                let turns = [mood, "Then the rest of the day went by.", MOODS[(back as usize / 2) % MOODS.len()]];
                session(self.member, &day.date_naive().to_string(), &day.to_rfc3339(), self.zone, &turns)
            })
            .collect()
    }
}

fn fingerprint(text: &str) -> [u8; 16] {
    use sha2::{Digest as _, Sha256};
    Sha256::digest(text.as_bytes())[..16].try_into().expect("sixteen bytes")
}
