//! Findings to try the model side on: one of every kind, and a week and a month as a feed shows them.

use chrono::Weekday;
use spectrum_domain::{
    affect::{Family, Quadrant},
    calendar::Daypart,
    feature::Feature,
    finding::{Axis, CellPath, Direction, Evidence, Finding, Kind, Subject, Test, Window},
    rollup::Tier,
};

use crate::input::Coverage;

/// Twelve sessions on six days.
pub const fn coverage() -> Coverage {
    Coverage { sessions: 12, turns: 96, days: 6, tier: Tier::Enough }
}

const fn finding(kind: Kind, subject: Subject, window: Window, direction: Direction, estimate: f64) -> Finding {
    Finding {
        kind,
        subject,
        window,
        direction,
        estimate,
        reference: None,
        interval: None,
        test: None,
        n: 12,
        evidence: Vec::new(),
        rank: 0.5,
    }
}

const fn tested(q: f64) -> Test {
    Test { statistic: Some(3.1), freedom: Some(9.0), p: q / 4.0, q, tested: 16 }
}

/// The cell in the period and in twelve before, `each` in every one of those.
fn cells(cell: CellPath, now: i64, each: i64) -> Vec<Evidence> {
    let before = (1..=12).map(|ago| Evidence { ago, cell, n: each });
    std::iter::once(Evidence { ago: 0, cell, n: now }).chain(before).collect()
}

/// Where the period lay on an axis.
pub fn level(axis: Axis, direction: Direction) -> Finding {
    let estimate = match direction {
        Direction::Higher => 0.23,
        Direction::Lower => -0.23,
        Direction::Neither => 0.02,
    };
    let evidence = vec![Evidence { ago: 0, cell: CellPath::Level(axis), n: 12 }];
    let found = finding(Kind::Level, Subject::Level(axis), Window::Period, direction, estimate);
    Finding { reference: Some(0.0), evidence, ..found }
}

/// An axis that left its baseline of twelve periods.
pub fn level_changed(axis: Axis, direction: Direction) -> Finding {
    let found = Finding { kind: Kind::Changed, window: Window::AgainstTwelve, ..level(axis, direction) };
    Finding { reference: Some(0.05), test: Some(tested(0.01)), evidence: cells(CellPath::Level(axis), 12, 10), ..found }
}

/// A family in so many of so many sessions, before in so many of so many.
#[expect(clippy::cast_precision_loss, reason = "counts of sessions")]
pub fn family_changed(family: Family, direction: Direction, now: (i64, i64), before: (i64, i64)) -> Finding {
    let (own, all) = (CellPath::Family(family), CellPath::Sessions);
    let evidence = vec![
        Evidence { ago: 0, cell: own, n: now.0 },
        Evidence { ago: 0, cell: all, n: now.1 },
        Evidence { ago: 1, cell: own, n: before.0 },
        Evidence { ago: 1, cell: all, n: before.1 },
    ];
    let estimate = now.0 as f64 / now.1 as f64;
    let found = finding(Kind::Changed, Subject::Family(family), Window::AgainstTwelve, direction, estimate);
    Finding { reference: Some(before.0 as f64 / before.1 as f64), test: Some(tested(0.02)), evidence, ..found }
}

/// A quadrant that held so many of so many sessions.
#[expect(clippy::cast_precision_loss, reason = "counts of sessions")]
pub fn mix(quadrant: Quadrant, count: i64, of: i64) -> Finding {
    let evidence = vec![
        Evidence { ago: 0, cell: CellPath::Quadrant(quadrant), n: count },
        Evidence { ago: 0, cell: CellPath::Sessions, n: of },
    ];
    let subject = Subject::Quadrant(quadrant);
    let found = finding(Kind::Mix, subject, Window::Period, Direction::Neither, count as f64 / of as f64);
    Finding { evidence, ..found }
}

/// How the sessions of a feature moved, over all periods.
pub fn movement(kind: Kind, feature: Feature, axis: Axis, direction: Direction) -> Finding {
    let estimate = if direction == Direction::Lower { -0.2 } else { 0.2 };
    let found = finding(kind, Subject::Movement { feature, axis }, Window::Together, direction, estimate);
    Finding { test: Some(tested(0.004)), evidence: cells(CellPath::Movement { feature, axis }, 4, 3), ..found }
}

