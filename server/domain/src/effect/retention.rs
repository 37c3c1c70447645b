//! Coming back, of people drawn by lot: everybody assigned to an arm, whether or not they opened what they got (intention to treat). Who
//! opened it is of no account here: that is not by lot, and such people come back more often anyway (`observed`).

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde::Serialize;

use super::{
    Rate, Refusal, SampleRatio,
    impact::{Compared, Floors},
    refusal::{COMPARED_FROM, RATE_FROM, rate_from},
    sample_ratio::NotTested,
};

/// People who were assigned on one day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cohort {
    /// All of them, once each.
    pub people: u64,
    /// Those who were there in the first week after assignment, the second, and so on.
    pub returned: Vec<u64>,
}

/// An arm by day of assignment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cohorts(BTreeMap<NaiveDate, Cohort>);

impl Cohorts {
    /// One more person, and in which weeks after assignment they were there.
    pub fn add(&mut self, day: NaiveDate, weeks: &[bool]) {
        let cohort = self.0.entry(day).or_default();
        cohort.people += 1;
        cohort.returned.resize(cohort.returned.len().max(weeks.len()), 0);
        for (sum, there) in cohort.returned.iter_mut().zip(weeks) {
            *sum += u64::from(*there);
        }
    }

    /// Everybody assigned.
    pub fn people(&self) -> u64 {
        self.0.values().map(|cohort| cohort.people).sum()
    }

    /// Of cohorts of which everybody's week has ended before `today`: people, and those who were there in it. Week 1 is the first seven
    /// times 24 hours after assignment; a week that has not ended is in no number, since whoever has not come may still come.
    pub fn ended(&self, week: u8, today: NaiveDate) -> (u64, u64) {
        let ended = self.0.iter().filter(|(day, _)| is_over(**day, week, today)).map(|(_, cohort)| cohort);
        let place = usize::from(week).saturating_sub(1);
        ended.fold((0, 0), |(people, returned), cohort| {
            (people + cohort.people, returned + cohort.returned.get(place).copied().unwrap_or_default())
        })
    }
}

impl FromIterator<(NaiveDate, Cohort)> for Cohorts {
    fn from_iter<I: IntoIterator<Item = (NaiveDate, Cohort)>>(days: I) -> Self {
        Self(days.into_iter().collect())
    }
}

/// Whether the week is over for everybody who was assigned on `day`, the last of them at its end.
pub fn is_over(day: NaiveDate, week: u8, today: NaiveDate) -> bool {
    day.checked_add_days(Days::new(u64::from(week) * 7 + 1)).is_some_and(|end| end <= today)
}

/// What is said of one week after assignment.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Retention {
    /// Which week, from 1.
    pub week: u8,
    /// Of everybody assigned, against the design.
    pub sample_ratio: Result<SampleRatio, NotTested>,
    /// Those who were there in that week.
    pub returned: Compared,
}

impl Retention {
    /// Of both arms and their weights, feature first; as it stands at the beginning of `today`.
    pub fn of(feature: &Cohorts, holdout: &Cohorts, weights: [u16; 2], week: u8, today: NaiveDate) -> Self {
        let sample_ratio = SampleRatio::of(&[feature.people(), holdout.people()], &weights);
        let broken = sample_ratio.is_ok_and(SampleRatio::is_broken);
        let arm = |cohorts: &Cohorts| (cohorts.people(), cohorts.ended(week, today));
        let floors = Floors { rate: return_rate, compared: compared_rate, usual: USUAL };
        Self { week, sample_ratio, returned: Compared::of(arm(feature), arm(holdout), broken, &floors) }
    }
}

/// A share of people who come back, to reckon with where there is none to be shown yet: where differences are hardest to see.
const USUAL: f64 = 0.5;

/// From thirty people on.
fn return_rate(returned: u64, people: u64) -> Result<Rate, Refusal> {
    rate_from(RATE_FROM, Refusal::TooFewForRate, returned, people)
}

