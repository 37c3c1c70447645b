//! What is new about the period: figures that left the member's own baseline, families that are there for the first time or
//! again, and, where nothing is, that nothing is.
//!
//! All of it is one question, so all of its tests are corrected together. Which figures are tested follows from the earlier
//! periods alone, never from how the period itself came out.

use super::{
    Candidate, Cell, Evidence, Finding, History, Interval, IntervalOf, Test,
    baseline::{Design, LONG, Observed, RECENT, RECENT_FROM},
    describe::NAMED_FROM,
    kind::{Axis, Direction, Kind, Subject, Window},
    sift,
};
use crate::{
    affect::Family,
    dynamics::{Rate, Variability},
    measure::ratio,
    rollup::{Moments, Rollup, Tier},
};

/// The smallest change of a level that is told: a twentieth of half the scale.
const SMALLEST_LEVEL: f64 = 0.05;
/// The smallest change of a share: one session in ten.
const SMALLEST_SHARE: f64 = 0.10;
/// The smallest change of a spread or a rate: a quarter more or a fifth less.
const SMALLEST_FACTOR: f64 = 1.25;
/// So many sessions of the baseline must have a family, and as many must not, for its share to be compared.
const SHARE_FROM: i32 = 5;
/// Earlier sessions, in at least so many periods as a baseline has, from which a family can be there for the first time.
const FIRST_AFTER: i32 = 30;
/// Sessions of the recent periods from which a family has been away.
const AWAY_FOR: i32 = 20;
/// What the test of a level counts for beside that of a share, a spread or a rate: valence and arousal are what a period is
/// first seen by, and so weighted the up to four tests of them bear half of what all together may err.
const LEVEL_WEIGHT: f64 = 3.0;
/// A level is called steady where its p by itself is no less than this.
const STEADY_FROM: f64 = 0.20;

/// Changes against the baseline, first times and returns; what is steady; and that nothing is new, where nothing is.
pub(super) fn changes(history: &History) -> Vec<Finding> {
    let baseline = baseline(history);
    let (mut changes, unchanged) = sift(candidates(history, &baseline));
    let nothing_new = changes.is_empty().then(|| nothing_new(&history.period, &baseline, &unchanged)).flatten();
    changes.extend(steady(&changes, unchanged));
    changes.extend(nothing_new);
    changes
}

/// The earlier periods with enough sessions.
pub(super) fn baseline(history: &History) -> Vec<(u8, &Rollup)> {
    let looked_at = history.earlier().take_while(|(ago, _)| *ago <= LONG);
    looked_at.filter(|(_, rollup)| rollup.tier() == Tier::Enough).collect()
}

/// All that is tested: nothing where the period or its baseline has too little.
pub(super) fn candidates(history: &History, baseline: &[(u8, &Rollup)]) -> Vec<Candidate> {
    let agos = baseline.iter().map(|(ago, _)| *ago).collect();
    let Some(design) = Design::of(agos).filter(|_| history.period.tier() == Tier::Enough) else { return Vec::new() };

    let mut candidates = Vec::new();
    for axis in Axis::ALL {
        let series = level(&history.period, baseline, axis);
        candidates.extend(windows(&design).map(|window| series.against(&design, window)));
    }
    for family in Family::ALL {
        candidates.extend(first_or_again(history, family).or_else(|| {
            let series = share(&history.period, baseline, family)?;
            windows(&design).last().map(|window| series.against(&design, window))
        }));
    }
    let own = Axis::ALL.map(|axis| of_own(history, Subject::Spread(axis), Cell::Level(axis), |r| spread(r, axis)));
    candidates.extend(own.into_iter().flatten());
    candidates.extend(of_own(history, Subject::Recovery, Cell::Returns, recovery));
    candidates
}

