//! Settling: what came of a batch goes into its rows, the tries are kept, and devices that are gone are removed, unless so many are
//! that the mistake must be ours: then the channel stops and nothing is removed.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use spectrum_domain::{
    id::{DeviceId, MemberId},
    push::{ChannelKind, Dropped, Recent, Trip},
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::claim_due::Held;
use crate::error::ServiceError;

/// What is to become of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The provider has it.
    Sent,
    /// It is tried again then.
    Again(DateTime<Utc>),
    /// It was not tried, and is looked at again then.
    Held(DateTime<Utc>),
    /// It is not sent.
    Dropped(Dropped),
    /// The device is gone.
    Gone {
        /// When the device last said that this is its address: one that it has said since is not meant.
        registered_at: DateTime<Utc>,
        /// When the provider was sure.
        since: Option<DateTime<Utc>>,
        /// The provider means this very address.
        certain: bool,
    },
}

/// How a try ended, in the words of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Taken.
    Delivered,
    /// No such address.
    Gone,
    /// Not now.
    Retry,
    /// Nobody knows.
    Unknown,
    /// Our settings are wrong.
    Misconfigured,
    /// Never.
    Refused,
}

impl Ended {
    /// The name in the database and in metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Gone => "gone",
            Self::Retry => "retry",
            Self::Unknown => "unknown",
            Self::Misconfigured => "misconfigured",
            Self::Refused => "refused",
        }
    }
}

/// What is kept of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// How it ended.
    pub ended: Ended,
    /// Why, in a closed word.
    pub reason: &'static str,
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// The provider's own name for it.
    pub provider_id: Option<String>,
    /// How long the provider took.
    pub took_ms: i32,
    /// How long after it was due it was tried.
    pub late_ms: i64,
}

/// A row that was taken up, and what came of it.
#[derive(Clone, Debug)]
pub struct Settled {
    /// Which.
    pub held: Held,
    /// What is to become of it.
    pub verdict: Verdict,
    /// The try, where there was one.
    pub attempt: Option<Attempt>,
    /// Where the member lives, if it is to be counted: the push is of a week, and they agree.
    pub counted_in: Option<Tz>,
}

/// What settling a batch came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Devices that were removed.
    pub removed: u64,
    /// The channel was stopped by this batch.
    pub tripped: Option<Trip>,
}

/// Keeps what came of a batch, and gives the names of those that were settled by it: what another worker settled before is not among
/// them.
pub(crate) async fn settle(
    connection: &mut PgConnection,
    channel: ChannelKind,
    batch: &[Settled],
    now: DateTime<Utc>,
) -> Result<(Outcome, BTreeSet<Uuid>), ServiceError> {
    let (stopped, tripped) = watch(connection, channel, batch, now).await?;
    let rows: Vec<Row> = batch.iter().map(|settled| Row::of(settled, stopped, now)).collect();
    let settled = sqlx::query_scalar!(
        "UPDATE push_outbox o SET state = n.state, reason = n.reason, next_at = coalesce(n.next_at, o.next_at),
                tries = CASE WHEN n.tried THEN o.tries ELSE o.tries - 1 END,
                settled_at = CASE WHEN n.state <> 'waiting' THEN $1::timestamptz END
         FROM unnest($2::uuid[], $3::uuid[], $4::smallint[], $5::text[], $6::text[], $7::timestamptz[], $8::boolean[])
             AS n (member_id, delivery_id, try, state, reason, next_at, tried)
         WHERE o.member_id = n.member_id AND o.delivery_id = n.delivery_id AND o.tries = n.try AND o.state = 'waiting'
         RETURNING o.delivery_id",
        now,
        &batch.iter().map(|settled| settled.held.member.uuid()).collect::<Vec<_>>(),
        &batch.iter().map(|settled| settled.held.delivery.uuid()).collect::<Vec<_>>(),
        &batch.iter().map(|settled| settled.held.try_number).collect::<Vec<_>>(),
        &rows.iter().map(|row| row.state.to_owned()).collect::<Vec<_>>(),
        &rows.iter().map(|row| row.reason.map(str::to_owned)).collect::<Vec<_>>() as &[Option<String>],
        &rows.iter().map(|row| row.next_at).collect::<Vec<_>>() as &[Option<DateTime<Utc>>],
        &rows.iter().map(|row| row.tried).collect::<Vec<_>>()
    )
    .fetch_all(&mut *connection)
    .await?;
    keep_attempts(connection, channel, batch, now).await?;
    let removed = if stopped { 0 } else { remove_gone(connection, batch).await? };
    Ok((Outcome { removed, tripped }, settled.into_iter().collect()))
}

