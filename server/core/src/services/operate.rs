//! What operators see of the queue and do to it.

use chrono::TimeDelta;
use spectrum_domain::audit::Verb;

use super::Services;
use crate::{
    db::pool::Duty,
    error::ServiceError,
    queue::{
        depth::{self, Pipeline},
        operate::{self, Filter, JobCard},
        pick::{self, Deed, Meant},
        stat::{self, Stat},
        vitals::{self, Vitals},
    },
};

impl Services {
    /// The queues at a glance.
    pub async fn load_pipeline(&self) -> Result<Pipeline, ServiceError> {
        let this = self.clone();
        crate::db::shield::shielded(async move {
            Ok(depth::depth(&this.inner.pools.staff, this.inner.ambient.now()).await?)
        })
        .await
    }

    /// Signs of life of workers, tables and schedule.
    pub async fn load_vitals(&self) -> Result<Vitals, ServiceError> {
        let this = self.clone();
        crate::db::shield::shielded(async move {
            let mut transaction = this.begin(Duty::Staff).await?;
            let vitals = vitals::vitals(&mut transaction, this.inner.ambient.now()).await?;
            transaction.commit().await?;
            Ok(vitals)
        })
        .await
    }

    /// Jobs that a filter means, oldest first, at most so many.
    pub async fn list_jobs(&self, filter: &Filter, most: i64) -> Result<Vec<JobCard>, ServiceError> {
        Ok(operate::list(&self.inner.pools.staff, filter, most).await?)
    }

    /// One job, alive or dead.
    pub async fn show_job(&self, id: i64) -> Result<Option<JobCard>, ServiceError> {
        Ok(operate::show(&self.inner.pools.staff, id).await?)
    }

    /// Puts dead jobs back as if they were new: one, or all that the filter means, but for those of whose key another job is
    /// alive. Gives how many.
    pub async fn revive_jobs(&self, filter: &Filter, id: Option<i64>) -> Result<u64, ServiceError> {
        let mut transaction = self.begin(Duty::Staff).await?;
        let (meant, now) =
            (id.map_or(Meant::All(filter.clone()), |id| Meant::Chosen(vec![id])), self.inner.ambient.now());
        let mut jobs = 0;
        loop {
            let found = pick::find(&mut transaction, Deed::Retry, &meant).await?.ids;
            let done = operate::retry(&mut transaction, &found, now).await?;
            jobs += done;
            if done == 0 {
                break;
            }
        }
        if jobs > 0 {
            self.record(&mut transaction, self.operates(), Verb::JobsRetried, None, jobs).await?;
        }
        transaction.commit().await?;
        Ok(jobs)
    }

    /// Buries a job that waits. False: no such job waits.
    pub async fn bury_waiting_job(&self, id: i64, who: &str) -> Result<bool, ServiceError> {
        let mut transaction = self.begin(Duty::Staff).await?;
        let now = self.inner.ambient.now();
        let buried = operate::bury(&mut transaction, &[id], now, who).await?;
        if buried > 0 {
            self.record(&mut transaction, self.operates(), Verb::JobBuried, None, buried).await?;
        }
        transaction.commit().await?;
        Ok(buried > 0)
    }

    /// Pauses a queue, or resumes it.
    pub async fn pause_queue(&self, queue: &str, paused: bool, who: &str) -> Result<(), ServiceError> {
        let mut transaction = self.begin(Duty::Staff).await?;
        operate::pause(&mut transaction, queue, paused, self.inner.ambient.now(), who).await?;
        let verb = if paused { Verb::QueuePaused } else { Verb::QueueResumed };
        self.record(&mut transaction, self.operates(), verb, None, 1).await?;
        Ok(transaction.commit().await?)
    }

    /// What was done in the last so many minutes.
    pub async fn job_stats(&self, minutes: i64) -> Result<Vec<Stat>, ServiceError> {
        let then = self.inner.ambient.now() - TimeDelta::minutes(minutes);
        Ok(stat::since(&self.inner.pools.staff, then).await?)
    }
}
