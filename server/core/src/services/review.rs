//! Judging prompts: what reviewers see and say, and what is public of it.

use spectrum_domain::{
    card::{Grain, Language},
    id::{BatchId, PairId, StaffId},
    review::{Criterion, Label, RevisionRef},
};

use super::Services;
use crate::{
    db::{pool::Duty, shield::shielded},
    error::ServiceError,
    insight::{
        label_prompt,
        open_review::{self, BatchCard},
        rephrase::prompt_name,
        review_texts::{self, Look, Progress, ShownPair, ShownText},
    },
};

/// The revision of a prompt that is in use in a language.
#[derive(Clone, Debug)]
pub struct InUse {
    /// In which language.
    pub language: Language,
    /// Which revision.
    pub revision: RevisionRef,
}

impl Services {
    /// Every batch, newest first, each with how far the reviewer has come where it is open.
    pub async fn list_reviews(&self, reviewer: StaffId) -> Result<Vec<(BatchCard, Option<Progress>)>, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin(Duty::Staff).await?;
            let mut reviews = Vec::new();
            for batch in open_review::list(&mut transaction).await? {
                let progress = match batch.closed_at {
                    None => Some(review_texts::progress(&mut transaction, reviewer, batch.batch_id).await?),
                    Some(_) => None,
                };
                reviews.push((batch, progress));
            }
            Ok(reviews)
        })
        .await
    }

    /// The next pair that the reviewer has not judged.
    pub async fn next_pair(&self, reviewer: StaffId, batch: BatchId) -> Result<Option<ShownPair>, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin(Duty::Staff).await?;
            review_texts::next_pair(&mut transaction, reviewer, batch).await
        })
        .await
    }

    /// Keeps what a reviewer thinks of a pair. Gives of which batch it is.
    pub async fn judge_pair(&self, reviewer: StaffId, look: Look) -> Result<BatchId, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin(Duty::Staff).await?;
            let now = this.inner.ambient.now();
            let batch = review_texts::judge(&mut transaction, reviewer, &look, now).await?;
            transaction.commit().await?;
            Ok(batch)
        })
        .await
    }

    /// The next text that the reviewer has not scored.
    pub async fn next_text(&self, reviewer: StaffId, batch: BatchId) -> Result<Option<ShownText>, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin(Duty::Staff).await?;
            review_texts::next_text(&mut transaction, reviewer, batch).await
        })
        .await
    }

    /// Keeps the points that a reviewer gave a text. Gives of which batch it is.
    pub async fn score_text(
        &self,
        reviewer: StaffId,
        text: (PairId, usize),
        points: [u8; Criterion::ALL.len()],
    ) -> Result<BatchId, ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin(Duty::Staff).await?;
            let now = this.inner.ambient.now();
            let batch = review_texts::score(&mut transaction, reviewer, text, points, now).await?;
            transaction.commit().await?;
            Ok(batch)
        })
        .await
    }

    /// What anybody may know of prompts: which are in use, and what every closed batch came to, newest first.
    pub async fn load_prompt_record(&self) -> Result<(Vec<InUse>, Vec<BatchCard>), ServiceError> {
        let this = self.clone();
        shielded(async move {
            let mut transaction = this.begin(Duty::Web).await?;
            let mut in_use = Vec::new();
            for language in Language::ALL {
                for name in Grain::ALL.map(prompt_name) {
                    let found = label_prompt::find(&mut transaction, name, language, Label::Production).await?;
                    in_use.extend(found.map(|revision| InUse { language, revision }));
                }
            }
            let closed = open_review::list(&mut transaction).await?.into_iter().filter(|batch| batch.record.is_some());
            Ok((in_use, closed.collect()))
        })
        .await
    }
}
