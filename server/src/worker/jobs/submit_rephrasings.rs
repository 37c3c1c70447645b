//! Hands the editions that wait for it to a model in one batch. No transaction is open while the provider is called: a worker that
//! is killed before it has noted the provider's answer leaves a batch that nobody asks after, and its editions go into another.

use spectrum_core::{
    insight::batch::{MOST, Placing},
    queue::claim::ClaimedJob,
};

use super::{JobContext, JobError, Outcome, collect_rephrasings::FIRST_LOOK};
use crate::{metrics, rephraser::Question};

pub(super) async fn run(context: &JobContext, job: &ClaimedJob) -> Result<Outcome, JobError> {
    let services = &context.services;
    // What waits is let go after a while, or asked by a worker that has somebody to ask.
    let Some(rephraser) = &context.rephraser else { return Ok(Outcome::Done) };
    let (batch, waiting) = services.form_batch(job).await?;
    let full = i64::try_from(waiting.len()).is_ok_and(|waiting| waiting >= MOST);
    let mut questions: Vec<Question> = Vec::with_capacity(waiting.len());
    let mut others = false;
    for waiting in waiting {
        let now = services.ambient().now();
        let asked = questions.first().map(|(_, request)| request.model.clone());
        // A batch asks one model: some providers take no others. What is for another goes in the one that follows at once.
        let place = |task: &_, grain, refused: &[String]| match rephraser.place(waiting.item, task, grain, refused, now)
        {
            Placing::Ask { model, .. } if asked.as_ref().is_some_and(|asked| *asked != model) => {
                others = true;
                Placing::Later
            }
            placing => placing,
        };
        questions.extend(services.take_up_rephrasing(batch, waiting, place).await?);
    }
    if questions.is_empty() {
        services.dissolve_batch(job, batch).await?;
        return Ok(Outcome::Completed);
    }
    let provider_id = rephraser.submit(&questions).await?;
    let ask_at = services.ambient().now() + FIRST_LOOK;
    services.batch_handed_in(job, batch, &provider_id, full || others, ask_at).await?;
    metrics::batch_handed_in(questions.len());
    tracing::info!(job_id = job.id, questions = questions.len(), "a batch of questions was handed to a model");
    Ok(Outcome::Completed)
}
