//! The statements of ingestion: each writes its part of a whole batch at once, in the order of its keys.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use spectrum_domain::{
    event::{Event, EventBody},
    id::{EventId, HostId, MemberId, SessionId},
    member::ExternalRef,
    session::SessionState,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    accept_events::{EventOutcome, IngestPolicy, KnownMember, Refusal},
    follow_up,
    merge::Draft,
};
use crate::{
    ambient::Ambient,
    db::{keyring::Keyring, seal::MemberKey},
    error::ServiceError,
    queue::enqueue::{enqueue, withdraw},
};

/// A session's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SessionKey {
    pub(crate) member_id: MemberId,
    pub(crate) session_id: SessionId,
}

/// A session as the database knew it before the batch.
#[derive(Clone, Debug)]
pub(crate) struct KnownSession {
    pub(crate) draft: Draft,
    pub(crate) input_version: i32,
    pub(crate) measured: bool,
    pub(crate) received_at: DateTime<Utc>,
}

/// A session that events of the batch speak of.
#[derive(Debug, Default)]
pub(crate) struct TouchedSession {
    /// Places of its events in the batch; refused ones are taken out.
    pub(crate) places: Vec<usize>,
    /// What was known of it before.
    pub(crate) known: Option<KnownSession>,
}

impl TouchedSession {
    /// What is known of it now.
    fn draft(&self, events: &[Event]) -> Draft {
        let known = self.known.as_ref().map(|known| known.draft.clone());
        let mut draft = known.unwrap_or_else(|| Draft::opened_by(&events[self.places[0]]));
        for place in &self.places {
            draft.add(&events[*place]);
        }
        draft
    }

    /// A session that has ended is measured again whenever something more comes in.
    fn input_version(&self, draft: &Draft) -> i32 {
        let before = self.known.as_ref().map_or(0, |known| known.input_version);
        before + i32::from(draft.state() == SessionState::Ended)
    }

    pub(crate) fn refuse_what_does_not_fit(&mut self, events: &[Event], outcomes: &mut [Option<EventOutcome>]) {
        let Some(first) = self.places.first() else { return };
        let feature = self.known.as_ref().map_or(events[*first].feature, |known| known.draft.feature);
        let mut indexes = HashSet::new();
        self.places.retain(|place| {
            let refusal = match &events[*place] {
                event if event.feature != feature => Some(Refusal::OtherFeature),
                Event { body: EventBody::Turn { index, .. }, .. } if !indexes.insert(*index) => {
                    Some(Refusal::IndexTaken)
                }
                _ => None,
            };
            if let Some(refusal) = refusal {
                outcomes[*place] = Some(EventOutcome::Refused(refusal));
            }
            refusal.is_none()
        });
    }

    pub(crate) fn refuse_turn(&mut self, taken: i32, events: &[Event], outcomes: &mut [Option<EventOutcome>]) {
        self.places.retain(|place| {
            let hit = matches!(events[*place].body, EventBody::Turn { index, .. } if index == taken);
            if hit {
                outcomes[*place] = Some(EventOutcome::Refused(Refusal::IndexTaken));
            }
            !hit
        });
    }
}

/// The members of a host by reference, with their newest keys open.
pub(crate) async fn find_members(
    connection: &mut PgConnection,
    keyring: &Keyring,
    host: HostId,
    wanted: &[String],
) -> Result<HashMap<ExternalRef, KnownMember>, ServiceError> {
    let rows = sqlx::query!(
        "SELECT l.external_ref, m.member_id, m.state, m.consent_analysis, k.version, k.wrapped, k.master_key_id
         FROM member_lookup l JOIN member m USING (member_id) JOIN member_key k USING (member_id)
         WHERE l.host_id = $1 AND l.external_ref = ANY($2)
         ORDER BY k.version",
        host.uuid(),
        wanted
    )
    .fetch_all(connection)
    .await?;
    let mut members = HashMap::with_capacity(rows.len());
    for row in rows {
        let member_id = MemberId(row.member_id);
        let external_ref = row
            .external_ref
            .parse()
            .map_err(|_| ServiceError::Inconsistent { table: "member_lookup", column: "external_ref" })?;
        let key = keyring.unwrap(member_id, row.version, &row.master_key_id, &row.wrapped)?;
        let known = KnownMember { member_id, erasing: row.state == "erasing", consent: row.consent_analysis, key };
        members.insert(external_ref, known);
    }
    Ok(members)
}

