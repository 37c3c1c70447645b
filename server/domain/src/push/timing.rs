//! When a push is due: at an hour of the wall clock where the member lives, some minutes past it by a spread of their own.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveTime, TimeDelta, Timelike as _, Utc, Weekday};
use chrono_tz::Tz;

use crate::calendar::{at_local_time, start_of_day};

/// The hour is none of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be an hour from 0 to 23")]
pub struct BadHour;

/// Hours in which nothing is pushed: from the first up to the second, over midnight where the first is the later one. The same
/// hour twice: none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    from: u32,
    until: u32,
}

impl Quiet {
    /// Between these hours of the day.
    pub const fn between(from: u8, until: u8) -> Result<Self, BadHour> {
        if from > 23 || until > 23 {
            return Err(BadHour);
        }
        Ok(Self { from: from as u32, until: until as u32 })
    }

    /// First hour.
    pub fn from(self) -> u8 {
        u8::try_from(self.from).unwrap_or(0)
    }

    /// The hour that is no longer quiet.
    pub fn until(self) -> u8 {
        u8::try_from(self.until).unwrap_or(0)
    }

    /// Whether the hour is quiet.
    pub const fn covers(self, hour: u32) -> bool {
        if self.from <= self.until {
            self.from <= hour && hour < self.until
        } else {
            hour >= self.from || hour < self.until
        }
    }

    /// The first instant from this one on at which something may be pushed there.
    pub fn next_after(self, instant: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
        let local = instant.with_timezone(&zone);
        if !self.covers(local.hour()) {
            return instant;
        }
        let until = NaiveTime::from_hms_opt(self.until, 0, 0).unwrap_or_default();
        let date = local.date_naive();
        let day = if local.time() < until { date } else { date.checked_add_days(Days::new(1)).unwrap_or(date) };
        at_local_time(day, until, zone)
    }
}

/// When a member would like it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// On which day; nothing for the day after the week's last.
    pub day: Option<Weekday>,
    /// At which hour of the day, 0 to 23.
    pub hour: u8,
    /// When not.
    pub quiet: Quiet,
}

impl Default for Wish {
    fn default() -> Self {
        Self { day: None, hour: 9, quiet: Quiet { from: 22, until: 8 } }
    }
}

/// A member's own moment within the hour: always the same, so that a push comes when it came last week, and many members' lie
/// apart. FCM asks that the two minutes around a quarter of an hour be left out, when everybody else sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spread(TimeDelta);

impl Spread {
    /// From a number that is the member's own and evenly spread.
    pub fn of(seed: u64) -> Self {
        let (minute, second) = (seed % 40, seed / 40 % 60);
        let seconds = (15 * (minute / 10) + 3 + minute % 10) * 60 + second;
        Self(TimeDelta::seconds(i64::try_from(seconds).unwrap_or(0)))
    }
}

/// From when and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// When it is due.
    pub due_at: DateTime<Utc>,
    /// The end of its local day: after that it is dropped rather than late.
    pub expires_at: DateTime<Utc>,
}

/// When a week whose last day is the one before `end` is pushed to a member who lives in this zone.
///
/// An hour that the clock leaves out is moved on to the first that there is; of an hour that comes twice the first counts. An hour
/// within the quiet ones waits for their end, and its day is then the day of that.
pub fn window(end: NaiveDate, wish: Wish, spread: Spread, zone: Tz) -> Window {
    let day = wish.day.map_or(end, |day| first_on(end, day));
    let hour = NaiveTime::from_hms_opt(u32::from(wish.hour), 0, 0).unwrap_or_default();
    let due_at = at_local_time(day, hour + spread.0, zone);
    let after = wish.quiet.next_after(due_at, zone);
    // Those who wait for the same end of the quiet hours are spread over its hour as well.
    let due_at = if after == due_at { due_at } else { after + spread.0 };
    let local = due_at.with_timezone(&zone).date_naive();
    let expires_at = start_of_day(local.checked_add_days(Days::new(1)).unwrap_or(local), zone);
    Window { due_at, expires_at }
}

fn first_on(from: NaiveDate, day: Weekday) -> NaiveDate {
    let ahead = (7 + day.num_days_from_monday() - from.weekday().num_days_from_monday()) % 7;
    from.checked_add_days(Days::new(u64::from(ahead))).unwrap_or(from)
}

#[cfg(test)]
mod tests {
    use chrono_tz::{America, Asia, Europe, Pacific};
    use proptest::prelude::*;

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    const AT_09_03: Spread = Spread(TimeDelta::minutes(3));

