//! How much is waiting.

use chrono::{DateTime, Utc};
use spectrum_domain::job::Job;
use sqlx::PgPool;

/// The queue at a glance.
#[derive(Clone, Debug, PartialEq)]
pub struct Pipeline {
    /// One line a kind of job.
    pub kinds: Vec<KindDepth>,
}

/// One kind of job.
#[derive(Clone, Debug, PartialEq)]
pub struct KindDepth {
    /// Its name.
    pub kind: String,
    /// Ready or waiting for their hour.
    pub waiting: i64,
    /// With a worker.
    pub running: i64,
    /// Failed for good.
    pub dead: i64,
    /// How long the oldest ready job has waited, in seconds.
    pub oldest_ready_seconds: Option<f64>,
}

/// Counts the queue by kind.
pub async fn depth(pool: &PgPool, now: DateTime<Utc>) -> Result<Pipeline, sqlx::Error> {
    let kinds = sqlx::query_as!(
        KindDepth,
        r#"SELECT kind AS "kind!", sum(waiting)::bigint AS "waiting!", sum(running)::bigint AS "running!",
                  sum(dead)::bigint AS "dead!",
                  extract(epoch FROM $1 - min(ready_since))::float8 AS oldest_ready_seconds
           FROM (
               SELECT kind, count(*) FILTER (WHERE state = 0) AS waiting, count(*) FILTER (WHERE state = 1) AS running,
                      0 AS dead, min(run_at) FILTER (WHERE state = 0 AND run_at <= $1) AS ready_since
               FROM job GROUP BY kind
               UNION ALL
               SELECT kind, 0, 0, count(*), NULL FROM job_dead GROUP BY kind
           ) AS counts
           GROUP BY kind ORDER BY kind"#,
        now
    )
    .fetch_all(pool)
    .await?;
    // Every kind has its line, so that "nothing waits" can be read and need not be guessed.
    let none =
        |kind: &str| KindDepth { kind: kind.to_owned(), waiting: 0, running: 0, dead: 0, oldest_ready_seconds: None };
    let counted = |kind: &&str| kinds.iter().find(|depth| depth.kind == **kind).cloned().unwrap_or_else(|| none(kind));
    Ok(Pipeline { kinds: Job::KINDS.iter().map(counted).collect() })
}
