//! What the period was, by itself: how much was counted, where it lay, what was in it. Nothing here is tested against
//! anything; each interval is a 95 % interval by itself.

use super::{
    CellPath, Evidence, Finding, History, Interval, IntervalOf,
    baseline::{BASELINE_FROM, LONG},
    kind::{Axis, Direction, Kind, Subject, Window},
};
use crate::{
    affect::Quadrant,
    dynamics::{Rate, Variability},
    rollup::{Rollup, Tier},
};

/// Sessions from which a family or quadrant is named: with fewer, a single session could be read back from it.
pub(super) const NAMED_FROM: i32 = 3;
/// Families that a period's mix names at most.
const FAMILIES_NAMED: usize = 3;
/// What each quadrant would hold if all held the same.
const EVEN_SHARE: f64 = 0.25;
/// Sessions from which a period has a mean, as [`Rollup::tier`] has it.
const ENOUGH_SESSIONS: f64 = 7.0;
/// Two-sided 95 % quantile of the normal distribution.
const Z: f64 = 1.959_964;

/// Coverage, level, mix, variability and recovery of the period, as far as its sessions reach.
pub(super) fn period(history: &History) -> Vec<Finding> {
    let rollup = &history.period;
    let mut findings = vec![coverage(rollup)];
    if rollup.tier() >= Tier::Some {
        findings.extend(mix(rollup));
    }
    if rollup.tier() == Tier::Enough {
        findings.extend(Axis::ALL.into_iter().filter_map(|axis| level(rollup, axis)));
        findings.extend(baseline_short(history));
    }
    findings.extend(Axis::ALL.into_iter().filter_map(|axis| variability(rollup, axis)));
    findings.extend(recovery(rollup));
    findings
}

/// A finding about the period alone.
fn about(kind: Kind, subject: Subject, estimate: f64, n: i64, evidence: Vec<Evidence>) -> Finding {
    Finding {
        kind,
        subject,
        window: Window::Period,
        direction: Direction::Neither,
        estimate,
        reference: None,
        interval: None,
        test: None,
        n,
        evidence,
        rank: 0.0,
    }
}

fn cells(rollup: &Rollup, cells: &[CellPath]) -> Vec<Evidence> {
    cells.iter().map(|cell| Evidence::of(0, *cell, rollup)).collect()
}

/// How much was counted; below the floor for a mean this is most of what there is to say.
fn coverage(rollup: &Rollup) -> Finding {
    let (kind, floor) =
        if rollup.tier() < Tier::Enough { (Kind::LowData, Some(ENOUGH_SESSIONS)) } else { (Kind::Coverage, None) };
    let sessions = f64::from(rollup.sessions);
    let evidence = cells(rollup, &[CellPath::Sessions, CellPath::Days]);
    Finding { reference: floor, ..about(kind, Subject::Period, sessions, rollup.sessions.into(), evidence) }
}

fn baseline_short(history: &History) -> Option<Finding> {
    let looked_at = history.earlier().take_while(|(ago, _)| *ago <= LONG);
    let enough: Vec<Evidence> = looked_at
        .filter(|(_, rollup)| rollup.tier() == Tier::Enough)
        .map(|(ago, rollup)| Evidence::of(ago, CellPath::Sessions, rollup))
        .collect();
    let periods = i32::try_from(enough.len()).ok()?;
    let needed = i32::try_from(BASELINE_FROM).ok()?;
    (periods < needed).then(|| Finding {
        window: Window::AgainstTwelve,
        reference: Some(f64::from(needed)),
        ..about(Kind::BaselineShort, Subject::Period, f64::from(periods), periods.into(), enough)
    })
}

