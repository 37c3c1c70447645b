//! What a session's turns must add up to, for any session.

use proptest::prelude::*;

use super::*;

fn affect(valence: i16, arousal: i16, joy: i16) -> AffectVector {
    let mut emotions = [Milli(0); EMOTIONS];
    emotions[17] = Milli(joy);
    emotions[27] = Milli(1000 - joy);
    AffectVector { emotions, valence: Milli(valence), arousal: Milli(arousal), dominance: Milli(arousal / 2) }
}

fn member(index: i32, words: i32, valence: i16, joy: i16) -> ReadTurn {
    ReadTurn { index, words, outcome: Some(Outcome::Measured(affect(valence, 0, joy))) }
}

const BAND: MeasurementBand = MeasurementBand { valence: Milli(400), arousal: Milli(300) };

fn vector(turns: &[ReadTurn]) -> Option<SessionVector> {
    SessionVector::of(&MeasuredTurn::among(turns), Coverage::of(turns), &HomeBase::default(), BAND)
}

#[test]
fn longer_turns_weigh_more_and_the_strongest_label_stays() {
    let vector = vector(&[member(0, 30, -600, 100), member(2, 10, 200, 700)]).expect("two turns");
    assert_eq!(vector.affect.valence, Milli(-400));
    assert_eq!((vector.affect.emotions[17], vector.mixture[17]), (Milli(700), Milli(250)));
    assert_eq!((vector.peak.valence, vector.first.valence, vector.end.valence), (Milli(-600), Milli(-600), Milli(200)));
    assert_eq!(vector.valence_spread, Milli(346)); // sqrt((30·0.2² + 10·0.6²) / 40)
    assert_eq!((vector.coverage.turns, vector.coverage.words), (2, 40));
}

#[test]
fn a_long_turn_weighs_no_more_than_sixty_words() {
    let vector = vector(&[member(0, 60, -500, 0), member(1, 2_000, 500, 0)]).expect("two turns");
    assert_eq!(vector.affect.valence, Milli(0));
    assert_eq!(vector.coverage.words, 2_060, "but all its words were read");
}

#[test]
fn the_peak_is_the_turn_farthest_from_home() {
    let turns = [member(0, 5, 100, 0), member(1, 5, 500, 0), member(2, 5, -300, 0)];
    let at_home = |home| {
        let home = HomeBase { valence: Milli(home), ..HomeBase::default() };
        let measured = MeasuredTurn::among(&turns);
        SessionVector::of(&measured, Coverage::of(&turns), &home, BAND).expect("turns").peak.valence
    };
    assert_eq!([at_home(0), at_home(200), at_home(400)], [Milli(500), Milli(-300), Milli(-300)]);
    // Equally far: the first of them.
    assert_eq!(at_home(100), Milli(500));
}

#[test]
fn coverage_counts_every_member_turn_once_and_says_why() {
    let not = |index, why| ReadTurn { index, words: 3, outcome: Some(Outcome::NotMeasured(why)) };
    let assistant = ReadTurn { index: 1, words: 9, outcome: None };
    let turns = [member(0, 5, 1, 1), assistant, not(2, WhyNot::Language), not(3, WhyNot::NoWords), member(4, 5, 9, 9)];
    let vector = vector(&turns).expect("two turns");
    assert_eq!(vector.coverage, Coverage { turns: 2, words: 10, not_measured: [1, 1, 0, 0] });
    assert_eq!(vector.coverage.why_not(), None);
    assert_eq!(vector.valence_pairs.pairs, 0, "what stood between was not measured");
    let measured = MeasuredTurn::among(&turns);
    assert_eq!((measured[1].assistant_before, measured[1].unmeasured_before), (1, 2));

    assert_eq!(Coverage::of(&[assistant]).why_not(), Some(WhyNot::NoWords));
    assert_eq!(Coverage::of(&[not(0, WhyNot::NoWords), not(2, WhyNot::Language)]).why_not(), Some(WhyNot::Language));
    let mostly_logs = [not(0, WhyNot::NotProse), not(2, WhyNot::Language), not(4, WhyNot::NotProse)];
    assert_eq!(Coverage::of(&mostly_logs).why_not(), Some(WhyNot::NotProse));
    for why in WhyNot::ALL {
        assert_eq!((WhyNot::from_name(why.name()), WhyNot::ALL[why.index()]), (Some(why), why));
    }
}

