//! Ending a job: done, put back for later, or dead. Each by the fence of row, worker and attempt.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};

use super::claim::ClaimedJob;

/// Takes a finished job out of the queue, in the transaction that wrote its result. False: the lease was lost, somebody
/// else has the job, and the caller must roll back.
pub async fn complete(connection: &mut PgConnection, job: &ClaimedJob) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "DELETE FROM job WHERE id = $1 AND worker_id = $2 AND attempt = $3",
        job.id,
        job.worker_id,
        job.attempt
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Puts a job back for a later try and says why in a few words, never in a member's.
pub async fn put_back(pool: &PgPool, job: &ClaimedJob, run_at: DateTime<Utc>, why: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE job SET state = 0, worker_id = NULL, claimed_at = NULL, run_at = $4, error = $5
         WHERE id = $1 AND worker_id = $2 AND attempt = $3",
        job.id,
        job.worker_id,
        job.attempt,
        run_at,
        why
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Puts a job back without counting the try: what it waits for has not happened yet.
pub async fn snooze(connection: &mut PgConnection, job: &ClaimedJob, run_at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE job SET state = 0, worker_id = NULL, claimed_at = NULL, run_at = $4, attempt = attempt - 1
         WHERE id = $1 AND worker_id = $2 AND attempt = $3",
        job.id,
        job.worker_id,
        job.attempt,
        run_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Buries a job that failed for good, with the reason of its last try.
pub async fn bury(pool: &PgPool, job: &ClaimedJob, now: DateTime<Utc>, why: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "WITH dead AS (
             DELETE FROM job WHERE id = $1 AND worker_id = $2 AND attempt = $3
             RETURNING id, kind, attempt, member_id, key, payload, created_at
         )
         INSERT INTO job_dead (id, kind, attempt, member_id, key, payload, error, created_at, died_at)
         SELECT id, kind, attempt, member_id, key, payload, $4, created_at, $5 FROM dead",
        job.id,
        job.worker_id,
        job.attempt,
        why,
        now
    )
    .execute(pool)
    .await?;
    Ok(())
}
