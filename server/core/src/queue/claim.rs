//! Taking jobs out of the queue, each by one worker at a time.

use chrono::{DateTime, TimeDelta, Utc};
use spectrum_domain::{id::MemberId, job::Job};
use sqlx::PgPool;
use uuid::Uuid;

/// A job that this worker holds.
#[derive(Clone, Debug)]
pub struct ClaimedJob {
    /// Row.
    pub id: i64,
    /// Which try this is, from 1.
    pub attempt: i16,
    /// Who holds it: with `id` and `attempt` the fence that a late worker can't pass.
    pub worker_id: Uuid,
    /// Whose.
    pub member_id: MemberId,
    /// What.
    pub job: Job,
    /// When it became ready.
    pub run_at: DateTime<Utc>,
}

/// How long a worker may hold a job before another may take it: its process must have died.
pub const LEASE: TimeDelta = TimeDelta::minutes(5);

/// Claims up to `most` ready jobs, oldest first, together with those whose worker let its lease run out.
pub async fn claim(
    pool: &PgPool,
    worker_id: Uuid,
    most: i64,
    now: DateTime<Utc>,
) -> Result<Vec<ClaimedJob>, sqlx::Error> {
    let rows = sqlx::query!(
        "UPDATE job SET state = 1, attempt = attempt + 1, worker_id = $1, claimed_at = $3
         WHERE id = ANY (
             ARRAY(SELECT id FROM job WHERE state = 0 AND run_at <= $3 ORDER BY run_at, id LIMIT $2
                   FOR UPDATE SKIP LOCKED)
             || ARRAY(SELECT id FROM job WHERE state = 1 AND claimed_at < $4 LIMIT $2 FOR UPDATE SKIP LOCKED))
         RETURNING id, attempt, member_id, payload, run_at",
        worker_id,
        most,
        now,
        now - LEASE,
    )
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| match serde_json::from_value(row.payload) {
            Ok(job) => Some(ClaimedJob {
                id: row.id,
                attempt: row.attempt,
                worker_id,
                member_id: row.member_id.into(),
                job,
                run_at: row.run_at,
            }),
            Err(error) => {
                // A newer version's job: its lease runs out and a newer worker takes it.
                tracing::warn!(job_id = row.id, %error, "a job of an unknown kind was left alone");
                None
            }
        })
        .collect())
}
