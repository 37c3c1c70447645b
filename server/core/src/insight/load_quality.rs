//! Who told how much in a month, and what came of it: sums for the team. Nobody is named.

use chrono::NaiveDate;
use spectrum_domain::card::Verdict;
use sqlx::PgConnection;

use super::{
    load_spending::{self, ModelSpend, Refused},
    open_review::{self, BatchCard},
};
use crate::error::ServiceError;

/// Editions of a generator in a language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldSum {
    /// `week` or `month`.
    pub grain: String,
    /// A template's revision, or a prompt's name and number.
    pub generator: String,
    /// As a tag.
    pub language: String,
    /// How many.
    pub editions: i64,
    /// Of how many people.
    pub people: i64,
    /// Those in whose period a session was overruled later.
    pub corrected_editions: i64,
    /// By how many people.
    pub corrected_people: i64,
}

/// People by what they said last of a generator's cards in a language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerdictSum {
    /// A template's revision, or a prompt's name and number.
    pub generator: String,
    /// As a tag.
    pub language: String,
    /// In the order of [`Verdict::ALL`].
    pub people: [i64; Verdict::ALL.len()],
}

/// What the team sees of a month.
#[derive(Clone, Debug, Default)]
pub struct Quality {
    /// What was told.
    pub told: Vec<ToldSum>,
    /// What was said of it.
    pub verdicts: Vec<VerdictSum>,
    /// What models were asked, by task, for whom, model and prompt.
    pub calls: Vec<ModelSpend>,
    /// Members on whom something was spent, as of the night before.
    pub asked_about: i64,
    /// Why the guard refused answers.
    pub refusals: Vec<Refused>,
    /// Batches that were reviewed, newest first.
    pub reviews: Vec<BatchCard>,
}

/// The month's sums.
pub(crate) async fn load(
    connection: &mut PgConnection,
    month: NaiveDate,
    end: NaiveDate,
) -> Result<Quality, ServiceError> {
    let told = sqlx::query_as!(
        ToldSum,
        "SELECT grain, generator, language, editions, people, corrected_editions, corrected_people FROM told_sum
         WHERE month = $1 ORDER BY generator, language, grain DESC",
        month
    )
    .fetch_all(&mut *connection)
    .await?;
    let rows = sqlx::query!(
        "SELECT generator, language, verdict, people FROM verdict_sum WHERE month = $1 ORDER BY generator, language",
        month
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut verdicts: Vec<VerdictSum> = Vec::new();
    for row in rows {
        let same = |sum: &VerdictSum| sum.generator == row.generator && sum.language == row.language;
        if !verdicts.last().is_some_and(same) {
            verdicts.push(VerdictSum { generator: row.generator, language: row.language, people: Default::default() });
        }
        let at = Verdict::ALL.iter().position(|verdict| verdict.name() == row.verdict);
        if let (Some(at), Some(sum)) = (at, verdicts.last_mut()) {
            sum.people[at] = row.people;
        }
    }
    let calls = load_spending::load_calls(connection, month, end).await?;
    let asked_about = sqlx::query_scalar!(
        r#"SELECT coalesce(sum(asked_about), 0)::bigint AS "asked_about!" FROM member_month_sum WHERE month = $1"#,
        month
    )
    .fetch_one(&mut *connection)
    .await?;
    let refusals = load_spending::load_refusals(connection, month, end).await?;
    let reviews = open_review::list(connection).await?.into_iter().filter(|batch| batch.record.is_some()).collect();
    Ok(Quality { told, verdicts, calls, asked_about, refusals, reviews })
}
