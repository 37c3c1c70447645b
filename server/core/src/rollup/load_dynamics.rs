//! How a member's feelings moved over a period, from its sums and from its sessions in the order they were held.

use spectrum_domain::{
    calendar::{Period, Week},
    dynamics::Dynamics,
    member::Member,
    session::SessionSummary,
};
use sqlx::PgConnection;

use super::rows::{self, Table};
use crate::error::ServiceError;

/// Loads the period's dynamics; what too little was counted for is left out of them.
pub(crate) async fn load(
    connection: &mut PgConnection,
    member: &Member,
    period: Period,
) -> Result<Dynamics, ServiceError> {
    let (table, first, end) = match period {
        Period::Week(label) => {
            let week = Week::from_label(label, member.week_start).ok_or(ServiceError::UnknownWeek(label))?;
            (Table::Week, week.start(), week.end())
        }
        Period::Month(month) => (Table::Month, month.start(), month.end()),
    };
    let rollup = rows::load(connection, table, member.member_id, first, end).await?;
    let Some(row) = rollup.into_iter().find(|row| row.period == first) else { return Ok(Dynamics::default()) };
    let sessions: Vec<SessionSummary> = rows::load_sessions(connection, member.member_id, first, end)
        .await?
        .into_iter()
        .map(|row| row.summary)
        .collect();
    Ok(Dynamics::of(&row.rollup, &sessions))
}
