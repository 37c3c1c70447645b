//! Leaving a session out of the analysis and taking it in again. Its vector stays, inert, so that nothing is lost and
//! taking it in again restores the identical sums.

use spectrum_domain::{
    exclusion::Change,
    id::{ExclusionId, MemberId, SessionId},
    rollup::{Estimate, Rollup, Tier},
};
use sqlx::PgConnection;

use crate::{
    ambient::Ambient,
    db::scope::raise_data_version,
    error::ServiceError,
    rollup::refresh_periods::{WeekChange, refresh},
};

/// Leaves the session out, or takes it in again, and says what that did to its week.
pub(crate) async fn set_excluded(
    connection: &mut PgConnection,
    ambient: &Ambient,
    member: MemberId,
    session: SessionId,
    excluded: bool,
) -> Result<Change, ServiceError> {
    let unknown = ServiceError::UnknownSession(session);
    let Some(version) = raise_data_version(connection, member).await? else { return Err(unknown) };
    let Some(date) = sqlx::query_scalar!(
        "UPDATE session SET excluded = $3 WHERE member_id = $1 AND session_id = $2 RETURNING local_date",
        member.uuid(),
        session.uuid(),
        excluded
    )
    .fetch_optional(&mut *connection)
    .await?
    else {
        return Err(unknown);
    };
    if excluded {
        sqlx::query!(
            "INSERT INTO exclusion (member_id, exclusion_id, scope, session_id, since)
             VALUES ($1, $2, 'session', $3, $4) ON CONFLICT (member_id, session_id) DO NOTHING",
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
    let WeekChange { week, before, after } = refresh(connection, member, date, version).await?;
    Ok(Change {
        week: week.label(),
        session_id: session,
        excluded,
        sessions: (before.sessions, after.sessions),
        valence: both(&before, &after, Rollup::valence_estimate),
        arousal: both(&before, &after, Rollup::arousal_estimate),
    })
}

/// The means before and after, where both rest on enough sessions.
fn both(before: &Rollup, after: &Rollup, figure: fn(&Rollup) -> Option<Estimate>) -> Option<(f64, f64)> {
    let enough = before.tier() == Tier::Enough && after.tier() == Tier::Enough;
    enough.then(|| Some((figure(before)?.mean, figure(after)?.mean))).flatten()
}
