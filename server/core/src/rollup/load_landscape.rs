//! What the landscape draws: a span's sums and parts, and its sessions where they are few enough to be drawn one by one.

use chrono::NaiveDate;
use spectrum_domain::{
    member::Member,
    session::SessionSummary,
    span::Span,
    stretch::{Landscape, MOST_POINTS},
};
use sqlx::PgConnection;

use super::{load_stretch, rows};
use crate::error::ServiceError;

/// Loads the member's landscape.
pub(crate) async fn load(
    connection: &mut PgConnection,
    member: &Member,
    span: Span,
    today: NaiveDate,
) -> Result<Landscape, ServiceError> {
    let stretch = load_stretch::load(connection, member, span, today).await?;
    let counted = stretch.now.rollup.sessions;
    let sessions = if (1..=MOST_POINTS).contains(&counted) {
        let rows = rows::load_sessions(connection, member.member_id, span.start(), span.end()).await?;
        let sessions: Vec<SessionSummary> =
            rows.into_iter().map(|row| row.summary).filter(|session| session.counted().is_some()).collect();
        // Sums are kept for longer than sessions: a picture of those that are left would not be that of the span.
        (i32::try_from(sessions.len()) == Ok(counted)).then_some(sessions)
    } else {
        (counted == 0).then(Vec::new)
    };
    Ok(Landscape { stretch, sessions })
}
