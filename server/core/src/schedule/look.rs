//! How the schedule is kept: of each task and calendar the last period and what is left of it, and how the last runs went.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use spectrum_domain::schedule::{self, Due, Scope, Task, WEEKLY_PROMISE};
use sqlx::PgConnection;

use crate::error::ServiceError;

/// Runs that are told one by one.
const TOLD: i64 = 60;

/// How far back the promise is looked at.
const LOOKED_BACK: TimeDelta = TimeDelta::days(35);

/// A calendar in which nothing has been planned for longer is nobody's: it is longer than a month.
const LIVED_BY: TimeDelta = TimeDelta::days(65);

/// A period of a task, from falling due to done.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Run {
    /// What was due.
    pub task: Task,
    /// Whose periods.
    pub scope: Scope,
    /// Its first day.
    pub period: NaiveDate,
    /// When it fell due.
    pub due_at: DateTime<Utc>,
    /// When its last page was worked off; nothing while some are left.
    pub done_at: Option<DateTime<Utc>>,
    /// Pages that were given out.
    pub pages: i32,
    /// Pages that were worked off.
    pub pages_done: i32,
    /// All pages were given out.
    pub spread: bool,
}

/// A task in a calendar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calendar {
    /// The newest period that was planned.
    pub last: Run,
    /// The next one, and when it falls due.
    pub next: Due,
    /// Periods that are not done.
    pub open: i64,
    /// Seconds since the oldest of them fell due.
    pub lag_seconds: Option<f64>,
}

/// How the promise of the week was kept.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Promise {
    /// Weeks of calendars that fell due in the last 35 days.
    pub weeks: i64,
    /// Those that were done in the time that is promised.
    pub kept: i64,
    /// Those that are not done and are past it.
    pub late: i64,
    /// Seconds that the slowest took.
    pub slowest_seconds: Option<f64>,
}

/// The schedule.
#[derive(Clone, Debug, PartialEq)]
pub struct Timetable {
    /// Every task in every calendar; those with a lag first, the longest before all.
    pub calendars: Vec<Calendar>,
    /// How the promise was kept.
    pub promise: Promise,
    /// The last runs, the newest first.
    pub runs: Vec<Run>,
}

/// Looks at it; of one task, where one is meant.
pub(crate) async fn look(
    connection: &mut PgConnection,
    task: Option<Task>,
    now: DateTime<Utc>,
) -> Result<Timetable, ServiceError> {
    let rows = sqlx::query!(
        r#"SELECT DISTINCT ON (task, scope) task, scope, period, due_at, done_at, pages, pages_done, spread,
                  count(*) FILTER (WHERE done_at IS NULL) OVER one AS "open!",
                  extract(epoch FROM $2::timestamptz - min(due_at) FILTER (WHERE done_at IS NULL) OVER one)::float8 AS lag
           FROM schedule_run WHERE $1::text IS NULL OR task = $1
           WINDOW one AS (PARTITION BY task, scope)
           ORDER BY task, scope, period DESC"#,
        task.map(Task::name),
        now
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut calendars = Vec::with_capacity(rows.len());
    for row in rows {
        let (task, scope) = read(&row.task, &row.scope)?;
        let last = Run {
            task,
            scope,
            period: row.period,
            due_at: row.due_at,
            done_at: row.done_at,
            pages: row.pages,
            pages_done: row.pages_done,
            spread: row.spread,
        };
        let next = schedule::next(task, scope, now);
        calendars.push(Calendar { last, next, open: row.open, lag_seconds: row.lag });
    }
    // Of a calendar that nobody lives by any more nothing falls due.
    calendars.retain(|calendar| calendar.open > 0 || calendar.last.due_at > now - LIVED_BY);
    calendars.sort_by(|a, b| {
        let lag = |calendar: &Calendar| calendar.lag_seconds.unwrap_or(-1.0);
        let named = |calendar: &Calendar| (calendar.last.task, calendar.last.scope.to_string());
        lag(b).total_cmp(&lag(a)).then_with(|| named(a).cmp(&named(b)))
    });
    let promise = promise(connection, now).await?;
    let rows = sqlx::query!(
        "SELECT task, scope, period, due_at, done_at, pages, pages_done, spread FROM schedule_run
         WHERE $1::text IS NULL OR task = $1 ORDER BY due_at DESC, task, scope LIMIT $2",
        task.map(Task::name),
        TOLD
    )
    .fetch_all(connection)
    .await?;
    let runs = rows.into_iter().map(|row| {
        let (task, scope) = read(&row.task, &row.scope)?;
        Ok(Run {
            task,
            scope,
            period: row.period,
            due_at: row.due_at,
            done_at: row.done_at,
            pages: row.pages,
            pages_done: row.pages_done,
            spread: row.spread,
        })
    });
    Ok(Timetable { calendars, promise, runs: runs.collect::<Result<_, ServiceError>>()? })
}

async fn promise(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<Promise, sqlx::Error> {
    let promised = WEEKLY_PROMISE.as_seconds_f64();
    sqlx::query_as!(
        Promise,
        r#"WITH week AS (
               SELECT done_at, extract(epoch FROM coalesce(done_at, $1::timestamptz) - due_at)::float8 AS took
               FROM schedule_run WHERE task = $2 AND due_at > $3
           )
           SELECT count(*) AS "weeks!", count(*) FILTER (WHERE done_at IS NOT NULL AND took <= $4) AS "kept!",
                  count(*) FILTER (WHERE done_at IS NULL AND took > $4) AS "late!",
                  max(took) FILTER (WHERE done_at IS NOT NULL) AS slowest_seconds
           FROM week"#,
        now,
        Task::AggregateWeeks.name(),
        now - LOOKED_BACK,
        promised
    )
    .fetch_one(connection)
    .await
}

fn read(task: &str, scope: &str) -> Result<(Task, Scope), ServiceError> {
    let impossible = |column| ServiceError::Inconsistent { table: "schedule_run", column };
    let task = Task::from_name(task).ok_or_else(|| impossible("task"))?;
    Ok((task, scope.parse().map_err(|_| impossible("scope"))?))
}
