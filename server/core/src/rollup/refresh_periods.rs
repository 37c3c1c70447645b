//! Adding a day up again from its session vectors, and then the week and the month that hold it from their days.
//!
//! It computes from what is there, so any order of analysis, exclusion and late arrival ends in the same numbers.

use chrono::{Datelike, NaiveDate, Weekday};
use sha2::{Digest, Sha256};
use spectrum_domain::{
    calendar::{Month, Week},
    id::MemberId,
    member::weekday_from_name,
    rollup::Rollup,
};
use sqlx::PgConnection;

use super::rows::{self, RollupRow, SessionRow, Table};
use crate::error::ServiceError;

/// Raised whenever the same sessions add up to other sums, or to more of them, so that every hash changes with it.
const SUMS: u32 = 2;

/// The week's rollup before and after a refresh.
#[derive(Clone, Debug)]
pub struct WeekChange {
    /// Which week.
    pub week: Week,
    /// Its sums before.
    pub before: Rollup,
    /// Its sums after.
    pub after: Rollup,
}

/// Refreshes the day, its week and its month.
///
/// INVARIANT: the caller has raised the member's data version in this transaction, which holds the member's row, so no
/// other refresh of the same member runs between reading and writing.
pub(crate) async fn refresh(
    connection: &mut PgConnection,
    member: MemberId,
    date: NaiveDate,
    version: i64,
) -> Result<WeekChange, ServiceError> {
    let week = Week::containing(date, week_start(connection, member).await?);
    let month = Month::containing(date);
    let day_end = date.succ_opt().unwrap_or(date);

    let sessions = rows::load_sessions(connection, member, date, day_end).await?;
    rows::store(connection, Table::Day, member, &sum_day(date, &sessions), version).await?;

    // One read of the days that the week and the month share.
    let (from, until) = (week.start().min(month.start()), week.end().max(month.end()));
    let days = rows::load(connection, Table::Day, member, from, until).await?;
    let before = rows::load(connection, Table::Week, member, week.start(), week.end()).await?;
    let after = sum_days(week.start(), week.end(), &days);
    rows::store(connection, Table::Week, member, &after, version).await?;
    let month = sum_days(month.start(), month.end(), &days);
    rows::store(connection, Table::Month, member, &month, version).await?;
    let before = before.into_iter().next().map(|row| row.rollup).unwrap_or_default();
    Ok(WeekChange { week, before, after: after.rollup })
}

/// Adds all weeks up again from their days.
///
/// INVARIANT: as for [`refresh`], the caller has raised the member's data version in this transaction.
pub(crate) async fn rebuild_weeks(
    connection: &mut PgConnection,
    member: MemberId,
    version: i64,
) -> Result<(), ServiceError> {
    let start = week_start(connection, member).await?;
    sqlx::query!("DELETE FROM week_rollup WHERE member_id = $1", member.uuid()).execute(&mut *connection).await?;
    // All there are: an event's year has four digits.
    let (first, last) = (NaiveDate::from_yo_opt(1, 1), NaiveDate::from_yo_opt(9_999, 365));
    let days = rows::load(connection, Table::Day, member, first.unwrap_or_default(), last.unwrap_or_default()).await?;
    for of_week in days.chunk_by(|one, next| Week::containing(one.period, start).contains(next.period)) {
        let week = Week::containing(of_week[0].period, start);
        rows::store(connection, Table::Week, member, &sum_days(week.start(), week.end(), of_week), version).await?;
    }
    Ok(())
}

/// The first day of the member's weeks.
async fn week_start(connection: &mut PgConnection, member: MemberId) -> Result<Weekday, ServiceError> {
    let name = sqlx::query_scalar!("SELECT week_start FROM member WHERE member_id = $1", member.uuid())
        .fetch_one(connection)
        .await?;
    weekday_from_name(&name).ok_or(ServiceError::Inconsistent { table: "member", column: "week_start" })
}

fn sum_day(date: NaiveDate, sessions: &[SessionRow]) -> RollupRow {
    let counted: Vec<_> = sessions.iter().filter(|row| row.summary.counted().is_some()).collect();
    let rollup = Rollup::of_day(sessions.iter().map(|row| &row.summary));
    let mut inputs: Vec<_> = counted
        .iter()
        .map(|row| (row.summary.session_id, row.revision, row.summary.feature.index(), row.summary.local_minute))
        .collect();
    inputs.sort_unstable();
    // INVARIANT: equal hashes mean equal sums, so all that enters a sum enters the hash; the bulk path goes by it.
    let mut hash = Sha256::new();
    hash.update(SUMS.to_le_bytes());
    hash.update(date.num_days_from_ce().to_le_bytes());
    for (session, revision, feature, minute) in inputs {
        hash.update(session.0.as_bytes());
        hash.update(revision.unwrap_or_default().to_le_bytes());
        hash.update(feature.to_le_bytes());
        hash.update(minute.to_le_bytes());
    }
    let models = sorted(counted.iter().filter_map(|row| row.model.clone()).collect());
    RollupRow { period: date, rollup, models, inputs_hash: hash.finalize().to_vec() }
}

fn sum_days(from: NaiveDate, until: NaiveDate, days: &[RollupRow]) -> RollupRow {
    let within: Vec<_> = days.iter().filter(|day| from <= day.period && day.period < until).collect();
    let mut hash = Sha256::new();
    for day in &within {
        hash.update(&day.inputs_hash);
    }
    RollupRow {
        period: from,
        rollup: Rollup::of_days(within.iter().map(|day| &day.rollup)),
        models: sorted(within.iter().flat_map(|day| day.models.clone()).collect()),
        inputs_hash: hash.finalize().to_vec(),
    }
}

fn sorted(mut models: Vec<String>) -> Vec<String> {
    models.sort_unstable();
    models.dedup();
    models
}
