//! What days, times and weeks are called. English; the words come from here and not from a date library, so that they are
//! the same on every machine.

use chrono::{Datelike as _, NaiveDate};
use spectrum_domain::{
    calendar::{Week, WeekLabel},
    session::SessionSummary,
};

/// A session's place in the week: `Monday 16 November, 20:14`.
pub fn moment(session: &SessionSummary) -> String {
    let date = session.local_date;
    format!("{} {} {}, {}", weekday(date), date.day(), month(date), clock(session))
}

/// A day: `16 November 2026`.
pub fn day(date: NaiveDate) -> String {
    format!("{} {} {}", date.day(), month(date), date.year())
}

/// The time of day a session began.
pub fn clock(session: &SessionSummary) -> String {
    format!("{:02}:{:02}", session.local_minute / 60, session.local_minute % 60)
}

/// The days of a week: `16 – 22 November`, `30 November – 6 December`, with years where they differ.
pub fn period(week: Week) -> String {
    let [first, .., last] = week.days();
    if first.year() != last.year() {
        format!("{} {} {} – {} {} {}", first.day(), month(first), first.year(), last.day(), month(last), last.year())
    } else if first.month() != last.month() {
        format!("{} {} – {} {}", first.day(), month(first), last.day(), month(last))
    } else {
        format!("{} – {} {}", first.day(), last.day(), month(last))
    }
}

/// The name of a week: `Week 47, 2026`.
pub fn week_name(label: WeekLabel) -> String {
    format!("Week {}, {}", label.week, label.year)
}

/// The name of a day of the week.
pub fn weekday(date: NaiveDate) -> &'static str {
    const NAMES: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    NAMES[date.weekday().num_days_from_monday() as usize]
}

/// Its first three letters.
pub fn weekday_short(date: NaiveDate) -> &'static str {
    &weekday(date)[..3]
}

fn month(date: NaiveDate) -> &'static str {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    NAMES[date.month0() as usize]
}

#[cfg(test)]
mod tests {
    use chrono::Weekday;

    use super::*;

    fn week(label: &str) -> Week {
        Week::from_label(label.parse().expect("a week"), Weekday::Mon).expect("exists")
    }

    #[test]
    fn periods_name_what_differs() {
        assert_eq!(period(week("2026-W47")), "16 – 22 November");
        assert_eq!(period(week("2026-W49")), "30 November – 6 December");
        assert_eq!(period(week("2026-W01")), "29 December 2025 – 4 January 2026");
        assert_eq!(week_name(week("2020-W53").label()), "Week 53, 2020");
    }
}