/// From a hundred.
pub(super) fn compared_rate(returned: u64, people: u64) -> Result<Rate, Refusal> {
    return_rate(returned, people).and_then(|_| rate_from(COMPARED_FROM, Refusal::TooFewForComparison, returned, people))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(day: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day") + Days::new(day)
    }

    fn arm(people: u64, returned: u64) -> Cohorts {
        [(day(0), Cohort { people, returned: vec![returned] })].into_iter().collect()
    }

    fn retention(feature: (u64, u64), holdout: (u64, u64)) -> Compared {
        let sum = feature.0 + holdout.0;
        let weight = |people: u64| u16::try_from(people * 1_000 / sum).expect("a weight");
        let weights = [weight(feature.0), weight(holdout.0)];
        Retention::of(&arm(feature.0, feature.1), &arm(holdout.0, holdout.1), weights, 1, day(8)).returned
    }

    #[test]
    fn what_may_be_said_of_how_many() {
        // Fewer than thirty: no rate. Up to ninety-nine: counts and rate, no comparison. From a hundred: a comparison.
        let found = retention((29, 14), (29, 14));
        assert_eq!(found.feature.rate, Err(Refusal::TooFewForRate));
        assert_eq!(found.difference, Err(Refusal::TooFewForRate));
        let found = retention((99, 44), (99, 40));
        assert_eq!(found.feature.rate.expect("a rate").hits, 44);
        assert_eq!(found.difference, Err(Refusal::TooFewForComparison));
        assert!(found.smallest.is_some_and(|rise| (0.15..0.25).contains(&rise)));
        let found = retention((1_600, 704), (1_600, 640));
        let difference = found.difference.expect("a difference");
        assert!(difference.is_clear() && (difference.difference - 0.04).abs() < 1e-12);
        // 0.04 needs 2,387 of each; 1,600 show a little more.
        assert!(found.smallest.is_some_and(|rise| (0.045..0.055).contains(&rise)));
    }

    #[test]
    fn an_unfinished_week_is_in_no_number() {
        let mut cohorts = Cohorts::default();
        cohorts.add(day(0), &[true, false]);
        cohorts.add(day(1), &[true, true]);
        assert_eq!(cohorts.people(), 2);
        assert_eq!(cohorts.ended(1, day(7)), (0, 0));
        assert_eq!(cohorts.ended(1, day(8)), (1, 1));
        assert_eq!(cohorts.ended(1, day(9)), (2, 2));
        assert_eq!(cohorts.ended(2, day(16)), (2, 1));
        // A week that nobody was there in is a week.
        assert_eq!(cohorts.ended(3, day(99)), (2, 0));
    }

    #[test]
    fn broken_arms_are_withheld() {
        let found = Retention::of(&arm(1_000, 400), &arm(800, 300), [500, 500], 1, day(8));
        assert!(found.sample_ratio.is_ok_and(SampleRatio::is_broken));
        assert_eq!(found.returned.difference, Err(Refusal::SampleRatioBroken));
        assert_eq!(found.returned.holdout.counts, None);
    }

    proptest! {
        #[test]
        fn a_comparison_only_with_a_hundred_and_never_of_a_few(
            feature in 0u64..400, holdout in 0u64..400, part in 0.0f64..1.0, other in 0.0f64..1.0
        ) {
            prop_assume!(feature + holdout > 0);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a count")]
            let hits = |people: u64, part: f64| (super::super::number(people) * part) as u64;
            let (one, two) = (hits(feature, part), hits(holdout, other));
            let found = retention((feature, one), (holdout, two));
            let fits = |hits: u64, people: u64| people >= 100 && hits >= 10 && (people == hits || people - hits >= 10);
            prop_assert_eq!(found.difference.is_ok(), fits(one, feature) && fits(two, holdout));
            for arm in [found.feature, found.holdout] {
                let counts = arm.counts.expect("counts");
                prop_assert!(counts.hits.shown().is_none_or(|hits| hits >= 10));
                prop_assert!(arm.rate.is_err() || counts.hits.shown().is_some());
            }
        }
    }
}
