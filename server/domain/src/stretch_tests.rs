//! What may be said of a span, from few sessions and from many.

use chrono::{Days, Weekday};
use proptest::prelude::*;

use super::*;
use crate::rollup::{ImpactSums, Sums};

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn empty(address: &str) -> Stretch {
    let today = date("2026-11-26");
    Stretch {
        member: Member {
            member_id: uuid::Uuid::nil().into(),
            zone: chrono_tz::UTC,
            week_start: Weekday::Mon,
            locale: "en".to_owned(),
            plan: crate::member::Plan::Paid,
            data_version: 1,
            counted: false,
        },
        span: Span::parse(address, Weekday::Mon, today).expect("a span"),
        today,
        now: Side::default(),
        before: Side::default(),
        parts: Vec::new(),
        days: Vec::new(),
        standing: Standing::default(),
    }
}

/// Sums of so many figures of this mean and this variance, in fractions.
#[expect(clippy::cast_possible_truncation, reason = "whole thousandths of small numbers")]
fn moments(n: i32, mean: f64, sd: f64) -> Moments {
    let n = f64::from(n);
    let squares = sd * sd * (n - 1.0) + mean * mean * n;
    Moments { sum: (mean * n * 1000.0).round() as i64, squares: (squares * 1e6).round() as i64 }
}

/// A span whose features have so many sessions, one a day, with this middle and this movement.
fn with_features(features: [(i32, f64, f64); 3]) -> Stretch {
    let mut stretch = empty("2026");
    for (feature, (n, mean, rise)) in Feature::ALL.into_iter().zip(features) {
        stretch.now.rollup.features[feature.index()] = FeatureSums {
            sessions: n,
            valence: moments(n, mean, 0.3),
            arousal: moments(n, 0.0, 0.3),
            impact: ImpactSums { sessions: n, valence: moments(n, rise, 0.3), arousal: moments(n, 0.0, 0.3) },
        };
        for day in 0..u64::try_from(n).expect("a count") {
            let mut features = [0; 3];
            features[feature.index()] = 1;
            let date = stretch.span.start() + Days::new(day);
            stretch.days.push(DayMark { date, sessions: 1, quadrants: [1, 0, 0, 0], features });
        }
    }
    stretch
}

#[test]
fn features_are_told_apart_only_where_the_difference_is_sure() {
    assert_eq!(with_features([(20, 0.4, 0.0), (20, -0.4, 0.0), (0, 0.0, 0.0)]).features_apart(), {
        FeaturesApart::Apart(Feature::Mirror, Feature::Turn)
    });
    assert_eq!(
        with_features([(20, 0.05, 0.0), (20, 0.0, 0.0), (20, 0.02, 0.0)]).features_apart(),
        FeaturesApart::CannotTell
    );
    assert_eq!(with_features([(7, 0.9, 0.0), (40, -0.9, 0.0), (0, 0.0, 0.0)]).features_apart(), FeaturesApart::TooFew);
    // 0.23 apart with 18 each is p = 0.028: enough for one pair, too little where three are tried.
    let apart = |third| with_features([(18, 0.23, 0.0), (18, 0.0, 0.0), (third, 0.1, 0.0)]).features_apart();
    assert_eq!(apart(0), FeaturesApart::Apart(Feature::Mirror, Feature::Turn));
    assert_eq!(apart(18), FeaturesApart::CannotTell, "the more is tried, the surer it must be");
}

#[test]
fn a_movement_is_stated_only_where_it_is_sure() {
    let moved = |features| with_features(features).moved(Axis::Valence);
    assert_eq!(moved([(7, 0.0, 0.9), (0, 0.0, 0.0), (0, 0.0, 0.0)]), None, "too few to tell");
    assert_eq!(moved([(30, 0.0, 0.01), (0, 0.0, 0.0), (0, 0.0, 0.0)]), Some(vec![]), "may be chance");
    let told = moved([(30, 0.0, 0.3), (30, 0.0, 0.0), (30, 0.0, -0.4)]).expect("enough");
    assert_eq!(told.iter().map(|(feature, _)| *feature).collect::<Vec<_>>(), [Feature::Lens, Feature::Mirror]);
    assert!(told[0].1 < 0.0 && told[1].1 > 0.0);
}

#[test]
fn a_feature_has_no_middle_below_its_own_floor() {
    let [mirror, turn, lens] = with_features([(6, 0.2, 0.1), (7, 0.2, 0.1), (0, 0.0, 0.0)]).features();
    assert!(mirror.valence.is_none() && mirror.rise.is_none() && mirror.sessions == 6);
    assert!(turn.valence.is_some() && turn.rise.is_some() && turn.days == 7);
    assert_eq!((lens.sessions, lens.days, lens.valence), (0, 0, None));
    let mut one_day = with_features([(9, 0.2, 0.1), (0, 0.0, 0.0), (0, 0.0, 0.0)]);
    one_day.days.truncate(3);
    assert!(one_day.features()[0].valence.is_none(), "nine sessions on three days");
}

