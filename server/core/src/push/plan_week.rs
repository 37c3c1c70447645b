//! Planning: a row for every device of every member who is told of a week, in the transaction of the week's cards; of those that are
//! not to be sent the reason. And planning anew, when a member lives elsewhere or has decided on another hour.

use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, Utc};
use spectrum_domain::{
    calendar::{Week, local_date},
    id::MemberId,
    member::weekday_from_name,
    push::{ChannelKind, Dropped, Spread, Window, window},
    rollup::Tier,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::preferences::Said;
use crate::{db::keyring::Ledger, error::ServiceError, product::experiments::Trials, trace};

/// How pushes are sent from here.
#[derive(Clone, Debug, Default)]
pub struct PushPolicy {
    /// The channels for which there is a provider.
    pub channels: Vec<ChannelKind>,
    /// The public key that browsers subscribe with.
    pub web_push_key: Option<String>,
}

/// A member who is told of a week.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told {
    pub(crate) member: MemberId,
    pub(crate) tier: Tier,
    pub(crate) flagged: i32,
}

/// With what is planned.
#[derive(Clone, Debug)]
pub(crate) struct Planning<'a> {
    pub(crate) ledger: &'a Ledger,
    pub(crate) policy: &'a PushPolicy,
    pub(crate) trials: Arc<Trials>,
    pub(crate) now: DateTime<Utc>,
}

/// A device whose member is told of a week, with what is said of when.
struct Candidate {
    member_id: Uuid,
    device_id: Uuid,
    channel: String,
    zone: String,
    said: Said,
}

/// The moment within the hour that is the member's own.
pub(crate) fn spread(ledger: &Ledger, member: MemberId) -> Spread {
    Spread::of(ledger.spread(member, "push minute"))
}

/// The day after a week's last.
fn end(period: NaiveDate) -> NaiveDate {
    period.checked_add_days(Days::new(7)).unwrap_or(period)
}

/// Plans the pushes of a week that begins on this day. What was planned before stays as it is.
pub(crate) async fn plan(
    connection: &mut PgConnection,
    with: Planning<'_>,
    period: NaiveDate,
    told: &[Told],
) -> Result<u64, ServiceError> {
    let Planning { ledger, policy, trials, now } = with;
    let members: Vec<Uuid> = told.iter().map(|told| told.member.uuid()).collect();
    let candidates = candidates(connection, &members).await?;
    let (mut ids, mut deliveries, mut devices, mut channels) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut reasons, mut dues, mut expiries) = (Vec::new(), Vec::new(), Vec::new());
    for candidate in candidates {
        let member = MemberId(candidate.member_id);
        let Some(told) = told.iter().find(|told| told.member == member) else { continue };
        let channel: ChannelKind =
            candidate.channel.parse().map_err(|_| ServiceError::Inconsistent { table: "device", column: "channel" })?;
        let zone = zone_of(&candidate.zone)?;
        let preferences = candidate.said.resolve();
        let Window { due_at, expires_at } = window(end(period), preferences.wish, spread(ledger, member), zone);
        let reason = [
            (told.flagged > 0, Dropped::Crisis),
            (matches!(told.tier, Tier::Empty | Tier::Few), Dropped::BelowFloor),
            (!preferences.wants(channel), Dropped::OptedOut),
            (trials.hold_out_of_push(ledger, member), Dropped::Holdout),
            (!policy.channels.contains(&channel), Dropped::NotConfigured),
            (now >= expires_at, Dropped::Late),
        ];
        let reason = reason.into_iter().find(|(holds, _)| *holds).map(|(_, reason)| reason.name().to_owned());
        ids.push(candidate.member_id);
        deliveries.push(ledger.delivery(member, candidate.device_id.into(), &format!("weekly {period}")).uuid());
        devices.push(candidate.device_id);
        channels.push(candidate.channel);
        reasons.push(reason);
        dues.push(due_at);
        expiries.push(expires_at);
    }
    if ids.is_empty() {
        return Ok(0);
    }
    let planned = sqlx::query!(
        "INSERT INTO push_outbox (member_id, delivery_id, kind, period, device_id, channel, state, reason, due_at, next_at,
                                  expires_at, created_at, settled_at, trace)
         SELECT member_id, delivery_id, 'weekly', $1, device_id, channel,
                CASE WHEN reason IS NULL THEN 'waiting' ELSE 'dropped' END, reason, due_at, due_at, expires_at, $2::timestamptz,
                CASE WHEN reason IS NOT NULL THEN $2::timestamptz END, $10
         FROM unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::timestamptz[], $9::timestamptz[])
             AS n (member_id, delivery_id, device_id, channel, reason, due_at, expires_at)
         ON CONFLICT (member_id, delivery_id) DO NOTHING",
        period,
        now,
        &ids,
        &deliveries,
        &devices,
        &channels,
        &reasons as &[Option<String>],
        &dues,
        &expiries,
        trace::current().map(|trace| trace.to_string())
    )
    .execute(connection)
    .await?
    .rows_affected();
    Ok(planned)
}

