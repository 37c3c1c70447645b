//! Real findings: drawn histories go through the detector, and what it finds through input, honest answer and guard.

#![expect(clippy::expect_used, reason = "a test that can't go on must stop loudly")]

use std::collections::BTreeSet;

use spectrum_domain::{
    affect::Quadrant,
    card::{Grain, Language},
    finding::{History, detect, select},
    rollup::{Moments, Rollup},
};
use spectrum_llm::{
    fake::{honest_answer, vocabulary},
    guard::{Shingles, judge},
    input::{Coverage, Input},
};

/// Splitmix64 (Steele, Lea & Flood 2014): the same draws on every machine.
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: i32) -> i32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let of = i64::from(end) * i64::try_from((mixed ^ (mixed >> 31)) >> 33).expect("31 bits");
        i32::try_from(of >> 31).expect("below the end")
    }

    fn add(moments: &mut Moments, value: i32) {
        moments.sum += i64::from(value);
        moments.squares += i64::from(value) * i64::from(value);
    }

    /// A period around a middle; some families are there half of the time, some never, or only now.
    fn period(&mut self, sessions: i32, middle: (i32, i32), now: bool) -> Rollup {
        let mut rollup = Rollup { sessions, days: sessions.min(6), turns: 8 * sessions, ..Rollup::default() };
        for _ in 0..sessions {
            let (valence, arousal) = (middle.0 + self.below(400) - 200, middle.1 + self.below(400) - 200);
            Self::add(&mut rollup.valence.moments, valence);
            Self::add(&mut rollup.arousal.moments, arousal);
            let sides = Quadrant::ALL.iter().position(|quadrant| {
                let name = quadrant.name();
                name.starts_with("high") == (arousal >= 0) && name.ends_with("_pleasant") == (valence >= 0)
            });
            rollup.quadrants[sides.expect("a quadrant")] += 1;
            for (place, count) in rollup.families.iter_mut().enumerate() {
                let often = [50, 30, 0, 60, 40, if now { 90 } else { 20 }, 10, 35, 0][place]
                    + if now && place == 2 { 50 } else { 0 };
                *count += i32::from(self.below(100) < often);
            }
            let place = self.below(28);
            let cell = &mut rollup.grid[usize::try_from(place).expect("a place")];
            cell.sessions += 1;
            cell.valence += i64::from(valence);
            let feature = self.below(3);
            let sums = &mut rollup.features[usize::try_from(feature).expect("a feature")];
            sums.sessions += 1;
            sums.impact.sessions += 1;
            Self::add(&mut sums.impact.valence, 150 * (feature - 1) + self.below(200) - 100);
            Self::add(&mut sums.impact.arousal, 120 * (1 - feature) + self.below(200) - 100);
        }
        rollup.displacements.returns = i64::from(self.below(20));
        rollup.displacements.return_distance = 200 * rollup.displacements.returns;
        rollup.displacements.return_steps = 2 * rollup.displacements.returns;
        rollup
    }

    fn history(&mut self) -> History {
        let earlier = self.below(14);
        let before = (0..earlier).map(|_| {
            let sessions = 8 + self.below(6);
            self.period(sessions, (100, 50), false)
        });
        let before = before.collect();
        let (sessions, valence, arousal) = (1 + self.below(20), self.below(800) - 400, self.below(800) - 400);
        History { period: self.period(sessions, (valence, arousal), true), before, ..History::default() }
    }
}

#[test]
fn what_is_found_can_be_told_truly_and_every_word_of_the_input_is_known() {
    let mut draw = Draw(7);
    let (mut told, mut kinds) = (0, BTreeSet::new());
    for _ in 0..300 {
        let history = draw.history();
        let found = detect(&history);
        let chosen: Vec<_> = select(&found).into_iter().cloned().collect();
        let count = |n: i32| u32::try_from(n).expect("a count");
        let period = &history.period;
        let coverage = Coverage {
            sessions: count(period.sessions),
            turns: count(period.turns),
            days: count(period.days),
            tier: period.tier(),
        };
        for (grain, findings) in [(Grain::Week, &chosen), (Grain::Month, &found)] {
            for language in Language::ALL {
                // What a month of ten findings says in two sentences each stays within its words.
                let input = Input::new(findings.get(..10).unwrap_or(findings), grain, language, coverage);
                if input.statements.is_empty() {
                    continue;
                }
                kinds.extend(input.statements.iter().map(|statement| statement.kind.name()));
                let json = serde_json::to_value(&input).expect("JSON");
                assert!(vocabulary::all_closed(&json), "{json}");
                assert!(input.statements.iter().flat_map(|of| &of.evidence).all(|cell| cell.n == 0 || cell.n >= 3));
                let answer = honest_answer(&json).to_string();
                let judged = judge(&answer, &input, &Shingles::default());
                let spoilt = judged.as_ref().err().map(|why| format!("{why:?}\n{answer}\n{json}"));
                assert_eq!(spoilt, None);
                told += input.statements.len();
            }
        }
    }
    println!("{told} statements of {} kinds told: {kinds:?}", kinds.len());
    assert!(told > 2000 && kinds.len() >= 13, "{told} {kinds:?}");
}
