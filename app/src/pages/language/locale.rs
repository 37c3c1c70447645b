//! Dates, times and numbers as a region writes them, by the Unicode project's own data (CLDR, through ICU4X).
//!
//! The data is compiled in, so the same day is called the same on every machine. Where ICU4X could not be asked, which no
//! region that is listed here makes happen, the day is written as ISO 8601 does and the number with a point.

use std::sync::LazyLock;

use chrono::{Datelike as _, NaiveDate};
use icu_calendar::Gregorian;
use icu_datetime::{
    FixedCalendarDateTimeFormatter, NoCalendarFormatter,
    fieldsets::{E, M, MD, MDE, T, YM, YMD},
    input::{Date, Time},
    options::YearStyle,
};
use icu_decimal::DecimalFormatter;
use spectrum_domain::card::Language;

type OfDate<Fields> = FixedCalendarDateTimeFormatter<Gregorian, Fields>;

/// The regions of each language, its own first one before the others. A region that is not here is written as the first.
const REGIONS: [(Language, &[&str]); 2] = [
    // Days before months and a clock of 24 hours, unless somebody lives where it is otherwise.
    (Language::English, &["en-GB", "en-US", "en-AU", "en-CA", "en-IE", "en-IN", "en-NZ", "en-SG", "en-ZA"]),
    (Language::German, &["de-DE", "de-AT", "de-CH", "de-LI", "de-LU", "de-BE", "de-IT"]),
];

static LOCALES: LazyLock<Vec<Locale>> = LazyLock::new(|| {
    let tags = REGIONS.into_iter().flat_map(|(_, tags)| tags.iter().copied());
    tags.map(|tag| Locale { tag, icu: Icu::of(tag) }).collect()
});

/// What ICU4X could not be asked for.
static PLAIN: Locale = Locale { tag: "", icu: None };

/// How a region writes.
pub struct Locale {
    tag: &'static str,
    icu: Option<Icu>,
}

impl std::fmt::Debug for Locale {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Locale").field(&self.tag).finish()
    }
}

/// ICU4X's writers of one region.
struct Icu {
    day: OfDate<YMD>,
    day_of_year: OfDate<MD>,
    weekday_and_day: OfDate<MDE>,
    month: OfDate<YM>,
    month_name: OfDate<M>,
    weekday: OfDate<E>,
    weekday_short: OfDate<E>,
    clock: NoCalendarFormatter<T>,
    number: DecimalFormatter,
}

impl Icu {
    fn of(tag: &str) -> Option<Self> {
        let locale: icu_locale_core::Locale = tag.parse().ok()?;
        let prefers = || (&locale).into();
        Some(Self {
            day: OfDate::try_new(prefers(), YMD::long().with_year_style(YearStyle::Full)).ok()?,
            day_of_year: OfDate::try_new(prefers(), MD::long()).ok()?,
            weekday_and_day: OfDate::try_new(prefers(), MDE::long()).ok()?,
            month: OfDate::try_new(prefers(), YM::long().with_year_style(YearStyle::Full)).ok()?,
            month_name: OfDate::try_new(prefers(), M::long()).ok()?,
            weekday: OfDate::try_new(prefers(), E::long()).ok()?,
            weekday_short: OfDate::try_new(prefers(), E::short()).ok()?,
            clock: NoCalendarFormatter::try_new(prefers(), T::hm()).ok()?,
            number: DecimalFormatter::try_new(
                (&locale).into(),
                icu_decimal::options::DecimalFormatterOptions::default(),
            )
            .ok()?,
        })
    }
}

impl Locale {
    /// That of a language tag, as far as it is known.
    pub fn of(language: Language, tag: &str) -> &'static Self {
        let region = tag.split(['-', '_']).skip(1).find(|part| part.len() == 2).unwrap_or_default();
        let own = |locale: &&Self| Language::of_tag(locale.tag) == language;
        let exact = LOCALES.iter().filter(own).find(|locale| locale.tag[3..].eq_ignore_ascii_case(region));
        exact.or_else(|| LOCALES.iter().find(own)).unwrap_or(&PLAIN)
    }

    pub fn day(&self, date: NaiveDate) -> String {
        self.write(date, |icu, date| icu.day.format(date).to_string())
    }

    pub fn day_of_year(&self, date: NaiveDate) -> String {
        self.write(date, |icu, date| icu.day_of_year.format(date).to_string())
    }

    pub fn weekday_and_day(&self, date: NaiveDate) -> String {
        self.write(date, |icu, date| icu.weekday_and_day.format(date).to_string())
    }

    pub fn month(&self, date: NaiveDate) -> String {
        self.write(date, |icu, date| icu.month.format(date).to_string())
    }

    pub fn month_name(&self, date: NaiveDate) -> String {
        self.write(date, |icu, date| icu.month_name.format(date).to_string())
    }

    pub fn weekday(&self, date: NaiveDate) -> String {
        self.write(date, |icu, date| icu.weekday.format(date).to_string())
    }

    pub fn weekday_short(&self, date: NaiveDate) -> String {
        self.write(date, |icu, date| icu.weekday_short.format(date).to_string())
    }

    /// What both ends have in common at their beginning or their end is said once: the month, wherever it stands.
    pub fn range(&self, first: NaiveDate, last: NaiveDate) -> String {
        if first.year() != last.year() {
            return format!("{} – {}", self.day(first), self.day(last));
        }
        let (from, to) = (self.day_of_year(first), self.day_of_year(last));
        if first.month() != last.month() {
            return format!("{from} – {to}");
        }
        if let (Some((month, _)), Some((same, day))) = (from.rsplit_once(' '), to.rsplit_once(' '))
            && month == same
        {
            return format!("{from} – {day}");
        }
        match (from.split_once(' '), to.split_once(' ')) {
            (Some((day, month)), Some((_, same))) if month == same => format!("{day} – {to}"),
            _ => format!("{from} – {to}"),
        }
    }

    pub fn clock(&self, hour: u32, minute: u32) -> String {
        let written = self.icu.as_ref().and_then(|icu| {
            let time = Time::try_new(u8::try_from(hour).ok()?, u8::try_from(minute).ok()?, 0, 0).ok()?;
            Some(icu.clock.format(&time).to_string())
        });
        written.unwrap_or_else(|| format!("{hour:02}:{minute:02}"))
    }

    /// A number that is written plainly, as this region writes it.
    pub fn decimal(&self, plain: &str) -> String {
        let written = self.icu.as_ref().and_then(|icu| Some(icu.number.format_to_string(&plain.parse().ok()?)));
        written.unwrap_or_else(|| plain.to_owned())
    }

    fn write(&self, date: NaiveDate, by: impl FnOnce(&Icu, &Date<Gregorian>) -> String) -> String {
        let written = self.icu.as_ref().and_then(|icu| {
            let (month, day) = (u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?);
            Some(by(icu, &Date::try_new_gregorian(date.year(), month, day).ok()?))
        });
        written.unwrap_or_else(|| date.to_string())
    }
}