/// Writes the receipts of the batch. Gives the fingerprints of events that were here before.
pub(crate) async fn write_receipts(
    connection: &mut PgConnection,
    receipts: &[(MemberId, EventId, usize, [u8; 32])],
    now: DateTime<Utc>,
) -> Result<HashMap<(MemberId, EventId), [u8; 32]>, ServiceError> {
    if receipts.is_empty() {
        return Ok(HashMap::new());
    }
    let members: Vec<Uuid> = receipts.iter().map(|(member, ..)| member.uuid()).collect();
    let ids: Vec<Uuid> = receipts.iter().map(|(_, event, ..)| event.uuid()).collect();
    let hashes: Vec<Vec<u8>> = receipts.iter().map(|(.., hash)| hash.to_vec()).collect();
    let written = sqlx::query!(
        "INSERT INTO event_receipt (member_id, event_id, body_hash, received_at)
         SELECT *, $4::timestamptz FROM unnest($1::uuid[], $2::uuid[], $3::bytea[])
         ON CONFLICT DO NOTHING
         RETURNING member_id, event_id",
        &members,
        &ids,
        &hashes,
        now
    )
    .fetch_all(&mut *connection)
    .await?;
    if written.len() == receipts.len() {
        return Ok(HashMap::new());
    }
    let written: HashSet<_> = written.into_iter().map(|row| (row.member_id, row.event_id)).collect();
    let (members, ids): (Vec<Uuid>, Vec<Uuid>) =
        members.into_iter().zip(ids).filter(|receipt| !written.contains(receipt)).unzip();
    let before = sqlx::query!(
        "SELECT member_id, event_id, body_hash FROM event_receipt
         JOIN unnest($1::uuid[], $2::uuid[]) AS t (member_id, event_id) USING (member_id, event_id)",
        &members,
        &ids
    )
    .fetch_all(connection)
    .await?;
    before
        .into_iter()
        .map(|row| {
            let hash = row
                .body_hash
                .try_into()
                .map_err(|_| ServiceError::Inconsistent { table: "event_receipt", column: "body_hash" })?;
            Ok(((MemberId(row.member_id), EventId(row.event_id)), hash))
        })
        .collect()
}

/// Takes back the receipts of events that were refused after all.
pub(crate) async fn forget_receipts(
    connection: &mut PgConnection,
    refused: &[(MemberId, EventId)],
) -> Result<(), ServiceError> {
    if refused.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "DELETE FROM event_receipt USING unnest($1::uuid[], $2::uuid[]) AS t (member_id, event_id)
         WHERE event_receipt.member_id = t.member_id AND event_receipt.event_id = t.event_id",
        &refused.iter().map(|(member, _)| member.uuid()).collect::<Vec<_>>(),
        &refused.iter().map(|(_, event)| event.uuid()).collect::<Vec<_>>()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What is known of the sessions, held still until the transaction ends.
pub(crate) async fn lock_sessions(
    connection: &mut PgConnection,
    keys: impl Iterator<Item = &SessionKey> + Clone,
) -> Result<HashMap<SessionKey, KnownSession>, ServiceError> {
    let members: Vec<Uuid> = keys.clone().map(|key| key.member_id.uuid()).collect();
    let sessions: Vec<Uuid> = keys.map(|key| key.session_id.uuid()).collect();
    if members.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query!(
        "SELECT s.member_id, s.session_id, feature, started_at, start_known, zone, ended_at, member_turns,
                assistant_turns, words, input_version, vector_revision, received_at
         FROM session s JOIN unnest($1::uuid[], $2::uuid[]) AS t (member_id, session_id) USING (member_id, session_id)
         ORDER BY s.member_id, s.session_id
         FOR UPDATE OF s",
        &members,
        &sessions
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            let impossible = |column| ServiceError::Inconsistent { table: "session", column };
            let key = SessionKey { member_id: row.member_id.into(), session_id: row.session_id.into() };
            let known = KnownSession {
                draft: Draft {
                    feature: row.feature.parse().map_err(|_| impossible("feature"))?,
                    started_at: row.started_at,
                    start_known: row.start_known,
                    zone: row.zone.parse().map_err(|_| impossible("zone"))?,
                    ended_at: row.ended_at,
                    member_turns: row.member_turns,
                    assistant_turns: row.assistant_turns,
                    words: row.words,
                },
                input_version: row.input_version,
                measured: row.vector_revision.is_some(),
                received_at: row.received_at,
            };
            Ok((key, known))
        })
        .collect()
}

