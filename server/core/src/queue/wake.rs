//! Telling workers that something is ready, so that they need not find out by asking.
//!
//! After the commit and on a connection of its own, at most once in [`QUIET`] for each queue: a NOTIFY inside a
//! transaction takes one lock for the whole database at its commit. A lost word costs an idle worker's pause and nothing
//! else: workers ask anyway.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use sqlx::PgPool;
use tokio::sync::Notify;

/// The channel that workers listen on.
pub const CHANNEL: &str = "spectrum_job";

/// Shortest time between two words about a queue.
pub const QUIET: Duration = Duration::from_millis(50);

/// Queues that workers have yet to be told of.
#[derive(Debug, Default)]
pub struct Wakes {
    queues: Mutex<BTreeSet<&'static str>>,
    some: Notify,
}

impl Wakes {
    /// Notes that something was put into a queue. It never waits.
    pub fn wake(&self, queue: &'static str) {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner).insert(queue);
        self.some.notify_one();
    }

    /// Waits until there is something to tell, and takes it.
    pub async fn next(&self) -> BTreeSet<&'static str> {
        loop {
            let queues = std::mem::take(&mut *self.queues.lock().unwrap_or_else(PoisonError::into_inner));
            if !queues.is_empty() {
                return queues;
            }
            self.some.notified().await;
        }
    }
}

/// Tells the workers of all processes.
pub async fn tell(pool: &PgPool, queues: &BTreeSet<&'static str>) -> Result<(), sqlx::Error> {
    let queues: Vec<String> = queues.iter().map(|queue| (*queue).to_owned()).collect();
    sqlx::query!("SELECT pg_notify($1, queue) FROM unnest($2::text[]) AS t (queue)", CHANNEL, &queues)
        .fetch_all(pool)
        .await?;
    Ok(())
}
