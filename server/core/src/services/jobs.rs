//! What workers do: take jobs, open text, keep results, and end the job in the transaction of its result.

use chrono::{DateTime, NaiveDate, Utc};
use spectrum_domain::{
    id::{MemberId, SessionId},
    job::SessionPlace,
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
    queue::{
        claim::{self, ClaimedJob},
        finish,
    },
    rollup::refresh_periods,
};

impl Services {
    /// Claims up to `most` ready jobs for a worker.
    pub async fn claim_jobs(&self, worker: Uuid, most: i64) -> Result<Vec<ClaimedJob>, ServiceError> {
        Ok(claim::claim(&self.inner.pools.worker, worker, most, self.inner.ambient.now()).await?)
    }

    /// Opens a session's text for the analyzer; nothing if there is nothing to analyse any more.
    pub async fn load_session_text(
        &self,
        member: MemberId,
        session: SessionId,
        occasion: Occasion,
    ) -> Result<Option<SessionText>, ServiceError> {
        let mut transaction = self.begin_for(Duty::Worker, member).await?;
        load_turns::load(&mut transaction, &self.inner.master, member, session, occasion).await
    }

    /// Keeps an analysis and takes its job out of the queue, both or neither.
    pub async fn record_analysis(
        &self,
        job: &ClaimedJob,
        session: SessionId,
        analysis: &Analysis,
    ) -> Result<(), ServiceError> {
        let mut transaction = self.begin_for(Duty::Worker, job.member_id).await?;
        let (member, now, connection) = (job.member_id, self.inner.ambient.now(), &mut *transaction);
        let recorded = record_analysis::record(connection, member, session, analysis, Occasion::Ended, now).await?;
        if let Some(recorded) = recorded.filter(|recorded| recorded.sums_changed) {
            let version = analysis.input_version;
            record_analysis::order_rollup(connection, member, session, version, &recorded, now).await?;
        }
        complete(transaction, job).await
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
            reanalyze::order_next(&mut transaction, job.member_id, job.id, place, now).await?;
        }
        complete(transaction, job).await
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
        let mut transaction = self.begin_for(Duty::Worker, job.member_id).await?;
        if let Some(version) = raise_data_version(&mut transaction, job.member_id).await? {
            refresh_periods::refresh(&mut transaction, job.member_id, date, version).await?;
        }
        complete(transaction, job).await
    }

    /// Adds all weeks up again from their days, and takes the job out of the queue, both or neither.
    pub async fn rebuild_weeks(&self, job: &ClaimedJob) -> Result<(), ServiceError> {
        let mut transaction = self.begin_for(Duty::Worker, job.member_id).await?;
        if let Some(version) = raise_data_version(&mut transaction, job.member_id).await? {
            refresh_periods::rebuild_weeks(&mut transaction, job.member_id, version).await?;
        }
        complete(transaction, job).await
    }

    /// Closes a session that has been idle for long enough, or puts the job back until it will have been.
    pub async fn close_idle_session(&self, job: &ClaimedJob, session: SessionId) -> Result<(), ServiceError> {
        let mut transaction = self.begin_for(Duty::Worker, job.member_id).await?;
        let (policy, now) = (self.inner.ingest, self.inner.ambient.now());
        match close_idle_session::close(&mut transaction, policy, job.member_id, session, now).await? {
            Closing::Done => complete(transaction, job).await,
            Closing::NotBefore(then) => {
                finish::snooze(&mut transaction, job, then).await?;
                Ok(transaction.commit().await?)
            }
        }
    }

    /// Takes a job out of the queue whose subject is gone.
    pub async fn finish_job(&self, job: &ClaimedJob) -> Result<(), ServiceError> {
        complete(self.begin(Duty::Worker).await?, job).await
    }

    /// Puts a failed job back for a later try.
    pub async fn retry_job(&self, job: &ClaimedJob, run_at: DateTime<Utc>, why: &str) -> Result<(), ServiceError> {
        Ok(finish::put_back(&self.inner.pools.worker, job, run_at, why).await?)
    }

    /// Buries a job that failed for good.
    pub async fn bury_job(&self, job: &ClaimedJob, why: &str) -> Result<(), ServiceError> {
        Ok(finish::bury(&self.inner.pools.worker, job, self.inner.ambient.now(), why).await?)
    }

    /// Makes the partitions that the coming months' text will need.
    pub async fn prepare_partitions(&self) -> Result<(), ServiceError> {
        let today = self.inner.ambient.now().date_naive();
        sqlx::query("SELECT ensure_turn_text_partitions($1)").bind(today).execute(&self.inner.pools.worker).await?;
        Ok(())
    }
}

/// Commits the result together with the end of its job. A lost lease rolls both back: somebody else does the work.
async fn complete(mut transaction: Transaction<'static, Postgres>, job: &ClaimedJob) -> Result<(), ServiceError> {
    if finish::complete(&mut transaction, job).await? {
        transaction.commit().await?;
    } else {
        tracing::warn!(job_id = job.id, "a job's lease was lost; its result was not kept");
        transaction.rollback().await?;
    }
    Ok(())
}
