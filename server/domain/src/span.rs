//! Spans: the stretches of days that screens are drawn for. Each has an address, the span before it and after it, and parts
//! by which its way is told.
//!
//! A span is half-open and made of whole local days. Weeks are the member's own, so that a name such as `2026-W47` means
//! seven days only together with their week start; everything else is the same for everybody.

use std::fmt;

use chrono::{Datelike as _, NaiveDate, Weekday};

use crate::calendar::{Month, Week, WeekLabel, shift};

/// Longest span there is, in days: a year with a little more, so that a year can be asked for day by day.
pub const LONGEST: i64 = 400;

/// Years a span may lie in: what can be written with four digits and looked back from.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=9998;

/// The lengths of the rolling spans that screens offer, in days.
pub const ROLLING: [u16; 3] = [7, 28, 90];

/// A calendar quarter, `2026-Q4`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter {
    start: NaiveDate,
}

impl Quarter {
    /// The quarter that holds `date`.
    pub fn containing(date: NaiveDate) -> Self {
        let month = date.month0() / 3 * 3 + 1;
        Self { start: NaiveDate::from_ymd_opt(date.year(), month, 1).unwrap_or(date) }
    }

    /// First day.
    pub const fn start(self) -> NaiveDate {
        self.start
    }

    /// The first day of the quarter after.
    pub fn end(self) -> NaiveDate {
        (0..3).fold(self.start, |first, _| Month::containing(first).end())
    }

    /// Which of the year's four, 1 to 4.
    pub fn number(self) -> u32 {
        self.start.month0() / 3 + 1
    }
}

/// What kind of span: what the row of links offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A week of the member's.
    Week,
    /// A calendar month.
    Month,
    /// A calendar quarter.
    Quarter,
    /// A calendar year.
    Year,
    /// So many days up to a day.
    Days(u16),
}

impl Kind {
    /// All that screens offer, in the order of the row.
    pub const ALL: [Self; 7] = [
        Self::Week,
        Self::Month,
        Self::Quarter,
        Self::Year,
        Self::Days(ROLLING[0]),
        Self::Days(ROLLING[1]),
        Self::Days(ROLLING[2]),
    ];
}

/// A stretch of whole days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// A week of the member's.
    Week(Week),
    /// A calendar month.
    Month(Month),
    /// A calendar quarter.
    Quarter(Quarter),
    /// A calendar year.
    Year(i32),
    /// So many days, of which this is the last.
    Days(u16, NaiveDate),
}

impl Span {
    /// The span with this address. `28-days` ends today, whenever that is; every other address means the same days for good.
    pub fn parse(text: &str, week_start: Weekday, today: NaiveDate) -> Option<Self> {
        let span = if let Some((count, last)) = text.split_once("-days") {
            let fits = !count.starts_with('0') && count.len() <= 3 && count.bytes().all(|b| b.is_ascii_digit());
            let count = fits.then(|| count.parse().ok()).flatten()?;
            let last = if last.is_empty() { today } else { day(last.strip_prefix('-')?)? };
            Self::days(count, last)?
        } else if let Ok(label) = text.parse::<WeekLabel>() {
            Self::Week(Week::from_label(label, week_start)?)
        } else if let Some((year, quarter)) = text.split_once("-Q") {
            let quarter = ["1", "2", "3", "4"].into_iter().position(|name| name == quarter)?;
            let month = u32::try_from(quarter).ok()? * 3 + 1;
            Self::Quarter(Quarter { start: NaiveDate::from_ymd_opt(four_digits(year)?, month, 1)? })
        } else if text.len() == 4 {
            Self::Year(four_digits(text)?)
        } else {
            // A month is read by its shape first: the calendar's own reader would take a sign.
            four_digits(text.get(..4)?)?;
            Self::Month(text.parse().ok()?)
        };
        span.is_near().then_some(span)
    }

    /// So many days up to and with `last`; nothing where that is no day or more than [`LONGEST`].
    pub fn days(count: u16, last: NaiveDate) -> Option<Self> {
        let span = Self::Days(count, last);
        ((1..=LONGEST).contains(&i64::from(count)) && span.is_near()).then_some(span)
    }

