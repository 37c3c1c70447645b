//! What tells at night whether the machine is well: is anybody working, is the queue's table clean, is the schedule kept.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

/// Signs of life.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vitals {
    /// Seconds since any worker was heard; nothing where there is none. One that was killed stays on the list for an hour, so
    /// the longest silence would tell of it long after others have its jobs.
    pub silent_seconds: Option<f64>,
    /// Rows of the queue's partitions that vacuum has yet to clear away.
    pub dead_tuples: i64,
    /// Seconds that the oldest snapshot in the database has been held: what is dead since can't be cleared away.
    pub oldest_snapshot_seconds: f64,
    /// Seconds since the oldest batch of questions to a model was handed in that has not ended; nothing where there is none.
    pub oldest_batch_seconds: Option<f64>,
    /// How the schedule is kept.
    pub tasks: Vec<TaskLag>,
}

/// A task of the schedule.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskLag {
    /// Its name.
    pub task: String,
    /// Seconds since the oldest period that is not done yet fell due; nothing where all are done.
    pub open_seconds: Option<f64>,
    /// Seconds that the slowest period of the last day took from falling due to done.
    pub slowest_seconds: Option<f64>,
}

/// Asks for all of it.
pub async fn vitals(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<Vitals, sqlx::Error> {
    let worker = sqlx::query!(
        r#"SELECT extract(epoch FROM clock_timestamp() - max(seen_at))::float8 AS silent,
                  (SELECT coalesce(sum(n_dead_tup), 0)::bigint FROM pg_stat_user_tables
                   WHERE relname LIKE 'job\_%') AS "dead_tuples!"
           FROM job_worker"#
    )
    .fetch_one(&mut *connection)
    .await?;
    let tasks = sqlx::query_as!(
        TaskLag,
        r#"SELECT task,
                  extract(epoch FROM $1 - min(due_at) FILTER (WHERE done_at IS NULL))::float8 AS open_seconds,
                  extract(epoch FROM max(done_at - due_at) FILTER (WHERE done_at > $1 - interval '1 day'))::float8
                      AS slowest_seconds
           FROM schedule_run GROUP BY task ORDER BY task"#,
        now
    )
    .fetch_all(&mut *connection)
    .await?;
    let oldest_batch_seconds = sqlx::query_scalar!(
        r#"SELECT extract(epoch FROM $1 - min(handed_in_at))::float8 AS age FROM model_batch WHERE ended_at IS NULL"#,
        now
    )
    .fetch_one(&mut *connection)
    .await?;
    // Everybody's snapshots are shown to the login alone, not to the roles it takes on.
    sqlx::query("SET LOCAL ROLE NONE").execute(&mut *connection).await?;
    let oldest_snapshot_seconds = sqlx::query_scalar!(
        r#"SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0)::float8 AS "age!"
           FROM pg_stat_activity WHERE backend_xmin IS NOT NULL AND backend_type = 'client backend'"#
    )
    .fetch_one(connection)
    .await?;
    Ok(Vitals {
        silent_seconds: worker.silent,
        dead_tuples: worker.dead_tuples,
        oldest_snapshot_seconds,
        oldest_batch_seconds,
        tasks,
    })
}
