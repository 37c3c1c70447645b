//! Each kind of finding against numbers worked out by hand.

use chrono::Weekday;

use super::*;
use crate::{
    affect::{Family, Quadrant},
    calendar::Daypart,
    displacement::Displacements,
    feature::Feature,
    rollup::{FeatureSums, ImpactSums, Moments, Sums},
};

fn moments(figures: &[i64]) -> Moments {
    Moments { sum: figures.iter().sum(), squares: figures.iter().map(|figure| figure * figure).sum() }
}

/// Sessions with these valences on as many days as a week has, arousal in the middle throughout.
fn sessions(valences: &[i64]) -> Rollup {
    let sessions = i32::try_from(valences.len()).expect("few");
    let valence = Sums { moments: moments(valences), ..Sums::default() };
    Rollup { sessions, days: sessions.min(7), valence, ..Rollup::default() }
}

fn ten_at(valence: i64) -> Rollup {
    sessions(&[valence; 10])
}

fn with_family(rollup: &Rollup, family: Family, count: i32) -> Rollup {
    let mut rollup = rollup.clone();
    rollup.families[family.index()] = count;
    rollup
}

fn history(period: Rollup, before: Vec<Rollup>) -> History {
    History { period, before, ..History::default() }
}

fn of(findings: &[Finding], kind: Kind) -> Vec<&Finding> {
    findings.iter().filter(|finding| finding.kind == kind).collect()
}

fn only(findings: &[Finding], kind: Kind) -> Finding {
    let [only] = of(findings, kind)[..] else { panic!("one {kind} in {findings:?}") };
    only.clone()
}

fn close(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-9
}

fn ends(finding: &Finding) -> (f64, f64) {
    finding.interval.map(|interval| (interval.low, interval.high)).expect("an interval")
}

fn evidence(ago: u8, cell: CellPath, n: i64) -> Evidence {
    Evidence { ago, cell, n }
}

#[test]
fn little_data_says_how_little() {
    for (count, mix) in [(0, 0), (2, 0), (5, 1), (6, 1)] {
        let period = with_family(&sessions(&vec![100; count]), Family::Joy, i32::try_from(count).expect("few"));
        let findings = detect(&history(period, vec![ten_at(0); 12]));
        let low = only(&findings, Kind::LowData);
        assert_eq!(low.reference, Some(7.0));
        assert!(close(low.estimate, f64::from(u32::try_from(count).expect("few"))));
        assert_eq!(of(&findings, Kind::Mix).len(), mix, "{count} sessions");
        assert_eq!(findings.len(), 1 + mix, "{count} sessions: no level, no change, nothing new");
        assert_eq!(select(&findings)[0].kind, Kind::LowData, "what is missing is said first");
    }
}

#[test]
fn coverage_and_level() {
    let findings = detect(&history(sessions(&[-600, -400, 0, 0, 0, 400, 600]), Vec::new()));
    let coverage = only(&findings, Kind::Coverage);
    assert_eq!(coverage.evidence, [evidence(0, CellPath::Sessions, 7), evidence(0, CellPath::Days, 7)]);
    let [valence, arousal] = of(&findings, Kind::Level)[..] else { panic!("two levels") };
    // SD √(1.04 / 6) = 0.416333; t with 6 degrees of freedom 2.447.
    let half_width = 2.447 * (1.04f64 / 6.0).sqrt() / 7f64.sqrt();
    assert!(close(valence.estimate, 0.0) && close(ends(valence).1, half_width) && close(ends(valence).0, -half_width));
    assert_eq!((valence.direction, valence.n), (Direction::Neither, 7));
    assert_eq!(arousal.evidence, [evidence(0, CellPath::Level(Axis::Arousal), 7)]);
    let higher = detect(&history(sessions(&[100, 200, 300, 300, 300, 400, 500]), Vec::new()));
    assert_eq!(of(&higher, Kind::Level)[0].direction, Direction::Higher);
}

