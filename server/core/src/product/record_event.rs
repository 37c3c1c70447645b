//! Writing how Spectrum is used: with a decision, in its transaction; of what was merely seen, many in one statement.
//!
//! PRIVACY: nothing is written of a member who does not agree at the moment of writing, whatever they did before.

use chrono::{DateTime, Utc};
use serde_json::Value;
use spectrum_domain::{
    id::MemberId,
    product_event::{AppVersion, ProductEvent, Surface},
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{buffer::Seen, sum_use};
use crate::ambient::Ambient;

/// In what a member has Spectrum, and in which version.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin {
    surface: Surface,
    version: AppVersion,
}

impl Origin {
    /// In this, at our own version.
    pub(crate) fn of(surface: Surface) -> Self {
        Self { surface, version: env!("CARGO_PKG_VERSION").parse().unwrap_or_default() }
    }

    /// The same at a version of its own.
    pub(crate) const fn at(surface: Surface, version: AppVersion) -> Self {
        Self { surface, version }
    }
}

/// Whether the member agrees to be counted. Their row is held: whoever withdraws waits for this transaction, and takes away
/// what it wrote.
pub(crate) async fn agrees(connection: &mut PgConnection, member: MemberId) -> Result<bool, sqlx::Error> {
    let agrees = sqlx::query_scalar!(
        r#"SELECT coalesce(use_counted, consent_analytics) AS "agrees!" FROM member
           WHERE member_id = $1 AND state = 'active' FOR SHARE"#,
        member.uuid()
    )
    .fetch_optional(connection)
    .await?;
    Ok(agrees == Some(true))
}

/// Writes an event of a member who agrees, in the transaction of what it is about.
pub(crate) async fn record(
    connection: &mut PgConnection,
    ambient: &Ambient,
    origin: Origin,
    member: MemberId,
    event: ProductEvent,
) -> Result<(), sqlx::Error> {
    let (now, id): (_, Uuid) = (ambient.now(), ambient.id());
    sqlx::query!(
        "INSERT INTO product_event (member_id, day, event_id, event, properties, surface, app_version, recorded_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        member.uuid(),
        now.date_naive(),
        id,
        event.number(),
        properties(event),
        origin.surface.name(),
        origin.version.to_string(),
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes what was seen, in one statement whatever its length, and gives how many events that were: those of members who
/// agree now.
pub(crate) async fn write(connection: &mut PgConnection, seen: &[Seen]) -> Result<u64, sqlx::Error> {
    // Before the statement, so that it sees what is decided now.
    hold_withdrawals(connection).await?;
    let members: Vec<Uuid> = seen.iter().map(|seen| seen.member.uuid()).collect();
    let ids: Vec<Uuid> = seen.iter().map(|seen| seen.id).collect();
    let events: Vec<i16> = seen.iter().map(|seen| seen.event.number()).collect();
    let properties: Vec<Value> = seen.iter().map(|seen| properties(seen.event)).collect();
    let surfaces: Vec<String> = seen.iter().map(|seen| seen.origin.surface.name().to_owned()).collect();
    let versions: Vec<String> = seen.iter().map(|seen| seen.origin.version.to_string()).collect();
    let times: Vec<DateTime<Utc>> = seen.iter().map(|seen| seen.at).collect();
    let done = sqlx::query!(
        "INSERT INTO product_event (member_id, day, event_id, event, properties, surface, app_version, recorded_at)
         SELECT member_id, (e.at AT TIME ZONE 'UTC')::date, e.id, e.event, e.properties, e.surface, e.version, e.at
         FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::jsonb[], $5::text[], $6::text[], $7::timestamptz[])
              AS e (member_id, id, event, properties, surface, version, at)
         JOIN member m USING (member_id)
         WHERE m.state = 'active' AND coalesce(m.use_counted, m.consent_analytics)",
        &members,
        &ids,
        &events,
        &properties,
        &surfaces,
        &versions,
        &times
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// Waits for members who withdraw, and holds back who would, until the end of the transaction: see [`hold_writes`].
pub(crate) async fn hold_withdrawals(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query("SELECT pg_advisory_xact_lock_shared(7305, 2)").execute(connection).await?;
    Ok(())
}

/// Waits for what is being written of many, or added up, and holds back what would be, until the end of the transaction: a member
/// who withdraws or is erased is then either seen to have done so, or what was written of them is there to be taken away. Comes
/// before any lock of a row.
pub(crate) async fn hold_writes(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query("SELECT pg_advisory_xact_lock(7305, 2)").execute(connection).await?;
    Ok(())
}

/// Takes away what was counted of a member, unless they agree, from the sums as well.
pub(crate) async fn forget_unless_agreed(connection: &mut PgConnection, member: MemberId) -> Result<(), sqlx::Error> {
    let withdrawn = sqlx::query_scalar!(
        r#"SELECT NOT coalesce(use_counted, consent_analytics) AS "withdrawn!" FROM member WHERE member_id = $1"#,
        member.uuid()
    )
    .fetch_optional(&mut *connection)
    .await?;
    if withdrawn != Some(true) {
        return Ok(());
    }
    sum_use::take_away(connection, member).await?;
    sqlx::query!("DELETE FROM product_event WHERE member_id = $1", member.uuid()).execute(&mut *connection).await?;
    sqlx::query!("DELETE FROM exposure WHERE member_id = $1", member.uuid()).execute(&mut *connection).await?;
    sqlx::query!("DELETE FROM upgrade WHERE member_id = $1", member.uuid()).execute(&mut *connection).await?;
    sqlx::query!("UPDATE member SET first_used_on = NULL WHERE member_id = $1", member.uuid())
        .execute(connection)
        .await?;
    Ok(())
}

/// An event's properties, without its name: that is a column.
pub fn properties(event: ProductEvent) -> Value {
    let mut written = serde_json::to_value(event).unwrap_or_default();
    if let Some(fields) = written.as_object_mut() {
        fields.remove("name");
    }
    written
}
