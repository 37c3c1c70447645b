//! Adds all weeks of a member up again, when they begin on another day.

use spectrum_core::{ServiceError, queue::claim::ClaimedJob};

use super::JobContext;

pub(super) async fn run(context: &JobContext, job: &ClaimedJob) -> Result<(), ServiceError> {
    context.services.rebuild_weeks(job).await
}
