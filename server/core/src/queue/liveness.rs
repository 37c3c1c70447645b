//! Who is alive, by the database's clock: workers' heartbeats, and the rescue of jobs whose worker is not.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{claim::interval, finish::failure};

/// A job is buried when this many workers died or hung with it.
pub const MOST_CRASHES: i32 = 3;

/// A worker as the others see it.
#[derive(Clone, Debug)]
pub struct WorkerCard {
    /// Its name; a new one whenever it was cut off.
    pub id: Uuid,
    /// The machine it runs on.
    pub host: String,
    /// Its version.
    pub version: String,
    /// What it works on.
    pub queues: Vec<String>,
}

/// Says that the worker lives: once before its first claim, and then again and again.
pub async fn heartbeat(pool: &PgPool, worker: &WorkerCard, draining: bool) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO job_worker (id, host, version, queues, started_at, seen_at, draining)
         VALUES ($1, $2, $3, $4, clock_timestamp(), clock_timestamp(), $5)
         ON CONFLICT (id) DO UPDATE SET seen_at = clock_timestamp(), draining = $5",
        worker.id,
        worker.host,
        worker.version,
        &worker.queues,
        draining
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Takes the worker off the list: it has stopped and holds nothing any more.
pub async fn sign_off(pool: &PgPool, worker: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM job_worker WHERE id = $1", worker).execute(pool).await?;
    Ok(())
}

/// What a rescue found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rescued {
    /// Jobs that were put back.
    pub put_back: i64,
    /// Jobs that were buried, because too many workers died of them.
    pub buried: i64,
}

/// Rescues the jobs of workers that have not been seen for `dead_after`, and those that are `overdue` past their deadline:
/// their worker lives and yet hangs. One process at a time does it; the others skip.
///
/// Being crashed with is counted apart from tries: nobody knows whether the job was the cause, but one that takes its
/// worker with it every time must not do so for ever.
pub async fn rescue(
    connection: &mut PgConnection,
    dead_after: Duration,
    overdue: Duration,
    now: DateTime<Utc>,
) -> Result<Rescued, sqlx::Error> {
    // Any number does, as long as nothing else here locks by it; it ends with the transaction.
    let mine = sqlx::query_scalar!(r#"SELECT pg_try_advisory_xact_lock(7305, 1) AS "mine!""#)
        .fetch_one(&mut *connection)
        .await?;
    if !mine {
        return Ok(Rescued::default());
    }
    let rescued = sqlx::query_as!(
        Rescued,
        r#"WITH lost AS (
               SELECT queue, id FROM job
               WHERE state = 1
                 AND (deadline_at < clock_timestamp() - $2::interval
                      OR worker_id NOT IN (SELECT id FROM job_worker WHERE seen_at > clock_timestamp() - $1::interval))
               FOR UPDATE SKIP LOCKED
           ), back AS (
               UPDATE job SET state = 0, worker_id = NULL, claimed_at = NULL, deadline_at = NULL, crashes = crashes + 1,
                      run_at = $3::timestamptz + (5 + 5 * random()) * interval '1 second',
                      errors = CASE WHEN jsonb_array_length(errors) >= 5 THEN errors - 0 ELSE errors END || $4::jsonb
               FROM lost WHERE job.queue = lost.queue AND job.id = lost.id AND crashes + 1 < $5
               RETURNING 1
           ), dead AS (
               DELETE FROM job USING lost
               WHERE job.queue = lost.queue AND job.id = lost.id AND crashes + 1 >= $5
               RETURNING job.*
           ), buried AS (
               INSERT INTO job_dead (id, queue, kind, attempt, crashes, member_id, key, payload, errors, created_at,
                                     died_at, reason, trace)
               SELECT id, queue, kind, attempt, crashes + 1, member_id, key, payload, errors || $4::jsonb, created_at,
                      $3, 'poison', trace
               FROM dead RETURNING 1
           )
           SELECT (SELECT count(*) FROM back) AS "put_back!", (SELECT count(*) FROM buried) AS "buried!""#,
        interval(dead_after),
        interval(overdue),
        now,
        failure(None, now, "its worker was lost or hung"),
        MOST_CRASHES
    )
    .fetch_one(&mut *connection)
    .await?;
    sqlx::query!("DELETE FROM job_worker WHERE seen_at < clock_timestamp() - interval '1 hour'")
        .execute(connection)
        .await?;
    Ok(rescued)
}
