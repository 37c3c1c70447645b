//! One job with all that is known of its life, for whoever has to understand it.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::PgConnection;

use super::operate::JobCard;

/// What went wrong with a try.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Mishap {
    /// Which try it was; nothing where it was none, as when a worker was lost.
    pub attempt: Option<i16>,
    /// When.
    pub at: DateTime<Utc>,
    /// In words of ours.
    pub error: String,
}

/// A job and its life.
#[derive(Clone, Debug)]
pub struct JobStory {
    /// The job.
    pub card: JobCard,
    /// What went wrong, oldest first; the last five are kept.
    pub mishaps: Vec<Mishap>,
    /// What its handler is told, as JSON in lines.
    pub payload: String,
    /// When the worker that has it took it.
    pub claimed_at: Option<DateTime<Utc>>,
    /// Until when that worker may keep it.
    pub deadline_at: Option<DateTime<Utc>>,
    /// After which it makes no sense any more.
    pub expires_at: Option<DateTime<Utc>>,
    /// Of a dead one: the job that has the same key, for which it can't be put back.
    pub rival: Option<i64>,
}

/// The life of a job that was found.
pub(crate) async fn tell(connection: &mut PgConnection, card: JobCard) -> Result<JobStory, sqlx::Error> {
    let times = sqlx::query!(
        "SELECT claimed_at, deadline_at, expires_at FROM job WHERE queue = $1 AND id = $2",
        card.queue,
        card.id
    )
    .fetch_optional(&mut *connection)
    .await?;
    let (claimed_at, deadline_at, expires_at) =
        times.map_or((None, None, None), |row| (row.claimed_at, row.deadline_at, row.expires_at));
    let rival = rival(connection, card.id).await?;
    let mishaps = card.errors.as_array().into_iter().flatten();
    let mishaps = mishaps.filter_map(|mishap| Mishap::deserialize(mishap).ok()).collect();
    let payload = serde_json::to_string_pretty(&card.payload).unwrap_or_default();
    Ok(JobStory { card, mishaps, payload, claimed_at, deadline_at, expires_at, rival })
}

/// The job for which a dead one can't be put back: alive, or dead later.
async fn rival(connection: &mut PgConnection, id: i64) -> Result<Option<i64>, sqlx::Error> {
    let found = sqlx::query_scalar!(
        r#"SELECT coalesce(
               (SELECT id FROM job WHERE job.member_id = d.member_id AND job.key = d.key LIMIT 1),
               (SELECT id FROM job WHERE d.member_id IS NULL AND job.member_id IS NULL AND job.key = d.key LIMIT 1),
               (SELECT max(o.id) FROM job_dead AS o WHERE o.key = d.key AND o.id > d.id))
           FROM job_dead AS d WHERE id = $1"#,
        id
    )
    .fetch_optional(connection)
    .await?;
    Ok(found.flatten())
}
