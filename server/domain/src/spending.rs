//! What models cost beside what they may: how much of a budget is spent, where a month is heading, and what was not asked. Whole
//! millionths of a dollar in and out; no clock, nobody's name.

use chrono::{Datelike as _, NaiveDate};

use crate::calendar::Month;

/// How much of a budget is spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BudgetState {
    /// Below 75 %.
    Well,
    /// From 75 %: somebody is told.
    Warned,
    /// From 90 %: nothing but the small model.
    Short,
    /// All of it: templates.
    Spent,
}

impl BudgetState {
    /// Of one budget; one of nothing is spent.
    pub fn of(spent: u64, limit: u64) -> Self {
        let (spent, limit) = (u128::from(spent) * 100, u128::from(limit));
        match () {
            () if spent >= limit * 100 => Self::Spent,
            () if spent >= limit * 90 => Self::Short,
            () if spent >= limit * 75 => Self::Warned,
            () => Self::Well,
        }
    }

    /// The tightest of several: of the day, the month, all members, this one. Without a budget there is no limit.
    pub fn tightest(states: impl IntoIterator<Item = Self>) -> Self {
        states.into_iter().max().unwrap_or(Self::Well)
    }
}

/// Days of a month from which its end is told without a caution.
pub const SURE_FROM: u32 = 7;

/// What a month will have cost if it goes on as it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forecast {
    /// At the end of its last day.
    pub micro_dollars: u64,
    /// Days that are over: it rests on these, those without a cost among them.
    pub days: u32,
    /// Whether these are too few to rely on.
    pub early: bool,
}

impl Forecast {
    /// From what was spent before today: that, over the days before today, times the days of the month. Nothing on the first day,
    /// and nothing where today is in another month: that one is over, or has not begun.
    pub fn of(month: Month, today: NaiveDate, spent_before_today: u64) -> Option<Self> {
        if Month::containing(today) != month {
            return None;
        }
        let (days, all) = (today.day0(), month.end().pred_opt()?.day());
        let whole = u128::from(spent_before_today) * u128::from(all);
        let micro_dollars = u64::try_from(whole.checked_div(u128::from(days))?).unwrap_or(u64::MAX);
        Some(Self { micro_dollars, days, early: days < SURE_FROM })
    }
}

/// What so many texts would have cost had each been asked for: at the mean of the calls that were made. Nothing where none was.
pub fn had_all_been_asked(texts: u64, spent: u64, calls: u64) -> Option<u64> {
    let whole = (u128::from(texts) * u128::from(spent)).checked_div(u128::from(calls))?;
    Some(u64::try_from(whole).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn forecast(today: &str, spent: u64) -> Option<Forecast> {
        Forecast::of("2026-11".parse().expect("a month"), day(today), spent)
    }

    #[test]
    fn a_budget_is_told_at_three_marks() {
        let of = |spent| BudgetState::of(spent, 20_000);
        assert_eq!([of(0), of(14_999)], [BudgetState::Well; 2]);
        assert_eq!([of(15_000), of(17_999)], [BudgetState::Warned; 2]);
        assert_eq!([of(18_000), of(19_999)], [BudgetState::Short; 2]);
        assert_eq!([of(20_000), of(u64::MAX)], [BudgetState::Spent; 2]);
        assert_eq!(BudgetState::of(0, 0), BudgetState::Spent);
        assert_eq!(BudgetState::tightest([of(0), of(18_000), of(15_000)]), BudgetState::Short);
        assert_eq!(BudgetState::tightest([]), BudgetState::Well);
    }

    #[test]
    fn a_month_goes_on_as_its_days_so_far_did() {
        // 10 dollars in 15 days are 20 in 30.
        let half = Forecast { micro_dollars: 20_000_000, days: 15, early: false };
        assert_eq!(forecast("2026-11-16", 10_000_000), Some(half));
        // One day is a day: whether anything was spent on it or not.
        assert_eq!(forecast("2026-11-02", 1), Some(Forecast { micro_dollars: 30, days: 1, early: true }));
        assert_eq!(forecast("2026-11-08", 0), Some(Forecast { micro_dollars: 0, days: 7, early: false }));
        assert_eq!(forecast("2026-11-07", 6).map(|forecast| forecast.early), Some(true));
        assert_eq!(forecast("2026-11-30", u64::MAX).map(|forecast| forecast.micro_dollars), Some(u64::MAX));
    }

    #[test]
    fn nothing_is_said_on_the_first_day_or_of_another_month() {
        for today in ["2026-11-01", "2026-10-31", "2026-12-01", "2025-11-16"] {
            assert_eq!(forecast(today, 10_000_000), None, "{today}");
        }
    }

    #[test]
    fn what_was_not_asked_is_told_at_the_mean_of_what_was() {
        assert_eq!(had_all_been_asked(30, 900, 90), Some(300));
        assert_eq!(had_all_been_asked(0, 900, 90), Some(0));
        assert_eq!(had_all_been_asked(30, 0, 0), None, "there is no mean of nothing");
        assert_eq!(had_all_been_asked(u64::MAX, u64::MAX, 1), Some(u64::MAX));
    }

    proptest! {
        #[test]
        fn a_forecast_is_never_less_than_what_was_spent(spent in 0u64..10_000_000_000, at in 1u64..30) {
            let today = day("2026-11-01") + chrono::Days::new(at);
            let forecast = Forecast::of(Month::containing(today), today, spent).expect("a forecast");
            prop_assert!(forecast.micro_dollars >= spent && u64::from(forecast.days) == at);
        }
    }
}
