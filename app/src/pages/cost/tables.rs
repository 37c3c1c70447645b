//! The tables of the page: what was spent on what, what may be, and who was to write.

use std::collections::BTreeMap;

use spectrum_core::insight::load_spending::{Limits, ModelSpend};
use spectrum_domain::{effect::Cell, spending::BudgetState};

use super::{
    Looked, dollars,
    saved::{self, is_check, is_for_members},
};
use crate::pages::team::{
    HIDDEN, Table,
    figures::{cell, columns},
};

/// All tables.
pub(super) fn all(looked: &Looked) -> Vec<Table> {
    vec![
        features(looked),
        models(looked),
        plans(looked),
        budgets(looked),
        routes(looked),
        calls(looked),
        reasons(looked),
    ]
}

/// The heading above a table.
pub(super) fn heading(table: &str) -> &'static str {
    match table {
        "features" => "By feature",
        "models" => "By model",
        "plans" => "By plan",
        "budgets" => "Budgets",
        "routes" => "Who was to write",
        "calls" => "By task, model and prompt",
        _ => "What the guard refused",
    }
}

/// What has to be known to read a table.
pub(super) fn told(looked: &Looked, table: &str) -> Vec<String> {
    let of_rows = |line: &str| vec![line.to_owned()];
    match table {
        "plans" if !looked.spending.members.is_empty() => of_rows(
            "What was spent by the plan of the member at the time, drafts for review and members who are gone left out; members as of \
             last night, by the plan they have now.",
        ),
        "budgets" if looked.is_this && looked.budgets.rephrasing.is_none() && looked.budgets.outside.is_none() => {
            of_rows("No model is configured here, so there are no budgets.")
        }
        "budgets" if looked.is_this => of_rows(
            "From 90 % on the small model writes, and when all is spent templates do. What is on its way in batches is held back besides.",
        ),
        "routes" => saved::told(&looked.spending),
        _ => Vec::new(),
    }
}

/// Calls, tokens and dollars of several.
#[derive(Default)]
struct Sum {
    calls: i64,
    batched: i64,
    tokens: [i64; 3],
    micro_dollars: i64,
}

impl Sum {
    fn add(&mut self, of: &ModelSpend) {
        self.calls += of.calls;
        self.batched += of.batched;
        let tokens = [of.input_tokens, of.cached_tokens, of.output_tokens];
        self.tokens.iter_mut().zip(tokens).for_each(|(sum, more)| *sum += more);
        self.micro_dollars += of.micro_dollars;
    }
}

/// What is told by, and in which order.
fn feature(of: &ModelSpend) -> (u8, &'static str) {
    match (of.task.as_str(), is_for_members(of), is_check(of)) {
        (_, false, _) => (3, "Drafts for review"),
        (_, _, true) => (2, "Checks of what was written"),
        ("week", ..) => (0, "Cards of weeks"),
        _ => (1, "Texts of months"),
    }
}

fn features(looked: &Looked) -> Table {
    let mut sums: BTreeMap<(u8, &str), Sum> = BTreeMap::new();
    for of in &looked.spending.calls {
        sums.entry(feature(of)).or_default().add(of);
    }
    let rows = sums.into_iter().map(|((_, name), sum)| {
        vec![
            name.to_owned(),
            sum.calls.to_string(),
            dollars(sum.micro_dollars),
            part(sum.micro_dollars, looked.spending.micro_dollars),
        ]
    });
    Table {
        name: "features",
        caption: "What was spent by feature".to_owned(),
        columns: columns(&["For", "Calls", "Dollars", "Of all"]),
        rows: rows.collect(),
    }
}

