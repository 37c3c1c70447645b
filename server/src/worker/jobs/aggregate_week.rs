//! Adds up a week that has ended, for a page of members.

use chrono::{NaiveDate, Weekday};
use chrono_tz::Tz;
use spectrum_core::queue::claim::ClaimedJob;
use spectrum_domain::job::Page;

use super::{JobContext, JobError, Outcome};
use crate::metrics;

pub(super) async fn run(
    context: &JobContext,
    job: &ClaimedJob,
    zone: Tz,
    week_start: Weekday,
    week: NaiveDate,
    page: Page,
) -> Result<Outcome, JobError> {
    if let Some(after) = context.services.aggregate_week(job, zone, week_start, week, page).await? {
        metrics::week_done(after);
    }
    Ok(Outcome::Completed)
}
