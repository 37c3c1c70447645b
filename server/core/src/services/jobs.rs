//! What jobs about one member do: open text, keep results, and end the job in the transaction of its result.

use chrono::NaiveDate;
use spectrum_domain::{
    id::{MemberId, SessionId},
    job::{Queue, SessionPlace},
};
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use super::Services;
use crate::{
    analysis::{
        budget,
        load_turns::{self, Occasion, SessionText},
        reanalyze::{self, Scope},
        record_analysis::{self, Analysis},
    },
    db::{pool::Duty, scope::raise_data_version},
    error::ServiceError,
    ingest::close_idle_session::{self, Closing},
    insight::rewrite,
    queue::{claim::ClaimedJob, finish},
    rollup::refresh_periods,
};

impl Services {
    /// Opens a session's text for the analyzer; nothing if there is nothing to analyse any more.
    pub async fn load_session_text(
        &self,
        member: MemberId,
        session: SessionId,
        occasion: Occasion,
    ) -> Result<Option<SessionText>, ServiceError> {
        let mut transaction = self.begin_for(Duty::Worker, member).await?;
        load_turns::load(&mut transaction, &self.inner.keyring, member, session, occasion).await
    }

    /// Keeps an analysis and takes its job out of the queue, both or neither.
    pub async fn record_analysis(
        &self,
        job: &ClaimedJob,
        session: SessionId,
        analysis: &Analysis,
    ) -> Result<(), ServiceError> {
        let member = job.member()?;
        let mut transaction = self.begin_for(Duty::Worker, member).await?;
        let (now, connection) = (self.inner.ambient.now(), &mut *transaction);
        let recorded = record_analysis::record(connection, member, session, analysis, Occasion::Ended, now).await?;
        if let Some(recorded) = recorded.filter(|recorded| recorded.sums_changed) {
            let version = analysis.input_version;
            record_analysis::order_rollup(connection, member, session, version, &recorded, now).await?;
        }
        complete(transaction, job).await?;
        self.wake(Queue::Rollup);
        Ok(())
    }

    /// The next sessions of the member that other models have read, oldest first.
    pub async fn stale_sessions(
        &self,
        member: MemberId,
        models: &[String],
        after: Option<SessionPlace>,
    ) -> Result<Vec<SessionPlace>, ServiceError> {
        let mut transaction = self.begin_for(Duty::Worker, member).await?;
        Ok(reanalyze::stale(&mut transaction, member, models, after).await?)
    }