#[test]
fn mix_names_what_was_there_most_with_wilsons_interval() {
    let mut period = with_family(&ten_at(0), Family::Worry, 7);
    for (family, count) in [(Family::Joy, 4), (Family::Calm, 4), (Family::Hope, 3), (Family::Regret, 2)] {
        period = with_family(&period, family, count);
    }
    period.quadrants = [2, 6, 2, 0];
    let findings = detect(&history(period.clone(), Vec::new()));
    let mix = of(&findings, Kind::Mix);
    let subjects: Vec<_> = mix.iter().map(|finding| finding.subject).collect();
    assert_eq!(
        subjects,
        [
            Subject::Family(Family::Worry),
            Subject::Family(Family::Joy),
            Subject::Family(Family::Calm),
            Subject::Quadrant(Quadrant::HighPleasant),
        ]
    );
    // 7 of 10: (0.7 + z²/20 ± z √(0.021 + z²/400)) / (1 + z²/10).
    assert!(close(mix[0].estimate, 0.7));
    let (low, high) = ends(mix[0]);
    assert!((low - 0.396_775).abs() < 1e-5 && (high - 0.892_208).abs() < 1e-5, "{low} {high}");
    assert_eq!(
        mix[0].evidence,
        [evidence(0, CellPath::Family(Family::Worry), 7), evidence(0, CellPath::Sessions, 10)],
        "seven of ten"
    );
    assert_eq!((mix[0].counts(), mix[0].counts_before()), (Some((7, 10)), None));
    period.quadrants = [2, 4, 4, 0];
    let even = detect(&history(period, Vec::new()));
    assert_eq!(of(&even, Kind::Mix).len(), 3, "four of ten is not clearly more than a quarter");
}

#[test]
fn a_short_baseline_is_said_to_be_short() {
    let before = vec![ten_at(0), sessions(&[0; 6]), Rollup::default(), ten_at(0)];
    let findings = detect(&history(ten_at(0), before));
    let short = only(&findings, Kind::BaselineShort);
    assert_eq!((short.estimate, short.reference), (2.0, Some(4.0)));
    assert_eq!(short.evidence, [evidence(1, CellPath::Sessions, 10), evidence(4, CellPath::Sessions, 10)]);
    assert!(of(&findings, Kind::NothingNew).is_empty() && of(&findings, Kind::Changed).is_empty());
}

#[test]
fn changed_against_four_periods() {
    let before = [200, 210, 220, 230].map(ten_at).to_vec();
    let findings = detect(&history(ten_at(900), before));
    let changed = only(&findings, Kind::Changed);
    assert_eq!((changed.subject, changed.window), (Subject::Level(Axis::Valence), Window::AgainstFour));
    assert_eq!((changed.direction, changed.n), (Direction::Higher, 10));
    assert!(close(changed.estimate, 0.9) && changed.reference.is_some_and(|centre| close(centre, 0.215)));
    // Scatter 0.0005 over tr MR = 2.4465; the centre adds 6.214/16 and takes 2 · 0.4251/4 (baseline.rs).
    let error = (0.0005_f64 / 2.4465 * (1.0 + 6.214 / 16.0 - 2.0 * 0.4251 / 4.0)).sqrt();
    let test = changed.test.expect("a test");
    assert!(test.statistic.is_some_and(|t| close(t, 0.685 / error)));
    let (low, high) = ends(&changed);
    assert!(close(f64::midpoint(low, high), 0.215) && high < 0.9);
    // Two levels of weight 3 and nine families, never there before, of weight 1: (15 / 11) / 3 · 11 of p.
    assert_eq!(test.tested, 11);
    assert!(close(test.q, test.p * (15.0 / 11.0) / 3.0 * 11.0) && test.q < 0.05);
    let level = |ago| evidence(ago, CellPath::Level(Axis::Valence), 10);
    assert_eq!(changed.evidence, [level(0), level(1), level(2), level(3), level(4)]);
    assert!(of(&findings, Kind::NothingNew).is_empty());
}

#[test]
fn changed_against_twelve_where_it_is_old_news_to_the_last_four() {
    // For four periods it has been as high as it is now.
    let valences = [600, 610, 590, 600, 10, 0, -10, 0, 10, -10, 0, 0];
    let findings = detect(&history(ten_at(1000), valences.map(ten_at).to_vec()));
    let windows: Vec<_> = of(&findings, Kind::Changed).iter().map(|finding| finding.window).collect();
    assert!(windows.is_empty(), "{windows:?}: the earlier periods lie as far apart as that");
    let calm = [10, 0, -10, 10, 10, 0, -10, 0, 10, -10, 0, 0].map(ten_at).to_vec();
    let findings = detect(&history(ten_at(-300), calm));
    let changed = of(&findings, Kind::Changed);
    let windows: Vec<_> = changed.iter().map(|finding| (finding.window, finding.direction)).collect();
    assert_eq!(windows.len(), 2);
    assert!(windows.iter().all(|(_, direction)| *direction == Direction::Lower));
    assert_eq!(select(&findings).iter().filter(|finding| finding.kind == Kind::Changed).count(), 1, "told once");
}

