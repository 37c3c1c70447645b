//! What the page of one session shows: its numbers, and the week it belongs to.

use spectrum_domain::{
    calendar::{Week, WeekLabel},
    id::SessionId,
    member::Member,
    session::SessionSummary,
};
use sqlx::PgConnection;

use super::rows;
use crate::error::ServiceError;

/// Loads one session of the member's.
pub(crate) async fn load(
    connection: &mut PgConnection,
    member: &Member,
    session: SessionId,
) -> Result<(WeekLabel, SessionSummary), ServiceError> {
    let date = sqlx::query_scalar!(
        "SELECT local_date FROM session WHERE member_id = $1 AND session_id = $2",
        member.member_id.uuid(),
        session.uuid()
    )
    .fetch_optional(&mut *connection)
    .await?
    .ok_or(ServiceError::UnknownSession(session))?;
    let day = rows::load_sessions(connection, member.member_id, date, date.succ_opt().unwrap_or(date)).await?;
    let found = day.into_iter().find(|row| row.summary.session_id == session);
    let row = found.ok_or(ServiceError::UnknownSession(session))?;
    Ok((Week::containing(date, member.week_start).label(), row.summary))
}
