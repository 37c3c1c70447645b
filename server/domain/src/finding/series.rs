//! A figure of the period beside the same figure of earlier periods, on the scale on which it can be tested.

use super::{
    Candidate, CellPath, Evidence, Finding, History, Interval, IntervalOf, Test,
    baseline::{Design, LONG, Observed, RECENT, RECENT_FROM},
    kind::{Axis, Direction, Kind, Subject, Window},
};
use crate::{
    affect::Family,
    dynamics::{Rate, Variability},
    measure::ratio,
    rollup::{Moments, Rollup},
};

/// The smallest change of a level that is told: a twentieth of half the scale.
const SMALLEST_LEVEL: f64 = 0.05;
/// The smallest change of a share: one session in ten.
const SMALLEST_SHARE: f64 = 0.10;
/// The smallest change of a spread or a rate: a quarter more or a fifth less.
const SMALLEST_FACTOR: f64 = 1.25;
/// What the test of a level counts for beside that of a share, a spread or a rate: valence and arousal are what a period is
/// first seen by, and so weighted the up to four tests of them bear half of what all together may err.
const LEVEL_WEIGHT: f64 = 3.0;

/// The windows that the earlier periods make, the longest last: not twice the same periods.
pub(super) fn windows(design: &Design) -> impl Iterator<Item = Window> + use<> {
    let recent = design.agos.iter().filter(|ago| **ago <= RECENT).count();
    let longer = recent < design.agos.len();
    let four = (recent >= RECENT_FROM).then_some(Window::AgainstFour);
    four.into_iter().chain(longer.then_some(Window::AgainstTwelve))
}

/// On which scale a figure is tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scale {
    /// As it is.
    Plain,
    /// A share, as the arcsine of its root: its sampling variance then hardly depends on it (Anscombe 1948, Biometrika
    /// 35:246).
    Share,
    /// A spread or a rate, as its logarithm.
    Factor,
}

impl Scale {
    /// From the scale of the test to that of the figure.
    fn back(self, value: f64) -> f64 {
        match self {
            Self::Plain => value,
            Self::Share => value.clamp(0.0, std::f64::consts::FRAC_PI_2).sin().powi(2),
            Self::Factor => value.exp(),
        }
    }

    fn large_enough(self, estimate: f64, reference: f64) -> bool {
        match self {
            Self::Plain => (estimate - reference).abs() >= SMALLEST_LEVEL,
            Self::Share => (estimate - reference).abs() >= SMALLEST_SHARE,
            Self::Factor => (estimate / reference).ln().abs() >= SMALLEST_FACTOR.ln(),
        }
    }
}

/// A figure of the period and of its baseline.
#[derive(Clone, Debug)]
pub(super) struct Series {
    subject: Subject,
    scale: Scale,
    estimate: f64,
    now: Observed,
    before: Vec<Observed>,
    evidence: Vec<Evidence>,
}

impl Series {
    pub fn against(&self, design: &Design, window: Window) -> Candidate {
        let reach = if window == Window::AgainstFour { RECENT } else { LONG };
        let prediction = design.predict(&self.before, reach, self.now.sampling);
        let reference = self.scale.back(prediction.centre);
        let (low, high) = prediction.interval();
        let test = prediction.test(self.now.value);
        let direction = Direction::of(self.estimate - reference);
        let finding = Finding {
            kind: Kind::Changed,
            subject: self.subject,
            window,
            direction,
            estimate: self.estimate,
            reference: Some(reference),
            interval: Some(Interval {
                of: IntervalOf::Expected,
                low: self.scale.back(low),
                high: self.scale.back(high),
            }),
            test: Some(Test::of_t(test, prediction.freedom)),
            n: self.evidence.first().map_or(0, |own| own.n),
            evidence: self.evidence.clone(),
            rank: 0.0,
        };
        // Near its ends a share and its arcsine, which is drawn inwards a little, could point opposite ways.
        let same_way = direction == Direction::of(test.0);
        let weight = if self.scale == Scale::Plain { LEVEL_WEIGHT } else { 1.0 };
        Candidate { large_enough: same_way && self.scale.large_enough(self.estimate, reference), weight, finding }
    }
}

/// The cell in the period and in the earlier ones.
pub(super) fn evidence(now: &Rollup, before: &[(u8, &Rollup)], cells: &[CellPath]) -> Vec<Evidence> {
    let all = std::iter::once((0, now)).chain(before.iter().copied());
    all.flat_map(|(ago, rollup)| cells.iter().map(move |cell| Evidence::of(ago, *cell, rollup))).collect()
}

