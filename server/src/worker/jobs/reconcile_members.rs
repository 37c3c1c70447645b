//! Orders what was left undone of a page of members.

use chrono::NaiveDate;
use spectrum_core::queue::claim::ClaimedJob;
use spectrum_domain::job::Page;

use super::{JobContext, JobError, Outcome};

pub(super) async fn run(
    context: &JobContext,
    job: &ClaimedJob,
    round: NaiveDate,
    page: Page,
) -> Result<Outcome, JobError> {
    let ordered = context.services.reconcile_members(job, page, round).await?;
    if ordered > 0 {
        // While all goes well there is nothing to find.
        tracing::warn!(job_id = job.id, ordered, "work was found undone and was ordered again");
    }
    Ok(Outcome::Completed)
}
