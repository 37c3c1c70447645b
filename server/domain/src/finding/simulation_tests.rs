//! How often members whose feelings do nothing but vary are told of a change or a pattern, and how often one that is there
//! is found.
//!
//! `cargo test --profile bench -p spectrum-domain rates_of -- --ignored --nocapture` prints the tables of
//! `docs/findings.md`, with ten times the members.

use super::{
    simulated::{BEYOND, Draw, Effect, FAMILY, IID, NOISES, NOTHING, Noise, history},
    *,
};
use crate::feature::Feature;

/// Shares of members told of any change, and of any pattern.
fn rates(noise: &Noise, members: u32, effect: Effect, told: impl Fn(&Finding) -> bool) -> (f64, f64, f64) {
    let mut draw = Draw(u64::from(members));
    let (mut changed, mut patterns, mut hits) = (0, 0, 0);
    for _ in 0..members {
        let findings = detect(&history(&mut draw, noise, effect));
        changed += u32::from(findings.iter().any(|f| is_change(f.kind)));
        patterns += u32::from(findings.iter().any(|f| is_pattern(f.kind)));
        hits += u32::from(findings.iter().any(&told));
    }
    let share = |count: u32| f64::from(count) / f64::from(members);
    (share(changed), share(patterns), share(hits))
}

fn is_change(kind: Kind) -> bool {
    matches!(kind, Kind::Changed | Kind::FirstTime | Kind::Returned)
}

fn is_pattern(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::WeekdayPattern | Kind::DaypartPattern | Kind::FeatureShift | Kind::FeatureContrast | Kind::MovedMost
    )
}

fn valence_changed(finding: &Finding) -> bool {
    finding.kind == Kind::Changed
        && finding.subject == Subject::Level(Axis::Valence)
        && finding.direction == Direction::Higher
}

fn family_changed(finding: &Finding) -> bool {
    finding.subject == Subject::Family(FAMILY) && is_change(finding.kind)
}

fn monday_apart(finding: &Finding) -> bool {
    finding.subject == Subject::Weekday(chrono::Weekday::Mon) && finding.direction == Direction::Lower
}

fn turn_apart(finding: &Finding) -> bool {
    finding.kind == Kind::FeatureContrast
        && finding.subject == Subject::Movement { feature: Feature::Turn, axis: Axis::Valence }
        && finding.direction == Direction::Higher
}

/// Something that is really there: in words, in which noise, how large, how it shows, and the least share of members in whom
/// it must be found.
type Power = (&'static str, Noise, Effect, fn(&Finding) -> bool, f64);

fn powers() -> [Power; 10] {
    let level = |level| Effect { level, ..NOTHING };
    let odds = |odds| Effect { odds, ..NOTHING };
    let turn = |turn| Effect { turn, ..NOTHING };
    let monday = Effect { monday: -0.4, ..NOTHING };
    let (forty, periods_differ, autocorrelated) = (NOISES[1], NOISES[5], NOISES[12]);
    [
        ("valence 0.4 higher", IID, level(0.4), valence_changed, 0.65),
        ("valence 0.6 higher", IID, level(0.6), valence_changed, 0.95),
        ("valence 0.25 higher", forty, level(0.25), valence_changed, 0.85),
        ("valence 0.6 higher", periods_differ, level(0.6), valence_changed, 0.2),
        ("valence 0.6 higher", autocorrelated, level(0.6), valence_changed, 0.35),
        ("a family in 82 % of sessions, before in 18 %", IID, odds(3.0), family_changed, 0.25),
        ("a family in 62 % of sessions, before in 18 %", forty, odds(2.0), family_changed, 0.65),
        ("Mondays 0.4 lower, all along", IID, monday, monday_apart, 0.4),
        ("Turn moves 0.2 higher than the others, all along", IID, turn(0.2), turn_apart, 0.35),
        ("Turn moves 0.15 higher than the others, all along", forty, turn(0.15), turn_apart, 0.9),
    ]
}

/// Members of each kind in the tests that run always; fourteen kinds are 14,000.
const MEMBERS: u32 = 1_000;

#[test]
fn of_periods_in_which_nothing_changes_no_more_than_one_in_twenty_is_called_changed() {
    for noise in NOISES {
        let (changed, patterns, _) = rates(&noise, MEMBERS, NOTHING, |_| false);
        assert!(changed <= FALSE_DISCOVERY_RATE, "{}: changes in {changed}", noise.name);
        assert!(patterns <= FALSE_DISCOVERY_RATE, "{}: patterns in {patterns}", noise.name);
    }
}

#[test]
fn each_expected_interval_holds_about_nineteen_of_twenty() {
    for noise in NOISES {
        let mut draw = Draw(3);
        let (mut tested, mut outside) = (0, 0);
        for _ in 0..400 {
            let history = history(&mut draw, &noise, NOTHING);
            let candidates = change::candidates(&history, &change::baseline(&history));
            for finding in candidates.into_iter().map(|c| c.finding).filter(|f| matches!(f.subject, Subject::Level(_)))
            {
                let interval = finding.interval.expect("an interval");
                tested += 1;
                outside += u32::from(finding.estimate < interval.low || finding.estimate > interval.high);
            }
        }
        // With autocorrelation and many sessions it is 0.054 (docs/findings.md); the rest is for the draw of four hundred.
        assert!(f64::from(outside) <= 0.06 * f64::from(tested), "{}: {outside} of {tested}", noise.name);
    }
}

#[test]
fn a_change_and_a_pattern_that_are_there_are_found() {
    for (what, noise, effect, found, least) in powers() {
        let (_, _, hits) = rates(&noise, 300, effect, found);
        assert!(hits >= least, "{what}, {}: {hits}", noise.name);
    }
}

#[test]
#[ignore = "prints the table of docs/findings.md"]
fn rates_of_noise_and_power() {
    for noise in NOISES.iter().chain(&BEYOND) {
        let (changed, patterns, _) = rates(noise, 10_000, NOTHING, |_| false);
        println!("| {} | {:.1} % | {:.1} % |", noise.name, changed * 100.0, patterns * 100.0);
    }
    for (what, noise, effect, found, _) in powers() {
        let (_, _, hits) = rates(&noise, 10_000, effect, found);
        println!("| {what} | {} | {:.0} % |", noise.name, hits * 100.0);
    }
}
