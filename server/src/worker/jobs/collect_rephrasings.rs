//! Asks how far a batch is, and does with each of its answers what a single one gets. An answer is settled in a transaction of its
//! own: a worker that is killed half-way leaves the rest to the next, and none is booked twice.

use std::time::Duration;

use chrono::TimeDelta;
use futures_util::{StreamExt as _, stream};
use spectrum_core::{
    insight::batch::{GIVEN_UP_AFTER, InFlight, Open},
    queue::claim::ClaimedJob,
};
use spectrum_domain::id::ModelBatchId;
use spectrum_llm::provider::{ProviderError, Reply};
use tokio::time::Instant;

use super::{JobContext, JobError, Outcome};
use crate::{
    metrics::{self, BatchEnd},
    rephraser::Rephraser,
};

/// A batch is first asked after when it is this old, and then at pauses that grow with its age up to the longest.
pub(super) const FIRST_LOOK: TimeDelta = TimeDelta::minutes(5);
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(1);

/// For so long answers are settled in one try, which may take five minutes: each may wait for a safety check.
const WORK: Duration = Duration::from_mins(4);

/// Answers that are settled at the same moment.
const AT_ONCE: usize = 4;

/// The pause before a batch of this age is asked after again.
fn pause(age: TimeDelta) -> TimeDelta {
    (age / 4).clamp(FIRST_LOOK, LONGEST_PAUSE)
}

pub(super) async fn run(context: &JobContext, job: &ClaimedJob, batch: ModelBatchId) -> Result<Outcome, JobError> {
    let services = &context.services;
    let Some(open) = services.load_batch(batch).await? else { return Ok(Outcome::Done) };
    let now = services.ambient().now();
    let age = now - open.handed_in_at;
    let polled = match &context.rephraser {
        Some(rephraser) => rephraser.poll(&open.provider_id).await.map(|answers| answers.map(|a| (rephraser, a))),
        None => Ok(None),
    };
    let (rephraser, mut answers) = match polled {
        Ok(Some(through)) => through,
        Err(ProviderError::BatchFailed) => return end(context, job, batch, BatchEnd::Failed).await,
        _ if age >= GIVEN_UP_AFTER => return end(context, job, batch, BatchEnd::GivenUp).await,
        Ok(None) => return Ok(Outcome::SnoozeUntil(now + pause(age))),
        Err(error) => {
            tracing::warn!(
                job_id = job.id,
                error = &error as &dyn std::error::Error,
                "a batch could not be asked after"
            );
            return Ok(Outcome::SnoozeUntil(now + pause(age)));
        }
    };
    let until = Instant::now() + WORK;
    let Open { items, .. } = open;
    let took = age.to_std().unwrap_or_default();
    let answered = items.into_iter().map(|item| {
        let reply = answers.remove(&item.item).unwrap_or(Err(ProviderError::BatchFailed));
        (item, reply)
    });
    let answered: Vec<_> = answered.collect();
    let mut settling = stream::iter(answered)
        .map(|(item, reply)| async move {
            if Instant::now() >= until {
                return Ok(false);
            }
            settle(context, rephraser, batch, &item, reply, took).await.map(|()| true)
        })
        .buffer_unordered(AT_ONCE);
    // One that fails keeps none of the others from being settled.
    let (mut all, mut failed) = (true, None);
    while let Some(settled) = settling.next().await {
        match settled {
            Ok(settled) => all &= settled,
            Err(error) => failed = Some(error),
        }
    }
    match failed {
        Some(error) => Err(error),
        None if all => end(context, job, batch, BatchEnd::Answered).await,
        None => Ok(Outcome::SnoozeUntil(now)),
    }
}

async fn settle(
    context: &JobContext,
    rephraser: &Rephraser,
    batch: ModelBatchId,
    item: &InFlight,
    reply: Result<Reply, ProviderError>,
    took: Duration,
) -> Result<(), JobError> {
    let services = &context.services;
    let is_answered = reply.is_ok();
    let loaded = services.load_asked(item).await?;
    let asked = loaded.as_ref().map(|(asked, words)| (asked, words.as_slice()));
    let again = services.new_rephrasing();
    let answer = rephraser.answered(item, reply, took, asked, again, services.ambient()).await;
    if services.settle_rephrasing(batch, item, &answer.calls, &answer.settled).await? {
        metrics::batch_item(is_answered);
        for call in &answer.calls {
            metrics::model_call(item.grain, call);
        }
        metrics::model_fallback(item.grain, answer.fallback);
    }
    Ok(())
}

async fn end(context: &JobContext, job: &ClaimedJob, batch: ModelBatchId, how: BatchEnd) -> Result<Outcome, JobError> {
    let unanswered = context.services.end_batch(job, batch).await?;
    metrics::batch_ended(how, unanswered);
    if how != BatchEnd::Answered {
        tracing::warn!(job_id = job.id, unanswered, how = how.name(), "a batch ended without its answers");
    }
    Ok(Outcome::Completed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_with_the_batch_and_are_bounded() {
        let minutes = |age| pause(TimeDelta::minutes(age)).num_minutes();
        assert_eq!([0, 5, 20, 60, 120, 240, 1_000].map(minutes), [5, 5, 5, 15, 30, 60, 60]);
    }
}
