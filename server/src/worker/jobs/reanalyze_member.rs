//! Reads anew what another model has read of a member: a few sessions a step, oldest first and one after the other, so
//! that the days before a session are the new model's when its turns are held against them.

use spectrum_core::{
    ServiceError,
    analysis::{load_turns::Occasion, reanalyze::STEP},
    queue::claim::ClaimedJob,
};
use spectrum_domain::{
    id::{MemberId, SessionId},
    job::SessionPlace,
};

use super::{JobContext, JobError, Outcome};
use crate::analyzer::measure_session;

pub(super) async fn run(
    context: &JobContext,
    job: &ClaimedJob,
    after: Option<SessionPlace>,
) -> Result<Outcome, JobError> {
    let (member, models) = (job.member()?, context.models());
    let stale = context.services.stale_sessions(member, &models, after).await?;
    for place in &stale {
        match read_again(context, member, place.session_id).await {
            Ok(()) => {}
            Err(JobError::Service(error @ (ServiceError::Database(_) | ServiceError::CutOff(_)))) => {
                return Err(error.into());
            }
            // One session that can't be read must not keep the member's others from it: it keeps the measure it has.
            Err(error) => tracing::warn!(
                session_id = %place.session_id,
                error = &error as &dyn std::error::Error,
                "a session could not be read anew"
            ),
        }
    }
    let full = i64::try_from(stale.len()).is_ok_and(|read| read == STEP);
    context.services.finish_reanalysis_step(job, stale.last().copied().filter(|_| full)).await?;
    Ok(Outcome::Completed)
}

async fn read_again(context: &JobContext, member: MemberId, session: SessionId) -> Result<(), JobError> {
    let Some(text) = context.services.load_session_text(member, session, Occasion::Again).await? else {
        return Ok(());
    };
    let analysis = measure_session(context.analyzer.as_ref(), context.outside.as_deref(), text).await?;
    Ok(context.services.record_reanalysis(member, session, &analysis).await?)
}
