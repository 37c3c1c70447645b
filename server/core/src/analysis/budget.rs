//! What a model outside may cost in a calendar month: reserved before a call, so that no crowd of workers runs past it.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use sqlx::PgConnection;

/// Whose budget.
const SCOPE: &str = "analyzer";

fn month(now: DateTime<Utc>) -> NaiveDate {
    now.date_naive().with_day(1).unwrap_or(now.date_naive())
}

/// Takes one call out of this month's, if there is one left and tokens are; false if not.
pub(crate) async fn reserve(
    connection: &mut PgConnection,
    calls: i64,
    tokens: i64,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    if calls < 1 || tokens < 1 {
        return Ok(false);
    }
    let reserved = sqlx::query!(
        "INSERT INTO budget (scope, period, calls, tokens) VALUES ($1, $2, 1, 0)
         ON CONFLICT (scope, period) DO UPDATE SET calls = budget.calls + 1
         WHERE budget.calls < $3 AND budget.tokens < $4",
        SCOPE,
        month(now),
        calls,
        tokens
    )
    .execute(connection)
    .await?;
    Ok(reserved.rows_affected() == 1)
}

/// Counts what a call has cost.
pub(crate) async fn spend(connection: &mut PgConnection, tokens: i64, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE budget SET tokens = tokens + $3 WHERE scope = $1 AND period = $2", SCOPE, month(now), tokens)
        .execute(connection)
        .await?;
    Ok(())
}
