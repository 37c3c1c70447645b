//! Gathers everything held about a member, so that they can take it along.

use spectrum_core::queue::claim::ClaimedJob;
use spectrum_domain::id::ExportId;

use super::{JobContext, JobError, Outcome};

pub(super) async fn run(context: &JobContext, job: &ClaimedJob, export: ExportId) -> Result<Outcome, JobError> {
    context.services.gather_export(job, export).await?;
    Ok(Outcome::Completed)
}
