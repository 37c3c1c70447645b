//! How kinds of jobs are treated, and what a handler may answer.

use std::{future::Future, pin::Pin, time::Duration};

use chrono::{DateTime, Utc};
use spectrum_core::{ServiceError, queue::claim::ClaimedJob};
use spectrum_llm::provider::ProviderError;

use crate::analyzer::AnalyzerError;

/// How a kind of job is treated.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// Longest a try may take.
    pub timeout: Duration,
    /// Tries before it is buried.
    pub attempts: i16,
    /// Pause after the first failed try; it doubles with each further one.
    pub base: Duration,
    /// Longest pause.
    pub cap: Duration,
}

impl Policy {
    /// The pause before the next try: doubling, capped, and spread over half to one and a half of itself, so that what
    /// failed together does not come back together. `chance` is from 0 to 1.
    pub fn pause(&self, attempt: i16, chance: f64) -> Duration {
        let doublings = u32::try_from(attempt.clamp(1, 31) - 1).unwrap_or(0);
        let pause = self.base.saturating_mul(2u32.saturating_pow(doublings)).min(self.cap);
        pause.mul_f64(0.5 + chance)
    }
}

/// How a try ended that did not fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The handler took the job out of the queue itself, in the transaction of its result.
    Completed,
    /// There is no result to be kept with it: the job is taken out together with others.
    Done,
    /// Not now, and it counts as a try: whoever was asked said when to come again.
    RetryAfter(Duration, String),
    /// Not before then, and it does not count as a try: what it waits for has not happened.
    SnoozeUntil(DateTime<Utc>),
    /// Trying again can't help.
    Dead(String),
    /// It makes no sense any more.
    Drop,
}

/// Why a try of a job failed. It is tried again.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// What it asked of the core did not come about.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// Nothing was measured.
    #[error(transparent)]
    Analyzer(#[from] AnalyzerError),
    /// A model was not asked.
    #[error("a model could not be asked: {0}")]
    Provider(#[from] ProviderError),
    /// Something else. PRIVACY: in words of our own, never a member's.
    #[error("{0}")]
    Other(&'static str),
}

/// What a try comes to.
pub type Tried<'a> = Pin<Box<dyn Future<Output = Result<Outcome, JobError>> + Send + 'a>>;

/// What a worker can do: the kinds it knows, and how each is done.
pub trait Handlers: Clone + Send + Sync + 'static {
    /// How the kind is treated; nothing for one that a newer version enqueued.
    fn policy(&self, kind: &str) -> Option<Policy>;

    /// Tries a job once.
    fn run<'a>(&'a self, job: &'a ClaimedJob) -> Tried<'a>;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const POLICY: Policy = Policy {
        timeout: Duration::from_secs(1),
        attempts: 40,
        base: Duration::from_secs(5),
        cap: Duration::from_mins(15),
    };

    proptest! {
        #[test]
        fn pauses_grow_within_their_bounds(attempt in 1i16..40, chance in 0.0f64..=1.0) {
            let pause = POLICY.pause(attempt, chance);
            let middle = (5 * 2u64.pow(u32::try_from(attempt - 1).expect("a few").min(20))).min(900);
            prop_assert!(pause >= Duration::from_secs(middle) / 2, "{pause:?}");
            prop_assert!(pause <= Duration::from_secs(middle) * 3 / 2, "{pause:?}");
        }
    }
}
