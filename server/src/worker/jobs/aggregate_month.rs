//! Adds up a month that has ended, for a page of members.

use chrono::NaiveDate;
use chrono_tz::Tz;
use spectrum_core::queue::claim::ClaimedJob;
use spectrum_domain::job::Page;

use super::{JobContext, JobError, Outcome};

pub(super) async fn run(
    context: &JobContext,
    job: &ClaimedJob,
    zone: Tz,
    month: NaiveDate,
    page: Page,
) -> Result<Outcome, JobError> {
    context.services.aggregate_month(job, zone, month, page).await?;
    Ok(Outcome::Completed)
}
