//! What one sentence rests on: the statement it claims, and what of it.

use spectrum_domain::finding::{Direction, Subject, Window};

use super::{answer::What, words::Words};
use crate::input::{Input, Span, Statement, Unit};

/// A sentence's ground.
#[derive(Debug)]
pub(super) struct Context<'a> {
    pub(super) input: &'a Input,
    pub(super) words: &'static Words,
    pub(super) statement: &'a Statement,
    /// What the sentence claims of it.
    pub(super) what: Vec<What>,
    /// Whether it is the question that ends a month.
    pub(super) question: bool,
}

impl Context<'_> {
    /// Whether the sentence claims this.
    pub(super) fn claims(&self, what: What) -> bool {
        self.what.contains(&what)
    }

    /// Whether it may give what the whole period rests on: only of what rests on all of its sessions.
    pub(super) fn counted(&self) -> bool {
        let all = matches!(self.statement.about, Subject::Period | Subject::Level(_) | Subject::Spread(_));
        all && self.claims(What::Coverage)
    }

    /// The figure, where it is in percent.
    pub(super) fn percent(&self) -> Option<i32> {
        self.statement.figure.filter(|figure| figure.unit == Unit::Percent).map(|figure| figure.value)
    }

    /// Whether the statement has what is claimed of it.
    pub(super) fn claims_what_is_there(&self) -> bool {
        let statement = self.statement;
        let has = |span: Span| statement.evidence.iter().any(|cell| cell.span == span);
        self.what.iter().all(|what| match what {
            What::Counts => has(Span::Now) || has(Span::Together),
            What::Before => has(Span::Before) || statement.figure.is_some_and(|figure| figure.reference.is_some()),
            What::Share => self.percent().is_some(),
            What::Direction => statement.direction != Direction::Neither,
            What::Window => statement.window != Window::Period,
            What::Coverage | What::Subject => true,
        })
    }
}