#[test]
fn ways_have_gaps_where_a_part_has_too_few() {
    let mut stretch = empty("28-days");
    let parts = stretch.span.parts(Weekday::Mon);
    for (part, (sessions, calm)) in parts.into_iter().zip([(0, 0), (3, 2), (2, 2), (5, 1), (1, 1)]) {
        let mut rollup = Rollup { sessions, ..Rollup::default() };
        rollup.families[Family::Calm.index()] = calm;
        stretch.parts.push(PartSums { part, rollup });
    }
    stretch.now.rollup = Rollup::of_days(stretch.parts.iter().map(|of| &of.rollup));
    let ways = stretch.ways().expect("two parts with enough");
    assert_eq!(ways.len(), 1);
    assert_eq!(ways[0].sessions, 6);
    assert_eq!(ways[0].parts, [None, Some((2, 3)), None, Some((1, 5)), None]);
    stretch.parts.truncate(3);
    assert_eq!(stretch.ways(), None, "one week is no way");
}

#[test]
fn emptiness_has_its_reason() {
    let mut stretch = empty("28-days");
    let why = |stretch: &Stretch| stretch.emptiness();
    assert_eq!(why(&stretch), Some(Emptiness::NothingYet));
    stretch.span = Span::parse("2026-10", Weekday::Mon, stretch.today).expect("a month");
    assert_eq!(why(&stretch), Some(Emptiness::NoSessions));
    stretch.standing = Standing { held: 3, excluded: 3, ..Standing::default() };
    assert_eq!(why(&stretch), Some(Emptiness::AllLeftOut));
    stretch.standing = Standing { held: 3, excluded: 1, pending: 1, withheld: 1, ..Standing::default() };
    assert_eq!(why(&stretch), Some(Emptiness::AllPending));
    stretch.standing.pending = 0;
    assert_eq!(why(&stretch), Some(Emptiness::Withheld));
    assert!(stretch.offers_help());
    stretch.standing = Standing { held: 3, excluded: 1, other_language: 2, ..Standing::default() };
    assert_eq!(why(&stretch), Some(Emptiness::OtherLanguages));
    stretch.standing.other_language = 1;
    assert_eq!(why(&stretch), Some(Emptiness::NothingMeasured));
    stretch.now.rollup.sessions = 1;
    assert_eq!(why(&stretch), None);
}

#[test]
fn models_are_named_only_where_both_sides_have_some() {
    let mut stretch = empty("2026-11");
    stretch.now.models = vec!["a@1".to_owned()];
    assert!(!stretch.versions_differ(), "nothing to compare with");
    stretch.before.models = vec!["a@1".to_owned()];
    assert!(!stretch.versions_differ() && !stretch.versions_mixed());
    stretch.before.models = vec!["b@1".to_owned()];
    assert!(stretch.versions_differ());
}

#[test]
fn a_span_is_compared_with_the_one_before_as_a_week_is() {
    let of = |mean| Rollup {
        sessions: 20,
        days: 10,
        valence: Sums { moments: moments(20, mean, 0.2), min: -500, max: 500 },
        ..Rollup::default()
    };
    let mut stretch = empty("2026-11");
    (stretch.now.rollup, stretch.before.rollup) = (of(0.3), of(-0.1));
    assert!(matches!(stretch.against_before(Axis::Valence), Comparison::Higher(by) if (by - 0.4).abs() < 1e-9));
    stretch.before.rollup = of(0.29);
    assert_eq!(stretch.against_before(Axis::Valence), Comparison::CannotTell);
    stretch.before.rollup.days = 3;
    assert_eq!(stretch.against_before(Axis::Valence), Comparison::TooFew);
}

proptest! {
    #[test]
    fn a_days_mark_is_the_quarter_that_holds_more_than_every_other(counts in [0i32..5, 0i32..5, 0i32..5, 0i32..5]) {
        let day = DayMark { date: date("2026-11-26"), sessions: counts.iter().sum(), quadrants: counts, features: [0; 3] };
        let most = counts.into_iter().max().unwrap_or(0);
        let holders = counts.iter().filter(|n| **n == most).count();
        match day.quadrant() {
            Some(quadrant) => prop_assert!(holders == 1 && counts[quadrant.index()] == most),
            None => prop_assert!(holders > 1),
        }
    }

    #[test]
    fn which_feature_comes_first_does_not_depend_on_the_order(means in [-0.9f64..0.9, -0.9f64..0.9, -0.9f64..0.9]) {
        let [a, b, c] = means;
        let straight = with_features([(12, a, 0.0), (12, b, 0.0), (12, c, 0.0)]).features_apart();
        let turned = with_features([(12, -a, 0.0), (12, -b, 0.0), (12, -c, 0.0)]).features_apart();
        match (straight, turned) {
            (FeaturesApart::Apart(more, less), FeaturesApart::Apart(other_more, other_less)) => {
                prop_assert_eq!((more, less), (other_less, other_more));
                prop_assert!(means[more.index()] > means[less.index()]);
            }
            (straight, turned) => prop_assert_eq!(straight, turned),
        }
    }
}
