//! Which message says a finding, and with which arguments: the part of the words that is the same in every language.

use std::collections::BTreeSet;

use fluent_bundle::FluentArgs;

use super::{Grain, Language};
use crate::{
    calendar::Daypart,
    feature::Feature,
    finding::{Axis, CellPath, Direction, Finding, Kind, RECENT, Subject, Window},
};

/// The message of a finding.
///
/// What `detect` makes has a message of its own, each kind, subject and direction. A finding that it can't make, such as the
/// level of a weekday, still has to have words here: it is said to be a count, which is true of every finding.
pub(super) fn message(finding: &Finding) -> &'static str {
    let way = finding.direction;
    match (finding.subject, finding.kind) {
        (Subject::Period, kind) => of_period(kind, finding),
        (Subject::Level(axis), kind) => of_level(kind, axis, way),
        (Subject::Spread(_), kind) => of_spread(kind, way),
        (Subject::Recovery, kind) => of_recovery(kind, way),
        (Subject::Family(_), kind) => of_family(kind, way, finding),
        (Subject::Quadrant(_), Kind::Mix) => "mix-quadrant",
        (Subject::Weekday(_), Kind::WeekdayPattern) => pick(way, "weekday-higher", "weekday-lower"),
        (Subject::Daypart(_), Kind::DaypartPattern) => pick(way, "daypart-higher", "daypart-lower"),
        (Subject::Movement { axis, .. }, kind) => of_movement(kind, axis, way),
        (Subject::Quadrant(_) | Subject::Weekday(_) | Subject::Daypart(_), _) => COUNTED,
    }
}

/// Says a finding that `detect` does not make.
pub(super) const COUNTED: &str = "counted";

const fn pick(way: Direction, higher: &'static str, lower: &'static str) -> &'static str {
    match way {
        Direction::Higher => higher,
        Direction::Lower => lower,
        Direction::Neither => COUNTED,
    }
}

fn of_period(kind: Kind, finding: &Finding) -> &'static str {
    match kind {
        Kind::LowData => match finding.n {
            ..=0 => "low-data-none",
            1..=2 => "low-data-few",
            3..=6 => "low-data-some",
            7.. => "low-data-days",
        },
        Kind::Coverage => "coverage",
        Kind::BaselineShort if finding.n == 0 => "baseline-none",
        Kind::BaselineShort => "baseline-short",
        Kind::NothingNew => "nothing-new",
        Kind::Level
        | Kind::Mix
        | Kind::Variability
        | Kind::Recovery
        | Kind::Changed
        | Kind::FirstTime
        | Kind::Returned
        | Kind::Steady
        | Kind::WeekdayPattern
        | Kind::DaypartPattern
        | Kind::FeatureShift
        | Kind::FeatureContrast
        | Kind::MovedMost => COUNTED,
    }
}

const fn of_level(kind: Kind, axis: Axis, way: Direction) -> &'static str {
    match (kind, axis) {
        (Kind::Level, Axis::Valence) => match way {
            Direction::Higher => "level-valence-higher",
            Direction::Lower => "level-valence-lower",
            Direction::Neither => "level-valence-neither",
        },
        (Kind::Level, Axis::Arousal) => match way {
            Direction::Higher => "level-arousal-higher",
            Direction::Lower => "level-arousal-lower",
            Direction::Neither => "level-arousal-neither",
        },
        (Kind::Changed, Axis::Valence) => pick(way, "changed-valence-higher", "changed-valence-lower"),
        (Kind::Changed, Axis::Arousal) => pick(way, "changed-arousal-higher", "changed-arousal-lower"),
        (Kind::Steady, Axis::Valence) => "steady-valence",
        (Kind::Steady, Axis::Arousal) => "steady-arousal",
        _ => COUNTED,
    }
}

const fn of_spread(kind: Kind, way: Direction) -> &'static str {
    match kind {
        Kind::Variability => "variability",
        Kind::Changed => pick(way, "changed-spread-higher", "changed-spread-lower"),
        _ => COUNTED,
    }
}

const fn of_recovery(kind: Kind, way: Direction) -> &'static str {
    match kind {
        Kind::Recovery => "recovery",
        Kind::Changed => pick(way, "changed-recovery-higher", "changed-recovery-lower"),
        _ => COUNTED,
    }
}

