//! Accepting a batch: which events are new, which were here before, which are refused and why.
//!
//! One transaction and a fixed number of statements, however many events and members the batch holds.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono_tz::Tz;
use spectrum_domain::{
    event::{Event, EventBody, SessionRef},
    id::{EventId, HostId, MemberId, SessionId},
    member::ExternalRef,
};
use sqlx::PgConnection;

use super::{
    put_member::find_or_make,
    write_batch::{self, SessionKey, TouchedSession},
};
use crate::{
    ambient::Ambient,
    db::{keyring::Keyring, seal::MemberKey},
    error::ServiceError,
    queue::enqueue::job_key,
};

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventOutcome {
    /// New, and kept.
    Accepted,
    /// Was here before, word for word: nothing changed.
    Duplicate,
    /// Not kept.
    Refused(Refusal),
}

/// Why an event was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The id was used before, with another body.
    #[error("this event_id was used before with another body")]
    EventIdReused,
    /// The session was begun in another feature.
    #[error("this session belongs to another feature")]
    OtherFeature,
    /// The session has a turn with this index already.
    #[error("this session has another turn with this index")]
    IndexTaken,
    /// The member did not agree to the analysis, or withdrew.
    #[error("the member has not agreed to the analysis")]
    NoConsent,
    /// The member is being erased.
    #[error("the member is being erased")]
    Erased,
}

/// Settings of ingestion.
#[derive(Clone, Copy, Debug)]
pub struct IngestPolicy {
    /// A session without an end closes itself after this long without an event.
    pub idle: chrono::TimeDelta,
}

/// A member of the batch.
#[derive(Debug)]
pub(crate) struct KnownMember {
    pub(crate) member_id: MemberId,
    pub(crate) erasing: bool,
    pub(crate) consent: bool,
    pub(crate) key: MemberKey,
}

/// Accepts the batch inside the caller's transaction. One outcome an event, in the order they came.
pub(crate) async fn accept(
    connection: &mut PgConnection,
    ambient: &Ambient,
    keyring: &Keyring,
    policy: IngestPolicy,
    host: HostId,
    events: &[Event],
) -> Result<Vec<EventOutcome>, ServiceError> {
    let members = load_members(connection, ambient, keyring, host, events).await?;
    let mut outcomes: Vec<Option<EventOutcome>> = vec![None; events.len()];

    // First look: members who may not send, and ids that stand twice in the batch.
    let mut first: HashMap<(MemberId, EventId), (usize, [u8; 32])> = HashMap::with_capacity(events.len());
    let mut again: Vec<(usize, usize)> = Vec::new();
    for (place, event) in events.iter().enumerate() {
        let Some(member) = members.get(&event.member) else { continue };
        if member.erasing {
            outcomes[place] = Some(EventOutcome::Refused(Refusal::Erased));
            continue;
        }
        if !member.consent {
            outcomes[place] = Some(EventOutcome::Refused(Refusal::NoConsent));
            continue;
        }
        let hash = with_parts(event, |parts| keyring.ledger().fingerprint(parts));
        match first.entry((member.member_id, event.event_id)) {
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert((place, hash));
            }
            std::collections::hash_map::Entry::Occupied(entry) if entry.get().1 == hash => {
                again.push((place, entry.get().0));
            }
            std::collections::hash_map::Entry::Occupied(_) => {
                outcomes[place] = Some(EventOutcome::Refused(Refusal::EventIdReused));
            }
        }
    }

    // Second look: ids that came in an earlier batch.
    let now = ambient.now();
    let mut receipts: Vec<_> = first.iter().map(|((m, e), (place, hash))| (*m, *e, *place, *hash)).collect();
    receipts.sort_unstable_by_key(|(member, event, ..)| (*member, *event));
    let known = write_batch::write_receipts(connection, &receipts, now).await?;
    for (member, event, place, hash) in &receipts {
        outcomes[*place] = match known.get(&(*member, *event)) {
            None => Some(EventOutcome::Accepted),
            Some(before)
                if before == hash || with_parts(&events[*place], |parts| keyring.was_fingerprint(parts, before)) =>
            {
                Some(EventOutcome::Duplicate)
            }
            Some(_) => Some(EventOutcome::Refused(Refusal::EventIdReused)),
        };
    }

    let mut touched = sort_by_session(host, events, &members, &outcomes);
    let known = write_batch::lock_sessions(connection, touched.keys()).await?;
    for (key, session) in &mut touched {
        session.known = known.get(key).cloned();
        session.refuse_what_does_not_fit(events, &mut outcomes);
    }
    touched.retain(|_, session| !session.places.is_empty());

    // Sessions before turns, because turns refer to them; sessions that were there before once their turns are in.
    write_batch::insert_sessions(connection, &touched, events, now).await?;
    for (key, index) in write_batch::insert_turns(connection, &touched, events, now).await? {
        if let Some(session) = touched.get_mut(&key) {
            session.refuse_turn(index, events, &mut outcomes);
        }
    }
    touched.retain(|_, session| !session.places.is_empty());
    let keys: HashMap<MemberId, &MemberKey> = members.values().map(|m| (m.member_id, &m.key)).collect();
    write_batch::insert_texts(connection, ambient, &keys, &touched, events, now).await?;
    write_batch::update_sessions(connection, &touched, events, now).await?;
    write_batch::enqueue_jobs(connection, &touched, events, policy, now).await?;

    // An event refused for its session leaves no receipt: the host can mend it and send it again under the same id.
    let forget: Vec<_> = receipts
        .iter()
        .filter(|(_, _, place, _)| {
            matches!(outcomes[*place], Some(EventOutcome::Refused(Refusal::OtherFeature | Refusal::IndexTaken)))
        })
        .map(|(member, event, ..)| (*member, *event))
        .collect();
    write_batch::forget_receipts(connection, &forget).await?;

    for (place, original) in again {
        outcomes[place] = match outcomes[original] {
            Some(EventOutcome::Accepted) => Some(EventOutcome::Duplicate),
            other => other,
        };
    }
    // Every member was found or made above, so every event has met one of the looks.
    Ok(outcomes.into_iter().map(|outcome| outcome.unwrap_or(EventOutcome::Refused(Refusal::Erased))).collect())
}

