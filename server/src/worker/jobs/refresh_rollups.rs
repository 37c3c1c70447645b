//! Adds a day up again, and the week and month that hold it.

use chrono::NaiveDate;
use spectrum_core::{ServiceError, queue::claim::ClaimedJob};

use super::JobContext;

pub(super) async fn run(context: &JobContext, job: &ClaimedJob, date: NaiveDate) -> Result<(), ServiceError> {
    context.services.refresh_rollups(job, date).await
}
