//! What a reviewer does: looks at pairs of texts without knowing whose they are, and scores single ones by the rubric.
//!
//! INVARIANT: nothing that is given out here says which arm a text is of while its batch is open.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use spectrum_domain::{
    id::{BatchId, PairId, StaffId},
    review::{self, Arm, Choice, Criterion, Facts, MOST_POINTS, Showing, Text},
};
use sqlx::{PgConnection, types::Json};

use crate::error::ServiceError;

/// Longest that a look is counted as, in seconds: a page left open over lunch is no long thought.
const LONGEST_LOOK: i64 = 3600;

/// A pair as a reviewer sees it.
#[derive(Clone, Debug)]
pub struct ShownPair {
    /// Which.
    pub pair: PairId,
    /// For the first or the second time.
    pub showing: Showing,
    /// What both rest on.
    pub facts: Facts,
    /// The text on the left, and the one on the right.
    pub texts: [Text; 2],
    /// In which language they are, as a tag.
    pub language: String,
}

/// A single text as a reviewer sees it.
#[derive(Clone, Debug)]
pub struct ShownText {
    /// Of which pair.
    pub pair: PairId,
    /// Which of its two, in the order of the reviewer's own sides: it says nothing about whose it is.
    pub place: usize,
    /// What it rests on.
    pub facts: Facts,
    /// The text.
    pub text: Text,
    /// In which language it is, as a tag.
    pub language: String,
}

/// How far a reviewer has come with a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Looks done: two for each pair.
    pub looks: usize,
    /// Texts scored: the two of each pair.
    pub scored: usize,
    /// Of so many looks, and of so many texts.
    pub of: usize,
}

/// A look at a pair, as a form says it.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Which pair.
    pub pair: PairId,
    /// For the first or the second time.
    pub showing: Showing,
    /// What was preferred.
    pub choice: Choice,
    /// Texts that must not be shown to anybody: left, right.
    pub unfit: (bool, bool),
    /// When the pair was shown.
    pub shown_at: DateTime<Utc>,
}

struct Open {
    seed: i64,
    language: String,
    pairs: Vec<PairId>,
}

async fn open_batch(connection: &mut PgConnection, batch: BatchId) -> Result<Open, ServiceError> {
    let row =
        sqlx::query!("SELECT seed, language FROM review_batch WHERE batch_id = $1 AND closed_at IS NULL", batch.uuid())
            .fetch_optional(&mut *connection)
            .await?
            .ok_or(ServiceError::NoOpenReview)?;
    let pairs =
        sqlx::query_scalar!("SELECT pair_id FROM review_pair WHERE batch_id = $1 ORDER BY pair_id", batch.uuid())
            .fetch_all(connection)
            .await?;
    Ok(Open { seed: row.seed, language: row.language, pairs: pairs.into_iter().map(PairId::from).collect() })
}

async fn looks_of(
    connection: &mut PgConnection,
    reviewer: StaffId,
    batch: BatchId,
) -> Result<BTreeSet<(PairId, i16)>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT j.pair_id, j.showing FROM review_judgement j JOIN review_pair p USING (pair_id)
         WHERE p.batch_id = $1 AND j.staff_id = $2",
        batch.uuid(),
        reviewer.uuid()
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.pair_id.into(), row.showing)).collect())
}

async fn scores_of(
    connection: &mut PgConnection,
    reviewer: StaffId,
    batch: BatchId,
) -> Result<BTreeSet<(PairId, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT s.pair_id, s.arm FROM review_score s JOIN review_pair p USING (pair_id)
         WHERE p.batch_id = $1 AND s.staff_id = $2",
        batch.uuid(),
        reviewer.uuid()
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.pair_id.into(), row.arm)).collect())
}

/// How far the reviewer has come.
pub(crate) async fn progress(
    connection: &mut PgConnection,
    reviewer: StaffId,
    batch: BatchId,
) -> Result<Progress, ServiceError> {
    let open = open_batch(connection, batch).await?;
    Ok(Progress {
        looks: looks_of(connection, reviewer, batch).await?.len(),
        scored: scores_of(connection, reviewer, batch).await?.len(),
        of: 2 * open.pairs.len(),
    })
}

struct Pair {
    facts: Facts,
    candidate: Text,
    baseline: Text,
}

impl Pair {
    async fn load(connection: &mut PgConnection, pair: PairId) -> Result<Self, ServiceError> {
        let row = sqlx::query!(
            r#"SELECT facts AS "facts!: Json<Facts>", candidate AS "candidate!: Json<Text>",
                      baseline AS "baseline!: Json<Text>" FROM review_pair WHERE pair_id = $1"#,
            pair.uuid()
        )
        .fetch_one(connection)
        .await?;
        Ok(Self { facts: row.facts.0, candidate: row.candidate.0, baseline: row.baseline.0 })
    }

