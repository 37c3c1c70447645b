//! What models have cost in a month: sums of the ledger, of what was not asked, and of how many members there were. Nobody is named.

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
    /// `free` or `paid` by the member's plan then; `review` of drafts about made-up members; `unknown` where they are gone.
    pub for_whom: String,
    /// The model.
    pub model: String,
    /// The revision of the prompt.
    pub prompt: String,
    /// Calls.
    pub calls: i64,
    /// Those of them that were handed in with batches.
    pub batched: i64,
    /// Those whose answer the guard let through.
    pub taken: i64,
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

/// How often the guard refused an answer for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// As of [`ModelSpend`].
    pub for_whom: String,
    /// The revision of the prompt.
    pub prompt: String,
    /// In the guard's closed words.
    pub reason: String,
    /// Answers; one may be refused for several reasons.
    pub answers: i64,
}

/// How often somebody was to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routes {
    /// `week` or `month`.
    pub task: String,
    /// `template`, `small` or `large`.
    pub tier: String,
    /// Why.
    pub why: String,
    /// How many texts.
    pub texts: i64,
}

/// Members of a plan in the month, as of the night before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Members {
    /// `free` or `paid`.
    pub plan: String,
    /// With a counted session in the month.
    pub active: i64,
    /// On whom something was spent.
    pub asked_about: i64,
}

/// What may be spent on the models that rephrase, in millionths of a dollar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// On everything, a day.
    pub day: u64,
    /// On everything, a month.
    pub month: u64,
    /// On one kind of task, a month.
    pub task_month: u64,
    /// On one member, a month.
    pub member_month: u64,
}

/// What models may cost, as the settings have it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Budgets {
    /// Of those that rephrase; nothing where there are none.
    pub rephrasing: Option<Limits>,
    /// Calls and tokens a month of the one outside that reads; nothing where there is none.
    pub outside: Option<(i64, i64)>,
}

/// What of the budgets is spent, in this month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// On everything, today.
    pub day: i64,
    /// On weeks.
    pub weeks: i64,
    /// On months.
    pub months: i64,
    /// Calls and tokens of the model outside that reads.
    pub outside: (i64, i64),
}

/// What a month has cost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spending {
    /// Millionths of a dollar.
    pub micro_dollars: i64,
    /// The same, of the newest day of the month with a call.
    pub newest_day: Option<(NaiveDate, i64)>,
    /// By task, for whom, model and prompt, dearest first.
    pub calls: Vec<ModelSpend>,
    /// How often the guard refused an answer, by prompt and reason.
    pub refusals: Vec<Refused>,
    /// Who was to write.
    pub routes: Vec<Routes>,
    /// What of the budgets is spent.
    pub used: Used,
    /// Members by plan.
    pub members: Vec<Members>,
    /// Members with a counted session in the month, as of the night before.
    pub active: i64,
    /// Members something was spent on, as of the night before.
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

/// The month's sums, for the role of the team's pages. Every statement reads sums by their key.
pub(crate) async fn load(
    connection: &mut PgConnection,
    month: NaiveDate,
    end: NaiveDate,
    today: NaiveDate,
) -> Result<Spending, ServiceError> {
    let spent =
        sqlx::query!("SELECT scope, micro_dollars FROM model_spend WHERE grain = 'month' AND period = $1", month)
            .fetch_all(&mut *connection)
            .await?;
    let of = |scope: &str| spent.iter().find(|row| row.scope == scope).map_or(0, |row| row.micro_dollars);
    let newest_day = sqlx::query!(
        "SELECT period, micro_dollars FROM model_spend
         WHERE scope = 'all' AND grain = 'day' AND period >= $1 AND period < $2 ORDER BY period DESC LIMIT 1",
        month,
        end
    )
    .fetch_optional(&mut *connection)
    .await?;
    let newest_day = newest_day.map(|row| (row.period, row.micro_dollars));
    let calls = load_calls(connection, month, end).await?;
    let refusals = load_refusals(connection, month, end).await?;
    let routes = sqlx::query_as!(
        Routes,
        r#"SELECT task, tier, why, sum(texts)::bigint AS "texts!" FROM model_route_sum WHERE day >= $1 AND day < $2
           GROUP BY task, tier, why ORDER BY task DESC, sum(texts) DESC, tier, why"#,
        month,
        end
    )
    .fetch_all(&mut *connection)
    .await?;
    let outside = sqlx::query!("SELECT calls, tokens FROM budget WHERE scope = 'analyzer' AND period = $1", month)
        .fetch_optional(&mut *connection)
        .await?;
    let members = sqlx::query_as!(
        Members,
        "SELECT plan, active, asked_about FROM member_month_sum WHERE month = $1 ORDER BY plan",
        month
    )
    .fetch_all(connection)
    .await?;
    Ok(Spending {
        micro_dollars: of("all"),
        newest_day,
        calls,
        refusals,
        routes,
        used: Used {
            day: newest_day.filter(|(day, _)| *day == today).map_or(0, |(_, micro)| micro),
            weeks: of("week"),
            months: of("month"),
            outside: outside.map_or((0, 0), |row| (row.calls, row.tokens)),
        },
        active: members.iter().map(|of| of.active).sum(),
        asked_about: members.iter().map(|of| of.asked_about).sum(),
        members,
    })
}

/// What models were asked in these days, dearest first.
pub(super) async fn load_calls(
    connection: &mut PgConnection,
    first: NaiveDate,
    after: NaiveDate,
) -> Result<Vec<ModelSpend>, sqlx::Error> {
    sqlx::query_as!(
        ModelSpend,
        r#"SELECT task, for_whom, model, prompt, sum(calls)::bigint AS "calls!", sum(batched)::bigint AS "batched!",
                  sum(taken)::bigint AS "taken!", sum(refused)::bigint AS "refused!", sum(failed)::bigint AS "failed!",
                  sum(input_tokens)::bigint AS "input_tokens!", sum(cached_tokens)::bigint AS "cached_tokens!",
                  sum(output_tokens)::bigint AS "output_tokens!", sum(micro_dollars)::bigint AS "micro_dollars!"
           FROM model_call_sum WHERE day >= $1 AND day < $2
           GROUP BY task, for_whom, model, prompt
           ORDER BY sum(micro_dollars) DESC, task, for_whom, model, prompt"#,
        first,
        after
    )
    .fetch_all(connection)
    .await
}

/// Why the guard refused answers in these days, most often first.
pub(super) async fn load_refusals(
    connection: &mut PgConnection,
    first: NaiveDate,
    after: NaiveDate,
) -> Result<Vec<Refused>, sqlx::Error> {
    sqlx::query_as!(
        Refused,
        r#"SELECT for_whom, prompt, reason, sum(answers)::bigint AS "answers!" FROM model_refusal_sum
           WHERE day >= $1 AND day < $2
           GROUP BY for_whom, prompt, reason ORDER BY sum(answers) DESC, reason, prompt, for_whom"#,
        first,
        after
    )
    .fetch_all(connection)
    .await
}
