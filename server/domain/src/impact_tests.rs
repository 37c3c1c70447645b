//! What turn impacts must be, for any session and any home base.

use proptest::prelude::*;

use super::*;
use crate::{
    affect::EMOTIONS,
    measure::{Outcome, ReadTurn},
};

fn turn(index: i32, words: i32, valence: i16, joy: i16) -> ReadTurn {
    let mut emotions = [Milli(0); EMOTIONS];
    emotions[17] = Milli(joy);
    emotions[25] = Milli(1000 - joy);
    let affect = AffectVector { emotions, valence: Milli(valence), arousal: Milli(0), dominance: Milli(0) };
    ReadTurn { index, words, outcome: Some(Outcome::Measured(affect)) }
}

#[test]
fn a_step_home_is_no_news() {
    let home = HomeBase { valence: Milli(200), ..HomeBase::default() };
    let measured = MeasuredTurn::among(&[turn(0, 5, -800, 0), turn(3, 5, -100, 1000)]);
    let impacts = TurnImpact::of(&measured, &home);
    assert_eq!((impacts[0].since, impacts[1].index), (None, 3));
    let since = impacts[1].since.expect("a turn before");
    // Home is 0.2; of the distance −1.0 three tenths are expected to be left: −0.1, which is where the turn lies.
    assert_eq!((since.valence_step, since.valence_innovation), (700, 0));
    assert_eq!(since.mixture_shift, Milli(1000), "from one emotion to another altogether");
}

#[test]
fn a_contribution_is_the_mean_with_the_turn_less_the_mean_without() {
    let measured = MeasuredTurn::among(&[turn(0, 30, -600, 0), turn(1, 10, 200, 0)]);
    let contributions: Vec<_> =
        TurnImpact::of(&measured, &HomeBase::default()).iter().filter_map(|impact| impact.contribution).collect();
    // The mean is −0.4; without the first it were 0.2, without the second −0.6.
    assert_eq!(contributions.iter().map(|c| c.valence).collect::<Vec<_>>(), [-600, 200]);
    let alone = MeasuredTurn::among(&[turn(0, 30, -600, 0)]);
    assert_eq!(TurnImpact::of(&alone, &HomeBase::default())[0].contribution, None);
}

