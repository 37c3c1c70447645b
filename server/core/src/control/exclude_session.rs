//! Leaving one session out of the analysis and taking it in again: the quick way, which looks at nothing but its day.

use spectrum_domain::{
    exclusion::Change,
    id::{ExclusionId, MemberId, SessionId},
};
use sqlx::PgConnection;

use super::exclude::before_and_after;
use crate::{
    ambient::Ambient, db::scope::raise_data_version, error::ServiceError, ingest::follow_up,
    queue::enqueue::enqueue_again, rollup::refresh_periods::refresh,
};

/// Leaves the session out, or takes it in again, and says what that did to its week. What a wider exclusion covers stays
/// out.
pub(crate) async fn set_excluded(
    connection: &mut PgConnection,
    ambient: &Ambient,
    member: MemberId,
    session: SessionId,
    excluded: bool,
) -> Result<Change, ServiceError> {
    let unknown = ServiceError::UnknownSession(session);
    let Some(version) = raise_data_version(connection, member).await? else { return Err(unknown) };
    if excluded {
        sqlx::query!(
            "INSERT INTO exclusion (member_id, exclusion_id, scope, session_id, since)
             SELECT member_id, $2, 'session', session_id, $4 FROM session WHERE member_id = $1 AND session_id = $3
             ON CONFLICT (member_id, session_id) DO NOTHING",
            member.uuid(),
            ambient.id::<ExclusionId>().uuid(),
            session.uuid(),
            ambient.now()
        )
        .execute(&mut *connection)
        .await?;
    } else {
        sqlx::query!("DELETE FROM exclusion WHERE member_id = $1 AND session_id = $2", member.uuid(), session.uuid())
            .execute(&mut *connection)
            .await?;
    }
    let Some(row) = sqlx::query!(
        r#"UPDATE session SET excluded = is_kept_out(member_id, session_id, feature, local_date, started_at)
           WHERE member_id = $1 AND session_id = $2
           RETURNING local_date, received_at, input_version, excluded, state = 'ended' AND NOT excluded AS "unread!""#,
        member.uuid(),
        session.uuid()
    )
    .fetch_optional(&mut *connection)
    .await?
    else {
        return Err(unknown);
    };
    if row.unread {
        let now = ambient.now();
        let job = follow_up::analyze(member, session, row.input_version, row.received_at.date_naive(), now);
        enqueue_again(connection, &[job], now).await?;
    }
    let week = refresh(connection, member, row.local_date, version).await?;
    Ok(Change { session_id: session, excluded: row.excluded, effect: before_and_after(&week) })
}
