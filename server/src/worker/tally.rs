//! Counting what was done: for the metrics of this process at once, and for everybody's table every few seconds.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use spectrum_core::{
    Services,
    queue::{claim::ClaimedJob, stat::Stat},
    trace::Trace,
};

use crate::metrics;

/// How a try ended, for metrics and statistics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Ending {
    Done,
    Retried,
    Snoozed,
    Dead,
    Dropped,
    LeaseLost,
    UnknownKind,
}

impl Ending {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Retried => "retried",
            Self::Snoozed => "snoozed",
            Self::Dead => "dead",
            Self::Dropped => "dropped",
            Self::LeaseLost => "lease_lost",
            Self::UnknownKind => "unknown_kind",
        }
    }

    /// Whether all went as it should.
    pub(super) const fn is_well(self) -> bool {
        matches!(self, Self::Done | Self::Snoozed | Self::Dropped)
    }
}

#[derive(Clone, Copy, Default)]
struct Sums {
    n: i64,
    wait_ms: i64,
    run_ms: i64,
    most_run_ms: i64,
}

/// By minute, queue, kind and ending.
type Counts = HashMap<(DateTime<Utc>, String, String, Ending), Sums>;

/// What was done since it was last written down.
#[derive(Default)]
pub(super) struct Tally {
    counts: Mutex<Counts>,
}

impl Tally {
    /// Counts a try.
    pub(super) fn add(
        &self,
        job: &ClaimedJob,
        ending: Ending,
        now: DateTime<Utc>,
        (waited, took): (Duration, Duration),
        trace: Option<Trace>,
    ) {
        metrics::job(&job.queue, &job.kind, ending.name(), (waited, took), trace);
        let whole = |span: Duration| i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        let minute = now.duration_trunc(TimeDelta::minutes(1)).unwrap_or(now);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let sums = counts.entry((minute, job.queue.clone(), job.kind.clone(), ending)).or_default();
        sums.n += 1;
        sums.wait_ms += whole(waited);
        sums.run_ms += whole(took);
        sums.most_run_ms = sums.most_run_ms.max(whole(took));
    }

    /// Writes down what was counted; what can't be written is kept for the next time.
    pub(super) async fn flush(&self, services: &Services) {
        let counts = std::mem::take(&mut *self.counts.lock().unwrap_or_else(PoisonError::into_inner));
        let stats: Vec<Stat> = counts
            .iter()
            .map(|((minute, queue, kind, ending), sums)| Stat {
                minute: *minute,
                queue: queue.clone(),
                kind: kind.clone(),
                outcome: ending.name().to_owned(),
                n: sums.n,
                wait_ms: sums.wait_ms,
                run_ms: sums.run_ms,
                most_run_ms: sums.most_run_ms,
            })
            .collect();
        if let Err(error) = services.add_job_stats(&stats).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "what was done could not be written down yet");
            let mut kept = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
            for (key, sums) in counts {
                let all = kept.entry(key).or_default();
                all.n += sums.n;
                all.wait_ms += sums.wait_ms;
                all.run_ms += sums.run_ms;
                all.most_run_ms = all.most_run_ms.max(sums.most_run_ms);
            }
        }
    }
}
