//! What falls due by the calendar: the end of a member's week and month where they live, and the daily rounds.
//!
//! Pure: given what was planned last and what time it is, [`due`] says what has fallen due since. A scheduler that slept,
//! ran twice or was down for a week gets the right answer from the same question.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::{
    calendar::{Month, Week, local_date, start_of_day},
    member::{weekday_from_name, weekday_name},
};

/// Something that falls due again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// Adding up a week that has ended, and what follows from it.
    AggregateWeeks,
    /// Adding up a month that has ended, and what follows from it.
    AggregateMonths,
    /// Looking for what was left undone.
    ReconcileMembers,
    /// Letting go what has been kept long enough.
    PurgeExpired,
    /// Adding up how Spectrum was used.
    SumUse,
}

impl Task {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::AggregateWeeks, Self::AggregateMonths, Self::ReconcileMembers, Self::PurgeExpired, Self::SumUse];

    /// The name in the database and in metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AggregateWeeks => "aggregate_weeks",
            Self::AggregateMonths => "aggregate_months",
            Self::ReconcileMembers => "reconcile_members",
            Self::PurgeExpired => "purge_expired",
            Self::SumUse => "sum_use",
        }
    }

    /// The task with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|task| task.name() == name)
    }

    /// How far back periods that nobody planned are made up for after a time of being down, in days; of the daily rounds
    /// only the newest is.
    const fn catch_up_days(self) -> Option<u64> {
        match self {
            Self::AggregateWeeks => Some(35),
            Self::AggregateMonths => Some(62),
            Self::ReconcileMembers | Self::PurgeExpired | Self::SumUse => None,
        }
    }

    /// The hour of the day, UTC, at which a daily round falls due: the quietest of the hours in which most members sleep.
    const fn hour(self) -> i64 {
        match self {
            Self::ReconcileMembers => 3,
            // Before anything of the day before is let go.
            Self::SumUse => 1,
            _ => 2,
        }
    }
}

/// Whose periods: all who share a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everybody's, by the calendar of UTC.
    Everybody,
    /// Those of one zone: their months end together.
    Zone(Tz),
    /// Those of one zone and week start: their weeks end together.
    Weeks(Tz, Weekday),
}

/// The text names nobody's periods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a zone, a zone and a weekday, or empty")]
pub struct BadScope;

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everybody => Ok(()),
            Self::Zone(zone) => f.write_str(zone.name()),
            Self::Weeks(zone, start) => write!(f, "{} {}", zone.name(), weekday_name(*start)),
        }
    }
}

impl FromStr for Scope {
    type Err = BadScope;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let zone = |name: &str| name.parse().map_err(|_| BadScope);
        match text.split_once(' ') {
            Some((name, day)) => Ok(Self::Weeks(zone(name)?, weekday_from_name(day).ok_or(BadScope)?)),
            None if text.is_empty() => Ok(Self::Everybody),
            None => Ok(Self::Zone(zone(text)?)),
        }
    }
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// What is promised: so long after the end of a member's week the last of its results is there.
pub const WEEKLY_PROMISE: TimeDelta = TimeDelta::minutes(15);

/// A period that has ended and whose work is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Its first day.
    pub period: NaiveDate,
    /// When it ended, and its work fell due.
    pub due_at: DateTime<Utc>,
}

/// What has fallen due since `last`, the newest period that was planned, oldest first. Where none ever was, only the newest
/// period that has ended: nobody asks for the weeks before their first.
pub fn due(task: Task, scope: Scope, last: Option<NaiveDate>, now: DateTime<Utc>) -> Vec<Due> {
    let newest = newest_ended(task, scope, now);
    let Some(last) = last else { return vec![newest] };
    let oldest = task
        .catch_up_days()
        .map_or(newest.period, |days| newest.period.checked_sub_days(Days::new(days)).unwrap_or(newest.period));
    let mut missed = Vec::new();
    let mut next = newest;
    while next.period > last && next.period >= oldest {
        missed.push(next);
        next = before(task, scope, next.period);
    }
    missed.reverse();
    missed
}

/// The period that is under way, and when it falls due.
pub fn next(task: Task, scope: Scope, now: DateTime<Utc>) -> Due {
    let (zone, start) = calendar_of(scope);
    let today = local_date(now, &zone);
    match task {
        Task::AggregateWeeks => {
            let week = Week::containing(today, start);
            Due { period: week.start(), due_at: start_of_day(week.end(), zone) }
        }
        Task::AggregateMonths => {
            let month = Month::containing(today);
            Due { period: month.start(), due_at: start_of_day(month.end(), zone) }
        }
        Task::ReconcileMembers | Task::PurgeExpired | Task::SumUse => {
            let round = round_of(task, today);
            if round.due_at > now { round } else { round_of(task, today.succ_opt().unwrap_or(today)) }
        }
    }
}

