//! Findings: statements with numbers, computed from one member's rollups and from nothing else.
//!
//! `detect` says what can be said of a week or a month, `select` which of it a feed shows. A finding holds numbers and a
//! closed vocabulary and no prose: words are chosen later, by a template or by a model, and every number can be derived again
//! from the cells it names. Neither way of any scale is better or worse here, so turned round, a history gives the same
//! findings turned round, in the same order (a test holds that).
//!
//! `describe` says what the period was, `change` how it differs from the member's own baseline (`baseline`), `pattern` what
//! holds over many periods (`pooling`). What rests on a test goes through `false_discovery` first. `docs/findings.md` has
//! each kind's formula, floor, test and source, and the measured rates.

mod baseline;
mod change;
mod describe;
mod evidence;
mod false_discovery;
mod kind;
mod pattern;
mod pooling;
mod rank;
mod select;
mod series;
pub mod simulated;
pub(crate) mod student;

use serde::{Deserialize, Serialize};

pub(crate) use self::describe::wilson as share_interval;
pub use self::{
    baseline::{AUTOCORRELATION, BASELINE_FROM, LONG, RECENT},
    evidence::{CellPath, Evidence},
    false_discovery::FALSE_DISCOVERY_RATE,
    kind::{Axis, Direction, Kind, Subject, UnknownKind, Window},
    pooling::{EFFECT_FROM, POOLED_FROM},
    rank::Told,
    select::{MOST_SHOWN, select},
};
use crate::rollup::Rollup;

/// What is known when a period's findings are made: one member, one week or month, and those before.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The sums of the period.
    pub period: Rollup,
    /// The sums of the periods before, newest first and without a gap: a period without sessions is an empty rollup, and so
    /// must be one that other models have measured, because a difference could come from them.
    pub before: Vec<Rollup>,
    /// What the member was told in periods before.
    pub told: Vec<Told>,
}

impl History {
    /// The period and the earlier ones that a pattern is looked for in, each with how long ago it was; empty ones left away.
    fn together(&self) -> impl Iterator<Item = (u8, &Rollup)> {
        std::iter::once((0, &self.period)).chain(self.earlier().take_while(|(ago, _)| *ago <= LONG))
    }

    /// Earlier periods that hold sessions, newest first, each with how long ago it was.
    fn earlier(&self) -> impl Iterator<Item = (u8, &Rollup)> {
        (1..=u8::MAX).zip(&self.before).filter(|(_, rollup)| rollup.sessions > 0)
    }
}

/// What an interval is one of. All are 95 % intervals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntervalOf {
    /// The estimate itself.
    Estimate,
    /// Where the period's figure was expected to lie.
    Expected,
}

/// A 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// What it is one of.
    pub of: IntervalOf,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// What a test said.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Test {
    /// Student's t; nothing for an exact test of counts.
    pub statistic: Option<f64>,
    /// Its degrees of freedom.
    pub freedom: Option<f64>,
    /// Two-sided p; of counts one-sided.
    pub p: f64,
    /// Corrected for all that was tested with it (weighted Benjamini-Hochberg).
    pub q: f64,
    /// How many were tested with it.
    pub tested: u32,
}

impl Test {
    /// Before it is known what else is tested.
    const fn of_t((statistic, p): (f64, f64), freedom: f64) -> Self {
        Self { statistic: Some(statistic), freedom: Some(freedom), p, q: p, tested: 1 }
    }

    const fn of_counts(p: f64) -> Self {
        Self { statistic: None, freedom: None, p, q: p, tested: 1 }
    }
}

