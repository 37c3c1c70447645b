//! What is done by the calendar, and for many members at once.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;
use spectrum_domain::{
    audit::{Actor, Verb},
    card::Grain,
    job::{Job, Page, Queue},
    schedule::{Scope, Task},
};

use sqlx::PgConnection;
use uuid::Uuid;

use super::{Services, jobs::complete};
use crate::{
    db::pool::Duty,
    error::ServiceError,
    insight::batch,
    queue::{
        claim::ClaimedJob,
        enqueue::{NewJob, enqueue},
    },
    rollup::aggregate_periods,
    schedule::{
        plan_due,
        purge_expired::{self, Purged},
        reconcile_members,
        retention::{self, Standing},
        spread_period,
    },
};

impl Services {
    /// Plans what has fallen due, and gives how many periods that were. Any process may, at any time.
    pub async fn plan_due(&self) -> Result<u64, ServiceError> {
        let mut transaction = self.begin(Duty::System).await?;
        let planned = plan_due::plan(&mut transaction, self.inner.ambient.now()).await?;
        transaction.commit().await?;
        if planned > 0 {
            self.wake(Queue::Period);
        }
        self.order_pushes().await?;
        Ok(planned)
    }

    /// Gives a due period out, page by page, and takes the job out of the queue. Where the pages were done before the last
    /// was given out, says how long after it fell due the period was done.
    pub async fn spread_period(
        &self,
        job: &ClaimedJob,
        task: Task,
        scope: Scope,
        period: NaiveDate,
    ) -> Result<Option<TimeDelta>, ServiceError> {
        loop {
            let mut transaction = self.begin(Duty::System).await?;
            let now = self.inner.ambient.now();
            let given = spread_period::next_page(&mut transaction, task, scope, period, now).await?;
            transaction.commit().await?;
            self.wake(Queue::Period);
            self.wake(Queue::Upkeep);
            if !given.more {
                self.finish_job(job).await?;
                return Ok(given.done_after);
            }
        }
    }

    /// Orders what was left undone of a page of members, and takes the job out of the queue, both or neither.
    pub async fn reconcile_members(&self, job: &ClaimedJob, page: Page, round: NaiveDate) -> Result<u64, ServiceError> {
        let mut transaction = self.begin(Duty::System).await?;
        let (now, idle) = (self.inner.ambient.now(), self.inner.ingest.idle);
        let ordered = reconcile_members::reconcile(&mut transaction, page, round, idle, now).await?;
        batch::order_if_any_waits(&mut transaction, now).await?;
        let task = Task::ReconcileMembers;
        spread_period::page_done(&mut transaction, task, Scope::Everybody, round, now).await?;
        complete(transaction, job).await?;
        for queue in [Queue::Intake, Queue::Analysis, Queue::Rollup] {
            self.wake(queue);
        }
        Ok(ordered)
    }

    /// Lets go what has been kept long enough, and takes the job out of the queue.
    pub async fn purge_expired(&self, job: &ClaimedJob, round: NaiveDate) -> Result<Purged, ServiceError> {
        let pool = self.inner.pools.of(Duty::System);
        let (retention, now) = (&self.inner.retention, self.inner.ambient.now());
        let mut purged = purge_expired::purge(pool, retention, now).await?;
        let (since, mut after) = (retention.sessions_since(now), Uuid::nil());
        loop {
            let mut transaction = self.begin(Duty::System).await?;
            let members = purge_expired::members_with_old_days(&mut transaction, since, after).await?;
            drop(transaction);
            let Some(last) = members.last() else { break };
            after = last.uuid();
            for member in members {
                let mut transaction = self.begin_for(Duty::Worker, member).await?;
                purged.add(purge_expired::purge_days(&mut transaction, member, since).await?);
                transaction.commit().await?;
            }
        }
        purge_expired::purge_rollups(pool, retention.rollups_since(now), &mut purged).await?;
        purge_expired::purge_told(pool, retention.rollups_since(now), &mut purged).await?;
        let mut transaction = self.begin(Duty::System).await?;
        let now = self.inner.ambient.now();
        if purged != Purged::default() {
            self.record(&mut transaction, Actor::Machine, Verb::Purged, None, purged.all_rows()).await?;
        }
        spread_period::page_done(&mut transaction, Task::PurgeExpired, Scope::Everybody, round, now).await?;
        complete(transaction, job).await?;
        Ok(purged)
    }

    /// How every store of members' data stands against its limit.
    pub async fn look_at_retention(&self) -> Result<Vec<Standing>, ServiceError> {
        let mut transaction = self.begin(Duty::System).await?;
        Ok(retention::look(&mut transaction, &self.inner.retention, self.inner.ambient.now()).await?)
    }

    /// Adds up a week that has ended for a page of members, and takes the job out of the queue, both or neither. Where it
    /// was the last page, says how long after it fell due the week was done.
    pub async fn aggregate_week(
        &self,
        job: &ClaimedJob,
        zone: Tz,
        week_start: Weekday,
        week: NaiveDate,
        page: Page,
    ) -> Result<Option<TimeDelta>, ServiceError> {
        let mut transaction = self.begin(Duty::System).await?;
        let scope = Scope::Weeks(zone, week_start);
        aggregate_periods::aggregate_weeks(&mut transaction, scope, page, week).await?;
        let now = self.inner.ambient.now();
        order_publication(&mut transaction, Grain::Week, scope, week, page, now).await?;
        let done_after = spread_period::page_done(&mut transaction, Task::AggregateWeeks, scope, week, now).await?;
        complete(transaction, job).await?;
        self.wake(Queue::Period);
        Ok(done_after)
    }

    /// Adds up a month that has ended for a page of members, and takes the job out of the queue, both or neither.
    pub async fn aggregate_month(
        &self,
        job: &ClaimedJob,
        zone: Tz,
        month: NaiveDate,
        page: Page,
    ) -> Result<(), ServiceError> {
        let mut transaction = self.begin(Duty::System).await?;
        let scope = Scope::Zone(zone);
        aggregate_periods::aggregate_months(&mut transaction, scope, page, month).await?;
        let now = self.inner.ambient.now();
        order_publication(&mut transaction, Grain::Month, scope, month, page, now).await?;
        spread_period::page_done(&mut transaction, Task::AggregateMonths, scope, month, now).await?;
        complete(transaction, job).await?;
        self.wake(Queue::Period);
        Ok(())
    }
}

/// Orders that the members of a page be told of a period, in the transaction of its sums.
async fn order_publication(
    connection: &mut PgConnection,
    grain: Grain,
    scope: Scope,
    period: NaiveDate,
    page: Page,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let job = Job::PublishPeriod { grain, scope, period, page };
    let parts = format!("{} {scope} {period} {}", grain.name(), page.after);
    enqueue(connection, &[NewJob::about_many(&job, &[parts.as_bytes()], period, now)], now).await?;
    Ok(())
}
