//! Adds a day up again, and the week and month that hold it.

use chrono::NaiveDate;
use spectrum_core::queue::claim::ClaimedJob;

use super::{JobContext, JobError, Outcome};

pub(super) async fn run(context: &JobContext, job: &ClaimedJob, date: NaiveDate) -> Result<Outcome, JobError> {
    context.services.refresh_rollups(job, date).await?;
    Ok(Outcome::Completed)
}
