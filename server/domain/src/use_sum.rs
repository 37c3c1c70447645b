//! By what the counts of use are added up: over which periods, and of whom.

use chrono::{Datelike as _, Days, Months, NaiveDate};

use crate::{calendar::Month, closed_set::closed_set};

closed_set!(
    /// How long a period of use is. Nobody's own calendar: days of UTC, weeks from Monday on.
    UseGrain, BadUseGrain: "a length of periods" {
        /// A day in UTC.
        Day = "day",
        /// Seven days from a Monday on.
        Week = "week",
        /// A month of the calendar.
        Month = "month",
    }
);

impl UseGrain {
    /// The first day of the period that holds this one.
    pub fn start(self, day: NaiveDate) -> NaiveDate {
        match self {
            Self::Day => day,
            Self::Week => day - Days::new(day.weekday().num_days_from_monday().into()),
            Self::Month => Month::containing(day).start(),
        }
    }

    /// The first day after the period that begins on this one.
    pub fn end(self, start: NaiveDate) -> NaiveDate {
        match self {
            Self::Day => start + Days::new(1),
            Self::Week => start + Days::new(7),
            Self::Month => start + Months::new(1),
        }
    }
}

closed_set!(
    /// Of whom a sum is.
    Segment, BadSegment: "a segment" {
        /// Everybody.
        All = "all",
        /// Those who have Spectrum in the same surface.
        Surface = "surface",
        /// Those who have the same version of it.
        Version = "version",
        /// Those who first used it in the same week.
        Cohort = "cohort",
        /// Events with the same word for a property.
        Property = "property",
    }
);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_day_is_in_one_period_of_each_grain(day in 0u64..40_000) {
            let day = NaiveDate::default() + Days::new(day);
            for grain in UseGrain::ALL {
                let start = grain.start(day);
                prop_assert!(start <= day && day < grain.end(start) && grain.start(start) == start);
                prop_assert_eq!(grain.start(grain.end(start)), grain.end(start));
            }
        }
    }
}
