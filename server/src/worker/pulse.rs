//! The worker's heartbeat. A worker that can't say it lives cuts itself off before the others give its jobs away: what
//! runs is stopped, and it comes back under a new name.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use spectrum_core::{Services, queue::liveness::WorkerCard};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::metrics;

/// How often and how long: one set of times for all workers of a deployment.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Between two heartbeats.
    pub heartbeat: Duration,
    /// Without a heartbeat that arrived, a worker cuts itself off.
    pub cut_off_after: Duration,
    /// Without a heartbeat, others take a worker for dead. Longer than the time above, so that nothing runs twice.
    pub dead_after: Duration,
    /// Past its lease, a job is taken for hung.
    pub overdue: Duration,
    /// Between two looks for jobs to rescue.
    pub rescue: Duration,
    /// An idle worker asks this often.
    pub poll: Duration,
    /// How long running jobs may take to end once the worker was told to stop.
    pub grace: Duration,
}

impl Pace {
    /// The times that follow from how soon a silent worker is taken for dead: at the usual 45 seconds a heartbeat every ten,
    /// cut off after thirty, and a look for the lost every fifteen.
    pub fn new(dead_after: Duration, poll: Duration) -> Self {
        Self {
            heartbeat: dead_after.mul_f64(10.0 / 45.0),
            cut_off_after: dead_after.mul_f64(30.0 / 45.0),
            dead_after,
            overdue: Duration::from_secs(30),
            rescue: dead_after / 3,
            poll,
            grace: Duration::from_secs(20),
        }
    }
}

/// The name under which a worker holds jobs, and the word that ends what it runs under that name.
#[derive(Clone, Debug)]
pub(super) struct Life {
    pub(super) id: Uuid,
    /// Cancelled when the worker cuts itself off, or must stop.
    pub(super) ended: CancellationToken,
}

/// The heart of a worker.
pub(super) struct Pulse {
    services: Services,
    card: WorkerCard,
    pace: Pace,
    life: Mutex<Option<Life>>,
}

impl Pulse {
    /// A heart that has yet to beat: until the first heartbeat arrives nothing is claimed.
    pub(super) fn new(services: Services, card: WorkerCard, pace: Pace) -> Self {
        Self { services, card, pace, life: Mutex::new(None) }
    }

    /// The present life; none while the worker is cut off.
    pub(super) fn life(&self) -> Option<Life> {
        self.life.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, life: Option<Life>) {
        *self.life.lock().unwrap_or_else(PoisonError::into_inner) = life;
    }

    /// Ends what runs.
    pub(super) fn end(&self) {
        if let Some(life) = self.life() {
            life.ended.cancel();
        }
    }

    async fn beat(&self, id: Uuid, draining: bool) -> bool {
        let card = WorkerCard { id, ..self.card.clone() };
        // An answer that comes after the worker should have cut itself off is none.
        let patience = self.pace.cut_off_after / 2;
        match tokio::time::timeout(patience, self.services.heartbeat(&card, draining)).await {
            Ok(Ok(())) => true,
            Ok(Err(error)) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "a heartbeat did not arrive");
                false
            }
            Err(_) => {
                tracing::warn!("a heartbeat was not answered in time");
                false
            }
        }
    }

    /// Beats until told to stop for good, and rescues what others have lost. `stop` only says that the worker drains.
    pub(super) async fn run(&self, stop: CancellationToken, gone: CancellationToken) {
        let mut former: Option<Uuid> = None;
        let mut born = Instant::now();
        let mut heard = Instant::now();
        let mut rescued = Instant::now();
        while !gone.is_cancelled() {
            if let Some(life) = self.life() {
                let asked = Instant::now();
                if self.beat(life.id, stop.is_cancelled()).await {
                    heard = asked;
                } else if heard.elapsed() + self.pace.heartbeat >= self.pace.cut_off_after {
                    tracing::error!("nobody hears this worker: it stops what it runs and begins anew");
                    life.ended.cancel();
                    self.set(None);
                    former = Some(life.id);
                }
            } else {
                let id = self.services.ambient().id();
                let asked = Instant::now();
                if self.beat(id, stop.is_cancelled()).await {
                    // What the former life held is given back: it was not the jobs' fault.
                    if let Some(former) = former.take() {
                        self.leave(former).await;
                    }
                    (born, heard) = (asked, asked);
                    self.set(Some(Life { id, ended: CancellationToken::new() }));
                }
            }
            metrics::heartbeat(heard.elapsed());
            // After a time in which nobody could be heard everybody looks dead: let them speak first.
            if self.life().is_some() && born.elapsed() >= self.pace.dead_after && rescued.elapsed() >= self.pace.rescue
            {
                rescued = Instant::now();
                self.rescue().await;
            }
            let pause = if self.life().is_some() { self.pace.heartbeat.min(self.pace.rescue) } else { self.pace.poll };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = gone.cancelled() => {}
            }
        }
    }

    async fn rescue(&self) {
        match self.services.rescue_jobs(self.pace.dead_after, self.pace.overdue).await {
            Ok(rescued) if rescued == spectrum_core::queue::liveness::Rescued::default() => {}
            Ok(rescued) => {
                tracing::warn!(
                    put_back = rescued.put_back,
                    buried = rescued.buried,
                    "jobs of workers that were lost or hung were rescued"
                );
                metrics::rescued(rescued);
            }
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "nobody could be rescued"),
        }
    }

    /// Gives back what is still held under a name, and takes the name off the list.
    pub(super) async fn leave(&self, id: Uuid) {
        match self.services.give_jobs_back(id).await {
            Ok(0) => {}
            Ok(jobs) => tracing::info!(jobs, "unfinished jobs were given back"),
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "unfinished jobs could not be given back; they are rescued when their worker is taken for dead"
                );
                return;
            }
        }
        if let Err(error) = self.services.sign_worker_off(id).await {
            tracing::debug!(error = &error as &dyn std::error::Error, "the worker stays on the list for a while");
        }
    }
}