/// The windows that the earlier periods make, the longest last: not twice the same periods.
fn windows(design: &Design) -> impl Iterator<Item = Window> + use<> {
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
struct Series {
    subject: Subject,
    scale: Scale,
    estimate: f64,
    now: Observed,
    before: Vec<Observed>,
    evidence: Vec<Evidence>,
}

impl Series {
    fn against(&self, design: &Design, window: Window) -> Candidate {
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
fn evidence(now: &Rollup, before: &[(u8, &Rollup)], cells: &[Cell]) -> Vec<Evidence> {
    let all = std::iter::once((0, now)).chain(before.iter().copied());
    all.flat_map(|(ago, rollup)| cells.iter().map(move |cell| Evidence::of(ago, *cell, rollup))).collect()
}

/// Mean over sessions; its sampling variance is that of sessions within their periods, over the period's sessions.
fn level(now: &Rollup, before: &[(u8, &Rollup)], axis: Axis) -> Series {
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
        evidence: evidence(now, before, &[Cell::Level(axis)]),
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

/// Share of sessions that a family is present in, where the baseline has it often enough to compare.
fn share(now: &Rollup, before: &[(u8, &Rollup)], family: Family) -> Option<Series> {
    let present = |rollup: &Rollup| rollup.families[family.index()];
    let had: i32 = before.iter().map(|(_, rollup)| present(rollup)).sum();
    let had_not = before.iter().map(|(_, rollup)| rollup.sessions).sum::<i32>() - had;
    if had < SHARE_FROM || had_not < SHARE_FROM {
        return None;
    }
    let observed = |rollup: &Rollup| {
        let sessions = f64::from(rollup.sessions);
        let value = ((f64::from(present(rollup)) + 0.375) / (sessions + 0.75)).sqrt().asin();
        Observed { value, sampling: 1.0 / (4.0 * sessions + 2.0) }
    };
    Some(Series {
        subject: Subject::Family(family),
        scale: Scale::Share,
        estimate: f64::from(present(now)) / f64::from(now.sessions),
        now: observed(now),
        before: before.iter().map(|(_, rollup)| observed(rollup)).collect(),
        evidence: evidence(now, before, &[Cell::Sessions, Cell::Family(family)]),
    })
}

/// A figure with floors of its own, and with them a baseline of its own.
fn of_own(
    history: &History,
    subject: Subject,
    cell: Cell,
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

/// Logarithm of the standard deviation, relative to the most that the mean leaves room for; sampling variance 1 / 2(n − 1).
fn spread(rollup: &Rollup, axis: Axis) -> Option<Observed> {
    let relative = Variability::of(rollup.sessions, axis.of(rollup))?.relative.filter(|share| *share > 0.0)?;
    Some(Observed { value: relative.ln(), sampling: 0.5 / f64::from(rollup.sessions - 1) })
}

/// Logarithm of the rate of recovery. What sampling gives it the rollup does not keep; a distance over a count of turns
/// varies about as much as it is long, which makes 1 / n of its logarithm.
fn recovery(rollup: &Rollup) -> Option<Observed> {
    let rate = Rate::of_recovery(&rollup.displacements).filter(|rate| rate.per_turn > 0.0)?;
    Some(Observed { value: rate.per_turn.ln(), sampling: ratio(1, rate.episodes) })
}

/// A family that no earlier session had, or none of the recent ones though some before.
///
/// The test is Fisher's exact one (Fisher 1935, Journal of the Royal Statistical Society 98:39) with nothing on one side: how
/// likely it is that all the sessions that have the family lie in this period, if periods are nothing to it.
fn first_or_again(history: &History, family: Family) -> Option<Candidate> {
    let present = |rollup: &Rollup| rollup.families[family.index()];
    let earlier: Vec<_> = history.earlier().collect();
    let (recent, older): (Vec<_>, Vec<_>) = earlier.iter().partition(|(ago, _)| *ago <= RECENT);
    let none = |periods: &[(u8, &Rollup)]| periods.iter().all(|(_, rollup)| present(rollup) == 0);
    let sessions = |periods: &[(u8, &Rollup)]| periods.iter().map(|(_, rollup)| rollup.sessions).sum::<i32>();

    let first = none(&earlier) && sessions(&earlier) >= FIRST_AFTER && earlier.len() > usize::from(RECENT) - 1;
    let again = none(&recent)
        && sessions(&recent) >= AWAY_FOR
        && recent.len() >= RECENT_FROM
        && older.iter().any(|(_, rollup)| present(rollup) >= NAMED_FROM);
    let (kind, window, against) = if first {
        (Kind::FirstTime, Window::AgainstAll, sessions(&earlier))
    } else if again {
        (Kind::Returned, Window::AgainstFour, sessions(&recent))
    } else {
        return None;
    };
    let now = &history.period;
    let count = present(now);
    let finding = Finding {
        kind,
        subject: Subject::Family(family),
        window,
        direction: Direction::Higher,
        estimate: f64::from(count) / f64::from(now.sessions),
        reference: Some(0.0),
        interval: Some(super::describe::wilson(count, now.sessions)),
        test: Some(Test::of_counts(all_in_one_period(count, now.sessions, against))),
        n: now.sessions.into(),
        evidence: evidence(now, &earlier, &[Cell::Sessions, Cell::Family(family)]),
        rank: 0.0,
    };
    Some(Candidate { finding, weight: 1.0, large_enough: count >= NAMED_FROM })
}

/// C(n, c) / C(n + m, c): that c sessions drawn from n and m others are all among the n.
fn all_in_one_period(count: i32, sessions: i32, others: i32) -> f64 {
    (0..count).map(|drawn| f64::from(sessions - drawn) / f64::from(sessions + others - drawn)).product()
}

/// The levels that lie well within what was expected, each against its longest window.
fn steady(changes: &[Finding], unchanged: Vec<Finding>) -> Vec<Finding> {
    let mut steady: Vec<Finding> = Vec::new();
    let calm = |finding: &Finding| {
        matches!(finding.subject, Subject::Level(_))
            && finding.test.is_some_and(|test| test.p >= STEADY_FROM)
            && changes.iter().all(|change| change.subject != finding.subject)
    };
    // The longest window comes last, and each subject is kept once.
    for finding in unchanged.into_iter().rev().filter(calm) {
        if steady.iter().all(|kept| kept.subject != finding.subject) {
            steady.push(Finding { kind: Kind::Steady, direction: Direction::Neither, ..finding });
        }
    }
    steady
}

/// That nothing which was tested has changed, with the test that came nearest to saying otherwise.
fn nothing_new(now: &Rollup, before: &[(u8, &Rollup)], unchanged: &[Finding]) -> Option<Finding> {
    let tests = unchanged.iter().filter_map(|finding| finding.test);
    let nearest = tests.min_by(|one, other| one.p.total_cmp(&other.p))?;
    Some(Finding {
        kind: Kind::NothingNew,
        subject: Subject::Period,
        window: Window::AgainstTwelve,
        direction: Direction::Neither,
        estimate: f64::from(nearest.tested),
        reference: None,
        interval: None,
        test: Some(nearest),
        n: now.sessions.into(),
        evidence: evidence(now, before, &[Cell::Sessions]),
        rank: 0.0,
    })
}