/// The newest period that has ended by now.
fn newest_ended(task: Task, scope: Scope, now: DateTime<Utc>) -> Due {
    let (zone, start) = calendar_of(scope);
    let today = local_date(now, &zone);
    match task {
        Task::AggregateWeeks => before(task, scope, Week::containing(today, start).start()),
        Task::AggregateMonths => before(task, scope, Month::containing(today).start()),
        Task::ReconcileMembers | Task::PurgeExpired | Task::SumUse => {
            let round = round_of(task, today);
            if round.due_at <= now { round } else { before(task, scope, today) }
        }
    }
}

/// The period before the one that begins on this day.
fn before(task: Task, scope: Scope, next: NaiveDate) -> Due {
    let (zone, start) = calendar_of(scope);
    let day_before = next.pred_opt().unwrap_or(next);
    match task {
        Task::AggregateWeeks => {
            Due { period: Week::containing(day_before, start).start(), due_at: start_of_day(next, zone) }
        }
        Task::AggregateMonths => {
            Due { period: Month::containing(day_before).start(), due_at: start_of_day(next, zone) }
        }
        Task::ReconcileMembers | Task::PurgeExpired | Task::SumUse => round_of(task, day_before),
    }
}

fn round_of(task: Task, day: NaiveDate) -> Due {
    Due { period: day, due_at: start_of_day(day, Tz::UTC) + TimeDelta::hours(task.hour()) }
}