#[test]
fn a_share_changes_on_the_scale_of_its_arcsine() {
    let before = [2, 3, 2, 1, 2, 3, 2, 3, 2].map(|count| with_family(&ten_at(0), Family::Worry, count)).to_vec();
    let baseline: Vec<f64> = [2.0, 3.0, 2.0, 1.0, 2.0, 3.0, 2.0, 3.0, 2.0]
        .map(|count: f64| ((count + 0.375) / 10.75).sqrt().asin())
        .to_vec();
    let findings = detect(&history(with_family(&ten_at(0), Family::Worry, 10), before));
    let changed = only(&findings, Kind::Changed);
    assert_eq!((changed.subject, changed.direction), (Subject::Family(Family::Worry), Direction::Higher));
    let centre = baseline.iter().sum::<f64>() / 9.0;
    assert!(close(changed.estimate, 1.0) && changed.reference.is_some_and(|share| close(share, centre.sin().powi(2))));
    assert_eq!(changed.window, Window::AgainstTwelve);
    assert_eq!(
        changed.evidence[..2],
        [evidence(0, CellPath::Sessions, 10), evidence(0, CellPath::Family(Family::Worry), 10)]
    );
}

#[test]
fn first_time() {
    let never = vec![ten_at(0); 4];
    let findings = detect(&history(with_family(&ten_at(0), Family::Regret, 4), never.clone()));
    let first = only(&findings, Kind::FirstTime);
    let test = first.test.expect("a test");
    // C(10, 4) / C(50, 4) = 210 / 230300; nine families and two levels as above.
    assert!(close(test.p, 210.0 / 230_300.0) && close(test.q, test.p * 15.0 / 11.0 * 11.0));
    assert_eq!((first.subject, first.window), (Subject::Family(Family::Regret), Window::AgainstAll));
    assert!(close(first.estimate, 0.4));
    assert_eq!((first.counts(), first.counts_before()), (Some((4, 10)), Some((0, 40))));
    assert_eq!(first.evidence.iter().map(|of| of.n).collect::<Vec<_>>(), [10, 4, 10, 0, 10, 0, 10, 0, 10, 0]);

    let two = detect(&history(with_family(&ten_at(0), Family::Regret, 2), never));
    assert!(of(&two, Kind::FirstTime).is_empty(), "a session could be read back from two");
}

#[test]
fn a_return_is_held_against_all_twelve_and_centred_on_the_recent() {
    let mut before = vec![ten_at(0); 12];
    before[6] = with_family(&before[6], Family::Regret, 3);
    let findings = detect(&history(with_family(&ten_at(0), Family::Regret, 8), before.clone()));
    let again = only(&findings, Kind::Returned);
    assert_eq!((again.window, again.direction, again.n), (Window::AgainstFour, Direction::Higher, 10));
    assert_eq!((again.estimate, again.reference), (0.8, Some(0.0)));
    // One burst in twelve spreads them less than sampling would, 1 / 42; the centre's share as against four periods.
    let angle = |count: f64| ((count + 0.375) / 10.75).sqrt().asin();
    let error = ((1.0 + 6.214 / 16.0 - 2.0 * 0.4251 / 4.0) / 42.0_f64).sqrt();
    let statistic = again.test.and_then(|test| test.statistic).expect("a statistic");
    assert!(close(statistic, (angle(8.0) - angle(0.0)) / error), "{statistic}");
    assert_eq!(again.evidence.len(), 26);
    assert!(of(&findings, Kind::FirstTime).is_empty());

    before[2] = with_family(&before[2], Family::Regret, 1);
    let findings = detect(&history(with_family(&ten_at(0), Family::Regret, 8), before));
    assert!(of(&findings, Kind::Returned).is_empty(), "it was not away");
}