    /// The days from `first` to `last`, both with them.
    pub fn between(first: NaiveDate, last: NaiveDate) -> Option<Self> {
        let count = (last - first).num_days().checked_add(1)?;
        Self::days(u16::try_from(count).ok()?, last)
    }

    /// The span of this kind that holds `date`; of rolling ones the one that ends on it.
    pub fn of_kind(kind: Kind, date: NaiveDate, week_start: Weekday) -> Self {
        match kind {
            Kind::Week => Self::Week(Week::containing(date, week_start)),
            Kind::Month => Self::Month(Month::containing(date)),
            Kind::Quarter => Self::Quarter(Quarter::containing(date)),
            Kind::Year => Self::Year(date.year()),
            Kind::Days(count) => Self::Days(count, date),
        }
    }

    /// Which kind it is.
    pub const fn kind(self) -> Kind {
        match self {
            Self::Week(_) => Kind::Week,
            Self::Month(_) => Kind::Month,
            Self::Quarter(_) => Kind::Quarter,
            Self::Year(_) => Kind::Year,
            Self::Days(count, _) => Kind::Days(count),
        }
    }

    /// Its address. A rolling span that ends today is named without a day, so that a link to it goes on with the days.
    pub fn address(self, today: NaiveDate) -> String {
        match self {
            Self::Days(count, last) if last == today => format!("{count}-days"),
            span => span.to_string(),
        }
    }

    /// First day.
    pub fn start(self) -> NaiveDate {
        match self {
            Self::Week(week) => week.start(),
            Self::Month(month) => month.start(),
            Self::Quarter(quarter) => quarter.start(),
            Self::Year(year) => first_of(year),
            Self::Days(count, last) => shift(last, 1 - i64::from(count)),
        }
    }

    /// The day after the last day.
    pub fn end(self) -> NaiveDate {
        match self {
            Self::Week(week) => week.end(),
            Self::Month(month) => month.end(),
            Self::Quarter(quarter) => quarter.end(),
            Self::Year(year) => first_of(year.saturating_add(1)),
            Self::Days(_, last) => shift(last, 1),
        }
    }

    /// Last day.
    pub fn last(self) -> NaiveDate {
        shift(self.end(), -1)
    }

    /// How many days.
    pub fn length(self) -> i64 {
        (self.end() - self.start()).num_days()
    }

    /// Whether the date lies in it.
    pub fn contains(self, date: NaiveDate) -> bool {
        self.start() <= date && date < self.end()
    }

    /// The span of the same kind that ends where this begins.
    #[must_use]
    pub fn before(self) -> Self {
        let eve = shift(self.start(), -1);
        match self {
            Self::Week(week) => Self::Week(week.previous()),
            Self::Month(_) => Self::Month(Month::containing(eve)),
            Self::Quarter(_) => Self::Quarter(Quarter::containing(eve)),
            Self::Year(year) => Self::Year(year.saturating_sub(1)),
            Self::Days(count, _) => Self::Days(count, eve),
        }
    }

    /// The span before, where it has an address.
    pub fn previous(self) -> Option<Self> {
        Some(self.before()).filter(|span| span.is_near())
    }

    /// The span after, where it has begun; a rolling one reaches no further than today.
    pub fn next(self, today: NaiveDate) -> Option<Self> {
        let first = self.end();
        let next = match self {
            Self::Week(week) => Self::Week(week.next()),
            Self::Month(_) => Self::Month(Month::containing(first)),
            Self::Quarter(_) => Self::Quarter(Quarter::containing(first)),
            Self::Year(year) => Self::Year(year.saturating_add(1)),
            Self::Days(count, last) => Self::Days(count, shift(last, i64::from(count)).min(today)),
        };
        (first <= today && next.is_near()).then_some(next)
    }

    /// The last of its days that is not in the future; its first where all are.
    pub fn anchor(self, today: NaiveDate) -> NaiveDate {
        self.last().min(today).max(self.start())
    }