/// Rows of `session` as columns, for one statement.
#[derive(Default)]
struct SessionColumns {
    member_id: Vec<Uuid>,
    session_id: Vec<Uuid>,
    external_ref: Vec<String>,
    feature: Vec<String>,
    started_at: Vec<DateTime<Utc>>,
    start_known: Vec<bool>,
    ended_at: Vec<Option<DateTime<Utc>>>,
    zone: Vec<String>,
    local_date: Vec<NaiveDate>,
    local_minute: Vec<i16>,
    state: Vec<String>,
    input_version: Vec<i32>,
    member_turns: Vec<i32>,
    assistant_turns: Vec<i32>,
    words: Vec<i32>,
}

impl SessionColumns {
    fn of(touched: &BTreeMap<SessionKey, TouchedSession>, events: &[Event], known: bool) -> Self {
        let mut columns = Self::default();
        for (key, session) in touched.iter().filter(|(_, session)| session.known.is_some() == known) {
            let draft = session.draft(events);
            columns.member_id.push(key.member_id.uuid());
            columns.session_id.push(key.session_id.uuid());
            columns.external_ref.push(events[session.places[0]].session.as_str().to_owned());
            columns.feature.push(draft.feature.name().to_owned());
            columns.started_at.push(draft.started_at);
            columns.start_known.push(draft.start_known);
            columns.ended_at.push(draft.ended_at);
            columns.zone.push(draft.zone.name().to_owned());
            columns.local_date.push(draft.local_date());
            columns.local_minute.push(draft.local_minute());
            columns.state.push(draft.state().name().to_owned());
            columns.input_version.push(session.input_version(&draft));
            columns.member_turns.push(draft.member_turns);
            columns.assistant_turns.push(draft.assistant_turns);
            columns.words.push(draft.words);
        }
        columns
    }
}

/// Writes the sessions that are new.
pub(crate) async fn insert_sessions(
    connection: &mut PgConnection,
    touched: &BTreeMap<SessionKey, TouchedSession>,
    events: &[Event],
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let new = SessionColumns::of(touched, events, false);
    if new.session_id.is_empty() {
        return Ok(());
    }
    let written = sqlx::query!(
        "INSERT INTO session (member_id, session_id, external_ref, feature, started_at, start_known, ended_at, zone,
                              local_date, local_minute, state, input_version, member_turns, assistant_turns, words,
                              received_at, last_event_at, excluded)
         SELECT t.*, $16::timestamptz, $16::timestamptz,
                is_kept_out(t.member_id, t.session_id, t.feature, t.local_date, t.started_at)
         FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::bool[], $7::timestamptz[],
                     $8::text[], $9::date[], $10::smallint[], $11::text[], $12::int[], $13::int[], $14::int[],
                     $15::int[])
              AS t (member_id, session_id, external_ref, feature, started_at, start_known, ended_at, zone, local_date,
                    local_minute, state, input_version, member_turns, assistant_turns, words)
         ON CONFLICT DO NOTHING",
        &new.member_id,
        &new.session_id,
        &new.external_ref,
        &new.feature,
        &new.started_at,
        &new.start_known,
        &new.ended_at as &[Option<DateTime<Utc>>],
        &new.zone,
        &new.local_date,
        &new.local_minute,
        &new.state,
        &new.input_version,
        &new.member_turns,
        &new.assistant_turns,
        &new.words,
        now
    )
    .execute(connection)
    .await?;
    // Another batch made one of them since we looked: what we decided may be wrong, so we look again from the start.
    if usize::try_from(written.rows_affected()) == Ok(new.session_id.len()) { Ok(()) } else { Err(ServiceError::Raced) }
}

