//! Editions that wait to be put into other words many at once, and the batches they go in, from being formed to their end. The
//! asking itself is nobody's business here.
//!
//! What a batch asks lies apart from whom it is about (`model_batch_item` and `rephrasing`): an answer is charged for whoever is
//! gone by then, and it is booked in the transaction that takes the item away, so once.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use spectrum_domain::{
    card::{Generator, Grain},
    id::{MemberId, ModelBatchId, RephrasingId},
    job::Job,
};
use sqlx::PgConnection;

use super::{
    rephrase::{self, BookedCall, Booking, Rephrased, Task},
    sum_calls::{Routed, count_route},
};
use crate::{
    db::scope::raise_data_version,
    error::ServiceError,
    queue::{
        claim::ClaimedJob,
        enqueue::{NewJob, enqueue, job_key},
    },
};

/// Most questions of one batch.
pub const MOST: i64 = 2_000;

/// A batch that has not ended this long after it was handed in is given up: providers promise a day.
pub const GIVEN_UP_AFTER: TimeDelta = TimeDelta::hours(26);

/// Between two batches.
const RHYTHM: TimeDelta = TimeDelta::hours(1);

/// An edition noted this shortly before a batch goes into the next: longer than the transaction that notes it may take.
const LEAD: TimeDelta = TimeDelta::minutes(5);

/// What no batch had room for this long keeps its template's words.
const WAITS_AT_MOST: TimeDelta = TimeDelta::days(3);

/// A batch that was formed this long ago and was never noted as handed in is lost: its job is dead.
const LOST_AFTER: TimeDelta = TimeDelta::hours(2);

/// An edition that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Whose.
    pub member: MemberId,
    /// By its name in batches.
    pub item: RephrasingId,
}

/// What is decided of one that waits.
#[derive(Debug)]
pub enum Placing<T> {
    /// It is asked now.
    Ask {
        /// Of which model.
        model: String,
        /// By which prompt: name, number and hash.
        prompt: String,
        /// Most that it may cost, in millionths of a dollar.
        micro_dollars: u64,
        /// What is asked.
        question: T,
    },
    /// It waits for the next batch: what is on its way may leave no room.
    Later,
    /// The template's words stay: it was chosen to write, or there is nothing to write any more.
    Never(Option<Routed>),
}

/// A batch that was handed in and has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// The provider's name of it.
    pub provider_id: String,
    /// When it was handed in.
    pub handed_in_at: DateTime<Utc>,
    /// What of it has not been settled.
    pub items: Vec<InFlight>,
}

/// A question on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InFlight {
    /// Its name.
    pub item: RephrasingId,
    /// Of a week or a month.
    pub grain: Grain,
    /// The model that was asked.
    pub model: String,
    /// By which prompt.
    pub prompt: String,
    /// Whose edition it is about; nobody's where they are gone.
    pub member: Option<MemberId>,
}

/// What an answer is held against.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The edition as it is now: it is the one that was asked about.
    pub task: Task,
    /// Whether this was the first question about it.
    pub first: bool,
}

/// What comes of an answer besides being booked.
#[derive(Clone, Debug)]
pub enum Settled {
    /// Its words are shown.
    Words(Rephrased, Generator),
    /// It was refused, and is asked for once more with these reasons.
    Again(RephrasingId, Vec<String>),
    /// The template's words stay.
    Nothing,
}

/// When the next batch is formed.
fn next_batch(now: DateTime<Utc>) -> DateTime<Utc> {
    let (soonest, rhythm) = ((now + LEAD).timestamp(), RHYTHM.num_seconds());
    let due = (soonest + rhythm - 1).div_euclid(rhythm) * rhythm;
    DateTime::from_timestamp(due, 0).unwrap_or(now + RHYTHM)
}

/// Orders the next batch, once however many wait for it.
async fn order(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let due = next_batch(now);
    let job = NewJob::about_many(&Job::SubmitRephrasings, &[&due.timestamp().to_le_bytes()], due.date_naive(), due);
    enqueue(connection, &[job], now).await?;
    Ok(())
}

/// Orders the next batch if anything waits for one.
pub(crate) async fn order_if_any_waits(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    if any_waits(connection).await? {
        order(connection, now).await?;
    }
    Ok(())
}

