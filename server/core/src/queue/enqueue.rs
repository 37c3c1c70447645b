//! Putting jobs into the queue, in the caller's own transaction and as part of the caller's trace: of many orders that are one job it
//! is the first whose trace the job is part of.

use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use spectrum_domain::{id::MemberId, job::Job};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::trace;

/// A job to be done.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Where it waits.
    pub queue: &'static str,
    /// What is to be done, by name.
    pub kind: &'static str,
    /// What its handler needs to know: ids, never a word of a member's text.
    pub payload: Value,
    /// Whom it is about; nobody where it is about many.
    pub member_id: Option<MemberId>,
    /// When, at the earliest.
    pub run_at: DateTime<Utc>,
    /// Until when it makes sense: after that it is dropped and not run.
    pub expires_at: Option<DateTime<Utc>>,
    /// A date derived from the subject, never from the clock, so that the same key always lies in the same place.
    pub bucket: NaiveDate,
    /// What makes it the same job: see [`job_key`].
    pub key: Uuid,
}

impl NewJob {
    /// A job about a member. The parts that name it stand for what it is about.
    pub fn about(member_id: MemberId, job: &Job, parts: &[&[u8]], bucket: NaiveDate, run_at: DateTime<Utc>) -> Self {
        let mut named: Vec<&[u8]> = vec![member_id.0.as_bytes()];
        named.extend(parts);
        Self { member_id: Some(member_id), ..Self::about_many(job, &named, bucket, run_at) }
    }

    /// A job about nobody in particular.
    pub fn about_many(job: &Job, parts: &[&[u8]], bucket: NaiveDate, run_at: DateTime<Utc>) -> Self {
        Self {
            queue: job.queue().name(),
            kind: job.kind(),
            payload: serde_json::to_value(job).unwrap_or_default(),
            member_id: None,
            run_at,
            expires_at: None,
            bucket,
            key: job_key(job.kind(), parts),
        }
    }
}

/// The name of a job by what it is about: the same parts give the same key.
pub fn job_key(kind: &str, parts: &[&[u8]]) -> Uuid {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    for part in std::iter::once(&kind.as_bytes()).chain(parts) {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
        hash.update(part);
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

static ENQUEUED: AtomicU64 = AtomicU64::new(0);
static DEDUPLICATED: AtomicU64 = AtomicU64::new(0);

/// Jobs that this process put in, and those it left out because their key was known. Those of transactions that were
/// rolled back are among them: it is a figure to watch, not to reckon with.
pub fn counts() -> (u64, u64) {
    (ENQUEUED.load(Ordering::Relaxed), DEDUPLICATED.load(Ordering::Relaxed))
}

/// Enqueues jobs; one whose key was seen before, even if it has long been done, is left out. Gives how many went in.
pub async fn enqueue(connection: &mut PgConnection, jobs: &[NewJob], now: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    put(connection, jobs, now, false).await
}

/// Enqueues jobs whose work is known to be undone: one whose key was seen before goes in again, unless it still waits,
/// runs, or is dead and somebody has to look at it first.
pub async fn enqueue_again(
    connection: &mut PgConnection,
    jobs: &[NewJob],
    now: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    put(connection, jobs, now, true).await
}

async fn put(
    connection: &mut PgConnection,
    jobs: &[NewJob],
    now: DateTime<Utc>,
    again: bool,
) -> Result<u64, sqlx::Error> {
    if jobs.is_empty() {
        return Ok(0);
    }
    let mut sorted: Vec<&NewJob> = jobs.iter().collect();
    // The same order in every batch, so that two batches never wait for each other.
    sorted.sort_by_key(|job| (job.bucket, job.key));
    sorted.dedup_by_key(|job| (job.bucket, job.key));
    let done = sqlx::query!(
        "WITH input AS (
             SELECT * FROM unnest($1::date[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[],
                                  $7::timestamptz[], $8::jsonb[])
                 AS t (bucket, key, member_id, queue, kind, run_at, expires_at, payload)
         ), won AS (
             INSERT INTO job_key (bucket, key, member_id) SELECT bucket, key, member_id FROM input
             ON CONFLICT DO NOTHING RETURNING bucket, key
         )
         INSERT INTO job (queue, kind, run_at, expires_at, member_id, key, payload, created_at, trace)
         SELECT queue, kind, run_at, expires_at, member_id, key, payload, $9, $11
         FROM input
         WHERE (bucket, key) IN (SELECT bucket, key FROM won)
            OR ($10 AND NOT EXISTS (SELECT FROM job WHERE job.member_id = input.member_id AND job.key = input.key)
                    AND NOT EXISTS (SELECT FROM job WHERE input.member_id IS NULL AND job.member_id IS NULL
                                                      AND job.key = input.key)
                    AND NOT EXISTS (SELECT FROM job_dead WHERE job_dead.key = input.key))",
        &sorted.iter().map(|job| job.bucket).collect::<Vec<_>>(),
        &sorted.iter().map(|job| job.key).collect::<Vec<_>>(),
        &sorted.iter().map(|job| job.member_id.map(MemberId::uuid)).collect::<Vec<_>>() as &[Option<Uuid>],
        &sorted.iter().map(|job| job.queue.to_owned()).collect::<Vec<_>>(),
        &sorted.iter().map(|job| job.kind.to_owned()).collect::<Vec<_>>(),
        &sorted.iter().map(|job| job.run_at).collect::<Vec<_>>(),
        &sorted.iter().map(|job| job.expires_at).collect::<Vec<_>>() as &[Option<DateTime<Utc>>],
        &sorted.iter().map(|job| job.payload.clone()).collect::<Vec<_>>(),
        now,
        again,
        trace::current().map(|trace| trace.to_string())
    )
    .execute(connection)
    .await?;
    let new = done.rows_affected();
    let asked = u64::try_from(jobs.len()).unwrap_or(u64::MAX);
    ENQUEUED.fetch_add(new, Ordering::Relaxed);
    DEDUPLICATED.fetch_add(asked.saturating_sub(new), Ordering::Relaxed);
    Ok(new)
}

/// Points from the present work to the jobs of a kind about the member that wait already: what they do is done for it too.
pub(crate) async fn link_to_waiting(
    connection: &mut PgConnection,
    member: MemberId,
    kind: &str,
) -> Result<(), sqlx::Error> {
    if trace::recorded().is_none() {
        return Ok(());
    }
    let waiting = sqlx::query_scalar!(
        r#"SELECT trace AS "trace!" FROM job WHERE member_id = $1 AND kind = $2 AND trace IS NOT NULL"#,
        member.uuid(),
        kind
    )
    .fetch_all(connection)
    .await?;
    waiting.iter().filter_map(|text| text.parse().ok()).for_each(trace::link);
    Ok(())
}

/// Takes back jobs that wait and are no longer needed, in the caller's own transaction. One that runs is left to find out.
pub async fn withdraw(connection: &mut PgConnection, jobs: &[NewJob]) -> Result<(), sqlx::Error> {
    if jobs.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "DELETE FROM job USING unnest($1::text[], $2::uuid[], $3::uuid[]) AS t (queue, member_id, key)
         WHERE job.queue = t.queue AND job.member_id = t.member_id AND job.key = t.key AND job.state = 0",
        &jobs.iter().map(|job| job.queue.to_owned()).collect::<Vec<_>>(),
        &jobs.iter().map(|job| job.member_id.map(MemberId::uuid)).collect::<Vec<_>>() as &[Option<Uuid>],
        &jobs.iter().map(|job| job.key).collect::<Vec<_>>()
    )
    .execute(connection)
    .await?;
    Ok(())
}