#[test]
fn nothing_new_and_steady() {
    let before: Vec<_> = [100, 150, 50, 120, 80, 100].map(ten_at).to_vec();
    let findings = detect(&history(ten_at(110), before));
    let nothing = only(&findings, Kind::NothingNew);
    let test = nothing.test.expect("the nearest test");
    // Two levels, each against two windows, and nine families.
    assert_eq!((nothing.estimate, test.tested), (13.0, 13));
    assert!(test.q > FALSE_DISCOVERY_RATE);
    let steady = of(&findings, Kind::Steady);
    assert_eq!(steady.len(), 2, "valence, and arousal, where nothing ever moved");
    let valence = steady.iter().find(|finding| finding.subject == Subject::Level(Axis::Valence)).expect("valence");
    assert!(close(valence.estimate, 0.11) && valence.reference.is_some_and(|centre| close(centre, 0.1)));
    assert_eq!((valence.window, valence.direction), (Window::AgainstTwelve, Direction::Neither));
    let shown = select(&findings);
    assert!(shown.iter().filter(|f| matches!(f.kind, Kind::Steady | Kind::NothingNew)).count() == 1);
}

#[test]
fn variability_and_recovery() {
    let period = Rollup {
        displacements: Displacements { returns: 5, return_distance: 1500, return_steps: 6, ..Displacements::default() },
        ..sessions(&[[-200i64, 200]; 10].concat())
    };
    let findings = detect(&history(period, Vec::new()));
    let spread = of(&findings, Kind::Variability)[0];
    let sd = (20.0 * 0.04f64 / 19.0).sqrt();
    let factor = (1.959_964 / 38f64.sqrt()).exp();
    assert!(close(spread.estimate, sd) && close(ends(spread).0, sd / factor) && close(ends(spread).1, sd * factor));
    // Of the most a mean of zero leaves room for, √(n / (n − 1)), it is a fifth.
    assert!(spread.reference.is_some_and(|relative| close(relative, 0.2)));
    assert_eq!(of(&findings, Kind::Variability).len(), 1, "arousal did not vary");
    let recovery = only(&findings, Kind::Recovery);
    assert_eq!((recovery.estimate, recovery.n), (0.25, 5));
}

#[test]
fn a_wider_spread_is_a_change() {
    let wide = |by: i64| sessions(&[[-by, by]; 10].concat());
    let findings = detect(&history(wide(600), [100, 110, 105, 95, 100, 90, 100].map(wide).to_vec()));
    let changed = of(&findings, Kind::Changed);
    let spread = changed.iter().find(|f| f.subject == Subject::Spread(Axis::Valence)).expect("a wider spread");
    assert!(close(spread.estimate, 0.6), "relative to the room there is");
    assert_eq!((spread.direction, spread.n), (Direction::Higher, 20));
}

/// Two sessions of each feature named, each having moved by half of the sum.
fn moving(sums: &[(Feature, i64)]) -> Rollup {
    let mut rollup = ten_at(0);
    for (feature, sum) in sums {
        let impact = ImpactSums { sessions: 2, valence: moments(&[sum / 2; 2]), arousal: Moments::default() };
        rollup.features[feature.index()] = FeatureSums { sessions: 2, impact, ..FeatureSums::default() };
    }
    rollup
}

