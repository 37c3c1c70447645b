//! Teaser to upgrade, of everybody who saw the teaser: **conversion after exposure**. Those who upgrade may be just those who would have
//! anyway; what the teaser did is only in `impact`, against people who were kept from it by lot.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde::Serialize;

use super::{
    Cell, Estimate, FEWEST_PEOPLE, Rate, Refusal,
    refusal::{COMPARED_FROM, CONVERSIONS_FROM, Counts, rate_from},
};
use crate::closed_set::closed_set;

closed_set!(
    /// How long after the anchor an upgrade counts: 24 hours a day, from the hour of the anchor.
    Window {
        /// 24 hours.
        Day = "day",
        /// 168 hours: the one in the headline.
        Week = "week",
        /// 672 hours: the longest that is kept.
        FourWeeks = "four_weeks",
    }
);

impl Window {
    /// Days.
    pub const fn days(self) -> u16 {
        match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::FourWeeks => 28,
        }
    }

    /// Hours.
    pub const fn hours(self) -> u16 {
        self.days() * 24
    }
}

/// Days after an upgrade in which a refund takes it back.
pub const REFUND_DAYS: u16 = 30;

/// Someone's upgrade, and what became of it. Hours since any one instant, the same for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upgrade {
    /// When it was paid.
    pub hour: i64,
    /// When it was paid back, if it was.
    pub refund: Option<i64>,
}

/// An upgrade after the anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conversion {
    /// Whole hours after the anchor, below 672.
    pub hour: u16,
    /// Paid back within thirty days.
    pub refunded: bool,
}

impl Conversion {
    /// The first upgrade at or after the anchor, if it is within 28 days. The anchor is the first exposure, or for `impact` the moment of
    /// assignment; what was upgraded before is not its doing.
    pub fn after(anchor: i64, upgrades: &[Upgrade]) -> Option<Self> {
        let first = upgrades.iter().filter(|upgrade| upgrade.hour >= anchor).min_by_key(|upgrade| upgrade.hour)?;
        let hour = u16::try_from(first.hour - anchor).ok().filter(|hour| *hour < Window::FourWeeks.hours())?;
        let refunded =
            first.refund.is_some_and(|refund| (0..i64::from(REFUND_DAYS) * 24).contains(&(refund - first.hour)));
        Some(Self { hour, refunded })
    }
}

/// People who upgraded in one hour after their anchor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Upgraded {
    /// All of them.
    pub people: u64,
    /// Those of them who were paid back within thirty days.
    pub refunded: u64,
}

/// People whose anchor lies on one day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cohort {
    /// All of them, once each.
    pub people: u64,
    /// Those who upgraded, by whole hours after the anchor.
    pub hours: BTreeMap<u16, Upgraded>,
}

/// Cohorts by day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cohorts(BTreeMap<NaiveDate, Cohort>);

impl Cohorts {
    /// One more person, on the day of the anchor.
    pub fn add(&mut self, day: NaiveDate, conversion: Option<Conversion>) {
        let cohort = self.0.entry(day).or_default();
        cohort.people += 1;
        if let Some(conversion) = conversion {
            let upgraded = cohort.hours.entry(conversion.hour).or_default();
            upgraded.people += 1;
            upgraded.refunded += u64::from(conversion.refunded);
        }
    }

    /// Those of a time: from its first day on, before the day after its last.
    #[must_use]
    pub fn between(&self, first: NaiveDate, after: NaiveDate) -> Self {
        Self(self.0.range(first..after).map(|(day, cohort)| (*day, cohort.clone())).collect())
    }

    /// People, whether or not their time is up.
    pub fn people(&self) -> u64 {
        self.0.values().map(|cohort| cohort.people).sum()
    }

    /// Of cohorts of which everybody's window has closed before `today`, so that all have had the same time: people, and upgrades within
    /// the window.
    pub fn closed(&self, window: Window, today: NaiveDate) -> (u64, u64) {
        self.within(window, u64::from(window.days()), today, |upgraded| upgraded.people)
    }

    /// The same without upgrades that were paid back, of cohorts for which thirty days more are over.
    pub fn closed_net(&self, window: Window, today: NaiveDate) -> (u64, u64) {
        let days = u64::from(window.days() + REFUND_DAYS);
        self.within(window, days, today, |upgraded| upgraded.people - upgraded.refunded)
    }

    fn ended(&self, days: u64, today: NaiveDate) -> impl Iterator<Item = &Cohort> {
        // The last of the cohort had their anchor at the day's end.
        let ended = move |day: &NaiveDate| day.checked_add_days(Days::new(days + 1)).is_some_and(|end| end <= today);
        self.0.iter().filter(move |(day, _)| ended(day)).map(|(_, cohort)| cohort)
    }

