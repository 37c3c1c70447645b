//! Adds up how Spectrum was used, for the team's pages.

use chrono::NaiveDate;
use spectrum_core::queue::claim::ClaimedJob;

use super::{JobContext, JobError, Outcome};

pub(super) async fn run(context: &JobContext, job: &ClaimedJob, round: NaiveDate) -> Result<Outcome, JobError> {
    let periods = context.services.sum_use(job, round).await?;
    tracing::info!(periods, "how Spectrum was used was added up");
    Ok(Outcome::Completed)
}
