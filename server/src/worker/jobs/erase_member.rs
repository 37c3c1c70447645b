//! Erases everything about a member.

use spectrum_core::queue::claim::ClaimedJob;

use super::{JobContext, JobError, Outcome};

pub(super) async fn run(context: &JobContext, job: &ClaimedJob) -> Result<Outcome, JobError> {
    context.services.erase_member(job).await?;
    tracing::info!(job_id = job.id, "a member was erased");
    Ok(Outcome::Completed)
}