/// Mean over sessions; its sampling variance is that of sessions within their periods, over the period's sessions.
pub(super) fn level(now: &Rollup, before: &[(u8, &Rollup)], axis: Axis) -> Series {
    let all = std::iter::once(now).chain(before.iter().map(|(_, rollup)| *rollup));
    let within = variance_within(all.map(|rollup| (rollup.sessions, axis.of(rollup))));
    let observed = |rollup: &Rollup| Observed {
        value: ratio(axis.of(rollup).sum, rollup.sessions.into()) / 1000.0,
        sampling: within / f64::from(rollup.sessions),
    };
    let own = observed(now);
    Series {
        subject: Subject::Level(axis),
        scale: Scale::Plain,
        estimate: own.value,
        now: own,
        before: before.iter().map(|(_, rollup)| observed(rollup)).collect(),
        evidence: evidence(now, before, &[CellPath::Level(axis)]),
    }
}

/// Variance of a figure within periods, all together, in fractions squared; 0 where no period holds two.
#[expect(clippy::cast_precision_loss, reason = "sums of thousandths stay far below 2^52")]
pub(super) fn variance_within<'a>(periods: impl Iterator<Item = (i32, &'a Moments)>) -> f64 {
    let (mut scatter, mut freedom) = (0.0, 0.0);
    for (count, moments) in periods.filter(|(count, _)| *count > 1) {
        // n·Σx² − (Σx)² is exact in whole numbers.
        let exact = i128::from(count) * i128::from(moments.squares) - i128::from(moments.sum).pow(2);
        scatter += exact as f64 / f64::from(count) / 1e6;
        freedom += f64::from(count - 1);
    }
    if freedom > 0.0 { scatter / freedom } else { 0.0 }
}

/// Share of sessions that a family is present in.
pub(super) fn share(now: &Rollup, before: &[(u8, &Rollup)], family: Family) -> Series {
    let present = |rollup: &Rollup| f64::from(rollup.families[family.index()]);
    let observed = |rollup: &Rollup| {
        let sessions = f64::from(rollup.sessions);
        let value = ((present(rollup) + 0.375) / (sessions + 0.75)).sqrt().asin();
        Observed { value, sampling: 1.0 / (4.0 * sessions + 2.0) }
    };
    Series {
        subject: Subject::Family(family),
        scale: Scale::Share,
        estimate: present(now) / f64::from(now.sessions),
        now: observed(now),
        before: before.iter().map(|(_, rollup)| observed(rollup)).collect(),
        evidence: evidence(now, before, &[CellPath::Sessions, CellPath::Family(family)]),
    }
}

/// A figure with floors of its own, and with them a baseline of its own.
fn with_own_floor(
    history: &History,
    subject: Subject,
    cell: CellPath,
    figure: impl Fn(&Rollup) -> Option<Observed>,
) -> Option<Candidate> {
    let now = figure(&history.period)?;
    let earlier = history.earlier().take_while(|(ago, _)| *ago <= LONG);
    let baseline: Vec<_> = earlier.filter_map(|(ago, rollup)| Some((ago, rollup, figure(rollup)?))).collect();
    let design = Design::of(baseline.iter().map(|(ago, ..)| *ago).collect())?;
    let rollups: Vec<_> = baseline.iter().map(|(ago, rollup, _)| (*ago, *rollup)).collect();
    let series = Series {
        subject,
        scale: Scale::Factor,
        estimate: now.value.exp(),
        now,
        before: baseline.iter().map(|(.., observed)| *observed).collect(),
        evidence: evidence(&history.period, &rollups, &[cell]),
    };
    windows(&design).last().map(|window| series.against(&design, window))
}

/// How far sessions lie apart on an axis: logarithm of the standard deviation relative to the most that the mean leaves room
/// for, with the sampling variance 1 / 2(n − 1).
pub(super) fn spread(history: &History, axis: Axis) -> Option<Candidate> {
    with_own_floor(history, Subject::Spread(axis), CellPath::Level(axis), |rollup| {
        let relative = Variability::of(rollup.sessions, axis.of(rollup))?.relative.filter(|share| *share > 0.0)?;
        Some(Observed { value: relative.ln(), sampling: 0.5 / f64::from(rollup.sessions - 1) })
    })
}

/// How fast valence comes home: logarithm of the rate. What sampling gives it the rollup does not keep; a distance over a
/// count of turns varies about as much as it is long, which makes 1 / n of its logarithm.
pub(super) fn recovery(history: &History) -> Option<Candidate> {
    with_own_floor(history, Subject::Recovery, CellPath::Returns, |rollup| {
        let rate = Rate::of_recovery(&rollup.displacements).filter(|rate| rate.per_turn > 0.0)?;
        Some(Observed { value: rate.per_turn.ln(), sampling: ratio(1, rate.episodes) })
    })
}
