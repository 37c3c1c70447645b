//! Until when something was added up, and how long the newest night took with it.

use chrono::{NaiveDate, TimeDelta};
use sqlx::PgConnection;

/// What is added up as a whole, and not by period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Who is in which arm of an experiment, and what they did.
    Arms,
    /// Who opened Spectrum by themselves.
    Opened,
}

impl Part {
    const fn name(self) -> &'static str {
        match self {
            Self::Arms => "arms",
            Self::Opened => "opened",
        }
    }
}

/// The first day that is in no number of it; nothing before the first night.
pub(crate) async fn until(connection: &mut PgConnection, part: Part) -> Result<Option<NaiveDate>, sqlx::Error> {
    sqlx::query_scalar!("SELECT until FROM sum_night WHERE part = $1", part.name()).fetch_optional(connection).await
}

/// Notes that it was added up.
pub(crate) async fn note(
    connection: &mut PgConnection,
    part: Part,
    until: NaiveDate,
    took: TimeDelta,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO sum_night (part, until, took_ms) VALUES ($1, $2, $3)
         ON CONFLICT (part) DO UPDATE SET until = excluded.until, took_ms = excluded.took_ms",
        part.name(),
        until,
        i32::try_from(took.num_milliseconds()).unwrap_or(i32::MAX)
    )
    .execute(connection)
    .await?;
    Ok(())
}