/// The sessions that new events speak of, each with the places of its events in the batch.
fn sort_by_session(
    host: HostId,
    events: &[Event],
    members: &HashMap<ExternalRef, KnownMember>,
    outcomes: &[Option<EventOutcome>],
) -> BTreeMap<SessionKey, TouchedSession> {
    let mut touched: BTreeMap<SessionKey, TouchedSession> = BTreeMap::new();
    for (place, event) in events.iter().enumerate() {
        let (Some(EventOutcome::Accepted), Some(member)) = (outcomes[place], members.get(&event.member)) else {
            continue;
        };
        let session_id = session_id(host, &event.member, &event.session);
        let key = SessionKey { member_id: member.member_id, session_id };
        touched.entry(key).or_default().places.push(place);
    }
    touched
}

/// The session's own id: the host's, where that is a UUID, else one that its name always leads to.
fn session_id(host: HostId, member: &ExternalRef, session: &SessionRef) -> SessionId {
    session.as_str().parse().unwrap_or_else(|_| {
        SessionId(job_key(
            "session",
            &[host.uuid().as_bytes(), member.as_str().as_bytes(), session.as_str().as_bytes()],
        ))
    })
}

/// What makes two bodies the same: every field as it was understood, not how it was spelled.
fn with_parts<T>(event: &Event, fingerprint: impl FnOnce(&[&[u8]]) -> T) -> T {
    let instant = event.occurred_at.timestamp_nanos_opt().unwrap_or(event.occurred_at.timestamp()).to_le_bytes();
    let zone = event.zone.name().as_bytes();
    let (kind, index, role, text): (&[u8], i32, &str, &str) = match &event.body {
        EventBody::Started => (b"started", 0, "", ""),
        EventBody::Ended => (b"ended", 0, "", ""),
        EventBody::Turn { index, role, text } => (b"turn", *index, role.name(), text.expose()),
    };
    fingerprint(&[
        kind,
        event.session.as_str().as_bytes(),
        event.feature.name().as_bytes(),
        &instant,
        zone,
        &index.to_le_bytes(),
        role.as_bytes(),
        text.as_bytes(),
    ])
}

/// The members of the batch with their keys, made where the host names one for the first time.
async fn load_members(
    connection: &mut PgConnection,
    ambient: &Ambient,
    keyring: &Keyring,
    host: HostId,
    events: &[Event],
) -> Result<HashMap<ExternalRef, KnownMember>, ServiceError> {
    let zones: BTreeMap<&ExternalRef, Tz> = events.iter().rev().map(|event| (&event.member, event.zone)).collect();
    let wanted: Vec<String> = zones.keys().map(|member| member.as_str().to_owned()).collect();
    let mut members = write_batch::find_members(connection, keyring, host, &wanted).await?;
    let missing: BTreeSet<&ExternalRef> = zones.keys().filter(|m| !members.contains_key(**m)).copied().collect();
    if !missing.is_empty() {
        for member in missing {
            find_or_make(connection, ambient, keyring, host, member, zones[member]).await?;
        }
        members = write_batch::find_members(connection, keyring, host, &wanted).await?;
    }
    Ok(members)
}