async fn any_waits(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    // What a job took that died before it handed its batch in waits as well.
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM rephrasing WHERE batch_id IS NULL OR batch_id IN (
               SELECT batch_id FROM model_batch WHERE provider_id IS NULL)) AS "waits!""#
    )
    .fetch_one(connection)
    .await
}

/// Notes that an edition waits to be put into other words; `refused` says why the first answer was not taken, if there was one.
pub(crate) async fn note(
    connection: &mut PgConnection,
    waiting: Waiting,
    (grain, period): (Grain, NaiveDate),
    inputs: &[u8],
    refused: &[String],
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO rephrasing (member_id, item_id, grain, period, inputs_hash, refused, waiting_since)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (member_id, grain, period, inputs_hash) DO NOTHING",
        waiting.member.uuid(),
        waiting.item.uuid(),
        grain.name(),
        period,
        inputs,
        refused,
        now
    )
    .execute(&mut *connection)
    .await?;
    order(connection, now).await
}

/// The batch that a job forms: the same at each of its tries.
pub(crate) fn of_job(job: &ClaimedJob) -> ModelBatchId {
    job_key("model_batch", &[&job.id.to_le_bytes()]).into()
}

/// Takes what waits into a batch, what was never considered first, and gives it. What an earlier try took is in it again: it
/// may have been handed in without anybody having noted it, and is asked a second time then.
pub(crate) async fn form(
    connection: &mut PgConnection,
    batch: ModelBatchId,
    now: DateTime<Utc>,
) -> Result<Vec<Waiting>, ServiceError> {
    sqlx::query!(
        "WITH lost AS (
             DELETE FROM model_batch WHERE provider_id IS NULL AND formed_at < $2 AND batch_id <> $1 RETURNING batch_id
         )
         UPDATE rephrasing SET batch_id = NULL WHERE batch_id IN (SELECT batch_id FROM lost)",
        batch.uuid(),
        now - LOST_AFTER
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "INSERT INTO model_batch (batch_id, formed_at) VALUES ($1, $2)
         ON CONFLICT (batch_id) DO UPDATE SET formed_at = excluded.formed_at",
        batch.uuid(),
        now
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("DELETE FROM model_batch_item WHERE batch_id = $1", batch.uuid()).execute(&mut *connection).await?;
    sqlx::query!("DELETE FROM rephrasing WHERE batch_id IS NULL AND waiting_since < $1", now - WAITS_AT_MOST)
        .execute(&mut *connection)
        .await?;
    sqlx::query!(
        "UPDATE rephrasing SET batch_id = $1, considered_at = $2
         WHERE (member_id, item_id) IN (
             SELECT member_id, item_id FROM rephrasing WHERE batch_id IS NULL
             ORDER BY considered_at NULLS FIRST, waiting_since
             LIMIT greatest($3 - (SELECT count(*) FROM rephrasing WHERE batch_id = $1), 0)
             FOR UPDATE SKIP LOCKED)",
        batch.uuid(),
        now,
        MOST
    )
    .execute(&mut *connection)
    .await?;
    let rows = sqlx::query!(
        "SELECT member_id, item_id FROM rephrasing WHERE batch_id = $1 ORDER BY member_id, item_id",
        batch.uuid()
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| Waiting { member: row.member_id.into(), item: row.item_id.into() }).collect())
}

/// Decides of one that waits, and gives what is asked; nothing where it is not asked now.
pub(crate) async fn take_up<T>(
    connection: &mut PgConnection,
    batch: ModelBatchId,
    waiting: Waiting,
    decide: impl FnOnce(&Task, Grain, &[String]) -> Placing<T>,
    now: DateTime<Utc>,
) -> Result<Option<T>, ServiceError> {
    let (member, item) = (waiting.member.uuid(), waiting.item.uuid());
    // Nothing is there any more where it has gone with its member.
    let Some(Row { grain, refused, task, .. }) = load(connection, waiting, now).await? else { return Ok(None) };
    match task.map_or(Placing::Never(None), |task| decide(&task, grain, &refused)) {
        Placing::Ask { model, prompt, micro_dollars, question } => {
            sqlx::query!(
                "INSERT INTO model_batch_item (batch_id, item_id, task, model, prompt, micro_dollars)
                 VALUES ($1, $2, $3, $4, $5, $6)",
                batch.uuid(),
                item,
                grain.name(),
                model,
                prompt,
                i64::try_from(micro_dollars).unwrap_or(i64::MAX)
            )
            .execute(connection)
            .await?;
            return Ok(Some(question));
        }
        Placing::Later => {
            sqlx::query!("UPDATE rephrasing SET batch_id = NULL WHERE member_id = $1 AND item_id = $2", member, item)
                .execute(connection)
                .await?;
        }
        Placing::Never(routed) => {
            sqlx::query!("DELETE FROM rephrasing WHERE member_id = $1 AND item_id = $2", member, item)
                .execute(&mut *connection)
                .await?;
            if let Some(routed) = routed {
                count_route(connection, grain, routed, now).await?;
            }
        }
    }
    Ok(None)
}

