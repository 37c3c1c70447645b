//! How much is waiting, and how old it is.

use chrono::{DateTime, Utc};
use spectrum_domain::job::Queue;
use sqlx::PgPool;

/// Counting stops here: a number no reader would tell from a larger one must not cost a walk through millions of rows.
pub const MOST_COUNTED: i64 = 100_001;

/// The queues at a glance.
#[derive(Clone, Debug, PartialEq)]
pub struct Pipeline {
    /// One line a queue.
    pub queues: Vec<QueueDepth>,
}

/// One queue. Counts stop at [`MOST_COUNTED`].
#[derive(Clone, Debug, PartialEq)]
pub struct QueueDepth {
    /// Its name.
    pub queue: String,
    /// Could be taken now.
    pub ready: i64,
    /// Waiting for their hour.
    pub later: i64,
    /// With a worker.
    pub running: i64,
    /// Failed for good.
    pub dead: i64,
    /// How long the oldest ready job has waited, in seconds.
    pub oldest_ready_seconds: Option<f64>,
    /// Nothing is taken from it until an operator resumes it.
    pub paused: bool,
}

/// Looks at every queue.
pub async fn depth(pool: &PgPool, now: DateTime<Utc>) -> Result<Pipeline, sqlx::Error> {
    let queues = sqlx::query_as!(
        QueueDepth,
        r#"SELECT name AS "queue!",
                  (SELECT count(*) FROM (SELECT FROM job WHERE queue = name AND state = 0 AND run_at <= $1
                                         LIMIT $3) AS c) AS "ready!",
                  (SELECT count(*) FROM (SELECT FROM job WHERE queue = name AND state = 0 AND run_at > $1
                                         LIMIT $3) AS c) AS "later!",
                  (SELECT count(*) FROM (SELECT FROM job WHERE queue = name AND state = 1 LIMIT $3) AS c) AS "running!",
                  (SELECT count(*) FROM (SELECT FROM job_dead WHERE queue = name LIMIT $3) AS c) AS "dead!",
                  extract(epoch FROM $1 - (SELECT min(run_at) FROM job
                                           WHERE queue = name AND state = 0 AND run_at <= $1))::float8
                      AS oldest_ready_seconds,
                  EXISTS (SELECT FROM job_queue WHERE job_queue.name = t.name AND paused) AS "paused!"
           FROM unnest($2::text[]) WITH ORDINALITY AS t (name, place) ORDER BY place"#,
        now,
        &Queue::ALL.map(|queue| queue.name().to_owned()),
        MOST_COUNTED
    )
    .fetch_all(pool)
    .await?;
    Ok(Pipeline { queues })
}
