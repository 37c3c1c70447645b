//! What the teaser did: people who may see it against people who by lot may not, all of them from the moment of assignment, whether or not
//! they saw it (intention to treat). Who sees a teaser is more active than who does not; the lot is not.

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    Difference, Estimate, Rate, Refusal, SampleRatio,
    funnel::{Called, Cohorts, Window, conversion_rate},
    power::smallest_difference,
    refusal::Counts,
    sample_ratio::NotTested,
    small_cell::Cell,
};

/// One arm, as far as it may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ArmShown {
    /// Everybody assigned.
    pub assigned: Cell,
    /// Those whose time is up, and of how many of them it is so. None where the arms are broken.
    pub counts: Option<Counts>,
    /// The share of them.
    pub rate: Result<Estimate, Refusal>,
}

/// Two arms against each other, one outcome.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Compared {
    /// With the feature.
    pub feature: ArmShown,
    /// Without.
    pub holdout: ArmShown,
    /// Feature less holdout.
    pub difference: Result<Difference, Refusal>,
    /// What the next line starts from: the holdout's share where it is shown, else one that such outcomes usually have.
    pub base: f64,
    /// The smallest rise above `base`, a fraction, that so many people show in four of five experiments; none where nothing would show.
    pub smallest: Option<f64>,
}

/// The floors that an outcome has.
pub(super) struct Floors {
    /// The rate of one arm, of hits and people.
    pub rate: fn(u64, u64) -> Result<Rate, Refusal>,
    /// The rate of one arm of a comparison.
    pub compared: fn(u64, u64) -> Result<Rate, Refusal>,
    /// The share to reckon with where none may be shown.
    pub usual: f64,
}

/// An arm: everybody assigned, and of those whose time is up people and hits.
pub(super) type Arm = (u64, (u64, u64));

impl Compared {
    /// Nothing but sizes where the arms are broken; else what the floors let through.
    pub(super) fn of(feature: Arm, holdout: Arm, broken: bool, floors: &Floors) -> Self {
        let unless_broken = |rate: Result<Rate, Refusal>| if broken { Err(Refusal::SampleRatioBroken) } else { rate };
        let shown = |(assigned, (people, hits)): Arm| ArmShown {
            assigned: Cell::of(assigned),
            counts: (!broken).then(|| Counts::of(hits, people)),
            rate: unless_broken((floors.rate)(hits, people)).map(Rate::estimate),
        };
        let rate = |(_, (people, hits)): Arm| unless_broken((floors.compared)(hits, people));
        let both = rate(feature).and_then(|one| rate(holdout).map(|other| (one, other)));
        let base = shown(holdout).rate.map_or(floors.usual, |rate| rate.share);
        Self {
            feature: shown(feature),
            holdout: shown(holdout),
            difference: both.map(|(one, other)| Difference::between(one, other)),
            base,
            smallest: smallest_difference(base, holdout.1.0, feature.1.0),
        }
    }
}

/// A share of people who upgrade, to reckon with where there is none to be shown yet.
const USUAL: f64 = 0.05;

/// What is said of one window.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Impact {
    /// Always impact: there is no other way to make one than from two arms.
    pub called: Called,
    /// How long after assignment.
    pub window: Window,
    /// Of everybody assigned, against the design.
    pub sample_ratio: Result<SampleRatio, NotTested>,
    /// Upgrades.
    pub upgrades: Compared,
    /// Upgrades that were not paid back within thirty days, of people for whom these are over.
    pub net: Compared,
}

impl Impact {
    /// Of both arms by the day of assignment, and their weights, feature first; as it stands at the beginning of `today`.
    pub fn of(teaser: &Cohorts, holdout: &Cohorts, weights: [u16; 2], window: Window, today: NaiveDate) -> Self {
        let sample_ratio = SampleRatio::of(&[teaser.people(), holdout.people()], &weights);
        let broken = sample_ratio.is_ok_and(SampleRatio::is_broken);
        let floors = Floors { rate: conversion_rate, compared: conversion_rate, usual: USUAL };
        let compared = |closed: fn(&Cohorts, Window, NaiveDate) -> (u64, u64)| {
            let arm = |cohorts: &Cohorts| (cohorts.people(), closed(cohorts, window, today));
            Compared::of(arm(teaser), arm(holdout), broken, &floors)
        };
        Self {
            called: Called::Impact,
            window,
            sample_ratio,
            upgrades: compared(Cohorts::closed),
            net: compared(Cohorts::closed_net),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::Days;

    use super::*;
    use crate::effect::funnel::{Cohort, Upgraded};

    const DAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");

    fn arm(people: u64, upgraded: u64) -> Cohorts {
        let hours = BTreeMap::from([(5, Upgraded { people: upgraded, refunded: upgraded / 4 })]);
        [(DAY, Cohort { people, hours })].into_iter().collect()
    }

    fn impact(teaser: (u64, u64), holdout: (u64, u64), weights: [u16; 2], days: u64) -> Impact {
        let arm = |(people, upgraded)| arm(people, upgraded);
        Impact::of(&arm(teaser), &arm(holdout), weights, Window::Week, DAY + Days::new(days))
    }

    #[test]
    fn the_difference_of_two_arms() {
        let found = impact((1_000, 60), (1_000, 40), [500, 500], 8);
        let difference = found.upgrades.difference.expect("a difference");
        assert!((difference.difference - 0.02).abs() < 1e-12 && difference.interval.holds(0.02));
        assert_eq!(found.called, Called::Impact);
        assert!(found.upgrades.smallest.is_some_and(|rise| (0.02..0.04).contains(&rise)));
        assert_eq!(found.net.difference, Err(Refusal::WindowsOpen));
        let net = impact((1_000, 60), (1_000, 40), [500, 500], 38).net;
        assert_eq!((net.feature.rate.expect("a rate").hits, net.holdout.rate.expect("a rate").hits), (45, 30));
    }

    #[test]
    fn what_is_refused() {
        let refused = |teaser, holdout, weights, days| impact(teaser, holdout, weights, days).upgrades.difference.err();
        assert_eq!(refused((1_000, 60), (1_000, 9), [500, 500], 8), Some(Refusal::TooFewConversions));
        assert_eq!(refused((1_900, 60), (99, 40), [950, 50], 8), Some(Refusal::TooFewForComparison));
        assert_eq!(refused((1_000, 60), (1_000, 40), [500, 500], 7), Some(Refusal::WindowsOpen));
        assert_eq!(refused((1_000, 60), (800, 40), [500, 500], 8), Some(Refusal::SampleRatioBroken));
    }

    #[test]
    fn broken_arms_show_their_sizes_and_nothing_else() {
        let found = impact((1_000, 60), (800, 40), [500, 500], 8).upgrades;
        assert_eq!((found.feature.assigned.shown(), found.holdout.assigned.shown()), (Some(1_000), Some(800)));
        assert_eq!((found.feature.counts, found.holdout.counts), (None, None));
        assert_eq!(found.feature.rate, Err(Refusal::SampleRatioBroken));
    }
}
