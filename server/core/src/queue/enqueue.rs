//! Putting jobs into the queue, in the caller's own transaction.

use chrono::{DateTime, NaiveDate, Utc};
use spectrum_domain::{id::MemberId, job::Job};
use sqlx::PgConnection;
use uuid::Uuid;

/// A job to be done.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Whose.
    pub member_id: MemberId,
    /// What.
    pub job: Job,
    /// When, at the earliest.
    pub run_at: DateTime<Utc>,
    /// A date derived from the subject, never from the clock, so that the same key always lies in the same place.
    pub bucket: NaiveDate,
    /// What makes it the same job: see [`job_key`].
    pub key: Uuid,
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

/// Enqueues jobs; one whose key was seen before, even if it has long been done, is left out. Gives how many went in.
pub async fn enqueue(connection: &mut PgConnection, jobs: &[NewJob], now: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    if jobs.is_empty() {
        return Ok(0);
    }
    let mut sorted: Vec<&NewJob> = jobs.iter().collect();
    // The same order in every batch, so that two batches never wait for each other.
    sorted.sort_by_key(|job| (job.bucket, job.key));
    sorted.dedup_by_key(|job| (job.bucket, job.key));
    let column = |figure: fn(&NewJob) -> Uuid| sorted.iter().map(|job| figure(job)).collect::<Vec<_>>();
    let payloads: Vec<_> = sorted.iter().map(|job| serde_json::to_value(&job.job).unwrap_or_default()).collect();
    let done = sqlx::query!(
        "WITH input AS (
             SELECT * FROM unnest($1::date[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::jsonb[])
                 AS t (bucket, key, member_id, kind, run_at, payload)
         ), won AS (
             INSERT INTO job_key (bucket, key, member_id) SELECT bucket, key, member_id FROM input
             ON CONFLICT DO NOTHING RETURNING bucket, key
         )
         INSERT INTO job (kind, run_at, member_id, key, payload, created_at)
         SELECT kind, run_at, member_id, key, payload, $7 FROM input JOIN won USING (bucket, key)",
        &sorted.iter().map(|job| job.bucket).collect::<Vec<_>>(),
        &column(|job| job.key),
        &column(|job| job.member_id.uuid()),
        &sorted.iter().map(|job| job.job.kind().to_owned()).collect::<Vec<_>>(),
        &sorted.iter().map(|job| job.run_at).collect::<Vec<_>>(),
        &payloads,
        now,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// Takes back jobs that wait and are no longer needed, in the caller's own transaction. One that runs is left to find out.
pub async fn withdraw(connection: &mut PgConnection, jobs: &[(MemberId, Uuid)]) -> Result<(), sqlx::Error> {
    if jobs.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "DELETE FROM job USING unnest($1::uuid[], $2::uuid[]) AS t (member_id, key)
         WHERE job.member_id = t.member_id AND job.key = t.key AND job.state = 0",
        &jobs.iter().map(|(member, _)| member.uuid()).collect::<Vec<_>>(),
        &jobs.iter().map(|(_, key)| *key).collect::<Vec<_>>()
    )
    .execute(connection)
    .await?;
    Ok(())
}
