//! Measures an ended session.

use std::sync::Arc;

use spectrum_core::{ServiceError, queue::claim::ClaimedJob};
use spectrum_domain::id::SessionId;

use super::JobContext;
use crate::analyzer::measure_session;

pub(super) async fn run(context: &JobContext, job: &ClaimedJob, session: SessionId) -> Result<(), ServiceError> {
    let Some(text) = context.services.load_session_text(job.member_id, session).await? else {
        return context.services.finish_job(job).await;
    };
    // No transaction is open here. Measuring is work for a processor, so it gets a thread that may be busy.
    let analyzer = Arc::clone(&context.analyzer);
    let analysis =
        tokio::task::spawn_blocking(move || measure_session(analyzer.as_ref(), &text.turns, text.input_version))
            .await?;
    context.services.record_analysis(job, session, &analysis).await
}
