//! What an operator does to the queue by hand: look, try again, bury, pause and resume.

use chrono::{DateTime, Utc};
use serde_json::Value;
use spectrum_domain::job::Queue;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{
    finish::{Death, failure},
    pick::queues,
};

/// Jobs that one statement puts back or buries, so that none of them is long.
const STRIDE: usize = 500;

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Ready, or waiting for its hour.
    Waiting,
    /// With a worker.
    Running,
    /// Failed for good.
    Dead,
}

impl Standing {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Running, Self::Dead];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Dead => "dead",
        }
    }

    /// The standing with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.name() == name)
    }
}

/// Which jobs are meant; what is left out means all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this queue.
    pub queue: Option<String>,
    /// Of this kind.
    pub kind: Option<String>,
    /// In this state.
    pub standing: Option<Standing>,
}

/// A job as an operator sees it: ids and figures, no content.
#[derive(Clone, Debug)]
pub struct JobCard {
    /// Row.
    pub id: i64,
    /// Where it waits, or waited.
    pub queue: String,
    /// What it is.
    pub kind: String,
    /// `waiting`, `running` or `dead`.
    pub standing: String,
    /// Tries so far.
    pub attempt: i16,
    /// Workers that were lost with it.
    pub crashes: i16,
    /// When it is ready; of a dead one, when it died.
    pub at: DateTime<Utc>,
    /// When it was enqueued.
    pub created_at: DateTime<Utc>,
    /// Who holds it.
    pub worker_id: Option<Uuid>,
    /// Whom it is about.
    pub member_id: Option<Uuid>,
    /// Why it is dead.
    pub reason: Option<String>,
    /// What its handler is told: ids.
    pub payload: Value,
    /// What went wrong so far, oldest first.
    pub errors: Value,
    /// Of which trace it is part, as a W3C trace context.
    pub trace: Option<String>,
}

/// The jobs that are meant, oldest first.
pub async fn list(pool: &PgPool, filter: &Filter, most: i64) -> Result<Vec<JobCard>, sqlx::Error> {
    cards(pool, filter, None, most).await
}

/// One job, alive or dead.
pub async fn show(pool: &PgPool, id: i64) -> Result<Option<JobCard>, sqlx::Error> {
    Ok(cards(pool, &Filter::default(), Some(id), 1).await?.pop())
}

async fn cards(pool: &PgPool, filter: &Filter, id: Option<i64>, most: i64) -> Result<Vec<JobCard>, sqlx::Error> {
    sqlx::query_as!(
        JobCard,
        r#"(SELECT id AS "id!", queue AS "queue!", kind AS "kind!",
                   CASE state WHEN 0 THEN 'waiting' ELSE 'running' END AS "standing!", attempt AS "attempt!",
                   crashes AS "crashes!", run_at AS "at!", created_at AS "created_at!", worker_id, member_id,
                   NULL::text AS reason, payload AS "payload!", errors AS "errors!", trace
            FROM job
            WHERE queue = ANY ($6) AND ($2::text IS NULL OR kind = $2)
              AND ($3::smallint IS NULL OR state = $3) AND ($4::bigint IS NULL OR id = $4)
            ORDER BY run_at, id LIMIT $5)
           UNION ALL
           (SELECT id, queue, kind, 'dead', attempt, crashes, died_at, created_at, NULL, member_id, reason, payload, errors,
                   trace
            FROM job_dead
            WHERE ($1::text IS NULL OR queue = $1) AND ($2::text IS NULL OR kind = $2)
              AND ($3::smallint IS NULL OR $3 = 2) AND ($4::bigint IS NULL OR id = $4)
            ORDER BY died_at, id LIMIT $5)
           LIMIT $5"#,
        filter.queue,
        filter.kind,
        filter.standing.map(|standing| match standing {
            Standing::Waiting => 0i16,
            Standing::Running => 1,
            Standing::Dead => 2,
        }),
        id,
        most,
        // By name: without one the key leads to no job.
        &queues(filter)
    )
    .fetch_all(pool)
    .await
}

/// Puts these dead jobs back as if they were new, and gives how many.
///
/// One whose key another job has stays dead: the other is the same order, put in again since. Of two that died of one
/// order the older stays.
pub async fn retry(connection: &mut PgConnection, ids: &[i64], now: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    let mut all = 0;
    for ids in ids.chunks(STRIDE) {
        let done = sqlx::query!(
            "WITH risen AS (
                 DELETE FROM job_dead AS d
                 WHERE id = ANY ($1)
                   AND NOT EXISTS (SELECT FROM job WHERE job.member_id = d.member_id AND job.key = d.key)
                   AND NOT EXISTS (SELECT FROM job WHERE d.member_id IS NULL AND job.member_id IS NULL AND job.key = d.key)
                   AND NOT EXISTS (SELECT FROM job_dead AS o WHERE o.key = d.key AND o.id > d.id)
                 RETURNING *
             )
             INSERT INTO job (id, queue, kind, run_at, member_id, key, payload, errors, created_at, trace)
             SELECT id, queue, kind, $2, member_id, key, payload, errors, created_at, trace FROM risen",
            ids,
            now
        )
        .execute(&mut *connection)
        .await?;
        all += done.rows_affected();
    }
    Ok(all)
}

/// Buries those of these jobs that wait, and gives how many. One that runs is its worker's.
pub async fn bury(
    connection: &mut PgConnection,
    ids: &[i64],
    now: DateTime<Utc>,
    who: &str,
) -> Result<u64, sqlx::Error> {
    let queues = Queue::ALL.map(|queue| queue.name().to_owned());
    let mut all = 0;
    for ids in ids.chunks(STRIDE) {
        let done = sqlx::query!(
            "WITH dead AS (DELETE FROM job WHERE queue = ANY ($5) AND id = ANY ($1) AND state = 0 RETURNING *)
             INSERT INTO job_dead (id, queue, kind, attempt, crashes, member_id, key, payload, errors, created_at, died_at,
                                   reason, trace)
             SELECT id, queue, kind, attempt, crashes, member_id, key, payload, errors || $3::jsonb, created_at, $2, $4, trace
             FROM dead",
            ids,
            now,
            failure(None, now, &format!("buried by {who}")),
            Death::Buried.name(),
            &queues
        )
        .execute(&mut *connection)
        .await?;
        all += done.rows_affected();
    }
    Ok(all)
}

/// Pauses a queue, or resumes it. What runs, runs on.
pub async fn pause(
    connection: &mut PgConnection,
    queue: &str,
    paused: bool,
    now: DateTime<Utc>,
    who: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO job_queue (name, paused, paused_at, paused_by) VALUES ($1, $2, $3, $4)
         ON CONFLICT (name) DO UPDATE SET paused = $2, paused_at = $3, paused_by = $4",
        queue,
        paused,
        paused.then_some(now),
        paused.then_some(who)
    )
    .execute(connection)
    .await?;
    Ok(())
}
