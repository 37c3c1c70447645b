//! Writing what members have seen: once a second, many in one statement, and what is left when the process ends.

use std::time::Duration;

use spectrum_core::Services;
use tokio_util::sync::CancellationToken;

use crate::metrics;

/// How long what was seen waits at most.
const PAUSE: Duration = Duration::from_secs(1);

/// Writes what was seen until told to stop. What comes while requests end is written by [`write_rest`].
pub async fn write(services: Services, stop: CancellationToken) {
    let mut seconds: u64 = 0;
    loop {
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => write_rest(&services).await,
            () = stop.cancelled() => return,
        }
        seconds += 1;
        if seconds.is_multiple_of(60) {
            look_who_is_held_out(&services).await;
        }
    }
}

/// Looks up who is kept from what by lot: once before anything is shown or planned, and once a minute.
pub async fn look_who_is_held_out(services: &Services) {
    if let Err(error) = services.refresh_experiments().await {
        tracing::warn!(error = &error as &dyn std::error::Error, "who is kept from what is as it was");
    }
}

/// Writes what is there.
pub async fn write_rest(services: &Services) {
    match services.write_noted().await {
        Ok(flushed) => metrics::product_events(flushed),
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "events of use could not be written; they wait");
        }
    }
}