    /// Keeps what another model made of a session and adds its day up again at once, so that the home base of the days
    /// after it is the new model's too.
    pub async fn record_reanalysis(
        &self,
        member: MemberId,
        session: SessionId,
        analysis: &Analysis,
    ) -> Result<(), ServiceError> {
        let mut transaction = self.begin_for(Duty::Worker, member).await?;
        let now = self.inner.ambient.now();
        let recorded =
            record_analysis::record(&mut transaction, member, session, analysis, Occasion::Again, now).await?;
        if let Some(recorded) = recorded.filter(|recorded| recorded.sums_changed) {
            refresh_periods::refresh(&mut transaction, member, recorded.date, recorded.version).await?;
            rewrite::order(&mut transaction, member, recorded.version, now).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Takes a step of a member's reanalysis out of the queue and orders the next one, both or neither; none follows the
    /// last.
    pub async fn finish_reanalysis_step(
        &self,
        job: &ClaimedJob,
        ended_at: Option<SessionPlace>,
    ) -> Result<(), ServiceError> {
        let mut transaction = self.begin(Duty::Worker).await?;
        if let Some(place) = ended_at {
            let now = self.inner.ambient.now();
            reanalyze::order_next(&mut transaction, job.member()?, job, place, now).await?;
        }
        complete(transaction, job).await?;
        self.wake(Queue::Upkeep);
        Ok(())
    }

    /// Orders that what other models than these have read be read anew, and says of how many members.
    pub async fn order_reanalysis(&self, models: &[String], scope: &Scope) -> Result<u64, ServiceError> {
        let now = self.inner.ambient.now();
        let name = models.join(" ");
        let mut transaction = self.begin(Duty::Ingest).await?;
        if let Scope::Member(reference) = scope {
            let members = reanalyze::members_called(&mut transaction, reference).await?;
            let ordered = reanalyze::order_first(&mut transaction, &members, now, now).await?;
            transaction.commit().await?;
            self.wake(Queue::Upkeep);
            return Ok(ordered);
        }
        let again = *scope == Scope::Everybody;
        let Some(ordered_at) = reanalyze::take_up(&mut transaction, &name, again, now).await? else {
            transaction.rollback().await?;
            return Ok(0);
        };
        transaction.commit().await?;
        let (mut ordered, mut after) = (0, Uuid::nil());
        loop {
            let mut transaction = self.begin(Duty::Ingest).await?;
            let members = reanalyze::members_to_read(&mut transaction, models, after).await?;
            ordered += reanalyze::order_first(&mut transaction, &members, ordered_at, now).await?;
            let Some(last) = members.last() else {
                reanalyze::carried_out(&mut transaction, &name).await?;
                transaction.commit().await?;
                self.wake(Queue::Upkeep);
                return Ok(ordered);
            };
            after = last.uuid();
            transaction.commit().await?;
        }
    }

    /// Takes one call out of this month's budget of the model outside; false when it is spent.
    pub async fn reserve_outside_call(&self, calls: i64, tokens: i64) -> Result<bool, ServiceError> {
        let mut transaction = self.begin(Duty::Worker).await?;
        let reserved = budget::reserve(&mut transaction, calls, tokens, self.inner.ambient.now()).await?;
        transaction.commit().await?;
        Ok(reserved)
    }

    /// Counts what a call of the model outside has cost.
    pub async fn spend_outside_tokens(&self, tokens: i64) -> Result<(), ServiceError> {
        let mut transaction = self.begin(Duty::Worker).await?;
        budget::spend(&mut transaction, tokens, self.inner.ambient.now()).await?;
        Ok(transaction.commit().await?)
    }

    /// Refreshes a day and its week and month, and takes the job out of the queue, both or neither.
    pub async fn refresh_rollups(&self, job: &ClaimedJob, date: NaiveDate) -> Result<(), ServiceError> {
        let member = job.member()?;
        let mut transaction = self.begin_for(Duty::Worker, member).await?;
        if let Some(version) = raise_data_version(&mut transaction, member).await? {
            let now = self.inner.ambient.now();
            refresh_periods::refresh(&mut transaction, member, date, version).await?;
            rewrite::order(&mut transaction, member, version, now).await?;
        }
        complete(transaction, job).await?;
        self.wake(Queue::Rollup);
        Ok(())
    }

    /// Adds all weeks up again from their days, and takes the job out of the queue, both or neither.
    pub async fn rebuild_weeks(&self, job: &ClaimedJob) -> Result<(), ServiceError> {
        let member = job.member()?;
        let mut transaction = self.begin_for(Duty::Worker, member).await?;
        if let Some(version) = raise_data_version(&mut transaction, member).await? {
            let now = self.inner.ambient.now();
            // Before the sums are made again, so that only the words are another.
            rewrite::unsay_unless_agreed(&mut transaction, member, now).await?;
            refresh_periods::rebuild_weeks(&mut transaction, member, version).await?;
            rewrite::order(&mut transaction, member, version, now).await?;
        }
        complete(transaction, job).await?;
        self.wake(Queue::Rollup);
        Ok(())
    }

    /// Closes a session that has been idle for long enough and takes the job out of the queue, or says when it will have
    /// been.
    pub async fn close_idle_session(&self, job: &ClaimedJob, session: SessionId) -> Result<Closing, ServiceError> {
        let member = job.member()?;
        let mut transaction = self.begin_for(Duty::Worker, member).await?;
        let (policy, now) = (self.inner.ingest, self.inner.ambient.now());
        let closing = close_idle_session::close(&mut transaction, policy, member, session, now).await?;
        if closing == Closing::Done {
            complete(transaction, job).await?;
            self.wake(Queue::Analysis);
        }
        Ok(closing)
    }

    /// Takes a job out of the queue of which nothing more is to be kept.
    pub async fn finish_job(&self, job: &ClaimedJob) -> Result<(), ServiceError> {
        complete(self.begin(Duty::Worker).await?, job).await
    }

    /// Makes the partitions that the coming days' text and events of use will need.
    pub async fn prepare_partitions(&self) -> Result<(), ServiceError> {
        let today = self.inner.ambient.now().date_naive();
        let pool = &self.inner.pools.worker;
        sqlx::query("SELECT ensure_turn_text_partitions($1)").bind(today).execute(pool).await?;
        sqlx::query("SELECT ensure_product_event_partitions($1)").bind(today).execute(pool).await?;
        Ok(())
    }
}

/// Commits the result together with the end of its job. A lost lease rolls both back: somebody else does the work.
pub(super) async fn complete(
    mut transaction: Transaction<'static, Postgres>,
    job: &ClaimedJob,
) -> Result<(), ServiceError> {
    if finish::complete(&mut transaction, job).await? {
        return Ok(transaction.commit().await?);
    }
    transaction.rollback().await?;
    Err(ServiceError::LeaseLost)
}
