//! Days, weeks and months as a member lives them: half-open runs of local dates.
//!
//! An instant becomes a local date once, in the session's own zone; from then on only dates are counted, so neither
//! a change of zone nor a clock change can move the past or make a day count twice.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Timelike, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// The local date of an instant in a zone.
pub fn local_date<Z: TimeZone>(instant: DateTime<Utc>, zone: &Z) -> NaiveDate {
    instant.with_timezone(zone).date_naive()
}

/// Minutes since local midnight, 0 to 1439, of an instant in a zone.
pub fn local_minute<Z: TimeZone>(instant: DateTime<Utc>, zone: &Z) -> i16 {
    let local = instant.with_timezone(zone);
    i16::try_from(local.hour() * 60 + local.minute()).unwrap_or(0)
}

/// The instant at which a local date begins in a zone: local midnight, the first of two where the clock is set back over
/// it, and the first instant after the gap where it is set forward over it.
pub fn start_of_day(date: NaiveDate, zone: Tz) -> DateTime<Utc> {
    at_local_time(date, NaiveTime::MIN, zone)
}

/// The instant at which the clocks of a zone show a time of a date: the first of two where they are set back over it, and where
/// they are set forward over it the first quarter of an hour later that there is.
pub fn at_local_time(date: NaiveDate, time: NaiveTime, zone: Tz) -> DateTime<Utc> {
    // No zone has ever left out more than a day, and every change of clocks is at a quarter of an hour or, long ago, at
    // the odd second of a local mean time; a search by seconds would find those too and find no other answer today.
    let wanted = date.and_time(time);
    let mut quarters = (0..=96).map(|quarter| wanted + TimeDelta::minutes(15 * quarter));
    quarters
        .find_map(|local| zone.from_local_datetime(&local).earliest())
        .map_or_else(|| wanted.and_utc(), |instant| instant.with_timezone(&Utc))
}

/// The text is no period of this kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPeriod {
    /// Not `YYYY-Www`, or a week that year does not have.
    #[error("must be a week such as 2026-W47")]
    Week,
    /// Not `YYYY-MM`.
    #[error("must be a month such as 2026-11")]
    Month,
}

/// Seven local days from the member's week start, named by the ISO 8601 week that holds their fourth day.
///
/// The fourth day makes the name unique for every week start: each ISO week names exactly one member week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Week {
    start: NaiveDate,
}

impl Week {
    /// The week that holds `date`, for weeks that begin on `week_start`.
    pub fn containing(date: NaiveDate, week_start: Weekday) -> Self {
        let back = (7 + date.weekday().num_days_from_monday() - week_start.num_days_from_monday()) % 7;
        Self { start: shift(date, -i64::from(back)) }
    }

    /// The week with this ISO 8601 name, for weeks that begin on `week_start`.
    pub fn from_label(label: WeekLabel, week_start: Weekday) -> Option<Self> {
        let monday = NaiveDate::from_isoywd_opt(label.year, label.week, Weekday::Mon)?;
        let ahead = (week_start.num_days_from_monday() + 3) % 7;
        Some(Self { start: shift(monday, i64::from(ahead) - 3) })
    }

    /// First day.
    pub const fn start(self) -> NaiveDate {
        self.start
    }

    /// The day after the last day.
    pub fn end(self) -> NaiveDate {
        shift(self.start, 7)
    }

    /// The seven days.
    pub fn days(self) -> [NaiveDate; 7] {
        std::array::from_fn(|day| shift(self.start, i64::try_from(day).unwrap_or(0)))
    }

    /// The week before.
    #[must_use]
    pub fn previous(self) -> Self {
        Self { start: shift(self.start, -7) }
    }

    /// The week after.
    #[must_use]
    pub fn next(self) -> Self {
        Self { start: shift(self.start, 7) }
    }

    /// Whether the date lies in the week.
    pub fn contains(self, date: NaiveDate) -> bool {
        self.start <= date && date < self.end()
    }

    /// The ISO 8601 name.
    pub fn label(self) -> WeekLabel {
        let iso = shift(self.start, 3).iso_week();
        WeekLabel { year: iso.year(), week: iso.week() }
    }
}

/// The name of a week, `2026-W47`; which seven days it means depends on the member's week start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WeekLabel {
    /// ISO year.
    pub year: i32,
    /// ISO week, 1 to 53.
    pub week: u32,
}

impl fmt::Display for WeekLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-W{:02}", self.year, self.week)
    }
}

impl FromStr for WeekLabel {
    type Err = BadPeriod;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (year, week) = text.split_once("-W").ok_or(BadPeriod::Week)?;
        let shape =
            year.len() == 4 && week.len() == 2 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-' || b == b'W');
        let label =
            Self { year: year.parse().map_err(|_| BadPeriod::Week)?, week: week.parse().map_err(|_| BadPeriod::Week)? };
        let exists = NaiveDate::from_isoywd_opt(label.year, label.week, Weekday::Mon).is_some();
        (shape && exists).then_some(label).ok_or(BadPeriod::Week)
    }
}

/// A calendar month, `2026-11`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    start: NaiveDate,
}

impl Month {
    /// The month that holds `date`.
    pub fn containing(date: NaiveDate) -> Self {
        Self { start: date.with_day(1).unwrap_or(date) }
    }

    /// First day.
    pub const fn start(self) -> NaiveDate {
        self.start
    }

