//! What was not asked, and about what it would have cost: a guess from the mean of what was asked, and told as one.

use std::collections::BTreeMap;

use spectrum_core::insight::load_spending::{ModelSpend, Spending};
use spectrum_domain::{
    card::Grain,
    effect::{Cell, FEWEST_PEOPLE},
    spending::had_all_been_asked,
};

use super::about;

/// Why a template writes though a model could have been asked.
const CHOSEN: [&str; 2] = ["nothing_significant", "budget_spent"];

/// Whether a call is about a text of a member's, or about one of nobody's.
pub(super) fn is_for_members(of: &ModelSpend) -> bool {
    of.for_whom != "review"
}

/// Whether it checks what another has written.
pub(super) fn is_check(of: &ModelSpend) -> bool {
    of.prompt.starts_with("safety@")
}

const fn called(task: Grain) -> &'static str {
    match task {
        Grain::Week => "weeks",
        Grain::Month => "months",
    }
}

/// What is told of texts that were left to templates, or to a smaller model.
pub(super) fn told(spending: &Spending) -> Vec<String> {
    let mut told = Vec::new();
    for task in Grain::ALL {
        told.extend(left_to_templates(spending, task));
        told.extend(left_to_the_smaller(spending, task));
    }
    told
}

fn texts(spending: &Spending, task: Grain, tier: &str, why: Option<&[&str]>) -> u64 {
    let of = spending.routes.iter().filter(|of| of.task == task.name() && of.tier == tier);
    let of = of.filter(|of| why.is_none_or(|why| why.contains(&of.why.as_str())));
    of.map(|of| u64::try_from(of.texts).unwrap_or(0)).sum()
}

/// Calls about members' texts and what they cost, their checks included.
fn asked<'a>(calls: impl Iterator<Item = &'a ModelSpend>) -> (u64, u64) {
    let whole = |figure: i64| u64::try_from(figure).unwrap_or(0);
    calls.fold((0, 0), |(calls, spent), of| {
        let more = if is_check(of) { 0 } else { whole(of.calls) };
        (calls + more, spent + whole(of.micro_dollars))
    })
}

fn of_members(spending: &Spending, task: Grain) -> impl Iterator<Item = &ModelSpend> {
    spending.calls.iter().filter(move |of| of.task == task.name() && is_for_members(of))
}

fn left_to_templates(spending: &Spending, task: Grain) -> Option<String> {
    let (calls, spent) = asked(of_members(spending, task));
    let left = texts(spending, task, "template", Some(&CHOSEN));
    let (mean, saved) = (had_all_been_asked(1, spent, calls)?, had_all_been_asked(left, spent, calls)?);
    let name = called(task);
    if Cell::of(left).is_hidden() {
        return Some(format!(
            "Fewer than {FEWEST_PEOPLE} texts of {name} were left to templates, so nothing is said of what that saved."
        ));
    }
    Some(format!(
        "{left} texts of {name} were left to templates: nothing was found that a model could say better, or the budget was spent. Had \
         all been asked for, that would have been about ${} more, at the mean of ${} a call, its check included.",
        about(saved),
        about(mean)
    ))
}

/// Only where two models were asked for the same kind of text: which is dearer is then known.
fn left_to_the_smaller(spending: &Spending, task: Grain) -> Option<String> {
    let mut models: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for of in of_members(spending, task).filter(|of| !is_check(of)) {
        let (calls, spent) = asked(std::iter::once(of));
        let sum = models.entry(&of.model).or_default();
        *sum = (sum.0 + calls, sum.1 + spent);
    }
    let mut means: Vec<u64> =
        models.values().filter_map(|(calls, spent)| had_all_been_asked(1, *spent, *calls)).collect();
    means.sort_unstable();
    let [small, large] = means[..] else { return None };
    let left = texts(spending, task, "small", None);
    if texts(spending, task, "large", None) == 0 || Cell::of(left).is_hidden() {
        return None;
    }
    Some(format!(
        "{left} texts of {} were left to the small model. Had all gone to the large one, that would have been about ${} more.",
        called(task),
        about(left.saturating_mul(large - small))
    ))
}