/// Any session: member turns with any measure or none, and the assistant's.
pub(crate) fn any_session() -> impl Strategy<Value = Vec<ReadTurn>> {
    let measure = (-1000i16..=1000, -1000i16..=1000, proptest::array::uniform28(0i16..=1000));
    let outcome = prop_oneof![
        5 => measure.prop_map(|(valence, arousal, emotions)| Some(Outcome::Measured(AffectVector {
            emotions: emotions.map(Milli),
            valence: Milli(valence),
            arousal: Milli(arousal),
            dominance: Milli(arousal / 3),
        }))),
        1 => (0..WHY_NOTS).prop_map(|why| Some(Outcome::NotMeasured(WhyNot::ALL[why]))),
        2 => Just(None),
    ];
    proptest::collection::vec((0i32..400, outcome), 0..24).prop_map(|turns| {
        (0..).zip(turns).map(|(index, (words, outcome))| ReadTurn { index, words, outcome }).collect()
    })
}

proptest! {
    #[test]
    fn means_and_spreads_do_not_depend_on_the_order_of_turns(turns in any_session()) {
        let mut backwards = turns.clone();
        backwards.reverse();
        match (vector(&turns), vector(&backwards)) {
            (None, None) => {}
            (Some(there), Some(back)) => {
                prop_assert_eq!(there.affect, back.affect);
                prop_assert_eq!(there.mixture, back.mixture);
                prop_assert_eq!((there.valence_spread, there.arousal_spread), (back.valence_spread, back.arousal_spread));
                prop_assert_eq!(there.coverage, back.coverage);
                prop_assert_eq!((there.first, there.end), (back.end, back.first));
            }
            other => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn figures_stay_within_those_of_the_turns(turns in any_session()) {
        let measured = MeasuredTurn::among(&turns);
        let Some(vector) = vector(&turns) else {
            prop_assert!(measured.is_empty() && Coverage::of(&turns).why_not().is_some());
            return Ok(());
        };
        let members = turns.iter().filter(|turn| turn.outcome.is_some()).count();
        let counted = vector.coverage.turns + vector.coverage.not_measured.iter().sum::<i32>();
        prop_assert_eq!(usize::try_from(counted).expect("few"), members);
        let range = |figure: &dyn Fn(&MeasuredTurn) -> i16| {
            let all: Vec<i16> = measured.iter().map(figure).collect();
            all.iter().copied().min().unwrap_or(0)..=all.iter().copied().max().unwrap_or(0)
        };
        prop_assert!(range(&|t| t.affect.valence.0).contains(&vector.affect.valence.0));
        prop_assert!(range(&|t| t.affect.arousal.0).contains(&vector.affect.arousal.0));
        prop_assert!(range(&|t| t.affect.valence.0).contains(&vector.peak.valence.0));
        for emotion in 0..EMOTIONS {
            prop_assert!(range(&|t| t.affect.emotions[emotion].0).contains(&vector.mixture[emotion].0));
            prop_assert!(vector.mixture[emotion] <= vector.affect.emotions[emotion]);
        }
        prop_assert!((0..=1000).contains(&vector.valence_spread.0) && (0..=1000).contains(&vector.arousal_spread.0));
        prop_assert!(vector.valence_pairs.pairs < i64::try_from(measured.len()).expect("few"));
    }

    #[test]
    fn one_turn_alone_is_its_own_mean_and_has_no_spread(words in 0i32..100_000, valence in -1000i16..=1000) {
        let vector = vector(&[member(3, words, valence, 200)]).expect("a turn");
        prop_assert_eq!((vector.affect.valence, vector.valence_spread), (Milli(valence), Milli(0)));
        prop_assert_eq!((vector.first, vector.peak), (vector.end, vector.end));
    }
}