fn of_family(kind: Kind, way: Direction, finding: &Finding) -> &'static str {
    match kind {
        Kind::Mix => "mix-family",
        Kind::FirstTime => "first-time",
        Kind::Returned => "returned",
        Kind::Changed if counts_agree(finding) => pick(way, "changed-family-higher", "changed-family-lower"),
        Kind::Changed => pick(way, "changed-family-higher-by-period", "changed-family-lower-by-period"),
        _ => COUNTED,
    }
}

const fn of_movement(kind: Kind, axis: Axis, way: Direction) -> &'static str {
    match (kind, axis) {
        (Kind::FeatureShift, Axis::Valence) => pick(way, "shift-valence-higher", "shift-valence-lower"),
        (Kind::FeatureShift, Axis::Arousal) => pick(way, "shift-arousal-higher", "shift-arousal-lower"),
        (Kind::FeatureContrast, Axis::Valence) => pick(way, "contrast-valence-higher", "contrast-valence-lower"),
        (Kind::FeatureContrast, Axis::Arousal) => pick(way, "contrast-arousal-higher", "contrast-arousal-lower"),
        (Kind::MovedMost, _) => "moved-most",
        _ => COUNTED,
    }
}

/// Whether the earlier sessions all together lie on the side of the period that the earlier periods one by one do: a few
/// periods with many sessions can turn it round, and then their counts would seem to say the opposite.
fn counts_agree(finding: &Finding) -> bool {
    let (Some((count, n)), Some((before, n_before))) = (finding.counts(), finding.counts_before()) else {
        return false;
    };
    match finding.direction {
        Direction::Higher => count * n_before > before * n,
        Direction::Lower => count * n_before < before * n,
        Direction::Neither => false,
    }
}

/// The arguments of a finding's message.
pub(super) fn arguments(finding: &Finding, grain: Grain, language: Language) -> FluentArgs<'static> {
    let mut args = FluentArgs::with_capacity(12);
    args.set("grain", grain.name());
    args.set("n", finding.n);
    counted(&mut args, finding);
    compared(&mut args, finding);
    figures(&mut args, finding, language);
    match finding.subject {
        Subject::Period | Subject::Recovery => {}
        Subject::Level(axis) | Subject::Spread(axis) => args.set("axis", axis.name()),
        Subject::Family(family) => args.set("family", family.name()),
        Subject::Quadrant(quadrant) => args.set("quadrant", quadrant.name()),
        Subject::Weekday(weekday) => {
            args.set("weekday", weekday.to_string().to_lowercase());
            inside_and_outside(&mut args, finding, CellPath::Weekday(weekday));
        }
        Subject::Daypart(daypart) => {
            args.set("daypart", daypart_name(daypart));
            inside_and_outside(&mut args, finding, CellPath::Daypart(daypart));
        }
        Subject::Movement { feature, axis } => {
            args.set("feature", feature.name());
            args.set("axis", axis.name());
            own_and_others(&mut args, finding, feature, axis);
        }
    }
    args
}

const fn daypart_name(daypart: Daypart) -> &'static str {
    match daypart {
        Daypart::Night => "night",
        Daypart::Morning => "morning",
        Daypart::Afternoon => "afternoon",
        Daypart::Evening => "evening",
    }
}

/// What a cell holds in periods that lie so long ago.
fn sum(finding: &Finding, cell: CellPath, ago: impl Fn(u8) -> bool) -> i64 {
    finding.evidence.iter().filter(|of| of.cell == cell && ago(of.ago)).map(|of| of.n).sum()
}

/// How long ago the periods were that a finding rests on, its own among them.
pub(super) fn agos(finding: &Finding) -> BTreeSet<u8> {
    finding.evidence.iter().map(|of| of.ago).collect()
}

/// Days, and sessions of what a share is about.
fn counted(args: &mut FluentArgs<'static>, finding: &Finding) {
    if finding.subject == Subject::Period {
        args.set("days", sum(finding, CellPath::Days, |_| true));
        args.set("k", finding.n);
    }
    if let Some((count, n)) = finding.counts() {
        args.set("count", count);
        args.set("n", n);
    }
    if let Some((count, n)) = finding.counts_before() {
        args.set("count-before", count);
        args.set("n-before", n);
    }
    if let (Kind::Returned, Subject::Family(family)) = (finding.kind, finding.subject) {
        let old = |ago| ago > RECENT;
        args.set("n-away", sum(finding, CellPath::Sessions, |ago| (1..=RECENT).contains(&ago)));
        args.set("count-old", sum(finding, CellPath::Family(family), old));
        args.set("n-old", sum(finding, CellPath::Sessions, old));
    }
}

