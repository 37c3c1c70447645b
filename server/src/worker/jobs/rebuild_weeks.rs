//! Adds all weeks of a member up again, when they begin on another day.

use spectrum_core::queue::claim::ClaimedJob;

use super::{JobContext, JobError, Outcome};

pub(super) async fn run(context: &JobContext, job: &ClaimedJob) -> Result<Outcome, JobError> {
    context.services.rebuild_weeks(job).await?;
    Ok(Outcome::Completed)
}
