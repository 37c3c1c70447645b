//! Ends a session that its host never ended.

use spectrum_core::{ServiceError, queue::claim::ClaimedJob};
use spectrum_domain::id::SessionId;

use super::JobContext;

pub(super) async fn run(context: &JobContext, job: &ClaimedJob, session: SessionId) -> Result<(), ServiceError> {
    context.services.close_idle_session(job, session).await
}