    /// The parts by which the way through it is told: its weeks, and the months of a year. The first and the last may be cut
    /// short by its ends, so that every day lies in exactly one.
    pub fn parts(self, week_start: Weekday) -> Vec<Part> {
        let monthly = matches!(self, Self::Year(_));
        let mut parts = Vec::with_capacity(16);
        let mut first = self.start();
        while first < self.end() {
            let end = if monthly { Month::containing(first).end() } else { Week::containing(first, week_start).end() };
            let end = end.min(self.end());
            parts.push(Part { first, end });
            first = end;
        }
        parts
    }

    fn is_near(self) -> bool {
        YEARS.contains(&self.start().year()) && YEARS.contains(&self.last().year())
    }
}

/// The address as it means the same days for good.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Week(week) => week.label().fmt(f),
            Self::Month(month) => month.fmt(f),
            Self::Quarter(quarter) => write!(f, "{:04}-Q{}", quarter.start().year(), quarter.number()),
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Days(count, last) => write!(f, "{count}-days-{last}"),
        }
    }
}

/// Days in a row, half-open: a week or a month as far as it lies in a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// First day.
    pub first: NaiveDate,
    /// The day after the last day.
    pub end: NaiveDate,
}

impl Part {
    /// Whether the date lies in it.
    pub fn contains(self, date: NaiveDate) -> bool {
        self.first <= date && date < self.end
    }

    /// Last day.
    pub fn last(self) -> NaiveDate {
        shift(self.end, -1)
    }
}

/// A day as `2026-11-26`, and in no other way a calendar may read one.
pub fn day(text: &str) -> Option<NaiveDate> {
    let shape = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    shape.then(|| text.parse().ok()).flatten()
}

