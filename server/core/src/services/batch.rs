//! Having editions put into other words many at once.

use chrono::{DateTime, NaiveDate, Utc};
use spectrum_domain::{
    card::Grain,
    id::{ModelBatchId, RephrasingId},
    private::PrivateText,
};

use super::{Services, jobs::complete};
use crate::{
    db::pool::Duty,
    error::ServiceError,
    insight::{
        batch::{self, Asked, InFlight, Open, Placing, Settled, Waiting},
        rephrase::{self, BookedCall, Task},
        sum_calls::{self, Routed},
    },
    queue::claim::ClaimedJob,
};

impl Services {
    /// Notes that an edition waits for the next batch, if a model is to write it, and takes the job out of the queue, both or
    /// neither.
    pub async fn note_rephrasing(
        &self,
        job: &ClaimedJob,
        (grain, period): (Grain, NaiveDate),
        route: impl FnOnce(&Task) -> Routed,
    ) -> Result<(), ServiceError> {
        let waiting = Waiting { member: job.member()?, item: self.new_rephrasing() };
        let mut transaction = self.begin_for(Duty::Worker, waiting.member).await?;
        let now = self.inner.ambient.now();
        let task = rephrase::load(&mut transaction, waiting.member, grain, period, now).await?;
        if let Some(task) = task {
            let routed = route(&task);
            sum_calls::count_route(&mut transaction, grain, routed, now).await?;
            if routed.asks {
                batch::note(&mut transaction, waiting, (grain, period), &task.inputs, &[], now).await?;
            }
        }
        complete(transaction, job).await
    }

    /// A name by which an edition can be asked about. PRIVACY: a provider sees it, so it is chance and holds no time.
    pub fn new_rephrasing(&self) -> RephrasingId {
        uuid::Builder::from_random_bytes(self.inner.ambient.bytes()).into_uuid().into()
    }

    /// Takes what waits into the batch of this job.
    pub async fn form_batch(&self, job: &ClaimedJob) -> Result<(ModelBatchId, Vec<Waiting>), ServiceError> {
        let batch = batch::of_job(job);
        let mut transaction = self.begin(Duty::System).await?;
        let waiting = batch::form(&mut transaction, batch, self.inner.ambient.now()).await?;
        transaction.commit().await?;
        Ok((batch, waiting))
    }

    /// Decides of an edition that waits, by its numbers and budgets as they are now, and gives what is asked about it; nothing
    /// where it is not asked now.
    pub async fn take_up_rephrasing<T>(
        &self,
        batch: ModelBatchId,
        waiting: Waiting,
        decide: impl FnOnce(&Task, Grain, &[String]) -> Placing<T>,
    ) -> Result<Option<T>, ServiceError> {
        let mut transaction = self.begin_for(Duty::Worker, waiting.member).await?;
        let now = self.inner.ambient.now();
        let question = batch::take_up(&mut transaction, batch, waiting, decide, now).await?;
        transaction.commit().await?;
        Ok(question)
    }

    /// Notes that the batch of this job was handed in, first asked after at `ask_at`; orders another at once where there is `more`
    /// than it could take. Takes the job out of the queue, both or neither.
    pub async fn batch_handed_in(
        &self,
        job: &ClaimedJob,
        batch: ModelBatchId,
        provider_id: &str,
        more: bool,
        ask_at: DateTime<Utc>,
    ) -> Result<(), ServiceError> {
        let mut transaction = self.begin(Duty::System).await?;
        let now = self.inner.ambient.now();
        batch::handed_in(&mut transaction, batch, provider_id, more, (now, ask_at)).await?;
        complete(transaction, job).await
    }

    /// Forgets the batch of this job, in which nothing was asked, and takes the job out of the queue, both or neither.
    pub async fn dissolve_batch(&self, job: &ClaimedJob, batch: ModelBatchId) -> Result<(), ServiceError> {
        let mut transaction = self.begin(Duty::System).await?;
        batch::dissolve(&mut transaction, batch, self.inner.ambient.now()).await?;
        complete(transaction, job).await
    }

    /// A batch with what of it has not been settled; nothing where it has ended.
    pub async fn load_batch(&self, batch: ModelBatchId) -> Result<Option<Open>, ServiceError> {
        batch::load_open(&mut *self.begin(Duty::System).await?, batch).await
    }

    /// What an answer is held against: the edition as it is now, and what the member wrote in its period as far as it is still
    /// held. Nothing where the edition is another by now, the member is gone, or has taken their consent back.
    pub async fn load_asked(&self, item: &InFlight) -> Result<Option<(Asked, Vec<PrivateText>)>, ServiceError> {
        let Some(member) = item.member else { return Ok(None) };
        let mut transaction = self.begin_for(Duty::Worker, member).await?;
        let waiting = Waiting { member, item: item.item };
        let asked = batch::load_asked(&mut transaction, waiting, self.inner.ambient.now()).await?;
        let Some((asked, period)) = asked.filter(|(asked, _)| asked.task.consent) else { return Ok(None) };
        let keyring = &self.inner.keyring;
        let words = rephrase::open_words(&mut transaction, keyring, member, item.grain, period).await?;
        Ok(Some((asked, words)))
    }

    /// Books what an answer came to and does with it what was decided; false where that was done before.
    pub async fn settle_rephrasing(
        &self,
        batch: ModelBatchId,
        item: &InFlight,
        calls: &[BookedCall],
        settled: &Settled,
    ) -> Result<bool, ServiceError> {
        let mut transaction = match item.member {
            Some(member) => self.begin_for(Duty::Worker, member).await?,
            None => self.begin(Duty::Worker).await?,
        };
        let now = self.inner.ambient.now();
        let new = batch::settle(&mut transaction, batch, item, calls, settled, now).await?;
        transaction.commit().await?;
        Ok(new)
    }

    /// Ends a batch, and takes the job out of the queue, both or neither. Gives how many of its questions have no answer.
    pub async fn end_batch(&self, job: &ClaimedJob, batch: ModelBatchId) -> Result<u64, ServiceError> {
        let mut transaction = self.begin(Duty::System).await?;
        let unanswered = batch::end(&mut transaction, batch, self.inner.ambient.now()).await?;
        complete(transaction, job).await?;
        Ok(unanswered)
    }
}
