//! What every contestant does with a job: count it, note how long it waited, and for the fault test leave a row behind.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use sqlx::PgPool;

use crate::{Failure, Payload, now_us};

#[derive(Debug, Clone)]
pub struct Handler(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    handled: AtomicU64,
    last_at: AtomicI64,
    fail_once_percent: i64,
    effects: Option<PgPool>,
    /// When each job was begun, and how long it had waited, in microseconds; nothing when nobody asks for it.
    waits: Option<Mutex<Vec<(i64, i64)>>>,
}

impl Handler {
    pub(crate) fn new(waits: bool, fail_once_percent: i64, effects: Option<PgPool>) -> Self {
        Self(Arc::new(Inner {
            handled: AtomicU64::new(0),
            last_at: AtomicI64::new(now_us()),
            fail_once_percent,
            effects,
            waits: waits.then(Mutex::default),
        }))
    }

    /// `first` is whether the queue says that nobody has tried this job before.
    pub async fn run(&self, job: Payload, first: bool) -> Result<(), Failure> {
        let begin = now_us();
        if let Some(waits) = &self.0.waits {
            waits.lock().unwrap_or_else(PoisonError::into_inner).push((begin, begin - job.at));
        }
        // Spread over all jobs, and the same jobs for every contestant.
        if first && job.n * 37 % 100 < self.0.fail_once_percent {
            return Err("fails once".into());
        }
        if let Some(pool) = &self.0.effects {
            sqlx::query("INSERT INTO bench_effect (n, at) VALUES ($1, clock_timestamp())")
                .bind(job.n)
                .execute(pool)
                .await?;
        }
        self.0.handled.fetch_add(1, Ordering::Relaxed);
        self.0.last_at.store(begin, Ordering::Relaxed);
        Ok(())
    }

    pub(crate) fn handled(&self) -> u64 {
        self.0.handled.load(Ordering::Relaxed)
    }

    pub(crate) fn idle_us(&self) -> i64 {
        now_us() - self.0.last_at.load(Ordering::Relaxed)
    }

    pub(crate) fn take_waits(&self) -> Vec<(i64, i64)> {
        let Some(waits) = &self.0.waits else { return Vec::new() };
        std::mem::take(&mut *waits.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
