//! Erasure: everything about a member is gone.

use chrono::{DateTime, Utc};
use spectrum_domain::{id::MemberId, job::Job};
use sqlx::{AssertSqlSafe, PgConnection};

use crate::{
    error::ServiceError,
    queue::{
        claim::ClaimedJob,
        enqueue::{NewJob, enqueue_again},
        forget,
    },
};

/// Where a member's rows lie besides `member` and `member_lookup`, those that refer to others first. A test holds the list
/// against the live schema.
pub const TABLES: [&str; 15] = [
    "correction",
    "turn_impact",
    "session_vector",
    "exclusion",
    "turn_text",
    "turn",
    "session",
    "event_receipt",
    "day_rollup",
    "week_rollup",
    "month_rollup",
    "one_time_link",
    "web_session",
    "idempotency_key",
    "member_key",
];

/// Shuts the member out at once and orders the erasure.
pub(crate) async fn order(
    connection: &mut PgConnection,
    member: MemberId,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let known = sqlx::query!(
        "UPDATE member SET state = 'erasing', updated_at = $2 WHERE member_id = $1 RETURNING created_at",
        member.uuid(),
        now
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(known) = known else { return Ok(()) }; // gone already
    let job = NewJob::about(member, &Job::EraseMember, &[], known.created_at.date_naive(), now);
    enqueue_again(connection, &[job], now).await?;
    Ok(())
}

/// Deletes every row about the member, their jobs last. Who works for them meanwhile waits for the member's row, finds it
/// gone, and keeps nothing.
pub(crate) async fn erase(
    connection: &mut PgConnection,
    member: MemberId,
    job: &ClaimedJob,
) -> Result<(), ServiceError> {
    sqlx::query!("SELECT member_id FROM member WHERE member_id = $1 FOR UPDATE", member.uuid())
        .fetch_optional(&mut *connection)
        .await?;
    for table in TABLES {
        let statement = format!("DELETE FROM {table} WHERE member_id = $1");
        sqlx::query(AssertSqlSafe(statement)).bind(member.uuid()).execute(&mut *connection).await?;
    }
    // The way to the member is found by what it leads from: that is its key.
    sqlx::query!(
        "DELETE FROM member_lookup l USING member m
         WHERE m.member_id = $1 AND l.host_id = m.host_id AND l.external_ref = m.external_ref",
        member.uuid()
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("DELETE FROM member WHERE member_id = $1", member.uuid()).execute(&mut *connection).await?;
    forget::forget(connection, member, job).await?;
    Ok(())
}
