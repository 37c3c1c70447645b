//! A push by which a member sees whether it works: at once, to all their devices, at most once a minute.

use chrono::{DateTime, TimeDelta, Utc};
use spectrum_domain::{
    id::MemberId,
    push::{ChannelKind, PushKind},
};
use sqlx::PgConnection;

use super::{claim_due, plan_week::PushPolicy};
use crate::{db::keyring::Ledger, error::ServiceError, trace};

/// After so long it is no test any more.
const LIFE: TimeDelta = TimeDelta::minutes(10);

/// Orders it, and gives by which channels; none where there is no device that could get one.
pub(crate) async fn ask(
    connection: &mut PgConnection,
    ledger: &Ledger,
    policy: &PushPolicy,
    member: MemberId,
    now: DateTime<Utc>,
) -> Result<Vec<ChannelKind>, ServiceError> {
    let devices = sqlx::query!(
        "SELECT device_id, channel FROM device WHERE member_id = $1 ORDER BY channel, device_id",
        member.uuid()
    )
    .fetch_all(&mut *connection)
    .await?;
    // Asked for again within the minute it is the same.
    let about = format!("{} {}", PushKind::Test.name(), now.timestamp() / 60);
    let mut channels = Vec::new();
    for device in devices {
        let channel = device.channel.parse();
        let channel = channel.map_err(|_| ServiceError::Inconsistent { table: "device", column: "channel" })?;
        if !policy.channels.contains(&channel) {
            continue;
        }
        sqlx::query!(
            "INSERT INTO push_outbox (member_id, delivery_id, kind, period, device_id, channel, state, due_at, next_at,
                                      expires_at, created_at, trace)
             VALUES ($1, $2, 'test', $3, $4, $5, 'waiting', $6, $6, $7, $6, $8) ON CONFLICT DO NOTHING",
            member.uuid(),
            ledger.delivery(member, device.device_id.into(), &about).uuid(),
            now.date_naive(),
            device.device_id,
            channel.name(),
            now,
            now + LIFE,
            trace::current().map(|trace| trace.to_string())
        )
        .execute(&mut *connection)
        .await?;
        if !channels.contains(&channel) {
            claim_due::order_now(connection, channel, now).await?;
            channels.push(channel);
        }
    }
    Ok(channels)
}
