//! What is told: editions made and read, and what members say of their cards.

use chrono::NaiveDate;
use spectrum_domain::{
    calendar::Month,
    card::{Grain, Verdict},
    id::{CardId, MemberId},
    job::Page,
    private::PrivateText,
    product_event::ProductEvent,
    schedule::Scope,
};

use super::{Services, jobs::complete};
use crate::{
    db::{pool::Duty, shield::shielded},
    error::ServiceError,
    insight::{
        give_feedback,
        load_edition::{self, Edition},
        load_quality::{self, Quality},
        load_spending::{self, Budgets, Spending},
        publish_period,
        rephrase::{self, Task, Tried},
        rewrite::{self, Cause},
    },
    push::plan_week,
    queue::claim::ClaimedJob,
};

impl Services {
    /// Makes the member's editions again that are not what their sums say, and takes the job out of the queue, both or
    /// neither.
    pub async fn write_editions(&self, job: &ClaimedJob) -> Result<(), ServiceError> {
        let member = job.member()?;
        let mut transaction = self.begin_for(Duty::Worker, member).await?;
        rewrite::rewrite(&mut transaction, member, Cause::Arrived, self.inner.models, self.inner.ambient.now()).await?;
        plan_week::plan_newest(&mut transaction, self.planning(), member).await?;
        complete(transaction, job).await
    }

    /// Tells a page of members of a week or month that has ended, some hundreds a transaction, and takes the job out of the
    /// queue after the last. Gives how many editions there are by that.
    pub async fn publish_period(
        &self,
        job: &ClaimedJob,
        grain: Grain,
        scope: Scope,
        page: Page,
        period: NaiveDate,
    ) -> Result<usize, ServiceError> {
        let mut published = 0;
        loop {
            let mut transaction = self.begin(Duty::System).await?;
            let (models, pushing) = (self.inner.models, self.planning());
            let some =
                publish_period::publish_some(&mut transaction, grain, scope, page, period, models, pushing).await?;
            transaction.commit().await?;
            if some == 0 {
                self.finish_job(job).await?;
                return Ok(published);
            }
            published += some;
        }
    }

    /// What a model is to put into other words, and what it may not repeat; nothing where there is nothing to do any more.
    pub async fn load_rephrasing(
        &self,
        member: MemberId,
        grain: Grain,
        period: NaiveDate,
    ) -> Result<Option<(Task, Vec<PrivateText>)>, ServiceError> {
        let mut transaction = self.begin_for(Duty::Worker, member).await?;
        let now = self.inner.ambient.now();
        let Some(task) = rephrase::load(&mut transaction, member, grain, period, now).await? else { return Ok(None) };
        let words = rephrase::open_words(&mut transaction, &self.inner.keyring, member, grain, period).await?;
        Ok(Some((task, words)))
    }

    /// Books what a model was asked, keeps what it said, and takes the job out of the queue, all or nothing.
    pub async fn keep_rephrasing(
        &self,
        job: &ClaimedJob,
        place: (Grain, NaiveDate),
        task: &Task,
        tried: Tried<'_>,
    ) -> Result<(), ServiceError> {
        let mut transaction = self.begin_for(Duty::Worker, job.member()?).await?;
        let now = self.inner.ambient.now();
        rephrase::keep(&mut transaction, job, place, task, tried, now).await?;
        complete(transaction, job).await
    }

    /// The member's editions of periods before this day, newest first, at most so many.
    pub async fn list_editions(
        &self,
        member: MemberId,
        grain: Grain,
        before: Option<NaiveDate>,
        most: i64,
    ) -> Result<Vec<Edition>, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Web, member).await?;
            load_edition::list(&mut transaction, member, grain, before, most).await
        })
        .await
    }

    /// What was told of a period.
    pub async fn load_edition(
        &self,
        member: MemberId,
        grain: Grain,
        period: NaiveDate,
    ) -> Result<Option<Edition>, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Web, member).await?;
            load_edition::load(&mut transaction, member, grain, period).await
        })
        .await
    }

    /// Keeps what the member says of a card, or takes it back. Gives of which period the card is.
    pub async fn give_feedback(
        &self,
        member: MemberId,
        card: CardId,
        verdict: Option<Verdict>,
    ) -> Result<(Grain, NaiveDate), ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Web, member).await?;
            let now = this.inner.ambient.now();
            let (place, card_kind) = give_feedback::give(&mut transaction, member, card, verdict, now).await?;
            if let Some(verdict) = verdict {
                let event = ProductEvent::CardFeedbackSubmitted { card_kind, verdict };
                this.count(&mut transaction, member, event).await?;
            }
            transaction.commit().await?;
            Ok(place)
        })
        .await
    }

    /// What models have cost in a month.
    pub async fn load_spending(&self, month: Month) -> Result<Spending, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin(Duty::Staff).await?;
            let today = this.inner.ambient.now().date_naive();
            load_spending::load(&mut transaction, month.start(), month.end(), today).await
        })
        .await
    }

    /// What models may cost.
    pub fn budgets(&self) -> Budgets {
        self.inner.budgets
    }

    /// Who told how much in a month, and what came of it.
    pub async fn load_quality(&self, month: Month) -> Result<Quality, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin(Duty::Staff).await?;
            load_quality::load(&mut transaction, month.start(), month.end()).await
        })
        .await
    }
}
