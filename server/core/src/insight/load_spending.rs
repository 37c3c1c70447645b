//! What models have cost in a month: sums of the ledger, and how many members they were spent on. Nobody is named.

use chrono::NaiveDate;
use spectrum_domain::effect;
use sqlx::PgConnection;

use crate::error::ServiceError;

/// People below whom no figure per person is given, as PostgreSQL counts.
pub const FEWEST_PEOPLE: i64 = effect::FEWEST_PEOPLE.cast_signed();

/// What was spent on one kind of task with one model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelSpend {
    /// `week` or `month`.
    pub task: String,
    /// The model.
    pub model: String,
    /// The revision of the prompt.
    pub prompt: String,
    /// Calls.
    pub calls: i64,
    /// Those of them that were handed in with batches.
    pub batched: i64,
    /// Those whose answer was refused by the guard.
    pub refused: i64,
    /// Those without an answer.
    pub failed: i64,
    /// Tokens read, the cached ones apart.
    pub input_tokens: i64,
    /// Tokens read from the provider's cache.
    pub cached_tokens: i64,
    /// Tokens written.
    pub output_tokens: i64,
    /// Millionths of a dollar.
    pub micro_dollars: i64,
}

/// What a month has cost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spending {
    /// Millionths of a dollar.
    pub micro_dollars: i64,
    /// The same, of the newest day of the month with a call.
    pub newest_day: Option<(NaiveDate, i64)>,
    /// By task, model and prompt, dearest first.
    pub by_model: Vec<ModelSpend>,
    /// How often the guard refused an answer, by reason.
    pub reasons: Vec<(String, i64)>,
    /// Members with a counted session in the month.
    pub active: i64,
    /// Members something was spent on.
    pub asked_about: i64,
}

impl Spending {
    /// Dollars for each active member; nothing where there are too few of them.
    pub fn per_active_member(&self) -> Option<f64> {
        self.per(self.active)
    }

    /// Dollars for each member that something was spent on; nothing where there are too few of them.
    pub fn per_member_asked_about(&self) -> Option<f64> {
        self.per(self.asked_about)
    }

    #[expect(clippy::cast_precision_loss, reason = "millionths of dollars and people, far below 2^52")]
    fn per(&self, people: i64) -> Option<f64> {
        (people >= FEWEST_PEOPLE).then(|| self.micro_dollars as f64 / 1e6 / people as f64)
    }
}

/// The month's sums, for the role of the team's pages.
pub(crate) async fn load(
    connection: &mut PgConnection,
    month: NaiveDate,
    end: NaiveDate,
) -> Result<Spending, ServiceError> {
    let total = sqlx::query_scalar!(
        "SELECT micro_dollars FROM model_spend WHERE scope = 'all' AND grain = 'month' AND period = $1",
        month
    )
    .fetch_optional(&mut *connection)
    .await?;
    let newest_day = sqlx::query!(
        "SELECT period, micro_dollars FROM model_spend
         WHERE scope = 'all' AND grain = 'day' AND period >= $1 AND period < $2 ORDER BY period DESC LIMIT 1",
        month,
        end
    )
    .fetch_optional(&mut *connection)
    .await?;
    let by_model = sqlx::query_as!(
        ModelSpend,
        r#"SELECT task, model, prompt, count(*) AS "calls!", count(*) FILTER (WHERE batched) AS "batched!",
                  count(*) FILTER (WHERE outcome = 'refused') AS "refused!",
                  count(*) FILTER (WHERE outcome = 'failed') AS "failed!",
                  sum(input_tokens)::bigint AS "input_tokens!", sum(cached_tokens)::bigint AS "cached_tokens!",
                  sum(output_tokens)::bigint AS "output_tokens!", sum(micro_dollars)::bigint AS "micro_dollars!"
           FROM model_call WHERE day >= $1 AND day < $2
           GROUP BY task, model, prompt ORDER BY sum(micro_dollars) DESC, task, model, prompt"#,
        month,
        end
    )
    .fetch_all(&mut *connection)
    .await?;
    let reasons = sqlx::query!(
        r#"SELECT reason AS "reason!", count(*) AS "n!" FROM model_call, unnest(reasons) AS reason
           WHERE day >= $1 AND day < $2 GROUP BY reason ORDER BY count(*) DESC, reason"#,
        month,
        end
    )
    .fetch_all(connection)
    .await?;
    Ok(Spending {
        micro_dollars: total.unwrap_or_default(),
        newest_day: newest_day.map(|row| (row.period, row.micro_dollars)),
        by_model,
        reasons: reasons.into_iter().map(|row| (row.reason, row.n)).collect(),
        active: 0,
        asked_about: 0,
    })
}

/// How many members were active in the month, and on how many something was spent, for the role that sees all members.
pub(crate) async fn count_members(connection: &mut PgConnection, month: NaiveDate) -> Result<(i64, i64), ServiceError> {
    let counted = sqlx::query!(
        r#"SELECT (SELECT count(*) FROM month_rollup WHERE period = $1) AS "active!",
                  (SELECT count(*) FROM member_spend WHERE month = $1) AS "asked_about!""#,
        month
    )
    .fetch_one(connection)
    .await?;
    Ok((counted.active, counted.asked_about))
}
