//! Ends a session that its host never ended.

use spectrum_core::{ingest::close_idle_session::Closing, queue::claim::ClaimedJob};
use spectrum_domain::id::SessionId;

use super::{JobContext, JobError, Outcome};

pub(super) async fn run(context: &JobContext, job: &ClaimedJob, session: SessionId) -> Result<Outcome, JobError> {
    Ok(match context.services.close_idle_session(job, session).await? {
        Closing::Done => Outcome::Completed,
        Closing::NotBefore(then) => Outcome::SnoozeUntil(then),
    })
}