#[test]
fn features_move_by_themselves_against_others_and_farthest() {
    let periods = [(500, 0), (540, 20), (460, -20), (500, 0)];
    let rollups = periods.map(|(turn, lens)| moving(&[(Feature::Turn, turn), (Feature::Lens, lens)]));
    let [period, before @ ..] = rollups;
    let findings = detect(&history(period, before.to_vec()));

    let shift = only(&findings, Kind::FeatureShift);
    let turn = Subject::Movement { feature: Feature::Turn, axis: Axis::Valence };
    assert_eq!((shift.subject, shift.direction, shift.n), (turn, Direction::Higher, 8));
    // 0.25, 0.27, 0.23, 0.25 of two sessions each: error √(2 · 0.0008 / 3 / 8), t with 3 degrees of freedom 3.182.
    let error = (0.0016f64 / 3.0 / 8.0).sqrt();
    assert!(close(shift.estimate, 0.25) && close(ends(&shift).1, 0.25 + 3.182 * error));
    let cell = CellPath::Movement { feature: Feature::Turn, axis: Axis::Valence };
    assert_eq!(shift.evidence, [0, 1, 2, 3].map(|ago| evidence(ago, cell, 2)));

    let contrast = of(&findings, Kind::FeatureContrast);
    let contrast = contrast.iter().find(|finding| finding.subject == turn).expect("Turn against the rest");
    // 0.25, 0.26, 0.24, 0.25, each with weight 2 · 2 / 4 = 1.
    let error = (0.0002f64 / 3.0 / 4.0).sqrt();
    assert!(close(contrast.estimate, 0.25) && close(ends(contrast).0, 0.25 - 3.182 * error));
    assert!(contrast.test.and_then(|test| test.statistic).is_some_and(|t| close(t, 0.25 / error)));

    let most = only(&findings, Kind::MovedMost);
    // √ of the means of 0.0625, 0.0729, 0.0529, 0.0625 and of 0, 0.0001, 0.0001, 0.
    assert_eq!(most.subject, turn);
    assert!(close(most.estimate, (0.2508f64 / 4.0).sqrt()));
    assert!(most.reference.is_some_and(|rest| close(rest, (0.0002f64 / 4.0).sqrt())));
}

/// Eight sessions outside and two inside the places named, with these valences each.
fn placed(places: [usize; 2], inside: i64, outside: i64) -> Rollup {
    let mut rollup = sessions(&[&[outside; 8][..], &[inside; 2][..]].concat());
    for place in places {
        rollup.grid[place].sessions += 1;
        rollup.grid[place].valence += inside;
    }
    for place in [9, 10] {
        rollup.grid[place].sessions += 4;
        rollup.grid[place].valence += 4 * outside;
    }
    rollup
}

#[test]
fn weekday_and_part_of_the_day() {
    // Sundays, in the afternoon and in the evening, against Wednesday mornings and afternoons.
    let sundays = [-300, -310, -290, -300].map(|inside| placed([26, 27], inside, 100));
    let [period, before @ ..] = &sundays;
    let findings = detect(&history(period.clone(), before.to_vec()));
    let weekdays = of(&findings, Kind::WeekdayPattern);
    let sunday = weekdays.iter().find(|f| f.subject == Subject::Weekday(Weekday::Sun)).expect("Sundays");
    // −0.40, −0.41, −0.39, −0.40, weight 1.6 each; within periods nothing varies but by place: SS 1.6 d² of 9 each.
    let squares = [0.40f64, 0.41, 0.39, 0.40].map(|d| 1.6 * d * d).iter().sum::<f64>();
    let error = ((squares / 36.0) / 6.4).sqrt();
    assert!(close(sunday.estimate, -0.4) && sunday.direction == Direction::Lower && sunday.n == 8);
    assert!(close(ends(sunday).0, -0.4 - 3.182 * error), "{sunday:?}");
    assert_eq!(sunday.evidence[0], evidence(0, CellPath::Weekday(Weekday::Sun), 2));
    let shown = select(&findings);
    assert_eq!(
        shown.iter().filter(|f| f.kind == Kind::WeekdayPattern).count(),
        1,
        "Wednesdays are the other side of it"
    );

    let evenings = [-300, -310, -290, -300].map(|inside| placed([3, 27], inside, 100));
    let [period, before @ ..] = evenings;
    let findings = detect(&history(period, before.to_vec()));
    let evening = of(&findings, Kind::DaypartPattern);
    let evening = evening.iter().find(|f| f.subject == Subject::Daypart(Daypart::Evening)).expect("evenings");
    assert!(close(evening.estimate, -0.4) && evening.n == 8);
    assert_eq!(of(&findings, Kind::WeekdayPattern).iter().filter(|f| f.n < 8).count(), 0);
}

#[test]
fn what_was_told_last_period_makes_room() {
    let mut history = history(ten_at(300), Vec::new());
    history.period = with_family(&history.period, Family::Joy, 8);
    let first = detect(&history);
    assert_eq!(select(&first)[0].kind, Kind::Level);
    history.told = first.iter().filter(|f| f.kind == Kind::Level).map(|f| Told::of(f, 1)).collect();
    let second = detect(&history);
    assert_eq!(select(&second)[0].subject, Subject::Family(Family::Joy));
    assert!(select(&second).len() >= 2);
}
