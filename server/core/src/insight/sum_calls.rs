//! Adding up what models were asked and who was to write, by day, in the transactions that do it: what the team sees of it. Nobody is
//! named.

use chrono::{DateTime, Utc};
use spectrum_domain::{card::Grain, member::Plan};
use sqlx::PgConnection;

use super::rephrase::BookedCall;

/// Who was to write an edition, and why: a tier and a reason of the router's, in its closed words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Routed {
    /// `template`, `small` or `large`.
    pub tier: &'static str,
    /// Why.
    pub why: &'static str,
    /// Whether a model is asked.
    pub asks: bool,
}

/// Whom calls are about, as they are added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ForWhom {
    /// A member of this plan.
    Member(Plan),
    /// Nobody: they are drafts for review.
    Review,
    /// Somebody who is gone.
    Unknown,
}

impl ForWhom {
    const fn name(self) -> &'static str {
        match self {
            Self::Member(Plan::Free) => "free",
            Self::Member(Plan::Paid) => "paid",
            Self::Review => "review",
            Self::Unknown => "unknown",
        }
    }
}

/// Adds a call that was just booked to the sums that the team sees.
pub(super) async fn add_up(
    connection: &mut PgConnection,
    grain: Grain,
    for_whom: ForWhom,
    call: &BookedCall,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let whole = |figure: u64| i64::try_from(figure).unwrap_or(i64::MAX);
    let (input, cached, output) = call.tokens;
    let is = |outcome: &str| i64::from(call.outcome == outcome);
    sqlx::query!(
        "INSERT INTO model_call_sum AS s (day, task, for_whom, model, prompt, calls, batched, taken, refused, failed,
                                          input_tokens, cached_tokens, output_tokens, micro_dollars)
         VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9, $10, $11, $12, $13)
         ON CONFLICT (day, task, for_whom, model, prompt) DO UPDATE
         SET calls = s.calls + 1, batched = s.batched + excluded.batched, taken = s.taken + excluded.taken,
             refused = s.refused + excluded.refused, failed = s.failed + excluded.failed,
             input_tokens = s.input_tokens + excluded.input_tokens,
             cached_tokens = s.cached_tokens + excluded.cached_tokens,
             output_tokens = s.output_tokens + excluded.output_tokens,
             micro_dollars = s.micro_dollars + excluded.micro_dollars",
        now.date_naive(),
        grain.name(),
        for_whom.name(),
        call.model,
        call.prompt,
        i64::from(call.batched),
        is("taken"),
        is("refused"),
        is("failed"),
        whole(input),
        whole(cached),
        whole(output),
        whole(call.micro_dollars)
    )
    .execute(&mut *connection)
    .await?;
    if call.reasons.is_empty() {
        return Ok(());
    }
    // In one order, so that two who book at once wait for each other instead of both for ever.
    sqlx::query!(
        "INSERT INTO model_refusal_sum AS s (day, for_whom, prompt, reason, answers)
         SELECT $1, $2, $3, reason, 1 FROM (SELECT DISTINCT unnest($4::text[]) AS reason ORDER BY reason) AS r
         ON CONFLICT (day, for_whom, prompt, reason) DO UPDATE SET answers = s.answers + 1",
        now.date_naive(),
        for_whom.name(),
        call.prompt,
        &call.reasons
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Counts who was to write an edition, in the transaction that does what follows from it: once, however often a job is tried.
pub(crate) async fn count_route(
    connection: &mut PgConnection,
    grain: Grain,
    routed: Routed,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO model_route_sum AS s (day, task, tier, why, texts) VALUES ($1, $2, $3, $4, 1)
         ON CONFLICT (day, task, tier, why) DO UPDATE SET texts = s.texts + 1",
        now.date_naive(),
        grain.name(),
        routed.tier,
        routed.why
    )
    .execute(connection)
    .await?;
    Ok(())
}