    fn within(&self, window: Window, days: u64, today: NaiveDate, count: impl Fn(&Upgraded) -> u64) -> (u64, u64) {
        let hits =
            |cohort: &Cohort| cohort.hours.range(..window.hours()).map(|(_, upgraded)| count(upgraded)).sum::<u64>();
        let closed = self.ended(days, today);
        closed.fold((0, 0), |(people, upgrades), cohort| (people + cohort.people, upgrades + hits(cohort)))
    }

    /// Whole hours from anchor to upgrade, in the middle of those who upgraded within 28 days and whose 28 days are over; of an even
    /// number, half of the two in the middle. None of fewer than ten.
    pub fn median_hours(&self, today: NaiveDate) -> Option<f64> {
        let mut hours = BTreeMap::<u16, u64>::new();
        for cohort in self.ended(u64::from(Window::FourWeeks.days()), today) {
            for (hour, upgraded) in cohort.hours.range(..Window::FourWeeks.hours()) {
                *hours.entry(*hour).or_default() += upgraded.people;
            }
        }
        let people: u64 = hours.values().sum();
        let at = |place: u64| {
            let mut before = 0;
            hours.iter().find_map(|(hour, here)| {
                before += here;
                (before > place).then_some(f64::from(*hour))
            })
        };
        if people < FEWEST_PEOPLE {
            return None;
        }
        Some(f64::midpoint(at((people - 1) / 2)?, at(people / 2)?))
    }
}

impl FromIterator<(NaiveDate, Cohort)> for Cohorts {
    fn from_iter<I: IntoIterator<Item = (NaiveDate, Cohort)>>(days: I) -> Self {
        let mut cohorts = Self::default();
        for (day, cohort) in days {
            let held = cohorts.0.entry(day).or_default();
            held.people += cohort.people;
            for (hour, upgraded) in cohort.hours {
                let sum = held.hours.entry(hour).or_default();
                sum.people += upgraded.people;
                sum.refunded += upgraded.refunded;
            }
        }
        cohorts
    }
}

closed_set!(
    /// What a number of upgrades may be called.
    Called {
        /// Those who saw the teaser, and upgraded then: attributed, not caused.
        ConversionAfterExposure = "conversion_after_exposure",
        /// Against people kept from it by lot: caused.
        Impact = "impact",
    }
);

/// What is said of one window.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AfterExposure {
    /// Never impact.
    pub called: Called,
    /// How long after the first exposure.
    pub window: Window,
    /// People whose window has closed, and those of them who upgraded within it.
    pub counts: Counts,
    /// People whose window is still open; they are in no number.
    pub waiting: Cell,
    /// Upgraded of those whose window has closed.
    pub rate: Result<Estimate, Refusal>,
    /// The same without upgrades that were paid back within thirty days, of people for whom these are over.
    pub net: Result<Estimate, Refusal>,
}

/// Teaser to upgrade.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Funnel {
    /// By window, shortest first.
    pub windows: Vec<AfterExposure>,
    /// From first exposure to upgrade, in whole hours: the median of those within 28 days.
    pub median_hours: Option<f64>,
}

impl Funnel {
    /// Of people by the day of their first exposure, as it stands at the beginning of `today`.
    pub fn of(exposed: &Cohorts, today: NaiveDate) -> Self {
        let window = |window: Window| {
            let (people, upgrades) = exposed.closed(window, today);
            let (net_people, net_upgrades) = exposed.closed_net(window, today);
            AfterExposure {
                called: Called::ConversionAfterExposure,
                window,
                counts: Counts::of(upgrades, people),
                waiting: Cell::of(exposed.people() - people),
                rate: conversion_rate(upgrades, people).map(Rate::estimate),
                net: conversion_rate(net_upgrades, net_people).map(Rate::estimate),
            }
        };
        Self { windows: Window::ALL.iter().copied().map(window).collect(), median_hours: exposed.median_hours(today) }
    }
}