/// A statement about rollups.
///
/// What `estimate` and `reference` are depends on the kind; `docs/findings.md` has the table. Levels and movements are
/// fractions of half the scale (−1 to 1), shares are 0 to 1, counts are counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What kind of statement.
    pub kind: Kind,
    /// About what.
    pub subject: Subject,
    /// Over which periods.
    pub window: Window,
    /// Which way.
    pub direction: Direction,
    /// The number.
    pub estimate: f64,
    /// What it is held against.
    pub reference: Option<f64>,
    /// Its interval, or the one that was expected.
    pub interval: Option<Interval>,
    /// The test, where it rests on one.
    pub test: Option<Test>,
    /// What the estimate rests on: sessions, returns or periods; of two sides of a comparison the smaller.
    pub n: i64,
    /// The cells it was computed from, the period's own first.
    pub evidence: Vec<Evidence>,
    /// How much it deserves to be told, 0 to 1.
    pub rank: f64,
}

impl Finding {
    /// In how many of how many of the period's sessions, where the finding is about a share: what a card says before any
    /// adjective.
    pub fn counts(&self) -> Option<(i64, i64)> {
        self.counts_where(|ago| ago == 0)
    }

    /// The same of the earlier periods that the share is held against, together; nothing where it is held against none.
    pub fn counts_before(&self) -> Option<(i64, i64)> {
        self.counts_where(|ago| ago > 0).filter(|(_, sessions)| *sessions > 0)
    }

    fn counts_where(&self, ago: fn(u8) -> bool) -> Option<(i64, i64)> {
        let cell = match self.subject {
            Subject::Family(family) => CellPath::Family(family),
            Subject::Quadrant(quadrant) => CellPath::Quadrant(quadrant),
            _ => return None,
        };
        let sum = |cell| self.evidence.iter().filter(|of| ago(of.ago) && of.cell == cell).map(|of| of.n).sum();
        Some((sum(cell), sum(CellPath::Sessions)))
    }
}

/// Everything that can be said of the period, what most deserves to be told first. A session that is flagged for crisis is in
/// no sum, so nothing here rests on one.
pub fn detect(history: &History) -> Vec<Finding> {
    let mut findings = describe::period(history);
    findings.extend(change::changes(history));
    findings.extend(pattern::patterns(history));
    for finding in &mut findings {
        finding.rank = rank::of(finding, &history.told);
    }
    // The sort keeps the order of what ranks alike, and that order is fixed: the same history gives the same list.
    findings.sort_by(|one, other| other.rank.total_cmp(&one.rank));
    findings
}

/// A candidate for a finding: what would be said if its test holds.
#[derive(Clone, Debug)]
struct Candidate {
    finding: Finding,
    /// What its test counts for beside the others, fixed before any data is seen.
    weight: f64,
    /// Whether it is large enough to be told.
    large_enough: bool,
}

/// Corrects the tests of candidates for how many there are, and parts those that hold from those that don't. Whether one is
/// large enough is asked afterwards: leaving small ones out before would make the rest look fewer than were tried.
fn sift(candidates: Vec<Candidate>) -> (Vec<Finding>, Vec<Finding>) {
    let tests: Vec<_> = candidates.iter().map(|c| (c.finding.test.map_or(1.0, |test| test.p), c.weight)).collect();
    let q_values = false_discovery::q_values(&tests);
    let tested = u32::try_from(tests.len()).unwrap_or(u32::MAX);
    let (mut held, mut fell) = (Vec::new(), Vec::new());
    for (mut candidate, q) in candidates.into_iter().zip(q_values) {
        if let Some(test) = &mut candidate.finding.test {
            (test.q, test.tested) = (q, tested);
        }
        let holds = candidate.large_enough && q <= FALSE_DISCOVERY_RATE;
        if holds { held.push(candidate.finding) } else { fell.push(candidate.finding) }
    }
    (held, fell)
}

#[cfg(test)]
#[path = "kinds_tests.rs"]
mod kinds_tests;
#[cfg(test)]
#[path = "property_tests.rs"]
mod property_tests;
#[cfg(test)]
#[path = "rederived_tests.rs"]
mod rederived_tests;
#[cfg(test)]
#[path = "simulation_tests.rs"]
mod simulation_tests;
