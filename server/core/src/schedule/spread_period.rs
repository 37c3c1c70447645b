//! Giving a due period out: a job for every few thousand of its members, with the place reached kept in the same
//! transaction, so that whoever takes over goes on from there.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use spectrum_domain::{
    job::{Job, Page},
    member::weekday_name,
    schedule::{Scope, Task},
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    error::ServiceError,
    queue::enqueue::{NewJob, enqueue},
};

/// Members of one page.
pub const PAGE: i64 = 5_000;

/// What giving a page out came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Given {
    /// There may be another page.
    pub(crate) more: bool,
    /// How long after it fell due the period was done, where this was the last of it: no page was left to be worked off.
    pub(crate) done_after: Option<TimeDelta>,
}

/// Gives the next page out.
pub(crate) async fn next_page(
    connection: &mut PgConnection,
    task: Task,
    scope: Scope,
    period: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Given, ServiceError> {
    let Some(run) = sqlx::query!(
        "SELECT cursor FROM schedule_run
         WHERE task = $1 AND scope = $2 AND period = $3 AND NOT spread FOR UPDATE",
        task.name(),
        scope.to_string(),
        period
    )
    .fetch_optional(&mut *connection)
    .await?
    else {
        return Ok(Given::default());
    };
    let after = run.cursor.unwrap_or_default();
    let (found, until) = match task {
        // One page, about nobody.
        Task::PurgeExpired | Task::SumUse => (1, Some(Uuid::max())),
        _ => members_after(connection, scope, after).await?,
    };
    let last = matches!(task, Task::PurgeExpired | Task::SumUse) || found < PAGE;
    if let Some(until) = until {
        let job = page_job(task, scope, period, Page { after, until })?;
        let named = format!("{} {scope} {period}", task.name());
        let new = NewJob::about_many(&job, &[named.as_bytes(), until.as_bytes()], period, now);
        enqueue(&mut *connection, &[new], now).await?;
    }
    let ended = sqlx::query!(
        "UPDATE schedule_run
         SET cursor = coalesce($4, cursor), pages = pages + $5, spread = $6,
             done_at = CASE WHEN $6 AND pages_done = pages + $5 THEN $7::timestamptz END
         WHERE task = $1 AND scope = $2 AND period = $3
         RETURNING due_at, done_at",
        task.name(),
        scope.to_string(),
        period,
        until,
        i32::from(until.is_some()),
        last,
        now
    )
    .fetch_one(connection)
    .await?;
    Ok(Given { more: !last, done_after: ended.done_at.map(|done_at| done_at - ended.due_at) })
}

/// Notes that a page was worked off, in the transaction of its result. The last one ends the period, and how long after it
/// fell due that was is given.
pub(crate) async fn page_done(
    connection: &mut PgConnection,
    task: Task,
    scope: Scope,
    period: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Option<TimeDelta>, sqlx::Error> {
    let ended = sqlx::query!(
        "UPDATE schedule_run
         SET pages_done = pages_done + 1, done_at = CASE WHEN spread AND pages_done + 1 = pages THEN $4::timestamptz END
         WHERE task = $1 AND scope = $2 AND period = $3
         RETURNING due_at, done_at",
        task.name(),
        scope.to_string(),
        period,
        now
    )
    .fetch_optional(connection)
    .await?;
    Ok(ended.and_then(|run| run.done_at.map(|done_at| done_at - run.due_at)))
}

/// How many members the next page has, and the last of them.
async fn members_after(
    connection: &mut PgConnection,
    scope: Scope,
    after: Uuid,
) -> Result<(i64, Option<Uuid>), sqlx::Error> {
    let (zone, week_start) = match scope {
        Scope::Everybody => (None, None),
        Scope::Zone(zone) => (Some(zone.name()), None),
        Scope::Weeks(zone, start) => (Some(zone.name()), Some(weekday_name(start))),
    };
    let page = sqlx::query!(
        r#"WITH page AS (
               SELECT member_id FROM member
               WHERE ($1::text IS NULL OR zone = $1) AND ($2::text IS NULL OR week_start = $2) AND state = 'active'
                 AND member_id > $3
               ORDER BY member_id LIMIT $4
           )
           SELECT (SELECT count(*) FROM page) AS "found!",
                  (SELECT member_id FROM page ORDER BY member_id DESC LIMIT 1) AS until"#,
        zone,
        week_start,
        after,
        PAGE
    )
    .fetch_one(connection)
    .await?;
    Ok((page.found, page.until))
}

fn page_job(task: Task, scope: Scope, period: NaiveDate, page: Page) -> Result<Job, ServiceError> {
    Ok(match (task, scope) {
        (Task::AggregateWeeks, Scope::Weeks(zone, week_start)) => {
            Job::AggregateWeek { zone, week_start, week: period, page }
        }
        (Task::AggregateMonths, Scope::Zone(zone)) => Job::AggregateMonth { zone, month: period, page },
        (Task::ReconcileMembers, Scope::Everybody) => Job::ReconcileMembers { round: period, page },
        (Task::PurgeExpired, Scope::Everybody) => Job::PurgeExpired { round: period },
        (Task::SumUse, Scope::Everybody) => Job::SumUse { round: period },
        _ => return Err(ServiceError::Inconsistent { table: "schedule_run", column: "scope" }),
    })
}
