//! Taking a member's jobs out of the queue wherever they are, as part of their erasure.

use spectrum_domain::id::MemberId;
use sqlx::PgConnection;

use super::claim::ClaimedJob;

/// How much was taken out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Jobs that waited or ran.
    pub jobs: i64,
    /// Dead ones.
    pub dead: i64,
    /// Keys of jobs there ever were.
    pub keys: i64,
}

/// Removes every trace of a member from the queue but the job that does it: what waits, what runs, what is dead, and the
/// ledger of keys. A job that runs meanwhile finds its row gone when it ends, and its result is rolled back.
///
/// INVARIANT: it comes last in the erasure and after the member's row was locked. Who enqueues a job about a member holds
/// a lock on a row of theirs, so whatever got in before is seen here, and nothing gets in after.
pub async fn forget(
    connection: &mut PgConnection,
    member: MemberId,
    but: Option<&ClaimedJob>,
) -> Result<Forgotten, sqlx::Error> {
    sqlx::query_as!(
        Forgotten,
        r#"WITH jobs AS (
               DELETE FROM job WHERE member_id = $1 AND (queue = $2 AND id = $3) IS NOT TRUE RETURNING 1
           ), dead AS (
               DELETE FROM job_dead WHERE member_id = $1 RETURNING 1
           ), keys AS (
               DELETE FROM job_key WHERE member_id = $1 RETURNING 1
           )
           SELECT (SELECT count(*) FROM jobs) AS "jobs!", (SELECT count(*) FROM dead) AS "dead!",
                  (SELECT count(*) FROM keys) AS "keys!""#,
        member.uuid(),
        but.map(|job| job.queue.as_str()),
        but.map(|job| job.id)
    )
    .fetch_one(connection)
    .await
}
