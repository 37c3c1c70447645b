//! Measures an ended session.

use spectrum_core::{analysis::load_turns::Occasion, queue::claim::ClaimedJob};
use spectrum_domain::id::SessionId;

use super::{JobContext, JobError, Outcome};
use crate::analyzer::measure_session;

pub(super) async fn run(context: &JobContext, job: &ClaimedJob, session: SessionId) -> Result<Outcome, JobError> {
    let text = context.services.load_session_text(job.member()?, session, Occasion::Ended).await?;
    let Some(text) = text else {
        return Ok(Outcome::Done);
    };
    // No transaction is open here.
    let analysis = measure_session(context.analyzer.as_ref(), context.outside.as_deref(), text).await?;
    context.services.record_analysis(job, session, &analysis).await?;
    Ok(Outcome::Completed)
}
