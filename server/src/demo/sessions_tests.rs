//! That the demo's sessions stay what they are from one day to the next, and look like people's weeks.

use std::collections::{BTreeMap, BTreeSet};

use spectrum_domain::{
    event::MAX_TEXT,
    impact::HomeBase,
    measure::{Coverage, Language, MeasuredTurn, ReadTurn, SessionVector},
    session::Role,
};

use super::*;
use crate::{
    analyzer::{
        Lexicon, TextModel as _,
        language::{Found, survey},
    },
    demo::people::{Shows, people},
};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn ada() -> Person {
    people()[0]
}

/// Valence of a session as measured, and the step from its first to its last member turn.
fn measured(session: &DemoSession) -> (f64, f64, i16) {
    let lexicon = Lexicon::new();
    let turns: Vec<ReadTurn> = (0..)
        .zip(&session.turns)
        .map(|(index, (_, role, text))| ReadTurn {
            index,
            words: i32::try_from(text.words()).expect("few"),
            outcome: (*role == Role::Member).then(|| lexicon.read(text).outcome),
        })
        .collect();
    let (among, coverage) = (MeasuredTurn::among(&turns), Coverage::of(&turns));
    let vector = SessionVector::of(&among, coverage, &HomeBase::default(), lexicon.band()).expect("words");
    let step = vector.end.valence.0 - vector.first.valence.0;
    (vector.affect.valence.as_f64(), vector.affect.arousal.as_f64(), step)
}

#[test]
fn the_same_again_and_other_with_another_seed() {
    let now = at("2026-11-23T09:00:00Z");
    for person in people() {
        let sessions = Generator::new(7).sessions(&person, now);
        assert_eq!(sessions, Generator::new(7).sessions(&person, now));
        assert_ne!(sessions, Generator::new(8).sessions(&person, now));
    }
}

#[test]
fn a_later_day_adds_and_changes_nothing() {
    let generator = Generator::new(7);
    for day in 0..9 {
        let now = at("2026-11-19T09:00:00Z") + TimeDelta::hours(day * 31);
        for person in people().into_iter().filter(|person| person.shows != Shows::TwoSessions) {
            let (today, tomorrow) =
                (generator.sessions(&person, now), generator.sessions(&person, now + TimeDelta::days(1)));
            let since = tomorrow.first().map(|session| session.date).expect("sessions");
            let before: Vec<_> = today.iter().filter(|session| session.date > since).collect();
            let after: Vec<_> =
                tomorrow.iter().filter(|session| session.date > since && session.ended_at <= now).collect();
            assert_eq!(before, after, "{}", person.reference);
        }
    }
}

#[test]
fn sessions_are_what_the_api_takes() {
    let now = at("2026-11-23T09:00:00Z");
    let generator = Generator::new(7);
    let (mut ids, mut total) = (BTreeSet::new(), 0);
    for person in people() {
        let member: ExternalRef = person.reference.parse().expect("a reference");
        for session in generator.sessions(&person, now) {
            total += 1;
            assert!((4..=9).contains(&session.turns.len()), "{}", session.turns.len());
            assert_eq!(local_date(session.started_at, &person.zone), session.date);
            assert_eq!(local_date(session.ended_at, &person.zone), session.date);
            let events = generator.events(&person, &member, &session);
            assert!(events.iter().all(|event| ids.insert(event.event_id) && event.occurred_at <= now));
            assert!(events.is_sorted_by_key(|event| event.occurred_at));
            assert!(matches!(events.first().map(|e| &e.what), Some(What::Started)));
            assert!(matches!(events.last().map(|e| &e.what), Some(What::Ended)));
            for (place, event) in (0..).zip(&events[1..events.len() - 1]) {
                let What::Turn { index, text, .. } = &event.what else { panic!("a turn") };
                assert_eq!(*index, place);
                assert!(text.bytes() <= MAX_TEXT && text.words() > 1);
            }
        }
    }
    assert!((700..1_100).contains(&total), "{total}");
}

#[test]
fn every_turn_of_the_members_can_be_measured() {
    for person in people() {
        for session in Generator::new(7).sessions(&person, at("2026-11-23T09:00:00Z")) {
            let turns = session.turns.iter().filter(|(_, role, _)| *role == Role::Member);
            let turns: Vec<_> = turns.map(|(_, _, text)| text.clone()).collect();
            for (turn, found) in turns.iter().zip(survey(&turns)) {
                assert_eq!(found, Found::Words(Language::ENGLISH), "{}", turn.expose());
            }
        }
    }
}

#[test]
fn every_full_week_of_ada_is_rich_and_every_full_week_counts_ten_people() {
    let generator = Generator::new(7);
    for days in 0..10 {
        let now = at("2026-11-23T09:00:00Z") + TimeDelta::days(days);
        let week = Week::containing(local_date(now, &ada().zone), Weekday::Mon).previous();
        let of_week = |person: &Person| -> Vec<NaiveDate> {
            generator.sessions(person, now).iter().map(|s| s.date).filter(|date| week.contains(*date)).collect()
        };
        let dates = of_week(&ada());
        assert!(dates.len() >= 7 && dates.iter().collect::<BTreeSet<_>>().len() >= 4, "{week:?}: {dates:?}");
        assert!(people().iter().filter(|person| !of_week(person).is_empty()).count() >= 14);
    }
}

#[test]
fn chi_has_two_sessions_on_every_day_of_the_week() {
    for days in 0..7 {
        let now = at("2026-11-22T15:30:00Z") + TimeDelta::days(days);
        let sessions = Generator::new(7).sessions(&people()[2], now);
        assert_eq!(sessions.len(), 2);
        let week = Week::containing(sessions[0].date, Weekday::Mon);
        assert!(week.contains(sessions[1].date));
    }
}

#[test]
fn ada_has_a_hard_month_that_eases_and_turn_sessions_lift() {
    let sessions = Generator::new(7).sessions(&ada(), at("2026-11-23T09:00:00Z"));
    let mut months: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    let (mut lifted, mut turns, mut quadrants) = (0, 0, [0; 4]);
    for session in &sessions {
        let (valence, arousal, step) = measured(session);
        months.entry(session.date.format("%Y-%m").to_string()).or_default().push(valence);
        quadrants[usize::from(valence >= 0.0) * 2 + usize::from(arousal >= 0.0)] += 1;
        if session.feature == Feature::Turn {
            turns += 1;
            lifted += i32::from(step > 0);
        }
    }
    let mean = |month: &str| {
        let of_month = &months[month];
        of_month.iter().sum::<f64>() / f64::from(u32::try_from(of_month.len()).expect("few"))
    };
    println!("{turns} Turn sessions, {lifted} lifted; quadrants {quadrants:?}");
    assert!(lifted * 10 > turns * 7, "{lifted} of {turns}");
    assert!(mean("2026-10") < mean("2026-09") - 0.1 && mean("2026-11") > mean("2026-10") + 0.05);
    assert!(quadrants.iter().all(|count| count * 12 > sessions.len()), "{quadrants:?}");
}
