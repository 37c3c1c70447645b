//! Planning: every period that has fallen due becomes one row and one job, in one transaction, whoever plans it and however
//! often.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use spectrum_domain::{
    job::Job,
    schedule::{Scope, Task, due},
};
use sqlx::PgConnection;

use crate::{
    error::ServiceError,
    queue::enqueue::{NewJob, enqueue, enqueue_again},
};

/// A period that was not given out whole after this long is ordered again, should its job be gone.
const FORGOTTEN_AFTER: TimeDelta = TimeDelta::minutes(10);

/// Plans what is due and gives how many periods that were.
pub(crate) async fn plan(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<u64, ServiceError> {
    let planned = newest_planned(connection).await?;
    let (mut tasks, mut names, mut periods, mut dues) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (task, scope) in calendars(connection).await? {
        let last = planned.get(&(task.name().to_owned(), scope.to_string())).copied();
        for found in due(task, scope, last, now) {
            tasks.push(task.name().to_owned());
            names.push(scope.to_string());
            periods.push(found.period);
            // Of a calendar that nobody lived by until now the newest period is due now: it can't be late.
            dues.push(if last.is_some() { found.due_at } else { now });
        }
    }
    if tasks.is_empty() {
        return order_forgotten(connection, now).await;
    }
    // Another process plans the same at the same moment: the row decides which of the two also enqueues.
    let won = sqlx::query!(
        "INSERT INTO schedule_run (task, scope, period, due_at, created_at)
         SELECT *, $5::timestamptz FROM unnest($1::text[], $2::text[], $3::date[], $4::timestamptz[])
         ON CONFLICT DO NOTHING
         RETURNING task, scope, period",
        &tasks,
        &names,
        &periods,
        &dues,
        now
    )
    .fetch_all(&mut *connection)
    .await?;
    let jobs = won
        .iter()
        .map(|row| order(&row.task, &row.scope, row.period, now))
        .collect::<Result<Vec<_>, ServiceError>>()?;
    enqueue(&mut *connection, &jobs, now).await?;
    Ok(u64::try_from(won.len()).unwrap_or(u64::MAX) + order_forgotten(connection, now).await?)
}

/// The job that gives a period out. A round that concerns no member in particular has one page: all of it.
fn order(task: &str, scope: &str, period: NaiveDate, now: DateTime<Utc>) -> Result<NewJob, ServiceError> {
    let impossible = |column| ServiceError::Inconsistent { table: "schedule_run", column };
    let task = Task::from_name(task).ok_or_else(|| impossible("task"))?;
    let parsed: Scope = scope.parse().map_err(|_| impossible("scope"))?;
    let named = format!("{} {scope} {period}", task.name());
    let job = Job::SpreadPeriod { task, scope: parsed, period };
    Ok(NewJob::about_many(&job, &[named.as_bytes()], period, now))
}

/// The newest period of each task and calendar that was planned.
async fn newest_planned(connection: &mut PgConnection) -> Result<HashMap<(String, String), NaiveDate>, sqlx::Error> {
    let rows = sqlx::query!(r#"SELECT task, scope, max(period) AS "period!" FROM schedule_run GROUP BY task, scope"#)
        .fetch_all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| ((row.task, row.scope), row.period)).collect())
}

/// Every calendar that some member lives by, and everybody's. It hops from one to the next by the index: asking for the
/// distinct ones would read every member.
async fn calendars(connection: &mut PgConnection) -> Result<Vec<(Task, Scope)>, ServiceError> {
    let rows = sqlx::query!(
        r#"WITH RECURSIVE calendar AS (
               (SELECT zone, week_start FROM member ORDER BY zone, week_start LIMIT 1)
               UNION ALL
               SELECT next.zone, next.week_start
               FROM calendar CROSS JOIN LATERAL (
                   SELECT zone, week_start FROM member
                   WHERE (zone, week_start) > (calendar.zone, calendar.week_start)
                   ORDER BY zone, week_start LIMIT 1) AS next
           )
           SELECT zone AS "zone!", week_start AS "week_start!" FROM calendar"#
    )
    .fetch_all(connection)
    .await?;
    let mut all: Vec<_> =
        [Task::ReconcileMembers, Task::PurgeExpired, Task::SumUse].map(|task| (task, Scope::Everybody)).into();
    for row in rows {
        let scope = format!("{} {}", row.zone, row.week_start);
        let Ok(weeks @ Scope::Weeks(zone, _)) = scope.parse() else {
            return Err(ServiceError::Inconsistent { table: "member", column: "zone" });
        };
        all.push((Task::AggregateWeeks, weeks));
        let months = (Task::AggregateMonths, Scope::Zone(zone));
        if !all.contains(&months) {
            all.push(months);
        }
    }
    Ok(all)
}

/// Orders again what was planned and not given out, where no job for it is left.
async fn order_forgotten(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<u64, ServiceError> {
    let rows = sqlx::query!(
        "SELECT task, scope, period FROM schedule_run WHERE done_at IS NULL AND NOT spread AND created_at < $1",
        now - FORGOTTEN_AFTER
    )
    .fetch_all(&mut *connection)
    .await?;
    let jobs = rows
        .iter()
        .map(|row| order(&row.task, &row.scope, row.period, now))
        .collect::<Result<Vec<_>, ServiceError>>()?;
    Ok(enqueue_again(connection, &jobs, now).await?)
}
