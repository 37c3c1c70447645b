//! The loop of a worker: claims what is ready, runs it within its time, and sees to it that a failure is tried again.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use spectrum_core::{ServiceError, queue::claim::ClaimedJob};
use tokio::{sync::Semaphore, task::JoinSet, time::Instant};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::jobs::{self, JobContext};
use crate::{config, metrics};

/// A worker of this process.
#[derive(Debug)]
pub struct Worker {
    context: JobContext,
    settings: config::Worker,
    id: Uuid,
}

impl Worker {
    /// A worker with a name of its own.
    pub fn new(context: JobContext, settings: config::Worker) -> Self {
        let id = context.services.ambient().id();
        Self { context, settings, id }
    }

    /// Works until told to stop, and then to the end of what it has begun.
    pub async fn run(self, stop: CancellationToken) {
        let slots = Arc::new(Semaphore::new(self.settings.concurrency));
        let mut running = JoinSet::new();
        while !stop.is_cancelled() {
            let claimed = match self.context.services.claim_jobs(self.id, most(slots.available_permits())).await {
                Ok(claimed) => claimed,
                Err(error) => {
                    tracing::error!(error = &error as &dyn std::error::Error, "the queue could not be asked");
                    Vec::new()
                }
            };
            let idle = claimed.is_empty();
            for job in claimed {
                let (context, slots) = (self.context.clone(), Arc::clone(&slots));
                running.spawn(async move {
                    let _slot = slots.acquire_owned().await;
                    run_one(&context, &job).await;
                });
            }
            while running.try_join_next().is_some() {}
            let look_again = async {
                if idle {
                    tokio::time::sleep(self.settings.poll).await;
                } else {
                    // Until a slot is free: claiming more than can be run would keep jobs from other workers.
                    drop(slots.acquire().await);
                }
            };
            tokio::select! {
                () = look_again => {}
                () = stop.cancelled() => {}
            }
        }
        while running.join_next().await.is_some() {}
    }
}

fn most(slots: usize) -> i64 {
    i64::try_from(slots.max(1)).unwrap_or(1)
}

/// Runs every job that is ready now, and every job those lead to, and gives how many there were: for tests and for the
/// command line, where nothing else works the queue.
pub async fn run_due_jobs(context: &JobContext) -> Result<usize, ServiceError> {
    let worker = context.services.ambient().id();
    let mut done = 0;
    loop {
        let claimed = context.services.claim_jobs(worker, 50).await?;
        if claimed.is_empty() {
            return Ok(done);
        }
        for job in claimed {
            run_one(context, &job).await;
            done += 1;
        }
    }
}

/// Runs one job within its time and deals with a failure.
async fn run_one(context: &JobContext, job: &ClaimedJob) {
    let policy = jobs::policy(&job.job);
    let started = Instant::now();
    let waited = (context.services.ambient().now() - job.run_at).to_std().unwrap_or_default();
    let outcome = match tokio::time::timeout(policy.timeout, jobs::run(context, job)).await {
        Ok(Ok(())) => "done",
        Ok(Err(error)) => {
            tracing::warn!(
                job_id = job.id,
                kind = job.job.kind(),
                attempt = job.attempt,
                error = &error as &dyn std::error::Error,
                "a job failed"
            );
            fail(context, job, policy, &error.to_string()).await
        }
        Err(_) => fail(context, job, policy, "it took too long").await,
    };
    metrics::job(job.job.kind(), outcome, waited, started.elapsed());
}

/// Puts the job back for a later try, or buries it after the last.
async fn fail(context: &JobContext, job: &ClaimedJob, policy: jobs::Policy, why: &str) -> &'static str {
    let services = &context.services;
    let (outcome, written) = if job.attempt >= policy.attempts {
        ("dead", services.bury_job(job, why).await)
    } else {
        let chance = f64::from(u16::from_le_bytes(services.ambient().bytes())) / f64::from(u16::MAX);
        let pause = TimeDelta::from_std(pause(policy, job.attempt, chance)).unwrap_or(TimeDelta::MAX);
        ("retried", services.retry_job(job, services.ambient().now() + pause, why).await)
    };
    if let Err(error) = written {
        // The lease runs out by itself, and the job comes back.
        tracing::error!(
            job_id = job.id,
            error = &error as &dyn std::error::Error,
            "a failed job could not be put back"
        );
    }
    outcome
}

/// The pause before the next try: doubling, capped, and spread over half to one and a half of itself.
fn pause(policy: jobs::Policy, attempt: i16, chance: f64) -> Duration {
    let doublings = u32::try_from(attempt.clamp(1, 16) - 1).unwrap_or(0);
    let pause = policy.base.saturating_mul(2u32.saturating_pow(doublings)).min(policy.cap);
    pause.mul_f64(0.5 + chance)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn pauses_grow_within_their_bounds(attempt in 1i16..40, chance in 0.0f64..=1.0) {
            let policy = jobs::Policy {
                timeout: Duration::from_secs(1),
                attempts: 40,
                base: Duration::from_secs(5),
                cap: Duration::from_mins(15),
            };
            let pause = pause(policy, attempt, chance);
            prop_assert!(pause >= policy.base / 2 && pause <= policy.cap.mul_f64(1.5));
        }
    }
}