fn models(looked: &Looked) -> Table {
    let mut sums: BTreeMap<&str, Sum> = BTreeMap::new();
    for of in &looked.spending.calls {
        sums.entry(&of.model).or_default().add(of);
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by_key(|(_, sum)| -sum.micro_dollars);
    let rows = sums.into_iter().map(|(model, sum)| {
        let mut row = vec![model.to_owned(), sum.calls.to_string(), sum.batched.to_string()];
        row.extend(sum.tokens.map(|tokens| tokens.to_string()));
        row.extend([dollars(sum.micro_dollars), part(sum.micro_dollars, looked.spending.micro_dollars)]);
        row
    });
    Table {
        name: "models",
        caption: "What was spent by model".to_owned(),
        columns: columns(&["Model", "Calls", "In batches", "Tokens in", "Cached", "Out", "Dollars", "Of all"]),
        rows: rows.collect(),
    }
}

/// Of both plans or of neither: what is spent on all of them is on the page.
fn plans(looked: &Looked) -> Table {
    let members = &looked.spending.members;
    let whole = |figure: i64| u64::try_from(figure).unwrap_or(0);
    let active = Cell::row(&members.iter().map(|of| whole(of.active)).collect::<Vec<_>>());
    let asked = Cell::row(&members.iter().map(|of| whole(of.asked_about)).collect::<Vec<_>>());
    let shown = !asked.iter().any(|cell| cell.is_hidden());
    let rows = members.iter().zip(active.into_iter().zip(asked)).map(|(of, (active, asked))| {
        let own = looked.spending.calls.iter().filter(|call| call.for_whom == of.plan);
        let spent: i64 = own.map(|call| call.micro_dollars).sum();
        let each = active.shown().filter(|_| shown).and_then(|active| spent.checked_div(i64::try_from(active).ok()?));
        vec![
            if of.plan == "paid" { "Paid" } else { "Free" }.to_owned(),
            cell(active),
            cell(asked),
            if shown { dollars(spent) } else { HIDDEN.to_owned() },
            each.map_or_else(|| HIDDEN.to_owned(), dollars),
        ]
    });
    Table {
        name: "plans",
        caption: "What was spent by plan".to_owned(),
        columns: columns(&["Plan", "Active members", "A model was asked about", "Dollars", "For each active member"]),
        rows: rows.collect(),
    }
}

/// Of the month that today is in: what a budget was then is not kept.
fn budgets(looked: &Looked) -> Table {
    let mut rows = Vec::new();
    let used = &looked.spending.used;
    if let Some(Limits { day, month, task_month, member_month }) = looked.budgets.rephrasing.filter(|_| looked.is_this)
    {
        for (name, spent, limit) in [
            ("All texts, today", used.day, day),
            ("All texts, this month", looked.spending.micro_dollars, month),
            ("Texts of weeks, this month", used.weeks, task_month),
            ("Texts of months, this month", used.months, task_month),
        ] {
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let state = match state(spent, limit) {
                BudgetState::Well => "within",
                BudgetState::Warned => "past 75 %",
                BudgetState::Short => "past 90 %: the small model writes",
                BudgetState::Spent => "spent: templates write",
            };
            rows.push(row(name, (dollars(spent), dollars(limit)), part(spent, limit), state));
        }
        let limit = dollars(i64::try_from(member_month).unwrap_or(i64::MAX));
        rows.push(row("Texts of each member, this month", (HIDDEN.to_owned(), limit), HIDDEN.to_owned(), HIDDEN));
    }
    if let Some((calls, tokens)) = looked.budgets.outside.filter(|_| looked.is_this) {
        let (asked, read) = used.outside;
        for (name, spent, limit) in
            [("Reading outside, calls this month", asked, calls), ("Reading outside, tokens this month", read, tokens)]
        {
            let spent_all = state(spent, limit) == BudgetState::Spent;
            let state = if spent_all { "spent: the model of this house reads" } else { "within" };
            rows.push(row(name, (spent.to_string(), limit.to_string()), part(spent, limit), state));
        }
    }
    Table {
        name: "budgets",
        caption: "What of the budgets is spent, in dollars where nothing else is said".to_owned(),
        columns: columns(&["Budget", "Spent", "May be", "Share", "State"]),
        rows,
    }
}

fn state(spent: i64, limit: i64) -> BudgetState {
    let whole = |figure: i64| u64::try_from(figure).unwrap_or(0);
    BudgetState::of(whole(spent), whole(limit))
}

fn row(name: &str, (spent, limit): (String, String), share: String, state: &str) -> Vec<String> {
    vec![name.to_owned(), spent, limit, share, state.to_owned()]
}

fn routes(looked: &Looked) -> Table {
    let rows = looked.spending.routes.iter().map(|of| {
        let task = if of.task == "week" { "Week" } else { "Month" };
        let who = match of.tier.as_str() {
            "small" => "the small model",
            "large" => "the large model",
            _ => "a template",
        };
        let why = match of.why.as_str() {
            "no_consent" => "the member did not agree to a model",
            "no_provider" => "there is nobody to ask, or no price",
            "no_prompt" => "no prompt is in use",
            "nothing_significant" => "nothing that a model could say better",
            "budget_spent" => "the budget is spent",
            "budget_short" => "the budget is nearly spent",
            _ => "as usual",
        };
        let texts = Cell::of(u64::try_from(of.texts).unwrap_or(0));
        vec![task.to_owned(), who.to_owned(), why.to_owned(), cell(texts)]
    });
    Table {
        name: "routes",
        caption: "Texts by who was to write them, and why; a text that changed may be in it twice".to_owned(),
        columns: columns(&["Text", "Who was to write", "Why", "Texts"]),
        rows: rows.collect(),
    }
}

fn calls(looked: &Looked) -> Table {
    let mut rows = Vec::new();
    let mut seen: Vec<(&str, &str, &str)> = Vec::new();
    let spent = &looked.spending.calls;
    for of in spent {
        let key = (of.task.as_str(), of.model.as_str(), of.prompt.as_str());
        if seen.contains(&key) {
            continue;
        }
        seen.push(key);
        let same = || spent.iter().filter(|of| (of.task.as_str(), of.model.as_str(), of.prompt.as_str()) == key);
        let mut sum = Sum::default();
        same().for_each(|of| sum.add(of));
        let (refused, failed): (i64, i64) = (same().map(|of| of.refused).sum(), same().map(|of| of.failed).sum());
        let mut row = vec![of.task.clone(), of.model.clone(), of.prompt.clone()];
        row.extend([sum.calls, sum.batched, refused, failed].map(|figure| figure.to_string()));
        row.extend(sum.tokens.map(|tokens| tokens.to_string()));
        row.push(dollars(sum.micro_dollars));
        rows.push(row);
    }
    Table {
        name: "calls",
        caption: "Calls by task, model and prompt".to_owned(),
        columns: columns(&[
            "Task",
            "Model",
            "Prompt",
            "Calls",
            "In batches",
            "Refused",
            "Failed",
            "Tokens in",
            "Cached",
            "Out",
            "Dollars",
        ]),
        rows,
    }
}

fn reasons(looked: &Looked) -> Table {
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for of in &looked.spending.refusals {
        *sums.entry(&of.reason).or_default() += of.answers;
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by_key(|(_, answers)| -answers);
    Table {
        name: "reasons",
        caption: "Answers that the guard refused, by reason".to_owned(),
        columns: columns(&["Reason", "Answers"]),
        rows: sums.into_iter().map(|(reason, answers)| vec![reason.to_owned(), answers.to_string()]).collect(),
    }
}

/// A part of all, in percent.
#[expect(clippy::cast_precision_loss, reason = "millionths of dollars, far below 2^52")]
fn part(of: i64, all: i64) -> String {
    if all > 0 { format!("{:.1} %", of as f64 / all as f64 * 100.0) } else { HIDDEN.to_owned() }
}
