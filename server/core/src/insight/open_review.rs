//! Opening a batch of pairs for review, closing it, and what it came to. Needs the owner's login: it is an operator's act.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use spectrum_domain::{
    card::Language,
    id::{BatchId, PairId},
    review::{Arm, Choice, Facts, Judgement, Label, ReviewRecord, RevisionRef, Score, Showing, Text},
};
use sqlx::{Connection as _, PgConnection, types::Json};

use super::{
    label_prompt,
    rephrase::{BookedCall, book_calls},
    sum_calls::ForWhom,
};
use crate::{ambient::Ambient, error::ServiceError};

/// Texts that are to be judged.
#[derive(Clone, Debug)]
pub struct NewBatch {
    /// By which revision the candidate's texts were written.
    pub revision: RevisionRef,
    /// In which language.
    pub language: Language,
    /// By which model.
    pub model: String,
    /// What wrote the others.
    pub baseline: String,
    /// The pairs: what they rest on, the candidate's text, the other.
    pub pairs: Vec<(Facts, Text, Text)>,
    /// How often the guard refused a text, by reason.
    pub refused: BTreeMap<String, u32>,
    /// What the texts have cost.
    pub calls: Vec<BookedCall>,
}

/// Opens a batch and puts the candidate's label on the revision.
pub async fn open(
    connection: &mut PgConnection,
    ambient: &Ambient,
    new: &NewBatch,
    by: &str,
) -> Result<BatchId, ServiceError> {
    let (now, id): (_, BatchId) = (ambient.now(), ambient.id());
    let NewBatch { revision, language, model, baseline, pairs, refused, calls } = new;
    let mut transaction = connection.begin().await?;
    sqlx::query!(
        "INSERT INTO review_batch (batch_id, name, number, sha256, language, model, baseline, seed, refused, opened_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        id.uuid(),
        revision.name,
        revision.number,
        &revision.sha256[..],
        language.tag(),
        model,
        baseline,
        i64::from_le_bytes(ambient.bytes::<8>()),
        Json(refused) as _,
        now
    )
    .execute(&mut *transaction)
    .await?;
    for (facts, candidate, other) in pairs {
        let pair: PairId = ambient.id();
        sqlx::query!(
            "INSERT INTO review_pair (pair_id, batch_id, facts, candidate, baseline) VALUES ($1, $2, $3, $4, $5)",
            pair.uuid(),
            id.uuid(),
            Json(facts) as _,
            Json(candidate) as _,
            Json(other) as _
        )
        .execute(&mut *transaction)
        .await?;
    }
    let grain = pairs.first().map(|(facts, ..)| facts.grain);
    if let Some(grain) = grain {
        book_calls(&mut transaction, (id.uuid(), 1, grain, ForWhom::Review), calls, now).await?;
    }
    let mark = (by, now);
    label_prompt::put(&mut transaction, &revision.name, Some(revision), *language, Label::Candidate, mark).await?;
    transaction.commit().await?;
    Ok(id)
}

/// A batch by its id and what it is about.
#[derive(Clone, Debug)]
pub struct BatchCard {
    /// Which.
    pub batch_id: BatchId,
    /// The prompt.
    pub name: String,
    /// Its revision.
    pub number: i32,
    /// In which language, as a tag.
    pub language: String,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// What it came to, together with every batch of the revision closed before.
    pub record: Option<ReviewRecord>,
    /// How often the guard refused a text of the candidate's.
    pub refused: BTreeMap<String, u32>,
    /// What the candidate's texts were held against.
    pub baseline: String,
    /// The model.
    pub model: String,
}

/// Every batch, newest first.
pub async fn list(connection: &mut PgConnection) -> Result<Vec<BatchCard>, ServiceError> {
    let rows = sqlx::query!(
        r#"SELECT batch_id, name, number, language, opened_at, closed_at, record AS "record: Json<ReviewRecord>",
                  refused AS "refused!: Json<BTreeMap<String, u32>>", baseline, model
           FROM review_batch ORDER BY opened_at DESC, batch_id DESC"#
    )
    .fetch_all(connection)
    .await?;
    let card = rows.into_iter().map(|row| BatchCard {
        batch_id: row.batch_id.into(),
        name: row.name,
        number: row.number,
        language: row.language,
        opened_at: row.opened_at,
        closed_at: row.closed_at,
        record: row.record.map(|record| record.0),
        refused: row.refused.0,
        baseline: row.baseline,
        model: row.model,
    });
    Ok(card.collect())
}