/// The rate of upgrading, if enough people and upgrades are behind it.
pub(super) fn conversion_rate(upgrades: u64, people: u64) -> Result<Rate, Refusal> {
    let rate = rate_from(COMPARED_FROM, Refusal::TooFewForComparison, upgrades, people);
    let few = upgrades < CONVERSIONS_FROM && people >= COMPARED_FROM;
    if few { Err(Refusal::TooFewConversions) } else { rate }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day") + Days::new(u64::from(day))
    }

    const fn at(hour: i64) -> Upgrade {
        Upgrade { hour, refund: None }
    }

    #[test]
    fn what_came_before_the_anchor_is_not_its_doing() {
        let after = |upgrades: &[Upgrade]| Conversion::after(100, upgrades).map(|conversion| conversion.hour);
        assert_eq!(after(&[]), None);
        assert_eq!(after(&[at(99)]), None);
        assert_eq!(after(&[at(100)]), Some(0));
        assert_eq!(after(&[at(300), at(99), at(120)]), Some(20));
        assert_eq!(after(&[at(771)]), Some(671));
        assert_eq!(after(&[at(772)]), None);
    }

    #[test]
    fn a_refund_takes_back_for_thirty_days() {
        let refunded = |refund| {
            Conversion::after(0, &[Upgrade { hour: 10, refund: Some(refund) }]).expect("a conversion").refunded
        };
        assert!(refunded(10) && refunded(729));
        assert!(!refunded(730) && !refunded(9));
    }

    /// Two hundred on the first day, twelve of whom upgrade after 30 hours, and as many on the eighth with as many.
    fn cohorts() -> Cohorts {
        let cohort =
            |hour, refunded| Cohort { people: 200, hours: BTreeMap::from([(hour, Upgraded { people: 12, refunded })]) };
        [(day(0), cohort(30, 1)), (day(7), cohort(30, 0))].into_iter().collect()
    }

    #[test]
    fn only_closed_windows_count() {
        let cohorts = cohorts();
        assert_eq!(cohorts.closed(Window::Week, day(7)), (0, 0));
        assert_eq!(cohorts.closed(Window::Week, day(8)), (200, 12));
        assert_eq!(cohorts.closed(Window::Week, day(14)), (200, 12));
        assert_eq!(cohorts.closed(Window::Week, day(15)), (400, 24));
        assert_eq!(cohorts.closed(Window::Day, day(15)), (400, 0));
        assert_eq!(cohorts.closed_net(Window::Week, day(37)), (0, 0));
        assert_eq!(cohorts.closed_net(Window::Week, day(38)), (200, 11));
    }

    #[test]
    fn what_is_said_and_what_is_refused() {
        let funnel = Funnel::of(&cohorts(), day(8));
        let [first, week, longest] = &funnel.windows[..] else { panic!("three windows") };
        assert_eq!(first.rate, Err(Refusal::TooFewConversions));
        assert_eq!((first.counts.people.shown(), first.counts.hits.shown()), (Some(200), None));
        let rate = week.rate.expect("a rate");
        assert_eq!((rate.hits, rate.people, week.waiting.shown()), (12, 200, Some(200)));
        assert_eq!(week.net, Err(Refusal::WindowsOpen));
        assert_eq!(longest.rate, Err(Refusal::WindowsOpen));
        assert_eq!(funnel.median_hours, None);
        assert_eq!(Funnel::of(&cohorts(), day(99)).median_hours, Some(30.0));
        assert_eq!(conversion_rate(40, 99), Err(Refusal::TooFewForComparison));
        assert_eq!(conversion_rate(3, 9), Err(Refusal::SmallCell));
    }

    prop_compose! {
        fn person()(
            day in 0u32..40, first in 0i64..24, upgrades in proptest::collection::vec((-200i64..900, proptest::option::of(0i64..900)), 0..3)
        ) -> (u32, i64, Vec<Upgrade>) {
            let anchor = i64::from(day) * 24 + first;
            let upgrade = |(hour, refund): (i64, Option<i64>)| Upgrade { hour: anchor + hour, refund: refund.map(|after| anchor + hour + after) };
            (day, anchor, upgrades.into_iter().map(upgrade).collect())
        }
    }

    proptest! {
        /// Cohorts give what counting the people one by one gives.
        #[test]
        fn as_counted_one_by_one(people in proptest::collection::vec(person(), 0..80), today in 0u32..110) {
            let mut cohorts = Cohorts::default();
            for (on, anchor, upgrades) in &people {
                cohorts.add(day(*on), Conversion::after(*anchor, upgrades));
            }
            let mut before = (u64::MAX, 0);
            for window in Window::ALL.iter().copied() {
                let closed = people.iter().filter(|(on, ..)| on + u32::from(window.days()) < today);
                let upgraded = closed.clone().filter(|(_, anchor, upgrades)| {
                    upgrades.iter().any(|upgrade| (0..i64::from(window.hours())).contains(&(upgrade.hour - anchor)))
                });
                let counted = (closed.count() as u64, upgraded.count() as u64);
                prop_assert_eq!(cohorts.closed(window, day(today)), counted);
                prop_assert!(counted.0 <= before.0);
                before = counted;
            }
            let mut hours: Vec<i64> = people.iter().filter(|(on, ..)| on + 28 < today).filter_map(|(_, anchor, upgrades)| {
                upgrades.iter().map(|upgrade| upgrade.hour - anchor).filter(|hour| (0..672).contains(hour)).min()
            }).collect();
            hours.sort_unstable();
            let median = (hours.len() >= 10).then(|| {
                #[expect(clippy::cast_precision_loss, reason = "hours")]
                let middle = (hours[(hours.len() - 1) / 2] + hours[hours.len() / 2]) as f64 / 2.0;
                middle
            });
            prop_assert_eq!(cohorts.median_hours(day(today)), median);
        }
    }
}
