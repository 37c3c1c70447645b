//! Recording what a host's billing says: that a member took the paid plan, and whether it was paid back.
//!
//! PRIVACY: as with every event of use, nothing is written of a member who does not agree to be counted.

use chrono::{DateTime, Utc};
use spectrum_domain::id::MemberId;
use sqlx::PgConnection;
use uuid::Uuid;

/// An upgrade, as the host tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upgrade {
    /// The host's own name for it.
    pub id: Uuid,
    /// When it was paid.
    pub upgraded_at: DateTime<Utc>,
    /// When it was paid back.
    pub refunded_at: Option<DateTime<Utc>>,
}

/// Writes it, or what is new of it. A refund that was told of is not taken back by an older message.
pub(crate) async fn record(
    connection: &mut PgConnection,
    member: MemberId,
    upgrade: Upgrade,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO upgrade (member_id, upgrade_id, upgraded_at, refunded_at, recorded_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (member_id, upgrade_id) DO UPDATE
         SET refunded_at = coalesce(excluded.refunded_at, upgrade.refunded_at), recorded_at = excluded.recorded_at
         WHERE coalesce(excluded.refunded_at, upgrade.refunded_at) IS NULL
            OR coalesce(excluded.refunded_at, upgrade.refunded_at) >= upgrade.upgraded_at",
        member.uuid(),
        upgrade.id,
        upgrade.upgraded_at,
        upgrade.refunded_at,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}
