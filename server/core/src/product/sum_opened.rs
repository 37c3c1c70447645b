//! Where nobody was drawn by lot: who opened Spectrum soon after a Monday and who did not, by the weeks in which they held sessions before and
//! after it. What that can say, and what it can't: domain/effect/observed.rs.

use chrono::{Datelike as _, Days, NaiveDate};
use spectrum_domain::effect::{
    followed::{FOLLOWED_DAYS, Followed, Measure},
    simulated::HEADLINE_WEEK,
    summary::LANDMARK_DAY,
};
use sqlx::PgConnection;

use crate::error::ServiceError;

/// The newest Monday from which everybody had been followed long enough before this day.
pub(crate) fn newest_monday(before: NaiveDate) -> NaiveDate {
    let last = before - Days::new(FOLLOWED_DAYS.into());
    last - Days::new(last.weekday().num_days_from_monday().into())
}

/// Adds up anew who was followed from this Monday. Those of Mondays before stay as they were counted.
pub(crate) async fn sum(connection: &mut PgConnection, monday: NaiveDate) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM opened_sum WHERE week = $1", monday).execute(&mut *connection).await?;
    // Bits of `weeks`: 0 to 3 the weeks before the Monday, 4 and 5 those up to the landmark, 6 to 9 those from it on. What began in these
    // weeks has come in since their beginning: the index of when sessions came in is read, and not all sessions.
    sqlx::query!(
        "WITH there AS (
             SELECT member_id, bit_or(1 << (((started_at AT TIME ZONE 'UTC')::date - ($1::date - 28)) / 7)) AS weeks
             FROM session
             WHERE received_at >= ($1::date - 28)::timestamp AT TIME ZONE 'UTC'
               AND started_at >= ($1::date - 28)::timestamp AT TIME ZONE 'UTC'
               AND started_at < ($1::date + 42)::timestamp AT TIME ZONE 'UTC'
             GROUP BY member_id
         ), followed AS (
             SELECT bit_count((weeks & 15)::bit(16))::integer AS before, bit_count((weeks & 3)::bit(16))::integer AS first_two,
                    bit_count((weeks & 12)::bit(16))::integer AS last_two, bit_count((weeks & 960)::bit(16))::integer AS after,
                    (weeks >> 3) & 1 AS last_before, (weeks >> (3 + $3::integer)) & 1 AS headline,
                    least(($1::date - (m.created_at AT TIME ZONE 'UTC')::date) / 30, 12) AS months_known,
                    coalesce(m.first_used_on < $1::date + $2::integer, false) AS soon,
                    coalesce(m.first_used_on < $1::date + 7 * $3::integer, false) AS by_then
             FROM there JOIN member m USING (member_id)
             WHERE weeks & 15 <> 0 AND m.created_at < ($1::date - 28)::timestamp AT TIME ZONE 'UTC'
               AND (m.first_used_on IS NULL OR m.first_used_on >= $1)
               AND m.state = 'active' AND coalesce(m.use_counted, m.consent_analytics)
         )
         INSERT INTO opened_sum (week, measure, opened, value, people)
         SELECT $1, measure, opened, value, count(*)
         FROM followed CROSS JOIN LATERAL (VALUES
             ('change', soon, after - before), ('change_before', soon, last_two - first_two), ('before', soon, before),
             ('last_before', soon, last_before), ('months_known', soon, months_known), ('landmark', soon, headline),
             ('raw', by_then, headline)) AS of (measure, opened, value)
         GROUP BY measure, opened, value",
        monday,
        i32::from(LANDMARK_DAY),
        i32::from(HEADLINE_WEEK)
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Those who were followed from one Monday.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// From when.
    pub monday: NaiveDate,
    /// The Monday before it of which there are sums.
    pub earlier: Option<NaiveDate>,
    /// What was added up.
    pub followed: Followed,
}

/// The newest Monday up to this day, or the newest of all; nothing where there is none.
pub(crate) async fn load(
    connection: &mut PgConnection,
    asked: Option<NaiveDate>,
) -> Result<Option<Opened>, ServiceError> {
    let monday = sqlx::query_scalar!(
        "SELECT week FROM opened_sum WHERE $1::date IS NULL OR week <= $1 ORDER BY week DESC LIMIT 1",
        asked
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(monday) = monday else { return Ok(None) };
    let earlier = sqlx::query_scalar!("SELECT max(week) FROM opened_sum WHERE week < $1", monday)
        .fetch_one(&mut *connection)
        .await?;
    let rows = sqlx::query!("SELECT measure, opened, value, people FROM opened_sum WHERE week = $1", monday)
        .fetch_all(connection)
        .await?;
    let mut followed = Followed::default();
    for row in rows {
        let measure: Measure =
            row.measure.parse().map_err(|_| ServiceError::Inconsistent { table: "opened_sum", column: "measure" })?;
        followed.add(measure, row.opened, row.value.into(), u64::try_from(row.people).unwrap_or(0));
    }
    Ok(Some(Opened { monday, earlier, followed }))
}
