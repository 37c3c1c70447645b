//! What keeps the queue going: workers claim, end and give back jobs, say that they live, and rescue what others lost.

use std::{collections::BTreeSet, time::Duration};

use chrono::{DateTime, Utc};
use sqlx::postgres::PgListener;
use uuid::Uuid;

use super::Services;
use crate::{
    db::pool::Duty,
    error::ServiceError,
    queue::{
        claim::{self, ClaimedJob},
        enqueue::{self, NewJob},
        finish::{self, Death},
        liveness::{self, Rescued, WorkerCard},
        stat::{self, Stat},
        wake,
    },
};

impl Services {
    /// Puts jobs into the queue in a transaction of their own, and gives how many were new.
    pub async fn enqueue_jobs(&self, jobs: &[NewJob]) -> Result<u64, ServiceError> {
        let mut transaction = self.begin(Duty::Worker).await?;
        let new = enqueue::enqueue(&mut transaction, jobs, self.inner.ambient.now()).await?;
        transaction.commit().await?;
        for job in jobs {
            self.inner.wakes.wake(job.queue);
        }
        Ok(new)
    }

    /// Claims up to `most` ready jobs of a queue for a worker. Past its lease a job is taken for hung.
    pub async fn claim_jobs(
        &self,
        queue: &str,
        worker: Uuid,
        most: i64,
        lease: Duration,
    ) -> Result<Vec<ClaimedJob>, ServiceError> {
        Ok(claim::claim(&self.inner.pools.worker, queue, worker, most, lease, self.inner.ambient.now()).await?)
    }

    /// Takes finished jobs out of a queue, and gives how many were still the worker's.
    pub async fn complete_jobs(&self, queue: &str, worker: Uuid, jobs: &[(i64, i16)]) -> Result<u64, ServiceError> {
        Ok(finish::complete_many(&self.inner.pools.worker, queue, worker, jobs).await?)
    }

    /// Puts a failed job back for a later try.
    pub async fn retry_job(&self, job: &ClaimedJob, run_at: DateTime<Utc>, why: &str) -> Result<(), ServiceError> {
        let kept = finish::retry(&self.inner.pools.worker, job, run_at, self.inner.ambient.now(), why).await?;
        held(kept)
    }

    /// Puts a job back whose hour has not come; the try does not count.
    pub async fn snooze_job(&self, job: &ClaimedJob, run_at: DateTime<Utc>) -> Result<(), ServiceError> {
        let mut connection = self.inner.pools.worker.acquire().await?;
        held(finish::snooze(&mut connection, job, run_at).await?)
    }

    /// Buries a job that failed for good.
    pub async fn bury_job(&self, job: &ClaimedJob, death: Death, why: &str) -> Result<(), ServiceError> {
        let kept = finish::bury(&self.inner.pools.worker, job, death, self.inner.ambient.now(), why).await?;
        held(kept)
    }

    /// Gives back all that a worker holds; the tries do not count.
    pub async fn give_jobs_back(&self, worker: Uuid) -> Result<u64, ServiceError> {
        Ok(finish::give_back(&self.inner.pools.worker, worker).await?)
    }

    /// Says that a worker lives.
    pub async fn heartbeat(&self, worker: &WorkerCard, draining: bool) -> Result<(), ServiceError> {
        Ok(liveness::heartbeat(&self.inner.pools.worker, worker, draining).await?)
    }

    /// Takes a worker off the list that has stopped.
    pub async fn sign_worker_off(&self, worker: Uuid) -> Result<(), ServiceError> {
        Ok(liveness::sign_off(&self.inner.pools.worker, worker).await?)
    }

    /// Rescues the jobs of workers that were not heard of for so long, and those so long past their lease.
    pub async fn rescue_jobs(&self, dead_after: Duration, overdue: Duration) -> Result<Rescued, ServiceError> {
        let mut transaction = self.begin(Duty::Worker).await?;
        let rescued = liveness::rescue(&mut transaction, dead_after, overdue, self.inner.ambient.now()).await?;
        transaction.commit().await?;
        Ok(rescued)
    }

    /// Adds to what was done by the minute.
    pub async fn add_job_stats(&self, stats: &[Stat]) -> Result<(), ServiceError> {
        Ok(stat::add(&self.inner.pools.worker, stats).await?)
    }

    /// Waits until there is something to tell workers of, and takes it.
    pub async fn next_wakes(&self) -> BTreeSet<&'static str> {
        self.inner.wakes.next().await
    }

    /// Tells the workers of all processes that something is ready.
    pub async fn tell_workers(&self, queues: &BTreeSet<&'static str>) -> Result<(), ServiceError> {
        // Those who put most into the queue are those who take events in.
        Ok(wake::tell(&self.inner.pools.ingest, queues).await?)
    }

    /// A connection on which that word is heard.
    pub async fn listen_for_jobs(&self) -> Result<PgListener, ServiceError> {
        let mut listener = PgListener::connect_with(&self.inner.pools.worker).await?;
        listener.listen(wake::CHANNEL).await?;
        Ok(listener)
    }
}

fn held(kept: bool) -> Result<(), ServiceError> {
    if kept { Ok(()) } else { Err(ServiceError::LeaseLost) }
}
