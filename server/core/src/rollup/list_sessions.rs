//! A span's sessions, a page of whole days at a time, newest first: numbers only.

use chrono::NaiveDate;
use spectrum_domain::{member::Member, session::SessionSummary, span::Span};
use sqlx::PgConnection;

use super::rows;
use crate::error::ServiceError;

/// Sessions of one page, at least: the day that holds the last of them is shown whole.
const PAGE: i64 = 60;

/// A page of sessions.
#[derive(Clone, Debug, Default)]
pub struct SessionPage {
    /// The sessions, newest first.
    pub sessions: Vec<SessionSummary>,
    /// The day before which the next page begins; nothing where this is the last.
    pub older: Option<NaiveDate>,
}

/// Lists the member's sessions of the span before this day, or of all of it.
pub(crate) async fn list(
    connection: &mut PgConnection,
    member: &Member,
    span: Span,
    before: Option<NaiveDate>,
) -> Result<SessionPage, ServiceError> {
    let (first, end) = (span.start(), before.map_or(span.end(), |before| before.min(span.end())));
    let days = sqlx::query_scalar!(
        "SELECT local_date FROM session WHERE member_id = $1 AND local_date >= $2 AND local_date < $3
         ORDER BY local_date DESC LIMIT $4",
        member.member_id.uuid(),
        first,
        end,
        PAGE + 1
    )
    .fetch_all(&mut *connection)
    .await?;
    // Without one more than a page holds, this is the last page.
    let whole = i64::try_from(days.len()).is_ok_and(|n| n <= PAGE);
    let cut = if whole { first } else { days.iter().rev().nth(1).copied().unwrap_or(first) };
    let rows = rows::load_sessions(connection, member.member_id, cut, end).await?;
    let older = !whole && any_before(connection, member, first, cut).await?;
    let sessions = rows.into_iter().rev().map(|row| row.summary).collect();
    Ok(SessionPage { sessions, older: older.then_some(cut) })
}

/// The last day of a page may hold everything that is left.
async fn any_before(
    connection: &mut PgConnection,
    member: &Member,
    first: NaiveDate,
    cut: NaiveDate,
) -> Result<bool, ServiceError> {
    let found = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM session WHERE member_id = $1 AND local_date >= $2 AND local_date < $3) AS "found!""#,
        member.member_id.uuid(),
        first,
        cut
    )
    .fetch_one(connection)
    .await?;
    Ok(found)
}
