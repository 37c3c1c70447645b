//! What holds for the findings of every history.

use chrono::{DateTime, Days};
use proptest::prelude::*;

use super::{
    simulated::{Draw, Effect, NOISES, NOTHING, history},
    *,
};
use crate::{
    affect::{AffectVector, EMOTIONS, Milli},
    displacement::Displacements,
    feature::Feature,
    measure::{Coverage, PairSums, Place, SessionVector},
    rollup::Moments,
    session::{SessionState, SessionSummary},
};

fn any_history() -> impl Strategy<Value = History> {
    let effect = (prop_oneof![Just(0.0), -0.8f64..0.8], prop_oneof![Just(0.0), -0.5f64..0.5])
        .prop_map(|(level, turn)| Effect { level, turn, ..NOTHING });
    (any::<u64>(), 0..NOISES.len(), effect)
        .prop_map(|(seed, noise, effect)| history(&mut Draw(seed), &NOISES[noise], effect))
}

fn candidates(history: &History) -> Vec<Finding> {
    change::candidates(history, &change::baseline(history)).into_iter().map(|c| c.finding).collect()
}

/// Every session once more: what a rollup of twice the sessions would be, on the same days.
fn twice(rollup: &Rollup) -> Rollup {
    Rollup { days: rollup.days, ..Rollup::of_days([rollup, rollup]) }
}

fn mirrored(rollup: &Rollup) -> Rollup {
    let turned = |moments: Moments| Moments { sum: -moments.sum, ..moments };
    let mut mirrored = rollup.clone();
    mirrored.valence.moments = turned(rollup.valence.moments);
    mirrored.arousal.moments = turned(rollup.arousal.moments);
    for cell in &mut mirrored.grid {
        cell.valence = -cell.valence;
    }
    for sums in &mut mirrored.features {
        sums.impact.valence = turned(sums.impact.valence);
        sums.impact.arousal = turned(sums.impact.arousal);
    }
    mirrored
}

fn each(history: &History, change: fn(&Rollup) -> Rollup) -> History {
    History { period: change(&history.period), before: history.before.iter().map(change).collect(), ..history.clone() }
}

fn what(finding: &Finding) -> (Kind, Subject, Window) {
    (finding.kind, finding.subject, finding.window)
}

fn session(day: u64, minute: i16, feature: Feature, (valence, arousal, strength): (i16, i16, i16)) -> SessionSummary {
    let place = Place { valence: Milli(valence), arousal: Milli(arousal) };
    let vector = SessionVector {
        affect: AffectVector {
            emotions: [Milli(strength); EMOTIONS],
            valence: Milli(valence),
            arousal: Milli(arousal),
            dominance: Milli(0),
        },
        mixture: [Milli(strength); EMOTIONS],
        valence_spread: Milli(0),
        arousal_spread: Milli(0),
        first: Place::default(),
        peak: place,
        end: place,
        valence_pairs: PairSums::default(),
        arousal_pairs: PairSums::default(),
        displacements: Displacements::default(),
        coverage: Coverage { turns: 2, words: 40, not_measured: [0; 4] },
    };
    let monday: chrono::NaiveDate = "2026-11-16".parse().expect("a date");
    SessionSummary {
        session_id: uuid::Uuid::nil().into(),
        feature,
        started_at: DateTime::UNIX_EPOCH,
        local_date: monday + Days::new(day),
        local_minute: minute,
        state: SessionState::Analysed,
        excluded: false,
        crisis: false,
        why_not: None,
        corrected: false,
        vector: Some(vector),
    }
}

/// The rollup of a week by way of its days, as it is made of a member's sessions.
fn week(sessions: &[SessionSummary]) -> Rollup {
    let mut dates: Vec<_> = sessions.iter().map(|session| session.local_date).collect();
    dates.sort_unstable();
    dates.dedup();
    let days: Vec<_> = dates
        .iter()
        .map(|date| Rollup::of_day(sessions.iter().filter(|session| session.local_date == *date)))
        .collect();
    Rollup::of_days(&days)
}

type Figures = (u64, i16, usize, (i16, i16, i16));

fn weeks() -> impl Strategy<Value = Vec<Vec<Figures>>> {
    let figures = (0u64..7, 0i16..1440, 0usize..3, (-1000i16..=1000, -1000i16..=1000, 0i16..=1000));
    proptest::collection::vec(proptest::collection::vec(figures, 0..16), 1..8)
}