/// Closes a batch: nothing more is judged, and what it came to is public. Nothing where there is none open of this id.
pub async fn close(
    connection: &mut PgConnection,
    batch: BatchId,
    now: DateTime<Utc>,
) -> Result<Option<ReviewRecord>, ServiceError> {
    let mut transaction = connection.begin().await?;
    let found = sqlx::query!(
        "SELECT name, number, sha256, language FROM review_batch WHERE batch_id = $1 AND closed_at IS NULL FOR UPDATE",
        batch.uuid()
    )
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(row) = found else { return Ok(None) };
    let sha256 = row.sha256.try_into();
    let sha256 = sha256.map_err(|_| ServiceError::Inconsistent { table: "review_batch", column: "sha256" })?;
    let revision = RevisionRef { name: row.name, number: row.number, sha256 };
    let record = load_record(&mut transaction, &revision, Language::of_tag(&row.language), Some(batch)).await?;
    sqlx::query!(
        "UPDATE review_batch SET closed_at = $2, record = $3 WHERE batch_id = $1",
        batch.uuid(),
        now,
        Json(&record) as _
    )
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(Some(record))
}

/// What all closed batches of a revision in a language came to, and the one that is being closed.
pub(super) async fn load_record(
    connection: &mut PgConnection,
    revision: &RevisionRef,
    language: Language,
    closing: Option<BatchId>,
) -> Result<ReviewRecord, ServiceError> {
    let judgements = sqlx::query!(
        "SELECT j.pair_id, j.staff_id, j.showing, j.left_arm, j.choice, j.left_unfit, j.right_unfit
         FROM review_batch b JOIN review_pair p USING (batch_id) JOIN review_judgement j USING (pair_id)
         WHERE b.name = $1 AND b.number = $2 AND b.sha256 = $3 AND b.language = $4
           AND (b.closed_at IS NOT NULL OR b.batch_id = $5)",
        revision.name,
        revision.number,
        &revision.sha256[..],
        language.tag(),
        closing.map(BatchId::uuid)
    )
    .fetch_all(&mut *connection)
    .await?;
    let scores = sqlx::query!(
        "SELECT s.pair_id, s.arm, s.staff_id, s.points
         FROM review_batch b JOIN review_pair p USING (batch_id) JOIN review_score s USING (pair_id)
         WHERE b.name = $1 AND b.number = $2 AND b.sha256 = $3 AND b.language = $4
           AND (b.closed_at IS NOT NULL OR b.batch_id = $5)",
        revision.name,
        revision.number,
        &revision.sha256[..],
        language.tag(),
        closing.map(BatchId::uuid)
    )
    .fetch_all(connection)
    .await?;
    let impossible = |table, column| ServiceError::Inconsistent { table, column };
    let judgements: Vec<Judgement> = judgements
        .into_iter()
        .map(|row| {
            let impossible = |column| impossible("review_judgement", column);
            Ok(Judgement {
                pair: row.pair_id.into(),
                reviewer: row.staff_id.into(),
                showing: Showing::from_number(row.showing).ok_or_else(|| impossible("showing"))?,
                left: Arm::from_name(&row.left_arm).ok_or_else(|| impossible("left_arm"))?,
                choice: Choice::from_name(&row.choice).ok_or_else(|| impossible("choice"))?,
                unfit: (row.left_unfit, row.right_unfit),
            })
        })
        .collect::<Result<_, ServiceError>>()?;
    let scores: Vec<Score> = scores
        .into_iter()
        .map(|row| {
            let points: Option<Vec<u8>> = row.points.iter().map(|points| u8::try_from(*points).ok()).collect();
            let points = points.and_then(|points| points.try_into().ok());
            Ok(Score {
                pair: row.pair_id.into(),
                arm: Arm::from_name(&row.arm).ok_or_else(|| impossible("review_score", "arm"))?,
                reviewer: row.staff_id.into(),
                points: points.ok_or_else(|| impossible("review_score", "points"))?,
            })
        })
        .collect::<Result<_, ServiceError>>()?;
    Ok(ReviewRecord::of(&judgements, &scores))
}
