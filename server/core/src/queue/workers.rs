//! Who works: every worker that was heard of in the last hour, what it works on, and what it holds.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// Held jobs that are told one by one.
const TOLD: i64 = 100;

/// A worker.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkerStanding {
    /// Its name; a new one whenever it was cut off.
    pub id: Uuid,
    /// The machine it runs on.
    pub host: String,
    /// Its version.
    pub version: String,
    /// The queues it takes from.
    pub queues: Vec<String>,
    /// Since when.
    pub started_at: DateTime<Utc>,
    /// Seconds since it was last heard.
    pub silent_seconds: f64,
    /// It takes nothing more and ends what it has.
    pub draining: bool,
    /// Jobs it holds.
    pub held: i64,
    /// Seconds since it took the oldest of them.
    pub oldest_held_seconds: Option<f64>,
}

/// A job that a worker holds.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldJob {
    /// The job.
    pub id: i64,
    /// What it is.
    pub kind: String,
    /// Who holds it; one that is not among the workers any more is lost, and others rescue its jobs.
    pub worker_id: Uuid,
    /// Seconds since it was taken.
    pub seconds: f64,
}

/// Workers and what they hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Workforce {
    /// The last heard of first.
    pub workers: Vec<WorkerStanding>,
    /// What was taken longest ago first, some of them.
    pub held: Vec<HeldJob>,
}

/// Looks at all of them, by the database's clock.
pub(crate) async fn look(connection: &mut PgConnection) -> Result<Workforce, sqlx::Error> {
    let workers = sqlx::query_as!(
        WorkerStanding,
        r#"SELECT w.id, host, version, queues, started_at, draining,
                  extract(epoch FROM clock_timestamp() - seen_at)::float8 AS "silent_seconds!",
                  h.held AS "held!", extract(epoch FROM clock_timestamp() - h.oldest)::float8 AS oldest_held_seconds
           FROM job_worker AS w CROSS JOIN LATERAL (
               SELECT count(*) AS held, min(claimed_at) AS oldest FROM job WHERE state = 1 AND worker_id = w.id) AS h
           ORDER BY seen_at DESC, w.id"#
    )
    .fetch_all(&mut *connection)
    .await?;
    let held = sqlx::query_as!(
        HeldJob,
        r#"SELECT id, kind, worker_id AS "worker_id!",
                  extract(epoch FROM clock_timestamp() - claimed_at)::float8 AS "seconds!"
           FROM job WHERE state = 1 AND worker_id IS NOT NULL AND claimed_at IS NOT NULL
           ORDER BY claimed_at, id LIMIT $1"#,
        TOLD
    )
    .fetch_all(connection)
    .await?;
    Ok(Workforce { workers, held })
}
