//! The daily round: what should have been done of a page of members and was not is ordered again, under the same keys.
//!
//! Nothing here is needed while all goes well. It is for what no design foresees: a job buried by hand, a restored backup,
//! a mistake of ours that is mended.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use spectrum_domain::{
    id::{MemberId, SessionId},
    job::{Job, Page},
};
use sqlx::PgConnection;

use crate::{
    error::ServiceError,
    ingest::follow_up,
    queue::enqueue::{NewJob, enqueue_again},
};

/// What is younger than this may still be on its way.
const PATIENCE: TimeDelta = TimeDelta::minutes(15);

/// How far back rollups are looked at: as far as weeks are made up for.
const DAYS_BACK: u64 = 35;

/// Orders what was left undone, and gives how much that was.
pub(crate) async fn reconcile(
    connection: &mut PgConnection,
    page: Page,
    round: NaiveDate,
    idle: TimeDelta,
    now: DateTime<Utc>,
) -> Result<u64, ServiceError> {
    let mut jobs = unread_sessions(connection, page, idle, now).await?;
    jobs.extend(wrong_days(connection, page, round, now).await?);
    jobs.extend(untold(connection, page, round, now).await?);
    Ok(enqueue_again(connection, &jobs, now).await?)
}

/// Sessions that ended and were not read, and those that nobody ended.
async fn unread_sessions(
    connection: &mut PgConnection,
    page: Page,
    idle: TimeDelta,
    now: DateTime<Utc>,
) -> Result<Vec<NewJob>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT member_id, session_id, state = 'ended' AS "ended!", input_version, received_at FROM session
           WHERE member_id > $1 AND member_id <= $2
             AND state IN ('open', 'ended') AND NOT (state = 'ended' AND excluded) AND last_event_at < CASE state WHEN 'ended' THEN $3::timestamptz ELSE $4::timestamptz END"#,
        page.after,
        page.until,
        now - PATIENCE,
        now - PATIENCE - idle
    )
    .fetch_all(connection)
    .await?;
    let order = |row: &(MemberId, SessionId, bool, i32, NaiveDate)| match *row {
        (member, session, true, version, on) => follow_up::analyze(member, session, version, on, now),
        (member, session, false, _, on) => follow_up::close(member, session, on, now),
    };
    Ok(rows
        .into_iter()
        .map(|row| {
            let received_on = row.received_at.date_naive();
            order(&(row.member_id.into(), row.session_id.into(), row.ended, row.input_version, received_on))
        })
        .collect())
}

/// Days whose rollup does not count the sessions there are, or whose week or month does not count its days. Adding up the
/// day mends all three.
async fn wrong_days(
    connection: &mut PgConnection,
    page: Page,
    round: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Vec<NewJob>, sqlx::Error> {
    let since = round.checked_sub_days(Days::new(DAYS_BACK)).unwrap_or(round);
    let rows = sqlx::query!(
        r#"SELECT m.member_id AS "member_id!", wrong.day AS "day!"
           FROM (SELECT member_id, state,
                        array_position(ARRAY['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday',
                                             'sunday'], week_start) - 1 AS first_day
                 FROM member) AS m
           CROSS JOIN LATERAL (
               SELECT coalesce(held.local_date, d.period) AS day
               FROM (SELECT local_date, count(*) AS sessions FROM session s
                     WHERE s.member_id = m.member_id AND local_date >= $3 AND state = 'analysed' AND NOT excluded
                       AND vector_revision IS NOT NULL
                     GROUP BY local_date) AS held
               FULL JOIN (SELECT period, sessions FROM day_rollup
                          WHERE day_rollup.member_id = m.member_id AND period >= $3 AND sessions > 0) AS d
                    ON d.period = held.local_date
               WHERE d.sessions IS DISTINCT FROM held.sessions
               UNION
               SELECT week.period
               FROM (SELECT period - (extract(isodow FROM period)::int + 6 - m.first_day) % 7 AS period,
                            sum(sessions) AS sessions
                     FROM day_rollup WHERE day_rollup.member_id = m.member_id AND period >= $3 GROUP BY 1) AS week
               LEFT JOIN week_rollup r ON r.member_id = m.member_id AND r.period = week.period
               WHERE week.period >= $3 AND coalesce(r.sessions, 0) <> week.sessions
               UNION
               SELECT month.period
               FROM (SELECT date_trunc('month', period)::date AS period, sum(sessions) AS sessions
                     FROM day_rollup
                     WHERE day_rollup.member_id = m.member_id AND period >= date_trunc('month', $3::date)
                     GROUP BY 1) AS month
               LEFT JOIN month_rollup r ON r.member_id = m.member_id AND r.period = month.period
               WHERE coalesce(r.sessions, 0) <> month.sessions
           ) AS wrong
           WHERE m.member_id > $1 AND m.member_id <= $2 AND m.state = 'active'"#,
        page.after,
        page.until,
        since
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let parts = format!("{} {round}", row.day);
            NewJob::about(row.member_id.into(), &Job::RefreshRollups { date: row.day }, &[parts.as_bytes()], round, now)
        })
        .collect())
}

/// Members with a week or month that ended and was not told of though there are sums of it, and those whose editions wait to
/// be made again.
async fn untold(
    connection: &mut PgConnection,
    page: Page,
    round: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Vec<NewJob>, sqlx::Error> {
    let since = round.checked_sub_days(Days::new(DAYS_BACK)).unwrap_or(round);
    // A day's margin: it has ended wherever the member lives.
    let members = sqlx::query_scalar!(
        "WITH missing AS (
             SELECT member_id, period FROM week_rollup r
             WHERE member_id > $1 AND member_id <= $2 AND period >= $3 AND period + 8 <= $4
               AND NOT EXISTS (SELECT FROM edition e
                               WHERE e.member_id = r.member_id AND e.grain = 'week' AND e.period = r.period)
             UNION ALL
             SELECT member_id, period FROM month_rollup r
             WHERE member_id > $1 AND member_id <= $2 AND period >= $3 AND period + interval '1 month 1 day' <= $4
               AND NOT EXISTS (SELECT FROM edition e
                               WHERE e.member_id = r.member_id AND e.grain = 'month' AND e.period = r.period)
             UNION ALL
             SELECT member_id, since FROM edition_due WHERE member_id > $1 AND member_id <= $2
         )
         INSERT INTO edition_due AS due (member_id, since, ordered)
         SELECT member_id, min(period), true FROM missing JOIN member m USING (member_id) WHERE m.state = 'active'
         GROUP BY member_id
         ON CONFLICT (member_id) DO UPDATE SET since = least(due.since, excluded.since), ordered = true
         RETURNING member_id",
        page.after,
        page.until,
        since,
        round
    )
    .fetch_all(connection)
    .await?;
    let round_name = format!("untold {round}");
    let order =
        |member: uuid::Uuid| NewJob::about(member.into(), &Job::WriteEditions, &[round_name.as_bytes()], round, now);
    Ok(members.into_iter().map(order).collect())
}
