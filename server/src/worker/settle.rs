//! Running one job within its time, and doing what follows from how it ended.

use std::{panic::AssertUnwindSafe, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt as _;
use spectrum_core::{
    ServiceError, Services,
    queue::{claim::ClaimedJob, finish::Death},
};
use spectrum_domain::job::Queue;
use tokio::time::Instant;

use super::{
    jobs::JobContext,
    policy::{Handlers, JobError, Outcome, Policy},
    tally::{Ending, Tally},
};
use crate::telemetry::Followed;

/// Pause of a job that a newer version enqueued, until a newer worker has it.
const UNKNOWN_PAUSE: TimeDelta = TimeDelta::seconds(60);

/// Longest that the end of a job is tried to be written while the database is away.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is to be written of a try that has ended.
enum Verdict {
    /// Nothing: the handler has done it.
    Written,
    /// The job is done: it is taken out with others.
    TakeOut,
    Retry(DateTime<Utc>, String),
    Snooze(DateTime<Utc>),
    Bury(Death, String),
    /// Somebody else has it.
    Lost,
}

/// Tries a job once and settles it. True: it is done and has yet to be taken out of the queue.
pub(super) async fn run_and_settle<H: Handlers>(
    services: &Services,
    handlers: &H,
    tally: &Tally,
    job: &ClaimedJob,
) -> bool {
    let started = Instant::now();
    let waited = (services.ambient().now() - job.run_at).to_std().unwrap_or_default();
    let followed = Followed::job(job);
    let work = async {
        let (verdict, mut ending) = judge(services, handlers, job).await;
        if !written(services, job, &verdict).await {
            tracing::warn!(job_id = job.id, kind = job.kind, "another worker has the job by now, or it is gone");
            ending = Ending::LeaseLost;
        }
        (verdict, ending)
    };
    let (verdict, ending) = followed.run(work).await;
    followed.ended(ending.name(), ending.is_well());
    tally.add(job, ending, services.ambient().now(), (waited, started.elapsed()), followed.trace());
    matches!(verdict, Verdict::TakeOut)
}

/// Tries the job and says what is to be done with it.
async fn judge<H: Handlers>(services: &Services, handlers: &H, job: &ClaimedJob) -> (Verdict, Ending) {
    let now = services.ambient().now();
    let Some(policy) = handlers.policy(&job.kind) else {
        tracing::warn!(job_id = job.id, kind = job.kind, "a job of an unknown kind was put back");
        return (Verdict::Snooze(now + UNKNOWN_PAUSE), Ending::UnknownKind);
    };
    if job.expires_at.is_some_and(|then| then <= now) {
        return (Verdict::TakeOut, Ending::Dropped);
    }
    // PRIVACY: what a panic says is not kept: nobody can know what it quotes.
    let tried = tokio::time::timeout(policy.timeout, AssertUnwindSafe(handlers.run(job)).catch_unwind()).await;
    let now = services.ambient().now();
    match tried {
        Ok(Ok(Ok(outcome))) => match outcome {
            Outcome::Completed => (Verdict::Written, Ending::Done),
            Outcome::Done => (Verdict::TakeOut, Ending::Done),
            Outcome::Drop => (Verdict::TakeOut, Ending::Dropped),
            Outcome::SnoozeUntil(then) => (Verdict::Snooze(then), Ending::Snoozed),
            Outcome::Dead(why) => (Verdict::Bury(Death::Permanent, why), Ending::Dead),
            Outcome::RetryAfter(pause, why) => again(job, policy, now, pause, why),
        },
        Ok(Ok(Err(JobError::Service(ServiceError::LeaseLost)))) => (Verdict::Lost, Ending::LeaseLost),
        Ok(Ok(Err(error))) => {
            tracing::warn!(
                job_id = job.id,
                kind = job.kind,
                attempt = job.attempt,
                error = &error as &dyn std::error::Error,
                "a job failed"
            );
            again(job, policy, now, pause(services, policy, job), error.to_string())
        }
        Ok(Err(_)) => {
            tracing::error!(job_id = job.id, kind = job.kind, "a job's handler panicked");
            again(job, policy, now, pause(services, policy, job), "its handler panicked".to_owned())
        }
        Err(_) => {
            tracing::warn!(job_id = job.id, kind = job.kind, "a job took too long");
            again(job, policy, now, pause(services, policy, job), "it took too long".to_owned())
        }
    }
}

fn pause(services: &Services, policy: Policy, job: &ClaimedJob) -> Duration {
    let chance = f64::from(u16::from_le_bytes(services.ambient().bytes())) / f64::from(u16::MAX);
    policy.pause(job.attempt, chance)
}

/// Another try after the pause, or none after the last.
fn again(job: &ClaimedJob, policy: Policy, now: DateTime<Utc>, pause: Duration, why: String) -> (Verdict, Ending) {
    if job.attempt >= policy.attempts {
        return (Verdict::Bury(Death::Attempts, why), Ending::Dead);
    }
    let pause = TimeDelta::from_std(pause).unwrap_or(TimeDelta::days(1));
    (Verdict::Retry(now + pause, why), Ending::Retried)
}

/// Writes the verdict, again and again for a while where the database is away: a job whose end can't be written would else
/// be taken for hung, and its worker's fault be counted as the job's. False: the lease was lost.
async fn written(services: &Services, job: &ClaimedJob, verdict: &Verdict) -> bool {
    let begun = Instant::now();
    loop {
        let result = match verdict {
            Verdict::Written | Verdict::TakeOut => return true,
            Verdict::Lost => return false,
            Verdict::Retry(then, why) => services.retry_job(job, *then, why).await,
            Verdict::Snooze(then) => services.snooze_job(job, *then).await,
            Verdict::Bury(death, why) => services.bury_job(job, *death, why).await,
        };
        match result {
            Ok(()) => return true,
            Err(ServiceError::LeaseLost) => return false,
            Err(error) if begun.elapsed() > PATIENCE => {
                tracing::error!(
                    job_id = job.id,
                    error = &error as &dyn std::error::Error,
                    "the end of a job could not be written; it comes back when its lease runs out"
                );
                return true;
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(500)).await,
        }
    }
}

/// Runs every job that is ready now, and every job those lead to, and gives how many there were: for tests and for the
/// command line, where nothing else works the queue.
pub async fn run_due_jobs(context: &JobContext) -> Result<usize, ServiceError> {
    let services = &context.services;
    let (worker, tally) = (services.ambient().id(), Tally::default());
    let mut done = 0;
    loop {
        let before = done;
        for queue in Queue::ALL {
            for job in services.claim_jobs(queue.name(), worker, 50, Duration::from_mins(10)).await? {
                if run_and_settle(services, context, &tally, &job).await {
                    services.complete_jobs(&job.queue, worker, &[(job.id, job.attempt)]).await?;
                }
                done += 1;
            }
        }
        if done == before {
            tally.flush(services).await;
            return Ok(done);
        }
    }
}