/// What a row is to hold.
struct Row {
    state: &'static str,
    reason: Option<&'static str>,
    next_at: Option<DateTime<Utc>>,
    tried: bool,
}

impl Row {
    fn of(settled: &Settled, stopped: bool, now: DateTime<Utc>) -> Self {
        let waiting = |at, tried| Self { state: "waiting", reason: None, next_at: Some(at), tried };
        match settled.verdict {
            Verdict::Sent => Self { state: "sent", reason: None, next_at: None, tried: true },
            Verdict::Again(at) => waiting(at, true),
            Verdict::Held(at) => waiting(at, false),
            // Whether the address or we are wrong is known once somebody has looked.
            Verdict::Gone { .. } if stopped => waiting(now, true),
            Verdict::Gone { .. } => {
                Self { state: "dropped", reason: Some(Dropped::DeviceGone.name()), next_at: None, tried: true }
            }
            Verdict::Dropped(reason) => {
                Self { state: "dropped", reason: Some(reason.name()), next_at: None, tried: settled.attempt.is_some() }
            }
        }
    }
}

/// Holds the batch against the channel's newest answers; whether the channel is stopped, and whether that is new.
async fn watch(
    connection: &mut PgConnection,
    channel: ChannelKind,
    batch: &[Settled],
    now: DateTime<Utc>,
) -> Result<(bool, Option<Trip>), ServiceError> {
    let mut new = Recent::default();
    // A member with many odd devices is one odd member: nobody can stop a channel by what they register.
    let (mut doubtful, mut misconfigured) = (BTreeSet::new(), BTreeSet::new());
    for settled in batch {
        let Some(attempt) = &settled.attempt else { continue };
        new.answers += 1;
        match (attempt.ended, settled.verdict) {
            (Ended::Delivered, _) => new.delivered += 1,
            (Ended::Gone, Verdict::Gone { certain: true, .. }) => new.gone += 1,
            (Ended::Gone, _) => {
                doubtful.insert(settled.held.member);
            }
            (Ended::Misconfigured, _) => {
                misconfigured.insert(settled.held.member);
            }
            (Ended::Retry | Ended::Unknown | Ended::Refused, _) => {}
        }
    }
    let count = |members: &BTreeSet<MemberId>| i32::try_from(members.len()).unwrap_or(i32::MAX);
    (new.doubtful, new.misconfigured) = (count(&doubtful), count(&misconfigured));
    if new == Recent::default() {
        return Ok((false, None));
    }
    let known = sqlx::query!(
        "SELECT paused, answers, delivered, gone, doubtful, misconfigured FROM push_channel WHERE channel = $1 FOR UPDATE",
        channel.name()
    )
    .fetch_one(&mut *connection)
    .await?;
    let before = Recent {
        answers: known.answers,
        delivered: known.delivered,
        gone: known.gone,
        doubtful: known.doubtful,
        misconfigured: known.misconfigured,
    };
    let recent = before.with(new);
    let tripped = if known.paused { None } else { recent.trips() };
    sqlx::query!(
        "UPDATE push_channel SET answers = $2, delivered = $3, gone = $4, doubtful = $5, misconfigured = $6,
                paused = paused OR $7::text IS NOT NULL, reason = coalesce($7, reason),
                paused_by = CASE WHEN $7 IS NULL THEN paused_by ELSE 'breaker' END,
                paused_at = CASE WHEN $7 IS NULL THEN paused_at ELSE $8 END
         WHERE channel = $1",
        channel.name(),
        recent.answers,
        recent.delivered,
        recent.gone,
        recent.doubtful,
        recent.misconfigured,
        tripped.map(Trip::name),
        now
    )
    .execute(connection)
    .await?;
    Ok((known.paused || tripped.is_some(), tripped))
}

