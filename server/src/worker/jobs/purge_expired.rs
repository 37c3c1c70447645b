//! Lets go what has been kept for as long as it may be.

use chrono::NaiveDate;
use spectrum_core::queue::claim::ClaimedJob;

use super::{JobContext, JobError, Outcome};
use crate::metrics;

pub(super) async fn run(context: &JobContext, job: &ClaimedJob, round: NaiveDate) -> Result<Outcome, JobError> {
    let purged = context.services.purge_expired(job, round).await?;
    metrics::purged(&purged);
    tracing::info!(
        days_of_text = purged.days_of_text,
        rows = purged.all_rows(),
        "what was kept long enough was let go"
    );
    Ok(Outcome::Completed)
}
