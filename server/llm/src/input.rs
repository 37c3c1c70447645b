//! What a model is given: names from closed lists and whole numbers, made from findings.
//!
//! PRIVACY: no type in here has a field that could hold a text, so nothing a member wrote can get into a prompt. A cell of
//! one or two sessions is left out, and with it each figure it could be computed from: one session can't be read back.

use std::collections::BTreeSet;

use serde::Serialize;
use spectrum_domain::{
    card::{Grain, Language},
    finding::{CellPath, Direction, Finding, Kind, Subject, Window},
    rollup::Tier,
};

/// Sessions below which a cell is left out. A sum of none stays: that a family was in none of 120 sessions is what "for the
/// first time" says, and nothing can be read back from it.
pub const LEAST_IN_CELL: i64 = 3;

/// Statements that one input holds at most.
pub const MOST_STATEMENTS: usize = 12;

/// What the period rests on, as its receipt has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Counted sessions.
    pub sessions: u32,
    /// Turns in them.
    pub turns: u32,
    /// Days with a session.
    pub days: u32,
    /// What that is enough for.
    pub tier: Tier,
}

/// In what a figure is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Hundredths of half a scale, −100 to 100: for choosing between "a little" and "clearly", never for being written.
    Points,
    /// Hundredths of the period's sessions.
    Percent,
    /// Sessions.
    Sessions,
    /// Weeks or months.
    Periods,
    /// How many figures were tested.
    Tests,
}

/// A finding's estimate, rounded to whole units, and what it is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// The unit of both.
    pub unit: Unit,
    /// The estimate.
    pub value: i32,
    /// Its reference, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<i32>,
}

/// Over which periods a cell is summed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// The period.
    Now,
    /// The earlier periods that it is held against.
    Before,
    /// All of them, where a finding speaks of all of them.
    Together,
}

/// A cell of the rollups that a finding rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// Which.
    pub cell: CellPath,
    /// Summed over what.
    pub span: Span,
    /// Sessions in it; days or returns, where the cell counts those.
    pub n: u32,
}

/// One finding, as a model is given it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// By which an answer names it: its place among the findings handed in, from 0.
    pub index: u8,
    /// What kind of statement.
    pub kind: Kind,
    /// About what.
    pub about: Subject,
    /// Over which periods.
    pub window: Window,
    /// How many periods, the period itself among them where they are taken together.
    pub periods: u8,
    /// Which way.
    pub direction: Direction,
    /// The number; nothing where a cell of one or two sessions could be computed from it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub figure: Option<Figure>,
    /// What it rests on.
    pub evidence: Vec<Cell>,
}

/// All that a model is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Input {
    /// Week or month.
    pub grain: Grain,
    /// In which language it has to write.
    pub language: Language,
    /// What the period rests on.
    pub coverage: Coverage,
    /// The findings, in the order handed in.
    pub statements: Vec<Statement>,
}

impl Input {
    /// The input for these findings, which are those that will be shown. What goes past [`MOST_STATEMENTS`] is left out.
    pub fn new(findings: &[Finding], grain: Grain, language: Language, coverage: Coverage) -> Self {
        let numbered = (0..).zip(findings.iter().take(MOST_STATEMENTS));
        let statements = numbered.map(|(index, finding)| Statement::of(index, finding)).collect();
        Self { grain, language, coverage, statements }
    }

    /// The statement that an answer names.
    pub fn statement(&self, index: u8) -> Option<&Statement> {
        self.statements.get(usize::from(index))
    }
}

impl Statement {
    fn of(index: u8, finding: &Finding) -> Self {
        let small = |n: i64| n > 0 && n < LEAST_IN_CELL;
        let evidence = summed(finding);
        let readable = evidence.iter().any(|(cell, span, n)| {
            *span != Span::Before && small(*n) && [own_cell(finding.subject), CellPath::Sessions].contains(cell)
        });
        let counted = matches!(finding.kind, Kind::LowData | Kind::Coverage | Kind::BaselineShort | Kind::NothingNew);
        let kept = evidence.into_iter().filter(|(_, _, n)| !small(*n));
        Self {
            index,
            kind: finding.kind,
            about: finding.subject,
            window: finding.window,
            periods: periods(finding),
            direction: finding.direction,
            figure: (counted || !readable).then(|| figure(finding)),
            evidence: kept.map(|(cell, span, n)| Cell { cell, span, n: u32::try_from(n).unwrap_or(0) }).collect(),
        }
    }

    /// The cell that counts what the statement is about.
    pub(crate) fn own(&self, span: Span) -> Option<u32> {
        self.cell(own_cell(self.about), span)
    }

    /// A cell's count.
    pub(crate) fn cell(&self, path: CellPath, span: Span) -> Option<u32> {
        self.evidence.iter().find(|cell| cell.cell == path && cell.span == span).map(|cell| cell.n)
    }
}

/// The cell that counts what a subject is about.
const fn own_cell(subject: Subject) -> CellPath {
    match subject {
        Subject::Period => CellPath::Sessions,
        Subject::Level(axis) | Subject::Spread(axis) => CellPath::Level(axis),
        Subject::Recovery => CellPath::Returns,
        Subject::Family(family) => CellPath::Family(family),
        Subject::Quadrant(quadrant) => CellPath::Quadrant(quadrant),
        Subject::Weekday(weekday) => CellPath::Weekday(weekday),
        Subject::Daypart(daypart) => CellPath::Daypart(daypart),
        Subject::Movement { feature, axis } => CellPath::Movement { feature, axis },
    }
}

/// The evidence, cell by cell over the period and over those before; over all at once where the finding takes them together,
/// so that the period's own small cells can't be had by taking away.
fn summed(finding: &Finding) -> Vec<(CellPath, Span, i64)> {
    let mut sums: Vec<(CellPath, Span, i64)> = Vec::new();
    for part in &finding.evidence {
        let span = match (finding.window, part.ago) {
            (Window::Together, _) => Span::Together,
            (_, 0) => Span::Now,
            _ => Span::Before,
        };
        match sums.iter_mut().find(|(cell, of, _)| *cell == part.cell && *of == span) {
            Some((_, _, n)) => *n += part.n.max(0),
            None => sums.push((part.cell, span, part.n.max(0))),
        }
    }
    sums
}

/// How many periods the finding speaks of beside the period itself, and with it where they are taken together.
fn periods(finding: &Finding) -> u8 {
    let all: BTreeSet<u8> = finding.evidence.iter().map(|part| part.ago).collect();
    let counted = all.iter().filter(|ago| **ago > 0 || finding.window == Window::Together).count();
    u8::try_from(counted).unwrap_or(u8::MAX)
}

fn figure(finding: &Finding) -> Figure {
    let (unit, scale) = match (finding.kind, finding.subject) {
        (Kind::LowData | Kind::Coverage, _) => (Unit::Sessions, 1.0),
        (Kind::BaselineShort, _) => (Unit::Periods, 1.0),
        (Kind::NothingNew, _) => (Unit::Tests, 1.0),
        (_, Subject::Family(_) | Subject::Quadrant(_)) => (Unit::Percent, 100.0),
        _ => (Unit::Points, 100.0),
    };
    Figure {
        unit,
        value: whole(finding.estimate * scale),
        reference: finding.reference.map(|reference| whole(reference * scale)),
    }
}

/// The nearest whole number; 0 for what is no number.
#[expect(clippy::cast_possible_truncation, reason = "clamped first; a NaN becomes 0")]
fn whole(figure: f64) -> i32 {
    figure.round().clamp(-1e6, 1e6) as i32
}

#[cfg(test)]
#[path = "input_tests.rs"]
mod input_tests;
