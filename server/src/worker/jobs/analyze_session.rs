//! Measures an ended session.

use spectrum_core::{analysis::load_turns::Occasion, queue::claim::ClaimedJob};
use spectrum_domain::id::SessionId;

use super::{JobContext, JobError};
use crate::analyzer::measure_session;

pub(super) async fn run(context: &JobContext, job: &ClaimedJob, session: SessionId) -> Result<(), JobError> {
    let text = context.services.load_session_text(job.member_id, session, Occasion::Ended).await?;
    let Some(text) = text else {
        return Ok(context.services.finish_job(job).await?);
    };
    // No transaction is open here.
    let analysis = measure_session(context.analyzer.as_ref(), context.outside.as_deref(), text).await?;
    Ok(context.services.record_analysis(job, session, &analysis).await?)
}
