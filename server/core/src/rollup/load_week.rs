//! What the week page shows: the week's sessions and sums, and the sums of the week before.

use spectrum_domain::{
    calendar::{Week, WeekLabel},
    member::Member,
    rollup::Rollup,
    week::WeekView,
};
use sqlx::PgConnection;

use super::rows::{self, Table};
use crate::error::ServiceError;

/// Loads the member's week.
pub(crate) async fn load(
    connection: &mut PgConnection,
    member: &Member,
    label: WeekLabel,
) -> Result<WeekView, ServiceError> {
    let week = Week::from_label(label, member.week_start).ok_or(ServiceError::UnknownWeek(label))?;
    let before = week.previous();
    let rollups = rows::load(connection, Table::Week, member.member_id, before.start(), week.end()).await?;
    let sessions = rows::load_sessions(connection, member.member_id, week.start(), week.end()).await?;
    let of = |wanted: Week| -> (Rollup, Vec<String>) {
        let row = rollups.iter().find(|row| row.period == wanted.start());
        row.map(|row| (row.rollup.clone(), row.models.clone())).unwrap_or_default()
    };
    let ((rollup, models), (before, models_before)) = (of(week), of(before));
    Ok(WeekView {
        member: member.clone(),
        week,
        rollup,
        before,
        models,
        models_before,
        sessions: sessions.into_iter().map(|row| row.summary).collect(),
    })
}

/// The newest week in which the member held a session.
pub(crate) async fn newest(connection: &mut PgConnection, member: &Member) -> Result<Option<WeekLabel>, ServiceError> {
    let newest = sqlx::query_scalar!(
        "SELECT local_date FROM session WHERE member_id = $1 ORDER BY local_date DESC LIMIT 1",
        member.member_id.uuid()
    )
    .fetch_optional(connection)
    .await?;
    Ok(newest.map(|date| Week::containing(date, member.week_start).label()))
}