/// One that waits or is on its way.
struct Row {
    grain: Grain,
    period: NaiveDate,
    /// Why its first answer was refused.
    refused: Vec<String>,
    /// Its edition, if that is still the one that it waits for.
    task: Option<Task>,
}

async fn load(
    connection: &mut PgConnection,
    waiting: Waiting,
    now: DateTime<Utc>,
) -> Result<Option<Row>, ServiceError> {
    let Some(row) = sqlx::query!(
        r#"SELECT r.grain, r.period, r.inputs_hash, r.refused, m.state = 'active' AS "active!"
           FROM rephrasing r JOIN member m USING (member_id) WHERE r.member_id = $1 AND r.item_id = $2"#,
        waiting.member.uuid(),
        waiting.item.uuid()
    )
    .fetch_optional(&mut *connection)
    .await?
    else {
        return Ok(None);
    };
    let grain = grain_of(&row.grain, "rephrasing")?;
    let task = rephrase::load(connection, waiting.member, grain, row.period, now).await?;
    let task = task.filter(|task| task.inputs == row.inputs_hash && row.active);
    Ok(Some(Row { grain, period: row.period, refused: row.refused, task }))
}

fn grain_of(name: &str, table: &'static str) -> Result<Grain, ServiceError> {
    Grain::ALL
        .into_iter()
        .find(|grain| grain.name() == name)
        .ok_or(ServiceError::Inconsistent { table, column: "grain" })
}

/// Notes that a batch was handed in and when it is first asked after, and orders the next one if anything waits: at once
/// where there is `more` than this one could take.
pub(crate) async fn handed_in(
    connection: &mut PgConnection,
    batch: ModelBatchId,
    provider_id: &str,
    more: bool,
    (now, ask_at): (DateTime<Utc>, DateTime<Utc>),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE model_batch SET provider_id = $2, handed_in_at = $3 WHERE batch_id = $1",
        batch.uuid(),
        provider_id,
        now
    )
    .execute(&mut *connection)
    .await?;
    let job = Job::CollectRephrasings { batch_id: batch };
    let mut jobs = vec![NewJob::about_many(&job, &[batch.0.as_bytes()], now.date_naive(), ask_at)];
    if more && any_waits(connection).await? {
        let another = &[b"after".as_slice(), batch.0.as_bytes()];
        jobs.push(NewJob::about_many(&Job::SubmitRephrasings, another, now.date_naive(), now));
    }
    enqueue(connection, &jobs, now).await?;
    order_if_any_waits(connection, now).await
}

/// Forgets a batch in which nothing was asked.
pub(crate) async fn dissolve(
    connection: &mut PgConnection,
    batch: ModelBatchId,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM model_batch WHERE batch_id = $1", batch.uuid()).execute(&mut *connection).await?;
    order_if_any_waits(connection, now).await
}

/// A batch with what of it has not been settled; nothing where it has ended.
pub(crate) async fn load_open(
    connection: &mut PgConnection,
    batch: ModelBatchId,
) -> Result<Option<Open>, ServiceError> {
    let Some(row) = sqlx::query!(
        r#"SELECT provider_id AS "provider_id!", handed_in_at AS "handed_in_at!" FROM model_batch
           WHERE batch_id = $1 AND handed_in_at IS NOT NULL AND ended_at IS NULL"#,
        batch.uuid()
    )
    .fetch_optional(&mut *connection)
    .await?
    else {
        return Ok(None);
    };
    let items = sqlx::query!(
        r#"SELECT i.item_id, i.task, i.model, i.prompt, r.member_id AS "member_id?" FROM model_batch_item i
           LEFT JOIN rephrasing r ON r.batch_id = i.batch_id AND r.item_id = i.item_id
           WHERE i.batch_id = $1 ORDER BY i.item_id"#,
        batch.uuid()
    )
    .fetch_all(connection)
    .await?;
    let items = items.into_iter().map(|item| {
        Ok(InFlight {
            item: item.item_id.into(),
            grain: grain_of(&item.task, "model_batch_item")?,
            model: item.model,
            prompt: item.prompt,
            member: item.member_id.map(MemberId::from),
        })
    });
    let items = items.collect::<Result<_, ServiceError>>()?;
    Ok(Some(Open { provider_id: row.provider_id, handed_in_at: row.handed_in_at, items }))
}