    fn text(&self, arm: Arm) -> Text {
        match arm {
            Arm::Candidate => self.candidate.clone(),
            Arm::Baseline => self.baseline.clone(),
        }
    }
}

/// The next pair that the reviewer has not judged; nothing when all are judged both ways round.
pub(crate) async fn next_pair(
    connection: &mut PgConnection,
    reviewer: StaffId,
    batch: BatchId,
) -> Result<Option<ShownPair>, ServiceError> {
    let open = open_batch(connection, batch).await?;
    let done = looks_of(connection, reviewer, batch).await?;
    let mut order = review::order(open.seed, reviewer, &open.pairs).into_iter();
    let Some((pair, showing)) = order.find(|(pair, showing)| !done.contains(&(*pair, showing.number()))) else {
        return Ok(None);
    };
    let left = review::left(open.seed, reviewer, pair, showing);
    let found = Pair::load(connection, pair).await?;
    let texts = [found.text(left), found.text(left.other())];
    Ok(Some(ShownPair { pair, showing, facts: found.facts, texts, language: open.language }))
}

/// The batch that a pair is of.
async fn batch_of(connection: &mut PgConnection, pair: PairId) -> Result<BatchId, ServiceError> {
    let batch = sqlx::query_scalar!("SELECT batch_id FROM review_pair WHERE pair_id = $1", pair.uuid())
        .fetch_optional(connection)
        .await?;
    batch.map(BatchId::from).ok_or(ServiceError::NoOpenReview)
}

/// Keeps a look; the same one twice is one, and the second is none before the first. Gives of which batch the pair is.
pub(crate) async fn judge(
    connection: &mut PgConnection,
    reviewer: StaffId,
    look: &Look,
    now: DateTime<Utc>,
) -> Result<BatchId, ServiceError> {
    let batch = batch_of(connection, look.pair).await?;
    let open = open_batch(connection, batch).await?;
    let done = looks_of(connection, reviewer, batch).await?;
    if look.showing == Showing::Second && !done.contains(&(look.pair, Showing::First.number())) {
        return Ok(batch);
    }
    let seconds = (now - look.shown_at).num_seconds().clamp(0, LONGEST_LOOK);
    sqlx::query!(
        "INSERT INTO review_judgement (pair_id, staff_id, showing, left_arm, choice, left_unfit, right_unfit, seconds,
                                       judged_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        look.pair.uuid(),
        reviewer.uuid(),
        look.showing.number(),
        review::left(open.seed, reviewer, look.pair, look.showing).name(),
        look.choice.name(),
        look.unfit.0,
        look.unfit.1,
        i32::try_from(seconds).unwrap_or_default(),
        now
    )
    .execute(connection)
    .await?;
    Ok(batch)
}

/// The next text that the reviewer has not scored.
pub(crate) async fn next_text(
    connection: &mut PgConnection,
    reviewer: StaffId,
    batch: BatchId,
) -> Result<Option<ShownText>, ServiceError> {
    let open = open_batch(connection, batch).await?;
    let done = scores_of(connection, reviewer, batch).await?;
    let mut order = review::texts(open.seed, reviewer, &open.pairs).into_iter();
    let Some((pair, arm)) = order.find(|(pair, arm)| !done.contains(&(*pair, arm.name().to_owned()))) else {
        return Ok(None);
    };
    let place = usize::from(review::left(open.seed, reviewer, pair, Showing::First) != arm);
    let found = Pair::load(connection, pair).await?;
    let text = found.text(arm);
    Ok(Some(ShownText { pair, place, facts: found.facts, text, language: open.language }))
}

/// Keeps the points of a text; the first count. Gives of which batch the pair is.
pub(crate) async fn score(
    connection: &mut PgConnection,
    reviewer: StaffId,
    (pair, place): (PairId, usize),
    points: [u8; Criterion::ALL.len()],
    now: DateTime<Utc>,
) -> Result<BatchId, ServiceError> {
    let batch = batch_of(connection, pair).await?;
    let open = open_batch(connection, batch).await?;
    let left = review::left(open.seed, reviewer, pair, Showing::First);
    let arm = if place == 0 { left } else { left.other() };
    sqlx::query!(
        "INSERT INTO review_score (pair_id, arm, staff_id, points, scored_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING",
        pair.uuid(),
        arm.name(),
        reviewer.uuid(),
        &points.map(|points| i16::from(points.min(MOST_POINTS)))[..],
        now
    )
    .execute(connection)
    .await?;
    Ok(batch)
}
