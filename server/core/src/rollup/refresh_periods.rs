//! Adding a day up again from its session vectors, and then the week and the month that hold it from their days.
//!
//! It computes from what is there, so any order of analysis, exclusion and late arrival ends in the same numbers.

use std::collections::{BTreeMap, BTreeSet, HashMap};

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
use crate::{error::ServiceError, insight::rewrite};

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
    let weeks = refresh_days(connection, member, &BTreeSet::from([date]), version).await?;
    weeks.into_iter().next().ok_or(ServiceError::Inconsistent { table: "week_rollup", column: "period" })
}

/// Refreshes days, and the weeks and months that hold them, and says what became of those weeks, oldest first. What is told
/// of them is marked to be made again.
///
/// INVARIANT: as for [`refresh`].
pub(crate) async fn refresh_days(
    connection: &mut PgConnection,
    member: MemberId,
    dates: &BTreeSet<NaiveDate>,
    version: i64,
) -> Result<Vec<WeekChange>, ServiceError> {
    let (Some(first), Some(last)) = (dates.first(), dates.last()) else { return Ok(Vec::new()) };
    let start = week_start(connection, member).await?;
    let sessions = rows::load_sessions(connection, member, *first, last.succ_opt().unwrap_or(*last)).await?;
    let mut by_date: BTreeMap<NaiveDate, Vec<SessionRow>> = BTreeMap::new();
    for row in sessions {
        by_date.entry(row.summary.local_date).or_default().push(row);
    }
    for date in dates {
        let sessions = by_date.get(date).map(Vec::as_slice).unwrap_or_default();
        rows::store(connection, Table::Day, member, &sum_day(*date, sessions), version).await?;
    }

    let weeks: BTreeSet<Week> = dates.iter().map(|date| Week::containing(*date, start)).collect();
    let months: BTreeSet<Month> = dates.iter().map(|date| Month::containing(*date)).collect();
    // One read of the days that the weeks and the months share.
    let spans = weeks.iter().map(|week| (week.start(), week.end()));
    let spans = spans.chain(months.iter().map(|month| (month.start(), month.end())));
    let (from, until) = spans.fold((*first, *last), |(from, until), span| (from.min(span.0), until.max(span.1)));
    let days = rows::load(connection, Table::Day, member, from, until).await?;
    let known = rows::load(connection, Table::Week, member, from, until).await?;
    let mut known: HashMap<NaiveDate, Rollup> = known.into_iter().map(|row| (row.period, row.rollup)).collect();
    let mut changes = Vec::with_capacity(weeks.len());
    for week in weeks {
        let after = sum_days(week.start(), week.end(), &days);
        rows::store(connection, Table::Week, member, &after, version).await?;
        let before = known.remove(&week.start()).unwrap_or_default();
        changes.push(WeekChange { week, before, after: after.rollup });
    }
    for month in months {
        rows::store(connection, Table::Month, member, &sum_days(month.start(), month.end(), &days), version).await?;
    }
    rewrite::mark(connection, member, *first).await?;
    Ok(changes)
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
    rewrite::mark(connection, member, first.unwrap_or_default()).await?;
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

/// `days` in their order, and perhaps more of them than the period has.
fn sum_days(from: NaiveDate, until: NaiveDate, days: &[RollupRow]) -> RollupRow {
    let (begin, end) = (days.partition_point(|day| day.period < from), days.partition_point(|day| day.period < until));
    let within = &days[begin..end];
    let mut hash = Sha256::new();
    for day in within {
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
