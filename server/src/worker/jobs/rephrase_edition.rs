//! Has a model put an edition into other words, or notes that it waits for a batch. Whatever comes of it, the template's words are
//! there already.

use chrono::NaiveDate;
use spectrum_core::{insight::rephrase::Tried, queue::claim::ClaimedJob};
use spectrum_domain::card::Grain;

use super::{JobContext, JobError, Outcome};

pub(super) async fn run(
    context: &JobContext,
    job: &ClaimedJob,
    grain: Grain,
    period: NaiveDate,
) -> Result<Outcome, JobError> {
    let services = &context.services;
    let Some(rephraser) = &context.rephraser else { return Ok(Outcome::Done) };
    if rephraser.waits() {
        let now = services.ambient().now();
        services.note_rephrasing(job, (grain, period), |task| rephraser.routed(task, grain, now)).await?;
        return Ok(Outcome::Completed);
    }
    let Some((task, words)) = services.load_rephrasing(job.member()?, grain, period).await? else {
        return Ok(Outcome::Done);
    };
    let outcome = rephraser.rephrase(&task, grain, &words, services.ambient()).await;
    let said = outcome.rephrased.as_ref().map(|(said, generator)| (said, generator));
    let tried = Tried { routed: outcome.routed, calls: &outcome.calls, rephrased: said };
    services.keep_rephrasing(job, (grain, period), &task, tried).await?;
    Ok(Outcome::Completed)
}
