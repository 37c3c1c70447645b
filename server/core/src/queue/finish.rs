//! Ending a job: done, put back for later, or dead. Each by the fence of row, worker and attempt: who has lost a job can
//! do nothing to it any more.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::claim::ClaimedJob;

/// Letters of an error that are kept with its job.
const ERROR_LETTERS: usize = 500;

/// Why a job is dead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Death {
    /// Its tries are used up.
    Attempts,
    /// Trying again can't help.
    Permanent,
    /// Workers died of it again and again.
    Poison,
    /// An operator buried it.
    Buried,
}

impl Death {
    /// The name in the database and in metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Attempts => "attempts",
            Self::Permanent => "permanent",
            Self::Poison => "poison",
            Self::Buried => "buried",
        }
    }
}

/// What went wrong with a try, for the job's history. PRIVACY: `why` is a sentence of our own, never a member's.
pub(super) fn failure(attempt: Option<i16>, now: DateTime<Utc>, why: &str) -> Value {
    json!([{ "attempt": attempt, "at": now, "error": why.chars().take(ERROR_LETTERS).collect::<String>() }])
}

/// Takes a finished job out of the queue, in the transaction that wrote its result. False: the lease was lost, somebody
/// else has the job, and the caller must roll back.
pub async fn complete(connection: &mut PgConnection, job: &ClaimedJob) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "DELETE FROM job WHERE queue = $1 AND id = $2 AND worker_id = $3 AND attempt = $4",
        job.queue,
        job.id,
        job.worker_id,
        job.attempt
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes finished jobs of one queue and worker out, all at once, and gives how many were still this worker's.
///
/// One statement for each attempt, and nearly all are at their first: with the pairs of id and attempt as a table to join,
/// a list of 500 was gone through for each of its 500 (measured: 46 ms instead of 3).
pub async fn complete_many(
    pool: &PgPool,
    queue: &str,
    worker_id: Uuid,
    jobs: &[(i64, i16)],
) -> Result<u64, sqlx::Error> {
    let mut by_attempt: BTreeMap<i16, Vec<i64>> = BTreeMap::new();
    for (id, attempt) in jobs {
        by_attempt.entry(*attempt).or_default().push(*id);
    }
    let mut taken_out = 0;
    for (attempt, ids) in by_attempt {
        let done = sqlx::query!(
            "DELETE FROM job WHERE queue = $1 AND id = ANY ($2) AND worker_id = $3 AND attempt = $4",
            queue,
            &ids,
            worker_id,
            attempt
        )
        .execute(pool)
        .await?;
        taken_out += done.rows_affected();
    }
    Ok(taken_out)
}

/// Puts a job back for a later try and adds to its history what went wrong. False: the lease was lost.
pub async fn retry(
    pool: &PgPool,
    job: &ClaimedJob,
    run_at: DateTime<Utc>,
    now: DateTime<Utc>,
    why: &str,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE job SET state = 0, worker_id = NULL, claimed_at = NULL, deadline_at = NULL, run_at = $5,
                errors = CASE WHEN jsonb_array_length(errors) >= 5 THEN errors - 0 ELSE errors END || $6::jsonb
         WHERE queue = $1 AND id = $2 AND worker_id = $3 AND attempt = $4",
        job.queue,
        job.id,
        job.worker_id,
        job.attempt,
        run_at,
        failure(Some(job.attempt), now, why)
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Puts a job back without counting the try: what it waits for has not happened yet. False: the lease was lost.
pub async fn snooze(
    connection: &mut PgConnection,
    job: &ClaimedJob,
    run_at: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE job SET state = 0, worker_id = NULL, claimed_at = NULL, deadline_at = NULL, run_at = $5,
                attempt = attempt - 1
         WHERE queue = $1 AND id = $2 AND worker_id = $3 AND attempt = $4",
        job.queue,
        job.id,
        job.worker_id,
        job.attempt,
        run_at
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives all jobs back that a worker holds, without counting the try: it stops, or was cut off and comes back by another
/// name.
pub async fn give_back(pool: &PgPool, worker_id: Uuid) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE job SET state = 0, worker_id = NULL, claimed_at = NULL, deadline_at = NULL, attempt = attempt - 1
         WHERE worker_id = $1 AND state = 1",
        worker_id
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected())
}

/// Buries a job that failed for good, with the reason and its history. False: the lease was lost.
pub async fn bury(
    pool: &PgPool,
    job: &ClaimedJob,
    death: Death,
    now: DateTime<Utc>,
    why: &str,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "WITH dead AS (
             DELETE FROM job WHERE queue = $1 AND id = $2 AND worker_id = $3 AND attempt = $4
             RETURNING *
         )
         INSERT INTO job_dead (id, queue, kind, attempt, crashes, member_id, key, payload, errors, created_at, died_at,
                               reason, trace)
         SELECT id, queue, kind, attempt, crashes, member_id, key, payload, errors || $6::jsonb, created_at, $5, $7, trace
         FROM dead",
        job.queue,
        job.id,
        job.worker_id,
        job.attempt,
        now,
        failure(Some(job.attempt), now, why),
        death.name()
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}
