//! Taking up what has come due, some hundreds at once, each by one worker at a time: a row that is taken up comes due again when its
//! holder has had it for too long, under the same name, so that a worker that was killed doubles nothing on any screen.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use spectrum_domain::{
    id::{DeliveryId, DeviceId, MemberId},
    job::Job,
    push::{AddressKind, ChannelKind, Dropped, Environment, PushKind, Standing},
    rollup::Tier,
};
use sqlx::PgConnection;

use super::{devices::Reach, plan_week::zone_of, preferences::Said};
use crate::{
    db::{keyring::Keyring, seal::Sealed},
    error::ServiceError,
    product::experiments::Trials,
    queue::enqueue::{NewJob, enqueue_again},
    trace::Trace,
};

/// Rows of one batch.
pub const BATCH: i64 = 500;

/// For so long a worker has what it took up: longer than a provider is waited for.
pub const LEASE: TimeDelta = TimeDelta::minutes(3);

/// Which row, held in which try: the fence that a late worker can't pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Whose.
    pub member: MemberId,
    /// Its name.
    pub delivery: DeliveryId,
    /// Which try this is, from 1.
    pub try_number: i16,
    /// To which device.
    pub device: DeviceId,
}

/// Where it goes.
#[derive(Clone, Debug)]
pub struct Target {
    /// What kind of address.
    pub kind: AddressKind,
    /// In which of the provider's worlds.
    pub environment: Environment,
    /// The address.
    pub reach: Reach,
    /// When the device last said so.
    pub registered_at: DateTime<Utc>,
}

/// A push that has come due.
#[derive(Clone, Debug)]
pub struct Due {
    /// Which.
    pub held: Held,
    /// Why.
    pub kind: PushKind,
    /// First day of the week.
    pub period: NaiveDate,
    /// When it was due.
    pub due_at: DateTime<Utc>,
    /// How things stand with it.
    pub standing: Standing,
    /// The member agrees to its being counted.
    pub counted: bool,
    /// The member's language tag.
    pub locale: String,
    /// Where it goes; nothing where the device is gone.
    pub target: Option<Target>,
    /// What the job that planned it was part of.
    pub trace: Option<Trace>,
}