async fn keep_attempts(
    connection: &mut PgConnection,
    channel: ChannelKind,
    batch: &[Settled],
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let tried: Vec<(&Held, &Attempt)> =
        batch.iter().filter_map(|settled| settled.attempt.as_ref().map(|attempt| (&settled.held, attempt))).collect();
    if tried.is_empty() {
        return Ok(());
    }
    // A member who was erased meanwhile has no row here, and none is made.
    sqlx::query!(
        "INSERT INTO push_attempt (member_id, delivery_id, try, channel, outcome, reason, status, provider_id, took_ms, late_ms, at)
         SELECT n.member_id, n.delivery_id, n.try, $1, outcome, reason, status, provider_id, took_ms, late_ms, $2
         FROM unnest($3::uuid[], $4::uuid[], $5::smallint[], $6::text[], $7::text[], $8::smallint[], $9::text[], $10::int[],
                     $11::bigint[]) AS n (member_id, delivery_id, try, outcome, reason, status, provider_id, took_ms, late_ms)
         WHERE EXISTS (SELECT FROM push_outbox o WHERE o.member_id = n.member_id AND o.delivery_id = n.delivery_id)
         ON CONFLICT DO NOTHING",
        channel.name(),
        now,
        &tried.iter().map(|(held, _)| held.member.uuid()).collect::<Vec<_>>(),
        &tried.iter().map(|(held, _)| held.delivery.uuid()).collect::<Vec<_>>(),
        &tried.iter().map(|(held, _)| held.try_number).collect::<Vec<_>>(),
        &tried.iter().map(|(_, attempt)| attempt.ended.name().to_owned()).collect::<Vec<_>>(),
        &tried.iter().map(|(_, attempt)| attempt.reason.to_owned()).collect::<Vec<_>>(),
        &tried.iter().map(|(_, attempt)| attempt.status.and_then(|s| i16::try_from(s).ok())).collect::<Vec<_>>()
            as &[Option<i16>],
        &tried.iter().map(|(_, attempt)| attempt.provider_id.clone()).collect::<Vec<_>>() as &[Option<String>],
        &tried.iter().map(|(_, attempt)| attempt.took_ms).collect::<Vec<_>>(),
        &tried.iter().map(|(_, attempt)| attempt.late_ms).collect::<Vec<_>>()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes devices that are gone. One that has registered again since is another: it stays.
async fn remove_gone(connection: &mut PgConnection, batch: &[Settled]) -> Result<u64, sqlx::Error> {
    let mut gone: Vec<(Uuid, DeviceId, DateTime<Utc>)> = Vec::new();
    for Settled { held, verdict, .. } in batch {
        if let Verdict::Gone { registered_at, since, .. } = verdict
            && since.is_none_or(|since| *registered_at < since)
        {
            gone.push((held.member.uuid(), held.device, *registered_at));
        }
    }
    if gone.is_empty() {
        return Ok(0);
    }
    let removed = sqlx::query_scalar!(
        r#"WITH removed AS (
               DELETE FROM device d USING unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS g (member_id, device_id, registered_at)
               WHERE d.member_id = g.member_id AND d.device_id = g.device_id AND d.registered_at = g.registered_at
               RETURNING d.member_id, d.device_id
           ), addresses AS (
               DELETE FROM device_address a USING removed r WHERE a.member_id = r.member_id AND a.device_id = r.device_id
           )
           SELECT count(*) AS "removed!" FROM removed"#,
        &gone.iter().map(|(member, ..)| *member).collect::<Vec<_>>(),
        &gone.iter().map(|(_, device, _)| device.uuid()).collect::<Vec<_>>(),
        &gone.iter().map(|(.., at)| *at).collect::<Vec<_>>()
    )
    .fetch_one(connection)
    .await?;
    Ok(u64::try_from(removed).unwrap_or(0))
}