const fn calendar_of(scope: Scope) -> (Tz, Weekday) {
    match scope {
        Scope::Everybody => (Tz::UTC, Weekday::Mon),
        Scope::Zone(zone) => (zone, Weekday::Mon),
        Scope::Weeks(zone, start) => (zone, start),
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::{Africa, America, Asia, Atlantic, Europe, Pacific};
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn weeks(zone: Tz, start: Weekday, last: Option<&str>, now: &str) -> Vec<(String, String)> {
        due(Task::AggregateWeeks, Scope::Weeks(zone, start), last.map(day), at(now))
            .into_iter()
            .map(|due| (due.period.to_string(), due.due_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)))
            .collect()
    }

    #[test]
    fn what_comes_next_is_under_way_and_falls_due_at_its_end() {
        let coming = |task, scope, now| {
            let Due { period, due_at } = next(task, scope, at(now));
            (period.to_string(), due_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
        };
        let told = |period: &str, due: &str| (period.to_owned(), due.to_owned());
        let kathmandu = Scope::Weeks(Asia::Kathmandu, Weekday::Mon);
        let weeks = |now| coming(Task::AggregateWeeks, kathmandu, now);
        assert_eq!(weeks("2026-11-22T18:14:59Z"), told("2026-11-16", "2026-11-22T18:15:00Z"));
        assert_eq!(weeks("2026-11-22T18:15:00Z"), told("2026-11-23", "2026-11-29T18:15:00Z"));
        let months = coming(Task::AggregateMonths, Scope::Zone(Europe::Berlin), "2026-10-31T23:30:00Z");
        assert_eq!(months, told("2026-11-01", "2026-11-30T23:00:00Z"));
        let rounds = |now| coming(Task::PurgeExpired, Scope::Everybody, now);
        assert_eq!(rounds("2026-11-22T01:59:59Z"), told("2026-11-22", "2026-11-22T02:00:00Z"));
        assert_eq!(rounds("2026-11-22T02:00:00Z"), told("2026-11-23", "2026-11-23T02:00:00Z"));
    }

    #[test]
    fn a_week_is_due_when_it_ends_where_the_member_lives() {
        let due = |period: &str, at: &str| vec![(period.to_owned(), at.to_owned())];
        let kathmandu = weeks(Asia::Kathmandu, Weekday::Mon, None, "2026-11-22T18:15:00Z");
        assert_eq!(kathmandu, due("2026-11-16", "2026-11-22T18:15:00Z"), "UTC+5:45");
        let a_second_before = weeks(Asia::Kathmandu, Weekday::Mon, None, "2026-11-22T18:14:59Z");
        assert_eq!(a_second_before, due("2026-11-09", "2026-11-15T18:15:00Z"));
        let chatham = weeks(Pacific::Chatham, Weekday::Sun, Some("2026-11-08"), "2026-11-21T10:15:00Z");
        assert_eq!(chatham, due("2026-11-15", "2026-11-21T10:15:00Z"), "UTC+13:45 in summer");
        let monday = weeks(Europe::Berlin, Weekday::Mon, Some("2026-11-09"), "2026-11-22T22:59:59Z");
        assert_eq!(monday, Vec::new(), "the week that was planned is not due again, the next has not ended");
    }

    #[test]
    fn weeks_with_a_change_of_clocks_end_at_local_midnight() {
        // Berlin: 25 October 2026 has 25 hours; the week after it ends at +1.
        let berlin = weeks(Europe::Berlin, Weekday::Mon, Some("2026-10-12"), "2026-11-02T00:00:00Z");
        assert_eq!(
            berlin.iter().map(|(_, due)| due.as_str()).collect::<Vec<_>>(),
            ["2026-10-25T23:00:00Z", "2026-11-01T23:00:00Z"]
        );
        // Cairo sets its clocks forward at midnight: Friday 24 April 2026 begins at one.
        let cairo = weeks(Africa::Cairo, Weekday::Fri, None, "2026-04-24T06:00:00Z");
        assert_eq!(cairo, [("2026-04-17".to_owned(), "2026-04-23T22:00:00Z".to_owned())]);
        // The Azores set theirs back at one to midnight: the day begins at the first of the two.
        let azores = weeks(Atlantic::Azores, Weekday::Sun, None, "2026-10-25T12:00:00Z");
        assert_eq!(azores, [("2026-10-18".to_owned(), "2026-10-25T00:00:00Z".to_owned())]);
        assert_eq!(start_of_day(day("2011-12-30"), Pacific::Apia), at("2011-12-30T10:00:00Z"), "a day that never was");
        assert_eq!(start_of_day(day("2026-03-08"), America::Havana), at("2026-03-08T05:00:00Z"));
    }

    #[test]
    fn after_a_time_of_being_down_weeks_are_made_up_for_and_rounds_are_not() {
        let missed = weeks(Tz::UTC, Weekday::Mon, Some("2026-10-26"), "2026-11-24T12:00:00Z");
        let periods: Vec<&str> = missed.iter().map(|(period, _)| period.as_str()).collect();
        assert_eq!(periods, ["2026-11-02", "2026-11-09", "2026-11-16"]);
        let years = weeks(Tz::UTC, Weekday::Mon, Some("2020-01-06"), "2026-11-24T12:00:00Z");
        assert_eq!(years.len(), 6, "not further back than five weeks before the newest: {years:?}");
        let rounds = due(Task::PurgeExpired, Scope::Everybody, Some(day("2026-11-20")), at("2026-11-24T12:00:00Z"));
        assert_eq!(rounds, [Due { period: day("2026-11-24"), due_at: at("2026-11-24T02:00:00Z") }]);
        let early = due(Task::PurgeExpired, Scope::Everybody, Some(day("2026-11-23")), at("2026-11-24T01:59:59Z"));
        assert_eq!(early, []);
    }

    #[test]
    fn months_end_in_the_zone() {
        let months =
            due(Task::AggregateMonths, Scope::Zone(Asia::Tokyo), Some(day("2026-09-01")), at("2026-11-30T15:00:00Z"));
        assert_eq!(
            months,
            [
                Due { period: day("2026-10-01"), due_at: at("2026-10-31T15:00:00Z") },
                Due { period: day("2026-11-01"), due_at: at("2026-11-30T15:00:00Z") }
            ]
        );
    }

    #[test]
    fn scopes_come_back_as_they_were_written() {
        for scope in
            [Scope::Everybody, Scope::Zone(Asia::Kolkata), Scope::Weeks(America::Argentina::Ushuaia, Weekday::Sat)]
        {
            assert_eq!(scope.to_string().parse(), Ok(scope));
        }
        assert_eq!("Nowhere/City".parse::<Scope>(), Err(BadScope));
        assert_eq!("UTC someday".parse::<Scope>(), Err(BadScope));
    }

    proptest! {
        /// However often and unevenly the planner looks, every period is due exactly once, in order and never early.
        #[test]
        fn every_period_is_due_once(
            zone in 0..chrono_tz::TZ_VARIANTS.len(), start in 0u8..7, begin in 0i64..1_500_000_000,
            steps in prop::collection::vec(1i64..3 * 86_400, 1..60),
        ) {
            let zone = chrono_tz::TZ_VARIANTS[zone];
            let scope = Scope::Weeks(zone, Weekday::try_from(start).expect("a weekday"));
            let mut now = DateTime::from_timestamp(begin, 0).expect("an instant");
            let mut last = None;
            for step in steps {
                for found in due(Task::AggregateWeeks, scope, last, now) {
                    prop_assert!(found.due_at <= now, "{found:?} at {now}");
                    prop_assert!(found.due_at > now - TimeDelta::days(9), "{found:?} at {now}");
                    if let Some(last) = last {
                        prop_assert_eq!(found.period, last + Days::new(7));
                    }
                    last = Some(found.period);
                }
                now += TimeDelta::seconds(step);
            }
        }
    }
}
