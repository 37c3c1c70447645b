//! Tells a page of members of a week or month that has ended.

use chrono::NaiveDate;
use spectrum_core::queue::claim::ClaimedJob;
use spectrum_domain::{card::Grain, job::Page, schedule::Scope};

use super::{JobContext, JobError, Outcome};
use crate::metrics;

pub(super) async fn run(
    context: &JobContext,
    job: &ClaimedJob,
    grain: Grain,
    scope: Scope,
    period: NaiveDate,
    page: Page,
) -> Result<Outcome, JobError> {
    let published = context.services.publish_period(job, grain, scope, page, period).await?;
    metrics::editions_published(grain, published);
    Ok(Outcome::Completed)
}
