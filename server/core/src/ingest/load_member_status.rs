//! How far a member's sessions have come: what a host asks after sending them.

use spectrum_domain::id::MemberId;
use sqlx::PgConnection;

use crate::error::ServiceError;

/// Counts, never content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberStatus {
    /// Sessions known.
    pub sessions: i64,
    /// Sessions still open.
    pub open: i64,
    /// Sessions read, those withheld among them: which ones are is nothing a host needs to know.
    pub analysed: i64,
    /// Sessions in which there was nothing to measure.
    pub unmeasured: i64,
    /// Jobs of the member that are ready or running: none means the pipeline is idle.
    pub pending_jobs: i64,
    /// Jobs of the member that failed for good.
    pub dead_jobs: i64,
    /// Days with a rollup.
    pub days: i64,
    /// Weeks with a rollup.
    pub weeks: i64,
    /// Months with a rollup.
    pub months: i64,
    /// By lot not shown what is found, for now.
    pub held_out: bool,
}

/// Counts the member's sessions, jobs and rollups, inside their own transaction.
pub(crate) async fn load(
    connection: &mut PgConnection,
    member: MemberId,
    held_out: bool,
) -> Result<MemberStatus, ServiceError> {
    let status = sqlx::query_as!(
        MemberStatus,
        r#"SELECT count(*) AS "sessions!", count(*) FILTER (WHERE state = 'open') AS "open!",
                  count(*) FILTER (WHERE state IN ('analysed', 'withheld')) AS "analysed!",
                  count(*) FILTER (WHERE state = 'unmeasured') AS "unmeasured!",
                  (SELECT count(*) FROM job WHERE member_id = $1 AND kind <> 'close_idle_session') AS "pending_jobs!",
                  (SELECT count(*) FROM job_dead WHERE member_id = $1) AS "dead_jobs!",
                  (SELECT count(*) FROM day_rollup WHERE member_id = $1) AS "days!",
                  (SELECT count(*) FROM week_rollup WHERE member_id = $1) AS "weeks!",
                  (SELECT count(*) FROM month_rollup WHERE member_id = $1) AS "months!", $2::boolean AS "held_out!"
           FROM session WHERE member_id = $1"#,
        member.uuid(),
        held_out
    )
    .fetch_one(connection)
    .await?;
    Ok(status)
}