fn in_grid(kind: Kind, subject: Subject, cell: CellPath, direction: Direction) -> Finding {
    let estimate = if direction == Direction::Lower { -0.3 } else { 0.3 };
    let found = finding(kind, subject, Window::Together, direction, estimate);
    let mut evidence = cells(cell, 1, 2);
    evidence.extend(cells(CellPath::Level(Axis::Valence), 12, 10));
    Finding { test: Some(tested(0.03)), evidence, ..found }
}

/// How much was counted.
pub fn counted(kind: Kind) -> Finding {
    let found = finding(kind, Subject::Period, Window::Period, Direction::Neither, 12.0);
    let evidence =
        vec![Evidence { ago: 0, cell: CellPath::Sessions, n: 12 }, Evidence { ago: 0, cell: CellPath::Days, n: 6 }];
    Finding { reference: (kind == Kind::LowData).then_some(7.0), evidence, ..found }
}

fn spread() -> Finding {
    let subject = Subject::Spread(Axis::Valence);
    let found = finding(Kind::Changed, subject, Window::AgainstTwelve, Direction::Higher, 0.4);
    Finding { test: Some(tested(0.04)), evidence: cells(CellPath::Level(Axis::Valence), 24, 22), ..found }
}

fn first_time() -> Finding {
    let found = family_changed(Family::Hope, Direction::Higher, (5, 12), (0, 120));
    Finding { kind: Kind::FirstTime, window: Window::AgainstAll, reference: Some(0.0), ..found }
}

fn returned() -> Finding {
    let found = family_changed(Family::Joy, Direction::Higher, (4, 12), (0, 40));
    Finding { kind: Kind::Returned, window: Window::AgainstFour, reference: Some(0.0), ..found }
}

fn quiet(kind: Kind, subject: Subject) -> Finding {
    let found = finding(kind, subject, Window::AgainstTwelve, Direction::Neither, 0.1);
    Finding { test: Some(tested(0.6)), evidence: cells(CellPath::Sessions, 12, 10), ..found }
}

/// Ten findings that point somewhere: every subject, both ways.
pub fn pointed() -> Vec<Finding> {
    vec![
        level_changed(Axis::Arousal, Direction::Lower),
        family_changed(Family::Worry, Direction::Higher, (9, 12), (20, 120)),
        family_changed(Family::Calm, Direction::Lower, (3, 12), (80, 120)),
        movement(Kind::FeatureShift, Feature::Turn, Axis::Valence, Direction::Higher),
        movement(Kind::FeatureContrast, Feature::Lens, Axis::Arousal, Direction::Lower),
        in_grid(
            Kind::WeekdayPattern,
            Subject::Weekday(Weekday::Mon),
            CellPath::Weekday(Weekday::Mon),
            Direction::Lower,
        ),
        in_grid(
            Kind::DaypartPattern,
            Subject::Daypart(Daypart::Evening),
            CellPath::Daypart(Daypart::Evening),
            Direction::Higher,
        ),
        first_time(),
        returned(),
        spread(),
    ]
}

/// One finding of every kind.
pub fn every_kind() -> Vec<Finding> {
    let recovery = finding(Kind::Recovery, Subject::Recovery, Window::Period, Direction::Neither, 0.1);
    let own = vec![Evidence { ago: 0, cell: CellPath::Returns, n: 9 }];
    vec![
        counted(Kind::LowData),
        counted(Kind::Coverage),
        Finding {
            window: Window::AgainstTwelve,
            estimate: 2.0,
            reference: Some(4.0),
            evidence: (1..=2).map(|ago| Evidence { ago, cell: CellPath::Sessions, n: 9 }).collect(),
            ..counted(Kind::BaselineShort)
        },
        level(Axis::Valence, Direction::Higher),
        mix(Quadrant::LowUnpleasant, 7, 12),
        Finding { kind: Kind::Variability, window: Window::Period, direction: Direction::Neither, ..spread() },
        Finding { evidence: own, ..recovery },
        movement(Kind::MovedMost, Feature::Turn, Axis::Valence, Direction::Higher),
        quiet(Kind::Steady, Subject::Level(Axis::Valence)),
        quiet(Kind::NothingNew, Subject::Period),
    ]
    .into_iter()
    .chain(pointed())
    .collect()
}

/// Four findings as a week's feed shows them.
pub fn week() -> Vec<Finding> {
    let mut all = pointed();
    all.truncate(4);
    all
}

/// Eight findings as a month's page has them.
pub fn month() -> Vec<Finding> {
    let mut all = pointed();
    all.truncate(7);
    all.push(counted(Kind::Coverage));
    all
}
