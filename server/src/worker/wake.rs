//! Passing on that something is ready: out to the workers of all processes, and in from them.

use std::{collections::HashMap, sync::Arc, time::Duration};

use spectrum_core::{Services, queue::wake::QUIET};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Pause before a lost connection is made again; polling goes on meanwhile.
const PAUSE: Duration = Duration::from_secs(1);

/// Tells workers what this process put into the queue, until told to stop. The first word goes at once, those that follow
/// within a moment together.
pub async fn tell_workers(services: Services, stop: CancellationToken) {
    loop {
        let queues = tokio::select! {
            queues = services.next_wakes() => queues,
            () = stop.cancelled() => return,
        };
        if let Err(error) = services.tell_workers(&queues).await {
            tracing::debug!(error = &error as &dyn std::error::Error, "workers could not be told; they ask anyway");
        }
        tokio::time::sleep(QUIET).await;
    }
}

/// Hears what others put into the queue and wakes those who wait for it.
pub(super) async fn listen(services: Services, ears: HashMap<String, Arc<Notify>>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let heard = async {
            let mut listener = services.listen_for_jobs().await?;
            // Whatever was said before we listened.
            for ear in ears.values() {
                ear.notify_one();
            }
            loop {
                let word = listener.recv().await.map_err(spectrum_core::ServiceError::from)?;
                if let Some(ear) = ears.get(word.payload()) {
                    ear.notify_one();
                }
            }
        };
        let lost: Result<(), spectrum_core::ServiceError> = tokio::select! {
            lost = heard => lost,
            () = stop.cancelled() => return,
        };
        if let Err(error) = lost {
            tracing::warn!(error = &error as &dyn std::error::Error, "the queue can't be heard; it is asked instead");
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = stop.cancelled() => return,
        }
    }
}
