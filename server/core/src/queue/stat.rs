//! What was done, by the minute. Finished jobs leave no row behind, so this is the only history of what went well.

use chrono::{DateTime, Utc};
use sqlx::PgPool;

/// Jobs of a kind that ended in the same way in the same minute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stat {
    /// The minute's beginning.
    pub minute: DateTime<Utc>,
    /// Where they waited.
    pub queue: String,
    /// What they were.
    pub kind: String,
    /// How they ended.
    pub outcome: String,
    /// How many.
    pub n: i64,
    /// Milliseconds between ready and taken, added up.
    pub wait_ms: i64,
    /// Milliseconds they ran, added up.
    pub run_ms: i64,
    /// Milliseconds the longest of them ran.
    pub most_run_ms: i64,
}

/// Adds figures to those of the same minutes.
pub async fn add(pool: &PgPool, stats: &[Stat]) -> Result<(), sqlx::Error> {
    if stats.is_empty() {
        return Ok(());
    }
    let mut sorted: Vec<&Stat> = stats.iter().collect();
    // The same order in every process, so that two never wait for each other.
    sorted.sort_by_key(|stat| (stat.minute, &stat.queue, &stat.kind, &stat.outcome));
    let texts = |figure: fn(&Stat) -> &String| sorted.iter().map(|stat| figure(stat).clone()).collect::<Vec<_>>();
    let sums = |figure: fn(&Stat) -> i64| sorted.iter().map(|stat| figure(stat)).collect::<Vec<_>>();
    sqlx::query!(
        "INSERT INTO job_stat (minute, queue, kind, outcome, n, wait_ms, run_ms, most_run_ms)
         SELECT * FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[],
                              $7::bigint[], $8::bigint[])
         ON CONFLICT (minute, queue, kind, outcome) DO UPDATE
         SET n = job_stat.n + excluded.n, wait_ms = job_stat.wait_ms + excluded.wait_ms,
             run_ms = job_stat.run_ms + excluded.run_ms,
             most_run_ms = greatest(job_stat.most_run_ms, excluded.most_run_ms)",
        &sorted.iter().map(|stat| stat.minute).collect::<Vec<_>>(),
        &texts(|stat| &stat.queue),
        &texts(|stat| &stat.kind),
        &texts(|stat| &stat.outcome),
        &sums(|stat| stat.n),
        &sums(|stat| stat.wait_ms),
        &sums(|stat| stat.run_ms),
        &sums(|stat| stat.most_run_ms)
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// What was done since, by queue, kind and outcome. The minute of each line is the newest of it.
pub async fn since(pool: &PgPool, then: DateTime<Utc>) -> Result<Vec<Stat>, sqlx::Error> {
    sqlx::query_as!(
        Stat,
        r#"SELECT max(minute) AS "minute!", queue, kind, outcome, sum(n)::bigint AS "n!",
                  sum(wait_ms)::bigint AS "wait_ms!", sum(run_ms)::bigint AS "run_ms!", max(most_run_ms) AS "most_run_ms!"
           FROM job_stat WHERE minute >= $1 GROUP BY queue, kind, outcome ORDER BY queue, kind, outcome"#,
        then
    )
    .fetch_all(pool)
    .await
}
