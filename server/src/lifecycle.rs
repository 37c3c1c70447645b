//! Starting and stopping: every task of the process is spawned here, told to stop here and waited for here.

use std::{future::Future, time::Duration};

use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::telemetry::Telemetry;

/// How long the process waits for its tasks once it was told to stop.
const PATIENCE: Duration = Duration::from_secs(25);

/// The tasks of the process and the word that ends them.
#[derive(Clone, Debug, Default)]
pub struct Lifecycle {
    tasks: TaskTracker,
    stop: CancellationToken,
    telemetry: Option<Telemetry>,
}

impl Lifecycle {
    /// Of a process that is followed: what it did last is told before it ends.
    pub fn followed(telemetry: Telemetry) -> Self {
        Self { telemetry: Some(telemetry), ..Self::default() }
    }

    /// Runs a task that the process waits for.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(task);
    }

    /// The word to stop, for a task to listen to.
    pub fn stop_signal(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Waits for Ctrl-C or SIGTERM, or for the word from inside.
    pub async fn until_stopped(&self) {
        tokio::select! {
            () = self.stop.cancelled() => {}
            () = asked_to_stop() => {}
        }
    }

    /// Tells all tasks to stop and waits for them. False if some did not stop in time.
    pub async fn stop(&self) -> bool {
        self.stop.cancel();
        self.tasks.close();
        let in_time = tokio::time::timeout(PATIENCE, self.tasks.wait()).await.is_ok();
        if let Some(telemetry) = &self.telemetry {
            telemetry.stop().await;
        }
        in_time
    }
}

/// Ctrl-C or SIGTERM.
async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            // Without SIGTERM there is still Ctrl-C.
            let _ = interrupt.await;
        }
    }
}
