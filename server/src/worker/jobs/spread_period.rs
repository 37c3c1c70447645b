//! Gives a period that has ended out to its members, page by page.

use chrono::NaiveDate;
use spectrum_core::queue::claim::ClaimedJob;
use spectrum_domain::schedule::{Scope, Task};

use super::{JobContext, JobError, Outcome};
use crate::metrics;

pub(super) async fn run(
    context: &JobContext,
    job: &ClaimedJob,
    task: Task,
    scope: Scope,
    period: NaiveDate,
) -> Result<Outcome, JobError> {
    let done_after = context.services.spread_period(job, task, scope, period).await?;
    if let Some(after) = done_after.filter(|_| task == Task::AggregateWeeks) {
        metrics::week_done(after);
    }
    Ok(Outcome::Completed)
}