async fn candidates(connection: &mut PgConnection, members: &[Uuid]) -> Result<Vec<Candidate>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT d.member_id, d.device_id, d.channel, m.zone, p.apns, p.fcm, p.web_push, p.day, p.hour, p.quiet_from,
                  p.quiet_until, h.wanted AS "host_wanted?", h.day AS host_day, h.hour AS "host_hour?",
                  h.quiet_from AS "host_quiet_from?", h.quiet_until AS "host_quiet_until?"
           FROM device d JOIN member m ON m.member_id = d.member_id AND m.state = 'active'
           LEFT JOIN push_preference p ON p.member_id = d.member_id AND p.kind = 'weekly'
           LEFT JOIN push_default h ON h.host_id = m.host_id AND h.kind = 'weekly'
           WHERE d.member_id = ANY ($1)"#,
        members
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Candidate {
            member_id: row.member_id,
            device_id: row.device_id,
            channel: row.channel,
            zone: row.zone,
            said: Said {
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
            },
        })
        .collect())
}

/// Plans the newest week that has ended where the member lives, if they were told of it and it was not planned: their sessions came
/// late, or they have moved to where it had ended already. A device that came after the week was planned waits for the next one.
pub(crate) async fn plan_newest(
    connection: &mut PgConnection,
    with: Planning<'_>,
    member: MemberId,
) -> Result<u64, ServiceError> {
    let known =
        sqlx::query!("SELECT zone, week_start FROM member WHERE member_id = $1 AND state = 'active'", member.uuid())
            .fetch_optional(&mut *connection)
            .await?;
    let Some(known) = known else { return Ok(0) };
    let start = weekday_from_name(&known.week_start);
    let start = start.ok_or(ServiceError::Inconsistent { table: "member", column: "week_start" })?;
    let today = local_date(with.now, &zone_of(&known.zone)?);
    let period = Week::containing(today, start).previous().start();
    let told = sqlx::query!(
        r#"SELECT e.flagged, coalesce(w.sessions, 0) AS "sessions!", coalesce(w.days, 0) AS "days!"
           FROM edition e LEFT JOIN week_rollup w ON w.member_id = e.member_id AND w.period = e.period
           WHERE e.member_id = $1 AND e.grain = 'week' AND e.period = $2
             AND NOT EXISTS (SELECT FROM push_outbox o WHERE o.member_id = $1 AND o.kind = 'weekly' AND o.period = $2)"#,
        member.uuid(),
        period
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(told) = told else { return Ok(0) };
    let told = Told { member, tier: Tier::of(told.sessions, told.days), flagged: told.flagged };
    plan(connection, with, period, &[told]).await
}

/// Plans what waits anew: the member lives in another zone, or wants it at another hour.
pub(crate) async fn plan_anew(
    connection: &mut PgConnection,
    ledger: &Ledger,
    member: MemberId,
) -> Result<(), ServiceError> {
    let waiting = sqlx::query!(
        "SELECT o.delivery_id, o.period, m.zone FROM push_outbox o JOIN member m ON m.member_id = o.member_id
         WHERE o.member_id = $1 AND o.kind = 'weekly' AND o.state = 'waiting' AND o.tries = 0",
        member.uuid()
    )
    .fetch_all(&mut *connection)
    .await?;
    if waiting.is_empty() {
        return Ok(());
    }
    let wish = super::preferences::load(&mut *connection, member).await?.wish;
    for row in waiting {
        let Window { due_at, expires_at } = window(end(row.period), wish, spread(ledger, member), zone_of(&row.zone)?);
        sqlx::query!(
            "UPDATE push_outbox SET due_at = $3, next_at = $3, expires_at = $4
             WHERE member_id = $1 AND delivery_id = $2 AND state = 'waiting' AND tries = 0",
            member.uuid(),
            row.delivery_id,
            due_at,
            expires_at
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

pub(super) fn zone_of(name: &str) -> Result<chrono_tz::Tz, ServiceError> {
    name.parse().map_err(|_| ServiceError::Inconsistent { table: "member", column: "zone" })
}