/// Writes what the batch adds to sessions that were there before.
pub(crate) async fn update_sessions(
    connection: &mut PgConnection,
    touched: &BTreeMap<SessionKey, TouchedSession>,
    events: &[Event],
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let known = SessionColumns::of(touched, events, true);
    if known.session_id.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "UPDATE session SET started_at = t.started_at, start_known = t.start_known, ended_at = t.ended_at,
                zone = t.zone, local_date = t.local_date, local_minute = t.local_minute, state = t.state,
                input_version = t.input_version, member_turns = t.member_turns, assistant_turns = t.assistant_turns,
                words = t.words, last_event_at = $14,
                excluded = is_kept_out(t.member_id, t.session_id, session.feature, t.local_date, t.started_at)
         FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::bool[], $5::timestamptz[], $6::text[], $7::date[],
                     $8::smallint[], $9::text[], $10::int[], $11::int[], $12::int[], $13::int[])
              AS t (member_id, session_id, started_at, start_known, ended_at, zone, local_date, local_minute, state,
                    input_version, member_turns, assistant_turns, words)
         WHERE session.member_id = t.member_id AND session.session_id = t.session_id",
        &known.member_id,
        &known.session_id,
        &known.started_at,
        &known.start_known,
        &known.ended_at as &[Option<DateTime<Utc>>],
        &known.zone,
        &known.local_date,
        &known.local_minute,
        &known.state,
        &known.input_version,
        &known.member_turns,
        &known.assistant_turns,
        &known.words,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The turns of the batch with their sessions, in the order of their keys.
fn turns<'a>(
    touched: &'a BTreeMap<SessionKey, TouchedSession>,
    events: &'a [Event],
) -> impl Iterator<Item = (SessionKey, &'a Event, i32)> {
    touched.iter().flat_map(move |(key, session)| {
        let mut turns: Vec<_> = session
            .places
            .iter()
            .filter_map(|place| match &events[*place].body {
                EventBody::Turn { index, .. } => Some((*key, &events[*place], *index)),
                EventBody::Started | EventBody::Ended => None,
            })
            .collect();
        turns.sort_unstable_by_key(|(.., index)| *index);
        turns
    })
}