/// What an answer is held against, and of which period it is; nothing where its edition is another by now or there is none.
pub(crate) async fn load_asked(
    connection: &mut PgConnection,
    waiting: Waiting,
    now: DateTime<Utc>,
) -> Result<Option<(Asked, NaiveDate)>, ServiceError> {
    let Some(row) = load(connection, waiting, now).await? else { return Ok(None) };
    let (period, first) = (row.period, row.refused.is_empty());
    Ok(row.task.map(|task| (Asked { task, first }, period)))
}

/// Books the calls that an answer came to and does with it what was decided, unless that was done before: false then.
pub(crate) async fn settle(
    connection: &mut PgConnection,
    batch: ModelBatchId,
    item: &InFlight,
    calls: &[BookedCall],
    settled: &Settled,
    now: DateTime<Utc>,
) -> Result<bool, ServiceError> {
    // Held first, as by whoever makes editions again.
    let member = match item.member {
        Some(member) => raise_data_version(connection, member).await?.map(|_| member),
        None => None,
    };
    let taken = sqlx::query!(
        "DELETE FROM model_batch_item WHERE batch_id = $1 AND item_id = $2",
        batch.uuid(),
        item.item.uuid()
    )
    .execute(&mut *connection)
    .await?;
    if taken.rows_affected() == 0 {
        return Ok(false);
    }
    let key = job_key("model_call", &[b"batch".as_slice(), batch.0.as_bytes(), item.item.0.as_bytes()]);
    let booking = Booking { key, attempt: 1, member, grain: item.grain };
    rephrase::book(connection, &booking, calls, now).await?;
    let Some(member) = member else { return Ok(true) };
    let Some(row) = sqlx::query!(
        "DELETE FROM rephrasing WHERE member_id = $1 AND item_id = $2 RETURNING period, inputs_hash",
        member.uuid(),
        item.item.uuid()
    )
    .fetch_optional(&mut *connection)
    .await?
    else {
        return Ok(true);
    };
    let place = (item.grain, row.period);
    match settled {
        Settled::Words(rephrased, generator) => {
            rephrase::keep_words(connection, member, place, &row.inputs_hash, (rephrased, generator)).await?;
        }
        Settled::Again(again, reasons) => {
            let waiting = Waiting { member, item: *again };
            note(connection, waiting, place, &row.inputs_hash, reasons, now).await?;
        }
        Settled::Nothing => {}
    }
    Ok(true)
}

/// Ends a batch and gives how many of its questions have no answer: theirs stay a template's, and what was held back for them is
/// free again.
pub(crate) async fn end(
    connection: &mut PgConnection,
    batch: ModelBatchId,
    now: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    sqlx::query!("DELETE FROM rephrasing WHERE batch_id = $1", batch.uuid()).execute(&mut *connection).await?;
    let left = sqlx::query!("DELETE FROM model_batch_item WHERE batch_id = $1", batch.uuid());
    let left = left.execute(&mut *connection).await?.rows_affected();
    sqlx::query!("UPDATE model_batch SET ended_at = $2 WHERE batch_id = $1", batch.uuid(), now)
        .execute(&mut *connection)
        .await?;
    order_if_any_waits(connection, now).await?;
    Ok(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_are_formed_on_the_hour_and_never_in_the_next_minutes() {
        let next = |now: &str| next_batch(now.parse().expect("an instant")).to_rfc3339();
        assert_eq!(next("2026-11-20T12:00:00Z"), "2026-11-20T13:00:00+00:00");
        assert_eq!(next("2026-11-20T12:54:59Z"), "2026-11-20T13:00:00+00:00");
        assert_eq!(next("2026-11-20T12:55:00Z"), "2026-11-20T13:00:00+00:00");
        assert_eq!(next("2026-11-20T12:55:01Z"), "2026-11-20T14:00:00+00:00");
    }
}
