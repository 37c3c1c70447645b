//! What any day and any period must add up to.

use chrono::{DateTime, Days};
use proptest::prelude::*;

use super::*;
use crate::{
    affect::AffectVector,
    measure::{Coverage, Place},
    session::SessionState,
};

fn vector(valence: i16, arousal: i16, emotions: [i16; EMOTIONS]) -> SessionVector {
    let place = Place { valence: Milli(valence), arousal: Milli(arousal) };
    let pairs = PairSums { pairs: 1, before: i64::from(valence), products: i64::from(arousal), ..PairSums::default() };
    SessionVector {
        affect: AffectVector {
            emotions: emotions.map(Milli),
            valence: Milli(valence),
            arousal: Milli(arousal),
            dominance: Milli(0),
        },
        mixture: emotions.map(|strength| Milli(strength / 2)),
        valence_spread: Milli(0),
        arousal_spread: Milli(0),
        first: place,
        peak: place,
        end: place,
        valence_pairs: pairs,
        arousal_pairs: pairs,
        displacements: Displacements { episodes: 1, ..Displacements::default() },
        coverage: Coverage { turns: 2, words: 40, not_measured: [0; 4] },
    }
}

/// A session of a day in the week from Monday, 16 November 2026.
fn session(day: u64, minute: i16, feature: Feature, vector: &SessionVector) -> SessionSummary {
    let started_at = DateTime::UNIX_EPOCH;
    let monday: chrono::NaiveDate = "2026-11-16".parse().expect("a date");
    SessionSummary {
        session_id: uuid::Uuid::nil().into(),
        feature,
        started_at,
        local_date: monday + Days::new(day),
        local_minute: minute,
        state: SessionState::Analysed,
        excluded: false,
        crisis: false,
        why_not: None,
        corrected: false,
        vector: Some(*vector),
    }
}

#[test]
fn the_interval_is_students() {
    // Half-width of a mean of seven with SD 0.4 is 0.37 (product reference 6.5).
    let spread = [-600, -400, 0, 0, 0, 400, 600];
    let rollup = Rollup::of_day(&spread.map(|v| session(0, 0, Feature::Mirror, &vector(v, 0, [0; EMOTIONS]))));
    let estimate = rollup.valence_estimate().expect("seven sessions");
    assert!((estimate.sd - 0.4163).abs() < 1e-3);
    assert!((estimate.half_width - 2.447 * 0.4163 / 7f64.sqrt()).abs() < 1e-3);
    assert!((student_t(31) - 2.0395).abs() < 1e-3 && (student_t(120) - 1.9799).abs() < 1e-3);
}

#[test]
fn floors() {
    let tier = |sessions, days| Rollup { days, sessions, ..Rollup::default() }.tier();
    assert_eq!(
        [tier(0, 0), tier(2, 2), tier(3, 1), tier(6, 6), tier(7, 3), tier(7, 4)],
        [Tier::Empty, Tier::Few, Tier::Some, Tier::Some, Tier::Some, Tier::Enough]
    );
}

#[test]
fn the_grid_goes_by_the_weekday_and_the_quarter_of_the_day_a_session_began_in() {
    let level = vector(200, 0, [0; EMOTIONS]);
    for (minute, daypart) in [
        (0, Daypart::Night),
        (359, Daypart::Night),
        (360, Daypart::Morning),
        (719, Daypart::Morning),
        (720, Daypart::Afternoon),
        (1079, Daypart::Afternoon),
        (1080, Daypart::Evening),
        (1439, Daypart::Evening),
    ] {
        for (day, weekday) in (0..).zip([Weekday::Mon, Weekday::Tue, Weekday::Sat, Weekday::Sun]) {
            let day = if day > 1 { day + 3 } else { day };
            let rollup = Rollup::of_day(&[session(day, minute, Feature::Lens, &level)]);
            assert_eq!(rollup.cell(weekday, daypart), Cell { sessions: 1, valence: 200 });
            assert_eq!(rollup.grid.iter().filter(|cell| cell.sessions > 0).count(), 1);
        }
    }
    let monday_night = Rollup::of_day(&[session(0, 0, Feature::Lens, &level)]).grid;
    let sunday_evening = Rollup::of_day(&[session(6, 1439, Feature::Lens, &level)]).grid;
    assert_eq!((monday_night[0].sessions, sunday_evening[CELLS - 1].sessions), (1, 1));
}

#[test]
fn a_session_moves_from_its_first_measured_turn_to_its_last_and_with_one_turn_not_at_all() {
    let mut moved = vector(100, -100, [0; EMOTIONS]);
    moved.first = Place { valence: Milli(-300), arousal: Milli(50) };
    moved.end = Place { valence: Milli(400), arousal: Milli(-150) };
    let mut single = moved;
    single.coverage.turns = 1;
    let rollup = Rollup::of_day(&[
        session(0, 0, Feature::Turn, &moved),
        session(0, 0, Feature::Turn, &single),
        session(0, 0, Feature::Lens, &single),
    ]);
    let turn = rollup.feature(Feature::Turn);
    assert_eq!(
        (turn.sessions, turn.valence, turn.arousal),
        (2, Moments { sum: 200, squares: 20_000 }, Moments { sum: -200, squares: 20_000 })
    );
    let once = ImpactSums {
        sessions: 1,
        valence: Moments { sum: 700, squares: 490_000 },
        arousal: Moments { sum: -200, squares: 40_000 },
    };
    assert_eq!(turn.impact, once);
    assert_eq!(rollup.feature(Feature::Lens).impact, ImpactSums::default());
    assert_eq!(rollup.feature(Feature::Mirror), &FeatureSums::default());
    assert_eq!(rollup.displacements.episodes, 3);
}

#[test]
fn what_is_left_out_or_withheld_adds_nothing() {
    let counted = session(0, 0, Feature::Mirror, &vector(100, 0, [0; EMOTIONS]));
    let excluded = SessionSummary { excluded: true, ..counted.clone() };
    let crisis = SessionSummary { crisis: true, ..counted.clone() };
    let withheld = SessionSummary { state: SessionState::Withheld, ..counted.clone() };
    assert_eq!(Rollup::of_day(&[excluded, crisis, withheld]), Rollup::default());
    assert_eq!(Rollup::of_day(&[counted]).sessions, 1);
}

proptest! {
    #[test]
    fn any_order_and_any_grouping_gives_the_same_sums(
        figures in proptest::collection::vec((-1000i16..=1000, -1000i16..=1000, 0i16..=1000), 1..40),
        cut in 0usize..40,
    ) {
        let sessions: Vec<_> = figures.iter().map(|(v, a, e)| session(0, 0, Feature::Turn, &vector(*v, *a, [*e; EMOTIONS]))).collect();
        let cut = cut.min(sessions.len());
        let day = |part: &[SessionSummary]| Rollup::of_day(part);
        let whole = day(&sessions);
        let mut backwards = sessions.clone();
        backwards.reverse();
        prop_assert_eq!(&day(&backwards), &whole);
        let halves = Rollup::of_days([&day(&sessions[..cut]), &day(&sessions[cut..])]);
        prop_assert_eq!(Rollup { days: whole.days, ..halves }, whole);
    }
}