    fn due(end: &str, wish: Wish, zone: Tz) -> (String, String) {
        let Window { due_at, expires_at } = window(date(end), wish, AT_09_03, zone);
        let local = |instant: DateTime<Utc>| instant.with_timezone(&zone).format("%a %F %R").to_string();
        (local(due_at), local(expires_at))
    }

    #[test]
    fn it_comes_at_the_hour_of_the_wall_clock_wherever_that_is() {
        let monday = ("Mon 2026-11-23 09:03".to_owned(), "Tue 2026-11-24 00:00".to_owned());
        for zone in [Europe::Berlin, Asia::Kathmandu, Pacific::Chatham, America::St_Johns, Pacific::Kiritimati] {
            assert_eq!(due("2026-11-23", Wish::default(), zone), monday, "{zone}");
        }
        let sunday = Wish { day: Some(Weekday::Sun), hour: 18, ..Wish::default() };
        assert_eq!(due("2026-11-23", sunday, Europe::Berlin).0, "Sun 2026-11-29 18:03");
    }

    #[test]
    fn changes_of_the_clock_move_no_wall_time() {
        for (end, offset) in [("2026-03-23", 8), ("2026-03-30", 7), ("2026-10-19", 7), ("2026-10-26", 8)] {
            let due = window(date(end), Wish::default(), AT_09_03, Europe::Berlin).due_at;
            assert_eq!(due, date(end).and_hms_opt(offset, 3, 0).expect("a time").and_utc(), "{end}");
        }
        // The hour that is left out: half past two on the last Sunday of March is half past three; of the hour that comes twice
        // the first.
        let night = Wish { day: Some(Weekday::Sun), hour: 2, quiet: Quiet { from: 0, until: 0 } };
        assert_eq!(window(date("2026-03-23"), night, AT_09_03, Europe::Berlin).due_at, at("2026-03-29T01:03:00Z"));
        assert_eq!(window(date("2026-10-19"), night, AT_09_03, Europe::Berlin).due_at, at("2026-10-25T00:03:00Z"));
    }

    #[test]
    fn quiet_hours_are_waited_for() {
        let early = Wish { hour: 6, ..Wish::default() };
        assert_eq!(due("2026-11-23", early, Europe::Berlin).0, "Mon 2026-11-23 08:03");
        let late = Wish { hour: 23, ..Wish::default() };
        let next = ("Tue 2026-11-24 08:03".to_owned(), "Wed 2026-11-25 00:00".to_owned());
        assert_eq!(due("2026-11-23", late, Europe::Berlin), next);
        let quiet = Quiet::between(12, 14).expect("hours");
        assert_eq!(quiet.next_after(at("2026-11-23T13:59:59Z"), Tz::UTC), at("2026-11-23T14:00:00Z"));
        assert_eq!(quiet.next_after(at("2026-11-23T14:00:00Z"), Tz::UTC), at("2026-11-23T14:00:00Z"));
        assert_eq!(Quiet::between(24, 1), Err(BadHour));
        assert!((0..24).all(|hour| !Quiet::between(7, 7).expect("hours").covers(hour)), "none");
    }

    proptest! {
        /// Wherever and whenever: at the wished hour of the wall clock where there is one, off the quarters, and never in quiet hours.
        #[test]
        fn every_push_is_at_its_hour_and_within_its_day(
            zone in 0..chrono_tz::TZ_VARIANTS.len(), days in 0u64..20_000, hour in 0u8..24, seed: u64, from in 0u8..24, until in 0u8..24,
        ) {
            let zone = chrono_tz::TZ_VARIANTS[zone];
            let end = date("1990-01-01") + Days::new(days);
            let quiet = Quiet::between(from, until).expect("hours");
            let Window { due_at, expires_at } = window(end, Wish { day: None, hour, quiet }, Spread::of(seed), zone);
            let local = due_at.with_timezone(&zone);
            prop_assert!(due_at < expires_at && expires_at - due_at <= TimeDelta::hours(26));
            prop_assert!((3..13).contains(&(local.minute() % 15)), "{local}");
            // A day that there never was, and the hour after a gap, have another hour.
            let wished = at_local_time(end, NaiveTime::from_hms_opt(u32::from(hour), 30, 0).expect("a time"), zone);
            let exists = wished.with_timezone(&zone).hour() == u32::from(hour);
            if exists && !quiet.covers(u32::from(hour)) && zone.name() != "Africa/Monrovia" {
                prop_assert_eq!(local.hour(), u32::from(hour));
                prop_assert!(local.date_naive() == end);
            }
        }
    }
}
