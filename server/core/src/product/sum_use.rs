//! Adding up how Spectrum was used, by day, week and month, and taking a member out of the sums again.
//!
//! INVARIANT: a sum is always that of the events that are there, as long as they are kept. What an event counts in is said by the view
//! `use_cell`, event by event, for one member who goes; [`sum`] comes to the same for everybody, of whom so much would be taken apart
//! for nothing. `use_sums.rs` holds both against a count of its own.

use std::time::Duration;

use chrono::{DateTime, Months, NaiveDate, NaiveTime, Utc};
use spectrum_domain::{id::MemberId, use_sum::UseGrain};
use sqlx::PgConnection;

use crate::error::ServiceError;

/// Longer than any event is kept.
const KEPT: Months = Months::new(14);

/// A period that is over and not added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Open {
    pub(crate) grain: UseGrain,
    pub(crate) start: NaiveDate,
}

/// Remembers of everybody the day of their first counted event, where it is not known.
pub(crate) async fn remember_first_uses(connection: &mut PgConnection, before: NaiveDate) -> Result<(), sqlx::Error> {
    // What came since the newest day that was added up, and a day more.
    let since = sqlx::query_scalar!("SELECT max(period) - 1 FROM use_period WHERE grain = 'day'")
        .fetch_one(&mut *connection)
        .await?
        .unwrap_or(NaiveDate::MIN.max(before - KEPT));
    sqlx::query!(
        "UPDATE member m SET first_used_on = first.day
         FROM (SELECT member_id, min(day) AS day FROM product_event WHERE day >= $1 AND day < $2 AND event <> 14
               GROUP BY member_id) AS first
         WHERE m.member_id = first.member_id AND m.first_used_on IS NULL",
        since,
        before
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Periods before this day that are over and have not been added up, oldest first.
pub(crate) async fn list_open(connection: &mut PgConnection, today: NaiveDate) -> Result<Vec<Open>, ServiceError> {
    let known = sqlx::query!("SELECT grain, period FROM use_period").fetch_all(&mut *connection).await?;
    // Day by day, of which the first that has events ends it: asking the table for its oldest would read it.
    let first = sqlx::query_scalar!(
        r#"SELECT found.day AS "day!"
           FROM (SELECT day FROM generate_series($1::timestamp, $2::timestamp - interval '1 day', interval '1 day') AS day
                 ORDER BY day) AS each
           CROSS JOIN LATERAL (SELECT e.day FROM product_event e WHERE e.day = each.day::date LIMIT 1) AS found
           ORDER BY each.day LIMIT 1"#,
        (today - KEPT).and_time(NaiveTime::MIN),
        today.and_time(NaiveTime::MIN)
    )
    .fetch_optional(connection)
    .await?;
    let Some(first) = first else { return Ok(Vec::new()) };
    let is_known = |grain: UseGrain, start| known.iter().any(|row| row.grain == grain.name() && row.period == start);
    let mut open = Vec::new();
    for &grain in UseGrain::ALL {
        let mut start = grain.start(first);
        while grain.end(start) <= today {
            if !is_known(grain, start) {
                open.push(Open { grain, start });
            }
            start = grain.end(start);
        }
    }
    open.sort_by_key(|open| (open.grain.end(open.start), open.grain.name()));
    Ok(open)
}

/// Adds a period up: what every member did is counted first, so that far fewer rows are taken apart and counted again.
pub(crate) async fn sum(connection: &mut PgConnection, open: Open) -> Result<(), sqlx::Error> {
    let Open { grain, start } = open;
    // Enough for what a week's members did, where the tables of an aggregate would else be written to the disk at eight megabytes;
    // and no member is looked up for each row of everybody's.
    sqlx::query("SELECT set_config('work_mem', '64MB', true), set_config('enable_nestloop', 'off', true)")
        .execute(&mut *connection)
        .await?;
    sqlx::query!("DELETE FROM use_sum WHERE grain = $1 AND period = $2", grain.name(), start)
        .execute(&mut *connection)
        .await?;
    sqlx::query!(
        "WITH did AS (
             SELECT member_id, event, surface, app_version, count(*) AS events
             FROM product_event WHERE day >= $2 AND day < $3 GROUP BY member_id, event, surface, app_version
         ), own AS MATERIALIZED (
             SELECT member_id, event, surface, app_version, sum(events) AS events, grouping(surface, app_version) AS whole
             FROM did GROUP BY GROUPING SETS (
                 (member_id, event), (member_id, event, surface), (member_id, event, app_version))
             UNION ALL
             SELECT member_id, 0, surface, app_version, sum(events), grouping(surface, app_version)
             FROM did WHERE event <> 14 GROUP BY GROUPING SETS (member_id, (member_id, surface), (member_id, app_version))
         ), said AS (
             SELECT member_id, event, word.key || '=' || word.value AS value, sum(events) AS events
             FROM (SELECT member_id, event, properties, count(*) AS events
                   FROM product_event WHERE day >= $2 AND day < $3 GROUP BY member_id, event, properties) AS each
             CROSS JOIN LATERAL jsonb_each_text(properties) AS word (key, value)
             GROUP BY member_id, event, word.key || '=' || word.value
         )
         INSERT INTO use_sum (grain, period, event, segment, value, events, people)
         SELECT $1, $2, event, CASE whole WHEN 3 THEN 'all' WHEN 1 THEN 'surface' ELSE 'version' END,
                coalesce(surface, app_version, ''), sum(events)::bigint, count(*)
         FROM own GROUP BY event, whole, surface, app_version
         UNION ALL
         SELECT $1, $2, event, 'cohort', date_trunc('week', m.first_used_on)::date::text, sum(events)::bigint, count(*)
         FROM own JOIN member m USING (member_id)
         WHERE whole = 3 AND event <> 14 AND m.first_used_on IS NOT NULL
         GROUP BY event, date_trunc('week', m.first_used_on)
         UNION ALL
         SELECT $1, $2, event, 'property', value, sum(events)::bigint, count(*) FROM said GROUP BY event, value",
        grain.name(),
        start,
        grain.end(start)
    )
    .execute(&mut *connection)
    .await?;
    Ok(())
}

/// Whether the sums of a period, just made, are still those of the events that are there: nobody withdrew while they were made. The
/// transaction has [`super::record_event::hold_withdrawals`], and must not have had it before the sums where this is to say anything.
pub(crate) async fn is_of_all_there(connection: &mut PgConnection, open: Open) -> Result<bool, sqlx::Error> {
    let Open { grain, start } = open;
    sqlx::query_scalar!(
        r#"SELECT (SELECT coalesce(sum(events), 0) FROM use_sum
                   WHERE grain = $1 AND period = $2 AND segment = 'all' AND value = '' AND event <> 0)
                = (SELECT count(*) FROM product_event WHERE day >= $2 AND day < $3) AS "same!""#,
        grain.name(),
        start,
        grain.end(start)
    )
    .fetch_one(connection)
    .await
}