    /// The first day of the month after.
    pub fn end(self) -> NaiveDate {
        let (year, month) = (self.start.year(), self.start.month());
        let (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(self.start)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.start.year(), self.start.month())
    }
}

impl FromStr for Month {
    type Err = BadPeriod;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        (text.len() == 7)
            .then(|| NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").ok())
            .flatten()
            .map(|start| Self { start })
            .ok_or(BadPeriod::Month)
    }
}

/// A period that is added up from days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// A week of the member's.
    Week(WeekLabel),
    /// A calendar month.
    Month(Month),
}

/// A quarter of the day by local time, for the weekday by daypart grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Daypart {
    /// Midnight to six.
    Night,
    /// Six to noon.
    Morning,
    /// Noon to six.
    Afternoon,
    /// Six to midnight.
    Evening,
}

impl Daypart {
    /// All dayparts, in the order in which rollups count them.
    pub const ALL: [Self; 4] = [Self::Night, Self::Morning, Self::Afternoon, Self::Evening];

    /// Place in [`Self::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Night => "night",
            Self::Morning => "morning",
            Self::Afternoon => "afternoon",
            Self::Evening => "evening",
        }
    }

    /// The daypart of a minute since local midnight.
    pub const fn of_minute(minute: i16) -> Self {
        match minute {
            ..360 => Self::Night,
            360..720 => Self::Morning,
            720..1080 => Self::Afternoon,
            _ => Self::Evening,
        }
    }
}

/// Moves a date by whole days; at the ends of the calendar it stays where it is.
pub(crate) fn shift(date: NaiveDate, days: i64) -> NaiveDate {
    let moved = if days < 0 {
        date.checked_sub_days(Days::new(days.unsigned_abs()))
    } else {
        date.checked_add_days(Days::new(days.unsigned_abs()))
    };
    moved.unwrap_or(date)
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;
    use proptest::prelude::*;

    use super::*;

    const WEEKDAYS: [Weekday; 7] =
        [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn monday_weeks_are_iso_weeks() {
        let week = Week::containing(date("2026-11-22"), Weekday::Mon);
        assert_eq!((week.start(), week.end()), (date("2026-11-16"), date("2026-11-23")));
        assert_eq!(week.label().to_string(), "2026-W47");
        assert_eq!(Week::containing(date("2021-01-03"), Weekday::Mon).label().to_string(), "2020-W53");
    }

    #[test]
    fn a_label_that_no_year_has_is_refused() {
        for bad in ["2026-W54", "2026-W00", "2026-47", "2026-W7", "+026-W47", "2025-W53", "", "2026-W47 "] {
            assert!(bad.parse::<WeekLabel>().is_err(), "{bad}");
        }
        assert!("2020-W53".parse::<WeekLabel>().is_ok());
    }

    #[test]
    fn the_date_is_that_of_the_zone_lived_in() {
        for (zone, instant, local) in [
            ("Pacific/Auckland", "2026-11-22T10:30:00Z", "2026-11-22"), // Sunday 23:30
            ("Pacific/Auckland", "2026-11-22T11:30:00Z", "2026-11-23"), // Monday 00:30
            ("Pacific/Honolulu", "2026-11-23T09:30:00Z", "2026-11-22"),
            ("Asia/Kathmandu", "2026-11-22T18:20:00Z", "2026-11-23"), // five to midnight in UTC+5:30, past it in +5:45
            ("Europe/London", "1903-01-03T23:59:00Z", "1903-01-03"),
            ("Europe/Paris", "1905-06-01T23:55:00Z", "1905-06-02"), // nine minutes ahead of Greenwich then
        ] {
            let zone: Tz = zone.parse().expect("a zone");
            let instant = instant.parse::<DateTime<Utc>>().expect("an instant");
            assert_eq!(local_date(instant, &zone), date(local), "{zone} {instant}");
        }
    }

    #[test]
    fn months_end_where_the_next_begins() {
        assert_eq!("2026-12".parse::<Month>().expect("a month").end(), date("2027-01-01"));
        assert!("2026-13".parse::<Month>().is_err());
        assert_eq!(Month::containing(date("2024-02-29")).to_string(), "2024-02");
    }

    proptest! {
        #[test]
        fn every_date_is_in_exactly_one_week_and_the_name_finds_it(days in -30_000i32..60_000, start in 0usize..7) {
            let date = NaiveDate::from_num_days_from_ce_opt(719_163 + days).expect("in range");
            let start = WEEKDAYS[start];
            let week = Week::containing(date, start);
            prop_assert!(week.contains(date));
            prop_assert_eq!(week.start().weekday(), start);
            prop_assert!(!week.previous().contains(date) && !week.next().contains(date));
            prop_assert_eq!(week.previous().end(), week.start());
            prop_assert_eq!(Week::from_label(week.label(), start), Some(week));
            prop_assert_eq!(week.label().to_string().parse::<WeekLabel>(), Ok(week.label()));
            prop_assert!(week.label() < week.next().label());
        }

        #[test]
        fn every_date_is_in_its_month(days in -30_000i32..60_000) {
            let date = NaiveDate::from_num_days_from_ce_opt(719_163 + days).expect("in range");
            let month = Month::containing(date);
            prop_assert!(month.start() <= date && date < month.end());
            prop_assert_eq!(month.to_string().parse::<Month>(), Ok(month));
        }
    }
}
