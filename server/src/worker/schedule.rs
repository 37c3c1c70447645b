//! The clock: tokio-cron-scheduler only says that it is time to look; what is due is decided by the planner.
//!
//! A missed or a doubled tick changes nothing, and neither does another process that looks at the same moment: the planner
//! asks the ledger. Besides the ticks it looks at the start and, should the scheduler stand still, every five minutes.

use std::{sync::Arc, time::Duration};

use spectrum_core::{ServiceError, Services};
use tokio::sync::Notify;
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};

use crate::{lifecycle::Lifecycle, metrics};

/// Every minute, two seconds past: local midnights lie on whole minutes.
const TICK: &str = "2 * * * * *";

/// Without a tick for so long the planner looks by itself.
const WITHOUT_A_TICK: Duration = Duration::from_mins(5);

/// The schedule could not be started.
#[derive(Debug, thiserror::Error)]
pub enum ScheduleError {
    /// The scheduler refused.
    #[error("the schedule could not be started")]
    Scheduler(#[from] JobSchedulerError),
    /// What is due at the start could not be done.
    #[error("the partitions for today's text could not be made")]
    Start(#[from] ServiceError),
}

/// Prepares the days ahead, and looks what is due until the process stops. Every process may do so; one that only serves
/// pages prepares the days, because an event must find its place whoever comes first, and leaves the rest to workers.
pub async fn start(services: &Services, plans: bool, lifecycle: &Lifecycle) -> Result<(), ScheduleError> {
    services.prepare_partitions().await?;
    let tick = Arc::new(Notify::new());
    let mut scheduler = JobScheduler::new().await?;
    let ring = Arc::clone(&tick);
    scheduler
        .add(Job::new_async(TICK, move |_, _| {
            let ring = Arc::clone(&ring);
            Box::pin(async move { ring.notify_one() })
        })?)
        .await?;
    scheduler.start().await?;
    let (services, stop) = (services.clone(), lifecycle.stop_signal());
    lifecycle.spawn(async move {
        while !stop.is_cancelled() {
            look(&services, plans).await;
            tokio::select! {
                () = tick.notified() => {}
                () = tokio::time::sleep(WITHOUT_A_TICK) => {}
                () = stop.cancelled() => {}
            }
        }
        if let Err(error) = scheduler.shutdown().await {
            tracing::warn!(error = &error as &dyn std::error::Error, "the schedule did not stop cleanly");
        }
    });
    Ok(())
}

/// Looks once. What fails is tried again at the next tick.
async fn look(services: &Services, plans: bool) {
    if let Err(error) = services.prepare_partitions().await {
        tracing::error!(error = &error as &dyn std::error::Error, "partitions for the coming days were not made");
    }
    if !plans {
        return;
    }
    match services.plan_due().await {
        Ok(0) => {}
        Ok(periods) => tracing::info!(periods, "periods fell due and were planned"),
        Err(error) => {
            metrics::planning_failed();
            tracing::error!(error = &error as &dyn std::error::Error, "what is due could not be planned");
        }
    }
}
