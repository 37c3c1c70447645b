//! The clock of the worker: tokio-cron-scheduler only says that it is time; what is due is decided elsewhere.

use spectrum_core::{ServiceError, Services};
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};

use crate::lifecycle::Lifecycle;

/// The schedule could not be started.
#[derive(Debug, thiserror::Error)]
pub enum ScheduleError {
    /// The scheduler refused.
    #[error("the schedule could not be started")]
    Scheduler(#[from] JobSchedulerError),
    /// What is due at the start could not be done.
    #[error("the partitions for this month's text could not be made")]
    Start(#[from] ServiceError),
}

/// Prepares the months ahead now and once a day, until the process stops.
pub async fn start(services: &Services, lifecycle: &Lifecycle) -> Result<(), ScheduleError> {
    services.prepare_partitions().await?;
    let mut scheduler = JobScheduler::new().await?;
    let services = services.clone();
    let daily = Job::new_async("0 10 3 * * *", move |_, _| {
        let services = services.clone();
        Box::pin(async move {
            if let Err(error) = services.prepare_partitions().await {
                tracing::error!(error = &error as &dyn std::error::Error, "partitions for coming months were not made");
            }
        })
    })?;
    scheduler.add(daily).await?;
    scheduler.start().await?;
    let stop = lifecycle.stop_signal();
    lifecycle.spawn(async move {
        stop.cancelled().await;
        if let Err(error) = scheduler.shutdown().await {
            tracing::warn!(error = &error as &dyn std::error::Error, "the schedule did not stop cleanly");
        }
    });
    Ok(())
}
