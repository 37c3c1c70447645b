//! Makes a member's editions again that are not what their sums say.

use spectrum_core::queue::claim::ClaimedJob;

use super::{JobContext, JobError, Outcome};

pub(super) async fn run(context: &JobContext, job: &ClaimedJob) -> Result<Outcome, JobError> {
    context.services.write_editions(job).await?;
    Ok(Outcome::Completed)
}