fn four_digits(text: &str) -> Option<i32> {
    (text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn first_of(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    const TODAY: &str = "2026-11-26";

    fn span(text: &str) -> Option<Span> {
        Span::parse(text, Weekday::Mon, date(TODAY))
    }

    #[test]
    fn addresses_mean_their_days() {
        for (address, start, last) in [
            ("2026-W47", "2026-11-16", "2026-11-22"),
            ("2026-11", "2026-11-01", "2026-11-30"),
            ("2026-Q4", "2026-10-01", "2026-12-31"),
            ("2024-Q1", "2024-01-01", "2024-03-31"),
            ("2026", "2026-01-01", "2026-12-31"),
            ("28-days-2026-11-26", "2026-10-30", "2026-11-26"),
            ("7-days-2024-03-01", "2024-02-24", "2024-03-01"),
            ("90-days", "2026-08-29", "2026-11-26"),
        ] {
            let span = span(address).expect(address);
            assert_eq!((span.start(), span.last()), (date(start), date(last)), "{address}");
            assert_eq!(span.address(date(TODAY)), address.replace("-2026-11-26", ""));
        }
        let sunday = Span::parse("2026-W47", Weekday::Sun, date(TODAY)).expect("a week");
        assert_eq!(sunday.start(), date("2026-11-15"));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for bad in [
            "",
            "2026-W54",
            "2026-13",
            "2026-Q5",
            "2026-Q0",
            "2026-Q",
            "26",
            "02026",
            "+026",
            "0000",
            "1899",
            "9999",
            "0-days",
            "401-days",
            "028-days",
            "+28-days",
            "28-days-",
            "28-days-2026-11-31",
            "28-days-+2026-11-2",
            "28-days-2026-1-1",
            "28-day",
            "days",
            "2026-11-26",
            "2026-W47 ",
            "2026-1",
            "1900-W01-days",
            "七七",
        ] {
            assert_eq!(span(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_has_not_begun_is_not_next() {
        let next = |text: &str| Some(span(text)?.next(date(TODAY))?.address(date(TODAY)));
        assert_eq!(next("2026-W47").as_deref(), Some("2026-W48"));
        assert_eq!(next("2026-W48"), None);
        assert_eq!(next("2026-10").as_deref(), Some("2026-11"));
        assert_eq!(next("2026-Q4"), None);
        assert_eq!(next("2026"), None);
        assert_eq!(next("28-days"), None);
        assert_eq!(next("28-days-2026-11-20").as_deref(), Some("28-days"), "no further than today");
        assert_eq!(next("28-days-2026-10-01").as_deref(), Some("28-days-2026-10-29"));
        assert_eq!(next("28-days-2027-01-01"), None);
    }

    #[test]
    fn a_span_from_one_day_to_another_holds_both() {
        let month = Span::between(date("2026-11-01"), date("2026-11-30")).expect("a span");
        assert_eq!((month.start(), month.length()), (date("2026-11-01"), 30));
        assert_eq!(Span::between(date("2026-11-02"), date("2026-11-01")), None);
        assert_eq!(Span::between(date("2025-01-01"), date("2026-02-05")), None, "401 days");
        assert!(Span::between(date("2025-01-01"), date("2026-02-04")).is_some());
        assert_eq!(Span::between(NaiveDate::MIN, NaiveDate::MAX), None);
    }

    fn any_span() -> impl Strategy<Value = (Span, Weekday, NaiveDate)> {
        (0usize..8, 0i32..40_000, 0i32..40_000, 0u8..7, 1u16..=400).prop_map(|(kind, at, today, start, count)| {
            let date = |days: i32| NaiveDate::from_num_days_from_ce_opt(694_000 + days).expect("in range");
            let start = Weekday::try_from(start).expect("a weekday");
            let kind = Kind::ALL.get(kind).copied().unwrap_or(Kind::Days(count));
            (Span::of_kind(kind, date(at), start), start, date(today))
        })
    }

    proptest! {
        #[test]
        fn an_address_finds_its_span((span, week_start, today) in any_span()) {
            prop_assert_eq!(Span::parse(&span.to_string(), week_start, today), Some(span));
            prop_assert_eq!(Span::parse(&span.address(today), week_start, today), Some(span));
        }

        #[test]
        fn the_spans_of_a_kind_follow_each_other_without_a_gap((span, ..) in any_span()) {
            let before = span.before();
            prop_assert_eq!(before.end(), span.start());
            prop_assert_eq!(before.kind(), span.kind());
            prop_assert_eq!(before.next(NaiveDate::MAX), Some(span));
            prop_assert!(span.length() >= 1 && span.length() <= LONGEST);
        }

        #[test]
        fn the_span_of_a_date_holds_it((span, week_start, _) in any_span(), day in 0i64..366) {
            let date = shift(span.start(), day % span.length());
            prop_assert!(span.contains(date));
            if !matches!(span, Span::Days(..)) {
                prop_assert_eq!(Span::of_kind(span.kind(), date, week_start), span);
            }
        }

        #[test]
        fn every_day_lies_in_exactly_one_part((span, week_start, _) in any_span()) {
            let parts = span.parts(week_start);
            prop_assert_eq!(parts.first().map(|part| part.first), Some(span.start()));
            prop_assert_eq!(parts.last().map(|part| part.end), Some(span.end()));
            for pair in parts.windows(2) {
                prop_assert_eq!(pair[0].end, pair[1].first);
            }
            prop_assert!(parts.iter().all(|part| part.first < part.end));
            prop_assert!(parts.len() <= 59);
        }

        #[test]
        fn nothing_that_follows_begins_in_the_future((span, _, today) in any_span()) {
            if let Some(next) = span.next(today) {
                prop_assert!(next.start() <= today && next.end() > span.end());
                if let Span::Days(_, last) = next {
                    prop_assert!(last <= today);
                }
            }
            let anchor = span.anchor(today);
            prop_assert!(span.contains(anchor) && (anchor <= today || span.start() > today));
        }

        #[test]
        fn no_text_breaks_the_reader(text in "\\PC{0,24}") {
            if let Some(span) = span(&text) {
                prop_assert!(span.start() < span.end());
            }
        }
    }
}
