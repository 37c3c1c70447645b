//! The loops of a worker: one a queue claims what is ready and runs it, one takes finished jobs out, many at once.

use std::{collections::HashMap, sync::Arc, time::Duration};

use spectrum_core::{
    Services,
    queue::{claim::ClaimedJob, liveness::WorkerCard},
};
use tokio::{
    sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc},
    task::JoinSet,
    time::Instant,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    policy::Handlers,
    pulse::{Life, Pace, Pulse},
    settle::run_and_settle,
    tally::Tally,
    wake,
};
use crate::metrics;

/// Finished jobs that are taken out together at most, and how long the first of them waits for the others.
const BATCH: usize = 500;
const GATHER: Duration = Duration::from_millis(20);

/// Most jobs of one claim.
const MOST_CLAIMED: usize = 500;

/// Jobs held for each that runs, where one takes milliseconds: enough for the next claim to be under way while they run.
const HELD_SHORT: u32 = 20;

/// Between the longest a job may take and being taken for hung.
const HUNG: Duration = Duration::from_secs(30);

/// Between two writings of what was done.
const FLUSH: Duration = Duration::from_secs(10);

/// How one queue is worked on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueSettings {
    /// Its name.
    pub queue: String,
    /// Jobs run at the same moment.
    pub concurrency: usize,
    /// Jobs held at the same moment: more than are run, where they are short, so that none waits for the next claim.
    pub held: usize,
    /// How long a claimed job may be held before it is taken for hung: longer than its wait for a slot and its run.
    pub lease: Duration,
}

impl QueueSettings {
    /// For jobs of milliseconds, `concurrency` at a time, each for `timeout` at most: many are held beyond what runs, so
    /// that none waits for the next claim.
    pub fn short(queue: &str, concurrency: usize, timeout: Duration) -> Self {
        let held = concurrency * usize::try_from(HELD_SHORT).unwrap_or(1);
        Self { queue: queue.to_owned(), concurrency, held, lease: timeout * HELD_SHORT + HUNG }
    }

    /// For jobs that take long or wait for somebody outside: those that don't run are left to whoever is free.
    pub fn long(queue: &str, concurrency: usize, timeout: Duration) -> Self {
        Self { queue: queue.to_owned(), concurrency, held: concurrency, lease: timeout + HUNG }
    }
}

/// A worker of this process.
pub struct Worker<H> {
    services: Services,
    handlers: H,
    queues: Vec<QueueSettings>,
    pace: Pace,
    host: String,
}

impl<H> std::fmt::Debug for Worker<H> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Worker({:?})", self.queues)
    }
}

/// A finished job that has yet to be taken out.
struct Finished {
    queue: String,
    worker_id: Uuid,
    id: i64,
    attempt: i16,
}

/// What the loops of a worker share.
struct Shared<H> {
    services: Services,
    handlers: H,
    pace: Pace,
    pulse: Pulse,
    tally: Tally,
    finished: mpsc::Sender<Finished>,
}

impl<H: Handlers> Worker<H> {
    /// A worker for these queues. `host` is what operators know the machine by.
    pub fn new(services: Services, handlers: H, queues: Vec<QueueSettings>, pace: Pace, host: String) -> Self {
        Self { services, handlers, queues, pace, host }
    }

    /// Works until told to stop; then to the end of what it has begun, for as long as its grace lasts, and gives back the
    /// rest.
    pub async fn run(self, stop: CancellationToken) {
        let Self { services, handlers, queues, pace, host } = self;
        let card = WorkerCard {
            id: Uuid::nil(), // a new one for every life
            host,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            queues: queues.iter().map(|settings| settings.queue.clone()).collect(),
        };
        let (finished, taken_out) = mpsc::channel(10 * BATCH);
        let shared = Arc::new(Shared {
            services: services.clone(),
            handlers,
            pace,
            pulse: Pulse::new(services.clone(), card, pace),
            tally: Tally::default(),
            finished,
        });
        let ears: HashMap<String, Arc<Notify>> =
            queues.iter().map(|settings| (settings.queue.clone(), Arc::new(Notify::new()))).collect();

        // The heart beats on while the worker drains.
        let gone = CancellationToken::new();
        let mut background = JoinSet::new();
        {
            let (shared, stop, gone) = (Arc::clone(&shared), stop.clone(), gone.clone());
            background.spawn(async move { shared.pulse.run(stop, gone).await });
        }
        {
            let (shared, gone) = (Arc::clone(&shared), gone.clone());
            background.spawn(async move {
                while !gone.is_cancelled() {
                    tokio::select! {
                        () = tokio::time::sleep(FLUSH) => {}
                        () = gone.cancelled() => {}
                    }
                    shared.tally.flush(&shared.services).await;
                }
            });
        }
        background.spawn(wake::listen(services.clone(), ears.clone(), stop.clone()));
        let mut takers = JoinSet::new();
        takers.spawn(take_out(services, taken_out));

        let mut loops = JoinSet::new();
        for settings in queues {
            let ear = ears.get(&settings.queue).map(Arc::clone).unwrap_or_default();
            loops.spawn(work_queue(Arc::clone(&shared), settings, ear, stop.clone()));
        }
        while loops.join_next().await.is_some() {}

        let life = shared.pulse.life();
        gone.cancel();
        while background.join_next().await.is_some() {}
        // All senders but this are gone; with it the taker comes to its end.
        if let Some(shared) = Arc::into_inner(shared) {
            let Shared { pulse, finished, .. } = shared;
            drop(finished);
            while takers.join_next().await.is_some() {}
            if let Some(life) = life {
                pulse.leave(life.id).await;
            }
        }
    }
}