/// Notes that a period was added up, and how long that took.
pub(crate) async fn note(
    connection: &mut PgConnection,
    open: Open,
    took: Duration,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO use_period (grain, period, summed_at, took_ms) VALUES ($1, $2, $3, $4)
         ON CONFLICT (grain, period) DO UPDATE SET summed_at = excluded.summed_at, took_ms = excluded.took_ms",
        open.grain.name(),
        open.start,
        now,
        i32::try_from(took.as_millis()).unwrap_or(i32::MAX)
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes a member out of every sum, before their events go. The transaction has [`super::record_event::hold_writes`].
pub(crate) async fn take_away(connection: &mut PgConnection, member: MemberId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE use_sum s SET events = greatest(s.events - own.events, 0), people = greatest(s.people - 1, 0)
         FROM (SELECT part.grain, part.period, c.event, c.segment, c.value, count(*) AS events
               FROM use_cell c
               CROSS JOIN LATERAL (VALUES
                   ('day', c.day), ('week', date_trunc('week', c.day)::date), ('month', date_trunc('month', c.day)::date)
               ) AS part (grain, period)
               JOIN use_period USING (grain, period)
               WHERE c.member_id = $1
               GROUP BY part.grain, part.period, c.event, c.segment, c.value) AS own
         WHERE s.grain = own.grain AND s.period = own.period AND s.event = own.event AND s.segment = own.segment
           AND s.value = own.value",
        member.uuid()
    )
    .execute(connection)
    .await?;
    Ok(())
}