/// Takes up what has come due; nothing while the channel is paused.
#[expect(clippy::too_many_lines, reason = "one statement and its row, field by field")]
pub(crate) async fn claim(
    connection: &mut PgConnection,
    keyring: &Keyring,
    trials: &Trials,
    channel: ChannelKind,
    now: DateTime<Utc>,
) -> Result<Vec<Due>, ServiceError> {
    // When the member was last pushed is asked of their own rows: for the plain maximum of a column that has an index the planner walks
    // that index back, over everybody's pushes, until it meets one of theirs (measured: 700 ms of 720).
    let rows = sqlx::query!(
        r#"WITH due AS MATERIALIZED (
               SELECT member_id, delivery_id FROM push_outbox
               WHERE channel = $1 AND state = 'waiting' AND next_at <= $2
                 AND NOT EXISTS (SELECT FROM push_channel c WHERE c.channel = $1 AND c.paused)
               ORDER BY next_at LIMIT $4 FOR UPDATE SKIP LOCKED
           ), held AS (
               UPDATE push_outbox o SET tries = tries + 1, next_at = $3
               FROM due WHERE o.member_id = due.member_id AND o.delivery_id = due.delivery_id
               RETURNING o.member_id, o.delivery_id, kind, period, device_id, due_at, expires_at, tries, trace
           )
           SELECT o.member_id AS "member_id!", o.delivery_id AS "delivery_id!", o.kind AS "kind!", o.period AS "period!",
                  o.device_id AS "device_id!", o.due_at AS "due_at!", o.expires_at AS "expires_at!", o.tries AS "tries!", o.trace,
                  m.zone, m.locale, m.state = 'active' AS "active!",
                  coalesce(m.use_counted, m.consent_analytics) AS "counted!",
                  e.flagged AS "flagged?", e.opened_at, w.sessions AS "sessions?", w.days AS "days?",
                  d.address AS "address?", d.nonce AS "nonce?", d.key_version AS "key_version?",
                  d.address_kind AS "address_kind?", d.environment AS "environment?",
                  d.registered_at AS "registered_at?", d.seen_at AS "seen_at?", a.device_id IS NOT NULL AS "its_own!",
                  k.wrapped AS "wrapped?", k.master_key_id AS "master_key_id?",
                  p.apns, p.fcm, p.web_push, p.day, p.hour, p.quiet_from, p.quiet_until,
                  h.wanted AS "host_wanted?", h.day AS host_day, h.hour AS "host_hour?",
                  h.quiet_from AS "host_quiet_from?", h.quiet_until AS "host_quiet_until?",
                  (SELECT max(greatest(b.settled_at, b.created_at)) FROM push_outbox b
                   WHERE b.member_id = o.member_id AND b.kind = 'weekly' AND b.state = 'sent' AND b.period <> o.period) AS pushed_at
           FROM held o JOIN member m ON m.member_id = o.member_id
           LEFT JOIN edition e ON e.member_id = o.member_id AND e.grain = 'week' AND e.period = o.period
           LEFT JOIN week_rollup w ON w.member_id = o.member_id AND w.period = o.period
           LEFT JOIN device d ON d.member_id = o.member_id AND d.device_id = o.device_id
           LEFT JOIN device_address a ON a.address_hash = d.address_hash
                                     AND a.member_id = d.member_id AND a.device_id = d.device_id
           LEFT JOIN member_key k ON k.member_id = o.member_id AND k.version = d.key_version
           LEFT JOIN push_preference p ON p.member_id = o.member_id AND p.kind = 'weekly'
           LEFT JOIN push_default h ON h.host_id = m.host_id AND h.kind = 'weekly'"#,
        channel.name(),
        now,
        now + LEASE,
        BATCH
    )
    .fetch_all(connection)
    .await?;
    let inconsistent = |column| ServiceError::Inconsistent { table: "push_outbox", column };
    rows.into_iter()
        .map(|row| {
            let (member, device) = (MemberId(row.member_id), DeviceId(row.device_id));
            let kind: PushKind = row.kind.parse().map_err(|_| inconsistent("kind"))?;
            // An address that is somebody else's by now is none.
            let target =
                match (row.address.filter(|_| row.its_own), row.nonce, row.key_version, row.wrapped, row.master_key_id)
                {
                    (Some(ciphertext), Some(nonce), Some(key_version), Some(wrapped), Some(master)) => {
                        let key = keyring.unwrap(member, key_version, &master, &wrapped)?;
                        let open = key.unseal_address(device, &Sealed { ciphertext, nonce, key_version })?;
                        let parse = |text: Option<String>| text.unwrap_or_default();
                        Some(Target {
                            kind: parse(row.address_kind).parse().map_err(|_| inconsistent("address_kind"))?,
                            environment: parse(row.environment).parse().map_err(|_| inconsistent("environment"))?,
                            reach: serde_json::from_slice(&open).map_err(|_| inconsistent("address"))?,
                            registered_at: row.registered_at.unwrap_or_default(),
                        })
                    }
                    _ => None,
                };
            let preferences = Said {
                apns: row.apns,
                fcm: row.fcm,
                web_push: row.web_push,
                day: row.day,
                hour: row.hour,
                quiet_from: row.quiet_from,
                quiet_until: row.quiet_until,
                host_wanted: row.host_wanted,
                host_day: row.host_day,
                host_hour: row.host_hour,
                host_quiet_from: row.host_quiet_from,
                host_quiet_until: row.host_quiet_until,
            }
            .resolve();
            Ok(Due {
                held: Held { member, delivery: row.delivery_id.into(), try_number: row.tries, device },
                kind,
                period: row.period,
                due_at: row.due_at,
                standing: Standing {
                    kind,
                    told: row.active && row.flagged.is_some(),
                    tier: Tier::of(row.sessions.unwrap_or(0), row.days.unwrap_or(0)),
                    flagged: row.flagged.unwrap_or(0),
                    opened: row.opened_at.is_some(),
                    wanted: preferences.wants(channel),
                    holdout: trials.hold_out_of_push(keyring.ledger(), member),
                    device_seen_at: target.as_ref().and(row.seen_at),
                    pushed_at: row.pushed_at,
                    expires_at: row.expires_at,
                    zone: zone_of(&row.zone)?,
                    quiet: preferences.wish.quiet,
                },
                counted: row.counted,
                locale: row.locale,
                target,
                trace: row.trace.and_then(|text| text.parse().ok()),
            })
        })
        .collect()
}

/// Orders the sending of what has come due, a job a channel, and lets go what its day is over for. Gives of how many channels.
pub(crate) async fn order(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<u64, ServiceError> {
    sqlx::query!(
        "UPDATE push_outbox SET state = 'dropped', reason = $2, settled_at = $1
         WHERE channel = ANY ($3) AND state = 'waiting' AND next_at <= $1 AND expires_at <= $1",
        now,
        Dropped::Late.name(),
        // By name, so that the index of what is due next is read and nothing of what is planned.
        &ChannelKind::ALL.iter().map(|channel| channel.name().to_owned()).collect::<Vec<_>>()
    )
    .execute(&mut *connection)
    .await?;
    let due = sqlx::query_scalar!(
        "SELECT channel FROM push_channel c
         WHERE NOT paused AND EXISTS (
             SELECT FROM push_outbox o WHERE o.channel = c.channel AND o.state = 'waiting' AND o.next_at <= $1)",
        now
    )
    .fetch_all(&mut *connection)
    .await?;
    let jobs = due.iter().map(|name| job(name, now)).collect::<Result<Vec<_>, _>>()?;
    // One of this minute may have ended while others came due.
    Ok(enqueue_again(connection, &jobs, now).await?)
}

/// The same for one channel, at once.
pub(crate) async fn order_now(
    connection: &mut PgConnection,
    channel: ChannelKind,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    enqueue_again(connection, &[job(channel.name(), now)?], now).await?;
    Ok(())
}

/// One a channel and minute.
fn job(channel: &str, now: DateTime<Utc>) -> Result<NewJob, ServiceError> {
    let channel: ChannelKind =
        channel.parse().map_err(|_| ServiceError::Inconsistent { table: "push_channel", column: "channel" })?;
    let minute = (now.timestamp() / 60).to_le_bytes();
    let job = Job::SendPushes { channel };
    Ok(NewJob::about_many(&job, &[channel.name().as_bytes(), &minute], now.date_naive(), now))
}
