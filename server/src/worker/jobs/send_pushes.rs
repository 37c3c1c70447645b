//! Sends what has come due by a channel, many at the same moment. What comes back is kept as it comes, so that a provider that hangs
//! on one keeps no others from being noted; a worker that is killed leaves what it held to the next, under the same names.

use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use spectrum_core::push::{
    claim_due::Due,
    settle::{Ended, Settled, Verdict},
};
use spectrum_domain::push::ChannelKind;
use spectrum_push::message::Mode;
use tokio::time::{Instant, timeout_at};

use super::{JobContext, JobError, Outcome};
use crate::{metrics, push::Sender, telemetry::Followed};

/// For so long batches are taken up in one try.
const WORK: Duration = Duration::from_mins(3);

/// What has come back is gathered for so long, up to so many, before it is kept.
const GATHER: Duration = Duration::from_millis(25);
const MOST: usize = 500;

pub(super) async fn run(context: &JobContext, channel: ChannelKind) -> Result<Outcome, JobError> {
    let Some(sender) = context.sender.as_ref().filter(|sender| sender.send && sender.has(channel)) else {
        return Ok(Outcome::Done);
    };
    let services = &context.services;
    let until = Instant::now() + WORK;
    let mut due = services.claim_pushes(channel).await?;
    while !due.is_empty() {
        let tries = due.into_iter().map(|due| attempt(sender, channel, due));
        let mut answers = stream::iter(tries).buffer_unordered(sender.at_once);
        while let Some(first) = answers.next().await {
            let mut batch: Vec<Settled> = vec![first];
            let gathered = Instant::now() + GATHER;
            while batch.len() < MOST {
                match timeout_at(gathered, answers.next()).await {
                    Ok(Some(next)) => batch.push(next),
                    Ok(None) | Err(_) => break,
                }
            }
            let outcome = services.settle_pushes(channel, &batch).await?;
            metrics::pushes(channel, &batch, outcome);
            if let Some(trip) = outcome.tripped {
                tracing::error!(channel = channel.name(), reason = trip.name(), "a channel of pushes was stopped");
            }
        }
        // What is due when the time is over is another job's: one is ordered every minute.
        due = if Instant::now() < until { services.claim_pushes(channel).await? } else { Vec::new() };
    }
    Ok(Outcome::Done)
}

/// Tries one, in the trace of the job that planned it.
async fn attempt(sender: &Sender, channel: ChannelKind, due: Due) -> Settled {
    let Some(followed) = Followed::push(channel, &due) else { return sender.attempt(due, Mode::Live).await };
    let settled = followed.run(sender.attempt(due, Mode::Live)).await;
    match (&settled.attempt, settled.verdict) {
        (Some(tried), _) => followed.sent(tried.ended.name(), tried.ended == Ended::Delivered),
        (None, Verdict::Dropped(reason)) => followed.sent(reason.name(), true),
        (None, _) => followed.sent("held", true),
    }
    settled
}