/// Over how many periods a finding speaks, and over which it looked for them.
fn compared(args: &mut FluentArgs<'static>, finding: &Finding) {
    let agos = agos(finding);
    let within = |reach: u8| agos.iter().filter(|ago| (1..=reach).contains(*ago)).count();
    match finding.window {
        Window::Period => {}
        Window::AgainstFour => {
            args.set("compared", within(4));
            args.set("baseline", if within(4) == 4 { "four" } else { "some-of-four" });
        }
        Window::AgainstTwelve => {
            args.set("compared", within(12));
            args.set("baseline", if within(12) == 12 { "twelve" } else { "some-of-twelve" });
        }
        Window::AgainstAll => args.set("back", agos.last().copied().unwrap_or_default()),
        Window::Together => args.set("periods", agos.len()),
    }
}

/// How large a difference is, by word: a tenth and three tenths of half the scale part them.
fn size(difference: f64) -> &'static str {
    match difference.abs() {
        ..0.1 => "little",
        0.1..0.3 => "some",
        _ => "much",
    }
}

/// The estimate and what it is held against, as each kind has them.
fn figures(args: &mut FluentArgs<'static>, finding: &Finding, language: Language) {
    let estimate = finding.estimate;
    let reference = finding.reference.unwrap_or_default();
    match finding.kind {
        Kind::LowData | Kind::Coverage | Kind::BaselineShort | Kind::Mix | Kind::FirstTime | Kind::Returned => {}
        Kind::Level => {
            args.set("mean", language.signed(estimate));
            if let Some(interval) = finding.interval {
                args.set("low", language.signed(interval.low));
                args.set("high", language.signed(interval.high));
            }
        }
        Kind::Variability => args.set("sd", language.distance(estimate)),
        Kind::Recovery => args.set("rate", language.rate(estimate)),
        Kind::Changed | Kind::Steady => match finding.subject {
            Subject::Spread(_) => args.set("times", language.times(estimate / reference)),
            Subject::Recovery => {
                args.set("rate", language.rate(estimate));
                args.set("rate-before", language.rate(reference));
            }
            Subject::Family(_) => args.set("expected", expected(reference, finding)),
            _ => {
                args.set("mean", language.signed(estimate));
                args.set("before", language.signed(reference));
                args.set("size", size(estimate - reference));
            }
        },
        Kind::NothingNew => args.set("tested", finding.test.map_or(0, |test| test.tested)),
        Kind::WeekdayPattern | Kind::DaypartPattern | Kind::FeatureContrast => {
            args.set("gap", language.distance(estimate));
            args.set("size", size(estimate));
        }
        Kind::FeatureShift => {
            args.set("shift", language.signed(estimate));
            args.set("size", size(estimate));
        }
        Kind::MovedMost => {
            args.set("own", language.distance(estimate));
            args.set("rest", language.distance(reference));
        }
    }
}

/// In how many of the period's sessions a share would be.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a count of sessions")]
fn expected(share: f64, finding: &Finding) -> i64 {
    finding.counts().map_or(0, |(_, n)| (share * n as f64).round() as i64)
}

/// Sessions in a row or column of the grid, and outside it, in the periods that have both.
fn inside_and_outside(args: &mut FluentArgs<'static>, finding: &Finding, cell: CellPath) {
    let inside = sum(finding, cell, |_| true);
    args.set("inside", inside);
    args.set("outside", sum(finding, CellPath::Level(Axis::Valence), |_| true) - inside);
}

/// Sessions of a feature and of the other two, in the periods that have both.
fn own_and_others(args: &mut FluentArgs<'static>, finding: &Finding, feature: Feature, axis: Axis) {
    let moved = |feature| sum(finding, CellPath::Movement { feature, axis }, |_| true);
    args.set("inside", moved(feature));
    args.set("outside", Feature::ALL.into_iter().filter(|other| *other != feature).map(moved).sum::<i64>());
}