#[test]
fn what_stood_between_is_counted() {
    let assistant = |index| ReadTurn { index, words: 50, outcome: None };
    let measured = MeasuredTurn::among(&[assistant(0), turn(1, 5, 0, 0), assistant(2), assistant(3), turn(4, 5, 9, 0)]);
    let impacts = TurnImpact::of(&measured, &HomeBase::default());
    assert_eq!(impacts.iter().map(|impact| impact.assistant_before).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn a_step_within_the_band_is_no_change() {
    let band = MeasurementBand { valence: Milli(370), arousal: Milli(300) };
    assert_eq!([370, -370, 0].map(|step| band.valence_step(step)), [Step::NoChange; 3]);
    assert_eq!((band.valence_step(371), band.arousal_step(-301)), (Step::Higher(371), Step::Lower(301)));
}

#[test]
fn a_home_base_is_drawn_to_the_middle_until_there_are_sessions() {
    let of = |sessions, valence| HomeBase::of(&HomeSums { sessions, valence, ..HomeSums::default() }).valence;
    assert_eq!(HomeBase::of(&HomeSums::default()), HomeBase::default());
    assert_eq!([of(1, 600), of(14, 14 * 600), of(126, 126 * 600)], [Milli(40), Milli(300), Milli(540)]);
}

#[test]
fn inertia_is_the_prior_until_thirty_pairs_and_then_drawn_to_it() {
    // A figure that stays where it is from turn to turn, over and over.
    let sticky = |pairs: i64| PairSums {
        pairs,
        before: 0,
        after: 0,
        before_squares: pairs * 250_000,
        after_squares: pairs * 250_000,
        products: pairs * 200_000,
    };
    let of = |pairs| {
        let sums = HomeSums { valence_pairs: sticky(pairs), ..HomeSums::default() };
        HomeBase::of(&sums).valence_inertia
    };
    assert_eq!((of(0), of(29)), (Milli(300), Milli(300)));
    assert!(of(30) > Milli(500) && of(300) > of(30) && of(300) < Milli(950), "{:?} {:?}", of(30), of(300));
    let level = PairSums { pairs: 50, before: 50, after: 50, before_squares: 50, after_squares: 50, products: 50 };
    assert!((inertia(&level) - 0.3).abs() < 1e-9, "a figure that never moves tells nothing");
}

fn any_home() -> impl Strategy<Value = HomeBase> {
    (-1000i16..=1000, -1000i16..=1000, 0i16..=950, 0i16..=950).prop_map(|(valence, arousal, v, a)| HomeBase {
        valence: Milli(valence),
        arousal: Milli(arousal),
        valence_inertia: Milli(v),
        arousal_inertia: Milli(a),
    })
}

proptest! {
    #[test]
    fn weighted_by_what_is_left_contributions_add_up_to_nothing(turns in crate::measure::tests::any_session()) {
        let measured = MeasuredTurn::among(&turns);
        let impacts = TurnImpact::of(&measured, &HomeBase::default());
        let total: i64 = measured.iter().map(MeasuredTurn::weight).sum();
        let sum: i64 = measured
            .iter()
            .zip(&impacts)
            .filter_map(|(turn, impact)| Some((total - turn.weight()) * i64::from(impact.contribution?.valence)))
            .sum();
        // Each contribution was rounded by at most half a thousandth.
        let slack: i64 = measured.iter().map(|turn| total - turn.weight()).sum();
        prop_assert!(2 * sum.abs() <= slack, "{} of {}", sum, slack);
    }

    #[test]
    fn impacts_stay_within_bounds_and_steps_add_up(turns in crate::measure::tests::any_session(), home in any_home()) {
        let measured = MeasuredTurn::among(&turns);
        let impacts = TurnImpact::of(&measured, &home);
        prop_assert_eq!(impacts.len(), measured.len());
        for impact in &impacts {
            if let Some(since) = impact.since {
                for step in [since.valence_step, since.arousal_step, since.valence_innovation, since.arousal_innovation] {
                    prop_assert!((-2000..=2000).contains(&step));
                }
                prop_assert!((0..=1000).contains(&since.mixture_shift.0));
            }
            if let Some(contribution) = impact.contribution {
                prop_assert!((-2000..=2000).contains(&contribution.valence));
            }
        }
        if let (Some(first), Some(last)) = (measured.first(), measured.last()) {
            let steps: i32 = impacts.iter().filter_map(|i| Some(i32::from(i.since?.valence_step))).sum();
            prop_assert_eq!(steps, i32::from(last.affect.valence.0) - i32::from(first.affect.valence.0));
        }
    }

    #[test]
    fn the_shift_of_mixtures_is_a_distance(
        p in proptest::array::uniform28(0i16..=1000),
        q in proptest::array::uniform28(0i16..=1000),
        r in proptest::array::uniform28(0i16..=1000),
    ) {
        let of = |emotions: [i16; EMOTIONS]| AffectVector {
            emotions: emotions.map(Milli),
            valence: Milli(0),
            arousal: Milli(0),
            dominance: Milli(0),
        };
        let (p, q, r) = (of(p), of(q), of(r));
        prop_assert_eq!(mixture_shift(&p, &p), Milli(0));
        prop_assert_eq!(mixture_shift(&p, &q), mixture_shift(&q, &p));
        // Rounding adds up to a thousandth and a half.
        prop_assert!(mixture_shift(&p, &r).0 <= mixture_shift(&p, &q).0 + mixture_shift(&q, &r).0 + 2);
    }

    #[test]
    fn inertia_stays_within_its_bounds(
        pairs in proptest::collection::vec((-1000i64..=1000, -1000i64..=1000), 0..80),
    ) {
        let mut sums = PairSums::default();
        for (before, after) in pairs {
            sums.merge(&PairSums {
                pairs: 1,
                before,
                after,
                before_squares: before * before,
                after_squares: after * after,
                products: before * after,
            });
        }
        prop_assert!((0.0..=MOST_INERTIA).contains(&inertia(&sums)));
        prop_assert_eq!(PairSums::from_columns(sums.columns()), sums);
    }
}