fn of_weeks(weeks: &[Vec<Figures>]) -> History {
    let rollups = weeks.iter().map(|figures| {
        let sessions =
            figures.iter().map(|(day, minute, feature, at)| session(*day, *minute, Feature::ALL[*feature], *at));
        week(&sessions.collect::<Vec<_>>())
    });
    let mut rollups: Vec<_> = rollups.collect();
    let period = rollups.remove(0);
    History { period, before: rollups, ..History::default() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_number_is_one_and_every_floor_is_kept(history in any_history()) {
        let findings = detect(&history);
        for finding in &findings {
            let numbers = [Some(finding.estimate), finding.reference].into_iter().flatten();
            prop_assert!(numbers.chain([finding.rank]).all(f64::is_finite), "{finding:?}");
            prop_assert!((0.0..=1.0).contains(&finding.rank));
            if let Some(interval) = finding.interval {
                prop_assert!(interval.low <= interval.high);
                let within = interval.low - 1e-9 <= finding.estimate && finding.estimate <= interval.high + 1e-9;
                prop_assert!(interval.of == IntervalOf::Expected || within, "{finding:?}");
                if finding.kind == Kind::Changed {
                    prop_assert!(!within, "a change lies outside of what was expected: {finding:?}");
                }
            }
            if let Some(test) = finding.test {
                prop_assert!((0.0..=1.0).contains(&test.p) && (0.0..=1.0).contains(&test.q) && test.tested > 0);
                match finding.kind {
                    Kind::Steady => prop_assert!(test.p >= 0.2),
                    Kind::NothingNew => prop_assert!(test.q > FALSE_DISCOVERY_RATE),
                    _ => prop_assert!(test.q <= FALSE_DISCOVERY_RATE),
                }
            }
            for evidence in &finding.evidence {
                let back = usize::from(evidence.ago);
                let rollup = if back == 0 { &history.period } else { &history.before[back - 1] };
                prop_assert_eq!(evidence.n, evidence.cell.count(rollup));
            }
            if history.period.sessions < 7 {
                prop_assert!(!matches!(finding.kind, Kind::Level | Kind::Changed | Kind::Steady | Kind::NothingNew));
            }
        }
        let shown = select(&findings);
        prop_assert!(shown.len() <= MOST_SHOWN && shown.len() >= findings.len().min(2));
        prop_assert!(shown.iter().enumerate().all(|(at, one)| shown[..at].iter().all(|other| what(one) != what(other))));
        prop_assert_eq!(findings, detect(&history), "the same history, the same findings");
    }

    #[test]
    fn every_session_twice_moves_no_estimate_and_widens_nothing(history in any_history()) {
        let doubled = each(&history, twice);
        let (once, again) = (candidates(&history), candidates(&doubled));
        for one in once.iter().filter(|finding| matches!(finding.subject, Subject::Level(_))) {
            let Some(other) = again.iter().find(|other| what(other) == what(one)) else {
                // Periods that had too few sessions may now reach back farther.
                continue;
            };
            if one.evidence.len() != other.evidence.len() { continue }
            prop_assert!((one.estimate - other.estimate).abs() < 1e-12);
            prop_assert!(one.reference.zip(other.reference).is_some_and(|(one, other)| (one - other).abs() < 1e-12));
            prop_assert_eq!(one.direction, other.direction);
            let p = |finding: &Finding| finding.test.expect("a test").p;
            prop_assert!(p(other) <= p(one) + 1e-9, "{one:?} {other:?}");
        }
        for one in detect(&history).iter().filter(|one| matches!(one.kind, Kind::Level | Kind::Mix)) {
            let findings = detect(&doubled);
            if let Some(other) = findings.iter().find(|other| what(other) == what(one)) {
                prop_assert!((one.estimate - other.estimate).abs() < 1e-12);
                let width = |finding: &Finding| finding.interval.map_or(0.0, |interval| interval.high - interval.low);
                prop_assert!(width(other) <= width(one) + 1e-12);
            }
        }
    }

    #[test]
    fn turned_round_it_says_the_same_turned_round_and_in_the_same_order(history in any_history()) {
        let (findings, mirrored) = (detect(&history), detect(&each(&history, mirrored)));
        prop_assert_eq!(findings.len(), mirrored.len());
        for (one, other) in findings.iter().zip(&mirrored) {
            prop_assert_eq!(what(one), what(other));
            prop_assert!((one.rank - other.rank).abs() < 1e-12);
            let signed = matches!(one.subject, Subject::Level(_) | Subject::Weekday(_) | Subject::Daypart(_))
                || matches!(one.kind, Kind::FeatureShift | Kind::FeatureContrast);
            let sign = if signed { -1.0 } else { 1.0 };
            prop_assert!((one.estimate - sign * other.estimate).abs() < 1e-12, "{one:?} {other:?}");
            prop_assert_eq!(one.direction == other.direction, !signed || one.direction == Direction::Neither);
        }
    }

    #[test]
    fn the_order_of_sessions_and_other_members_are_nothing_to_it(
        weeks in weeks(),
        others in weeks(),
        turn in 0usize..16,
    ) {
        let findings = detect(&of_weeks(&weeks));
        let turned: Vec<Vec<Figures>> = weeks
            .iter()
            .map(|figures| {
                let mut figures = figures.clone();
                let by = turn.min(figures.len());
                figures.rotate_left(by);
                figures.reverse();
                figures
            })
            .collect();
        let other = detect(&of_weeks(&others));
        prop_assert_eq!(detect(&of_weeks(&turned)), findings);
        prop_assert_eq!(detect(&of_weeks(&others)), other);
    }

    #[test]
    fn what_was_told_changes_ranks_alone(history in any_history(), ago in 1u8..5) {
        let findings = detect(&history);
        let told: Vec<Told> = findings.iter().step_by(2).map(|finding| Told::of(finding, ago)).collect();
        let after = detect(&History { told, ..history });
        prop_assert_eq!(findings.len(), after.len());
        for one in &findings {
            let other = after.iter().find(|other| what(other) == what(one)).expect("the same finding");
            prop_assert!(other.rank <= one.rank + 1e-15);
            prop_assert_eq!(Finding { rank: 0.0, ..other.clone() }, Finding { rank: 0.0, ..one.clone() });
        }
    }

    #[test]
    fn kept_and_read_again_it_is_the_same(history in any_history()) {
        for finding in detect(&history) {
            let kept = serde_json::to_string(&finding).expect("a text");
            let read: Finding = serde_json::from_str(&kept).expect("a finding");
            prop_assert_eq!(what(&read), what(&finding));
            prop_assert_eq!(&read.evidence, &finding.evidence);
            prop_assert!((read.estimate - finding.estimate).abs() < 1e-12);
        }
    }
}
