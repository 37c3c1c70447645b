//! Taking jobs out of the queue, each by one worker at a time.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use spectrum_domain::{id::MemberId, job::Job};
use sqlx::{PgPool, postgres::types::PgInterval};
use uuid::Uuid;

use crate::{error::ServiceError, trace::Trace};

/// A job that this worker holds.
#[derive(Clone, Debug)]
pub struct ClaimedJob {
    /// Row, together with the queue.
    pub id: i64,
    /// Where it waited.
    pub queue: String,
    /// What is to be done, by name.
    pub kind: String,
    /// Which try this is, from 1.
    pub attempt: i16,
    /// Who holds it: with `id` and `attempt` the fence that a late worker can't pass.
    pub worker_id: Uuid,
    /// Whom it is about; nobody where it is about many.
    pub member_id: Option<MemberId>,
    /// What the handler needs to know.
    pub payload: Value,
    /// When it became ready.
    pub run_at: DateTime<Utc>,
    /// Until when it makes sense.
    pub expires_at: Option<DateTime<Utc>>,
    /// The day it was enqueued.
    pub created_on: NaiveDate,
    /// What whoever enqueued it was part of.
    pub trace: Option<Trace>,
}

impl ClaimedJob {
    /// What is to be done.
    pub fn job(&self) -> Result<Job, serde_json::Error> {
        serde_json::from_value(self.payload.clone())
    }

    /// Whom it is about, for jobs that are about somebody.
    pub fn member(&self) -> Result<MemberId, ServiceError> {
        self.member_id.ok_or(ServiceError::Inconsistent { table: "job", column: "member_id" })
    }
}

/// A span of time as PostgreSQL takes it.
pub(super) fn interval(span: Duration) -> PgInterval {
    PgInterval { months: 0, days: 0, microseconds: i64::try_from(span.as_micros()).unwrap_or(i64::MAX) }
}

/// Claims up to `most` ready jobs of a queue, oldest first; none while it is paused. Whether a job is ready goes by `now`;
/// the lease goes by the database's clock, by which all workers are watched.
///
/// The inner query stands in `ARRAY(…)` and not in a CTE: it is run once and its ids are looked up by key, whatever the
/// planner believes of a table that was empty a moment ago.
pub async fn claim(
    pool: &PgPool,
    queue: &str,
    worker_id: Uuid,
    most: i64,
    lease: Duration,
    now: DateTime<Utc>,
) -> Result<Vec<ClaimedJob>, sqlx::Error> {
    let rows = sqlx::query!(
        "UPDATE job SET state = 1, attempt = attempt + 1, worker_id = $2, claimed_at = clock_timestamp(),
                deadline_at = clock_timestamp() + $5
         WHERE queue = $1 AND id = ANY (ARRAY(
             SELECT id FROM job WHERE queue = $1 AND state = 0 AND run_at <= $4
             ORDER BY run_at, id
             LIMIT CASE WHEN EXISTS (SELECT FROM job_queue WHERE name = $1 AND paused) THEN 0 ELSE $3::bigint END
             FOR UPDATE SKIP LOCKED))
         RETURNING id, kind, attempt, member_id, payload, run_at, expires_at, created_at, trace",
        queue,
        worker_id,
        most,
        now,
        interval(lease)
    )
    .fetch_all(pool)
    .await?;
    let mut jobs: Vec<ClaimedJob> = rows
        .into_iter()
        .map(|row| ClaimedJob {
            id: row.id,
            queue: queue.to_owned(),
            kind: row.kind,
            attempt: row.attempt,
            worker_id,
            member_id: row.member_id.map(MemberId::from),
            payload: row.payload,
            run_at: row.run_at,
            expires_at: row.expires_at,
            created_on: row.created_at.date_naive(),
            trace: row.trace.and_then(|text| text.parse().ok()),
        })
        .collect();
    jobs.sort_by_key(|job| (job.run_at, job.id));
    Ok(jobs)
}