/// Writes the turns' numbers. Gives those whose place in their session was taken by an earlier batch.
pub(crate) async fn insert_turns(
    connection: &mut PgConnection,
    touched: &BTreeMap<SessionKey, TouchedSession>,
    events: &[Event],
    now: DateTime<Utc>,
) -> Result<Vec<(SessionKey, i32)>, ServiceError> {
    let (mut members, mut sessions, mut indexes) = (Vec::new(), Vec::new(), Vec::new());
    let (mut roles, mut instants, mut words) = (Vec::new(), Vec::new(), Vec::new());
    for (key, event, index) in turns(touched, events) {
        let EventBody::Turn { role, text, .. } = &event.body else { continue };
        members.push(key.member_id.uuid());
        sessions.push(key.session_id.uuid());
        indexes.push(index);
        roles.push(role.name().to_owned());
        instants.push(event.occurred_at);
        words.push(i32::try_from(text.words()).unwrap_or(i32::MAX));
    }
    if members.is_empty() {
        return Ok(Vec::new());
    }
    let written = sqlx::query!(
        "INSERT INTO turn (member_id, session_id, index, role, occurred_at, words, received_at)
         SELECT *, $7::timestamptz
         FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::timestamptz[], $6::int[])
         ON CONFLICT DO NOTHING
         RETURNING member_id, session_id, index",
        &members,
        &sessions,
        &indexes,
        &roles,
        &instants,
        &words,
        now
    )
    .fetch_all(connection)
    .await?;
    if written.len() == members.len() {
        return Ok(Vec::new());
    }
    let written: BTreeSet<_> = written.into_iter().map(|row| (row.member_id, row.session_id, row.index)).collect();
    Ok(turns(touched, events)
        .filter(|(key, _, index)| !written.contains(&(key.member_id.uuid(), key.session_id.uuid(), *index)))
        .map(|(key, _, index)| (key, index))
        .collect())
}

/// Seals and writes the turns' texts: the only place where a member's words are kept.
pub(crate) async fn insert_texts(
    connection: &mut PgConnection,
    ambient: &Ambient,
    keys: &HashMap<MemberId, &MemberKey>,
    touched: &BTreeMap<SessionKey, TouchedSession>,
    events: &[Event],
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let (mut members, mut sessions, mut indexes) = (Vec::new(), Vec::new(), Vec::new());
    let (mut ciphertexts, mut nonces, mut versions) = (Vec::new(), Vec::new(), Vec::new());
    for (key, event, index) in turns(touched, events) {
        let (EventBody::Turn { text, .. }, Some(member_key)) = (&event.body, keys.get(&key.member_id)) else {
            continue;
        };
        let sealed = member_key.seal(ambient, key.session_id, index, text)?;
        members.push(key.member_id.uuid());
        sessions.push(key.session_id.uuid());
        indexes.push(index);
        ciphertexts.push(sealed.ciphertext);
        nonces.push(sealed.nonce);
        versions.push(sealed.key_version);
    }
    if members.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "INSERT INTO turn_text (member_id, session_id, index, ciphertext, nonce, key_version, received_on)
         SELECT *, $7::date
         FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::bytea[], $5::bytea[], $6::smallint[])",
        &members,
        &sessions,
        &indexes,
        &ciphertexts,
        &nonces,
        &versions,
        now.date_naive()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What there is to do now: measure sessions that ended, watch sessions that did not.
pub(crate) async fn enqueue_jobs(
    connection: &mut PgConnection,
    touched: &BTreeMap<SessionKey, TouchedSession>,
    events: &[Event],
    policy: IngestPolicy,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let (mut jobs, mut needless) = (Vec::new(), Vec::new());
    for (key, session) in touched {
        let draft = session.draft(events);
        let (member, id) = (key.member_id, key.session_id);
        let received_on = session.known.as_ref().map_or(now, |known| known.received_at).date_naive();
        let input_version = session.input_version(&draft);
        let was_open = session.known.as_ref().is_some_and(|known| known.draft.state() == SessionState::Open);
        if draft.state() == SessionState::Ended {
            jobs.push(follow_up::analyze(member, id, input_version, received_on, now));
            if was_open {
                needless.push(follow_up::close(member, id, received_on, now));
            }
        } else if session.known.is_none() {
            jobs.push(follow_up::close(member, id, received_on, now + policy.idle));
        }
        if let Some(known) = session.known.as_ref().filter(|known| known.measured) {
            // The session moved to another day: the day it leaves is added up again without it.
            let date = known.draft.local_date();
            if date != draft.local_date() {
                jobs.push(follow_up::refresh(member, id, input_version, date, None, received_on, now));
            }
        }
    }
    withdraw(connection, &needless).await?;
    enqueue(connection, &jobs, now).await?;
    Ok(())
}
