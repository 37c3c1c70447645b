//! What the member has decided about what is held of them, and whether their words are kept once they were read.

use spectrum_domain::id::{MemberId, SessionId};
use sqlx::PgConnection;

use crate::{error::ServiceError, schedule::retention::Retention};

/// How things stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Words are kept for as long as others' are; else they are dropped once they were read.
    pub keep_text: bool,
    /// Days that words are kept.
    pub text_days: i64,
    /// Exclusions.
    pub exclusions: i64,
    /// What is written now is not read.
    pub paused: bool,
}

/// What the member has decided.
pub(crate) async fn load(
    connection: &mut PgConnection,
    member: MemberId,
    retention: &Retention,
) -> Result<Settings, ServiceError> {
    let row = sqlx::query!(
        r#"SELECT keep_text,
                  (SELECT count(*) FROM exclusion e WHERE e.member_id = $1) AS "exclusions!",
                  EXISTS (SELECT FROM exclusion e
                          WHERE e.member_id = $1 AND paused_at IS NOT NULL AND resumed_at IS NULL) AS "paused!"
           FROM member WHERE member_id = $1"#,
        member.uuid()
    )
    .fetch_optional(connection)
    .await?
    .ok_or(ServiceError::MemberGone)?;
    Ok(Settings {
        keep_text: row.keep_text,
        text_days: retention.text_days,
        exclusions: row.exclusions,
        paused: row.paused,
    })
}

/// Keeps words from now on, or drops those of every session that was read; gives of how many sessions.
pub(crate) async fn keep_text(
    connection: &mut PgConnection,
    member: MemberId,
    keep: bool,
) -> Result<i32, ServiceError> {
    let known = sqlx::query!("UPDATE member SET keep_text = $2 WHERE member_id = $1", member.uuid(), keep)
        .execute(&mut *connection)
        .await?;
    if known.rows_affected() == 0 {
        return Err(ServiceError::MemberGone);
    }
    if keep {
        return Ok(0);
    }
    let dropped = sqlx::query_scalar!(
        r#"WITH dropped AS (
               DELETE FROM turn_text USING session s
               WHERE turn_text.member_id = $1 AND s.member_id = $1 AND s.session_id = turn_text.session_id
                 AND s.state IN ('analysed', 'withheld', 'unmeasured')
               RETURNING turn_text.session_id
           )
           SELECT count(DISTINCT session_id) AS "sessions!" FROM dropped"#,
        member.uuid()
    )
    .fetch_one(connection)
    .await?;
    Ok(i32::try_from(dropped).unwrap_or(i32::MAX))
}

/// Drops the words of a session that has just been read.
pub(crate) async fn drop_text(
    connection: &mut PgConnection,
    member: MemberId,
    session: SessionId,
) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM turn_text WHERE member_id = $1 AND session_id = $2", member.uuid(), session.uuid())
        .execute(connection)
        .await?;
    Ok(())
}