/// Works on one queue until told to stop, and then until what it holds has ended or the grace is over.
async fn work_queue<H: Handlers>(
    shared: Arc<Shared<H>>,
    settings: QueueSettings,
    ear: Arc<Notify>,
    stop: CancellationToken,
) {
    let slots = Arc::new(Semaphore::new(settings.concurrency));
    let held = Arc::new(Semaphore::new(settings.held));
    // Asking for one job at a time would cost as much as asking for many, so a sensible share of places must be free: half of
    // those beyond what runs, a quarter of what runs where there are none.
    let QueueSettings { concurrency, held: places, .. } = settings;
    let share = (places.saturating_sub(concurrency) / 2).max(concurrency / 4).clamp(1, MOST_CLAIMED);
    let share = u32::try_from(share).unwrap_or(1);
    let mut running = JoinSet::new();
    while !stop.is_cancelled() {
        while running.try_join_next().is_some() {}
        tokio::select! {
            room = held.acquire_many(share) => drop(room),
            () = stop.cancelled() => break,
        }
        let Some(life) = shared.pulse.life() else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let most = held.available_permits().min(MOST_CLAIMED);
        let jobs = claim(&shared, &settings, &life, most).await;
        let full = jobs.len() == most;
        for job in jobs {
            // There is room: only this loop takes places.
            let Ok(place) = Arc::clone(&held).try_acquire_owned() else { break };
            running.spawn(run_held(Arc::clone(&shared), job, life.clone(), Arc::clone(&slots), place));
        }
        metrics::inflight(&settings.queue, running.len());
        if !full {
            tokio::select! {
                () = ear.notified() => {}
                () = tokio::time::sleep(about(&shared.services, shared.pace.poll)) => {}
                () = stop.cancelled() => {}
            }
        }
    }
    let drained = async { while running.join_next().await.is_some() {} };
    if tokio::time::timeout(shared.pace.grace, drained).await.is_err() {
        tracing::warn!(queue = settings.queue, "some jobs did not end in time and are given back");
        shared.pulse.end();
        while running.join_next().await.is_some() {}
    }
    metrics::inflight(&settings.queue, 0);
}

async fn claim<H: Handlers>(shared: &Shared<H>, settings: &QueueSettings, life: &Life, most: usize) -> Vec<ClaimedJob> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    match shared.services.claim_jobs(&settings.queue, life.id, most, settings.lease).await {
        Ok(jobs) => jobs,
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "the queue could not be asked");
            Vec::new()
        }
    }
}

/// Runs a job that is held, once there is a slot, unless the worker's life ends before.
async fn run_held<H: Handlers>(
    shared: Arc<Shared<H>>,
    job: ClaimedJob,
    life: Life,
    slots: Arc<Semaphore>,
    place: OwnedSemaphorePermit,
) {
    let work = async {
        let _slot = slots.acquire().await;
        run_and_settle(&shared.services, &shared.handlers, &shared.tally, &job).await
    };
    // INVARIANT: after the end of its life nothing of a worker runs on: others may have its jobs a moment later.
    let take_out = tokio::select! {
        biased;
        () = life.ended.cancelled() => false,
        take_out = work => take_out,
    };
    drop(place);
    if take_out {
        let done = Finished { queue: job.queue, worker_id: life.id, id: job.id, attempt: job.attempt };
        let _ = shared.finished.send(done).await;
    }
}

/// Takes finished jobs out of the queue, as many at once as come within a moment.
async fn take_out(services: Services, mut finished: mpsc::Receiver<Finished>) {
    let mut batch: Vec<Finished> = Vec::with_capacity(BATCH);
    while let Some(first) = finished.recv().await {
        batch.push(first);
        let until = Instant::now() + GATHER;
        while batch.len() < BATCH {
            match tokio::time::timeout_at(until, finished.recv()).await {
                Ok(Some(next)) => batch.push(next),
                Ok(None) | Err(_) => break,
            }
        }
        let mut by_holder: HashMap<(String, Uuid), Vec<(i64, i16)>> = HashMap::new();
        for Finished { queue, worker_id, id, attempt } in batch.drain(..) {
            by_holder.entry((queue, worker_id)).or_default().push((id, attempt));
        }
        for ((queue, worker_id), jobs) in by_holder {
            take_batch_out(&services, &queue, worker_id, &jobs).await;
        }
    }
}

/// Once more and again while the database is away: what is not taken out would be done a second time.
async fn take_batch_out(services: &Services, queue: &str, worker_id: Uuid, jobs: &[(i64, i16)]) {
    for pause in [0, 100, 500, 1_000, 2_000, 4_000, 8_000] {
        tokio::time::sleep(Duration::from_millis(pause)).await;
        match services.complete_jobs(queue, worker_id, jobs).await {
            Ok(done) => {
                let lost = u64::try_from(jobs.len()).unwrap_or(u64::MAX).saturating_sub(done);
                if lost > 0 {
                    tracing::warn!(queue, lost, "jobs were done that another worker has by now, or that are gone");
                    metrics::lease_lost(lost);
                }
                return;
            }
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "finished jobs could not be taken out yet");
            }
        }
    }
}

/// A span give or take a tenth, so that many workers don't ask at the same moment.
fn about(services: &Services, span: Duration) -> Duration {
    span.mul_f64(0.9 + 0.2 * f64::from(u8::from_le_bytes(services.ambient().bytes())) / 255.0)
}