/// Mean over sessions with Student's interval; a side is named only where the interval keeps clear of the middle.
fn level(rollup: &Rollup, axis: Axis) -> Option<Finding> {
    let estimate = axis.of(rollup).estimate(rollup.sessions)?;
    let clear = estimate.mean.abs() > estimate.half_width;
    let interval = Interval {
        of: IntervalOf::Estimate,
        low: estimate.mean - estimate.half_width,
        high: estimate.mean + estimate.half_width,
    };
    let evidence = cells(rollup, &[CellPath::Level(axis)]);
    Some(Finding {
        direction: if clear { Direction::of(estimate.mean) } else { Direction::Neither },
        reference: Some(0.0),
        interval: Some(interval),
        ..about(Kind::Level, Subject::Level(axis), estimate.mean, rollup.sessions.into(), evidence)
    })
}

/// The families that were there most, and the quadrant that clearly held more than a quarter of the sessions: each with its
/// share and Wilson's interval.
fn mix(rollup: &Rollup) -> Vec<Finding> {
    let share = |subject, cell, count| Finding {
        interval: Some(wilson(count, rollup.sessions)),
        ..about(
            Kind::Mix,
            subject,
            f64::from(count) / f64::from(rollup.sessions),
            rollup.sessions.into(),
            cells(rollup, &[cell, CellPath::Sessions]),
        )
    };
    let families =
        rollup.families_by_count().into_iter().filter(|(_, count)| *count >= NAMED_FROM).take(FAMILIES_NAMED);
    let mut findings: Vec<Finding> =
        families.map(|(family, count)| share(Subject::Family(family), CellPath::Family(family), count)).collect();
    // `max_by_key` keeps the last of several; turned round it is the first.
    let most = Quadrant::ALL.into_iter().rev().max_by_key(|quadrant| rollup.quadrants[quadrant.index()]);
    if let Some(quadrant) = most {
        let count = rollup.quadrants[quadrant.index()];
        let found = share(Subject::Quadrant(quadrant), CellPath::Quadrant(quadrant), count);
        let clear = found.interval.is_some_and(|interval| interval.low > EVEN_SHARE);
        findings.extend((count >= NAMED_FROM && clear).then_some(found));
    }
    findings
}

/// The score interval of a share (Wilson 1927, Journal of the American Statistical Association 22:209), which stays within
/// 0 to 1 and holds for few sessions.
pub(crate) fn wilson(count: i32, of: i32) -> Interval {
    let (n, share) = (f64::from(of), f64::from(count) / f64::from(of));
    let spread = 1.0 + Z * Z / n;
    let middle = (share + Z * Z / (2.0 * n)) / spread;
    let half_width = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt() / spread;
    Interval { of: IntervalOf::Estimate, low: (middle - half_width).max(0.0), high: (middle + half_width).min(1.0) }
}

/// Standard deviation over sessions with the interval of its logarithm, ln s ± 1.96 / √(2 (n − 1)) (Bartlett & Kendall
/// 1946, Supplement to the Journal of the Royal Statistical Society 8:128); beside it what it is of the most there is room
/// for.
fn variability(rollup: &Rollup, axis: Axis) -> Option<Finding> {
    let spread = Variability::of(rollup.sessions, axis.of(rollup)).filter(|spread| spread.sd > 0.0)?;
    let factor = (Z / (2.0 * f64::from(rollup.sessions - 1)).sqrt()).exp();
    let evidence = cells(rollup, &[CellPath::Level(axis)]);
    Some(Finding {
        reference: spread.relative,
        interval: Some(Interval { of: IntervalOf::Estimate, low: spread.sd / factor, high: spread.sd * factor }),
        ..about(Kind::Variability, Subject::Spread(axis), spread.sd, rollup.sessions.into(), evidence)
    })
}

/// Distance home a turn. The rollup keeps no squares of it, so it has no interval.
fn recovery(rollup: &Rollup) -> Option<Finding> {
    let rate = Rate::of_recovery(&rollup.displacements)?;
    let evidence = cells(rollup, &[CellPath::Returns]);
    Some(about(Kind::Recovery, Subject::Recovery, rate.per_turn, rate.episodes, evidence))
}
