//! What models cost: a month's spend by task and model, for each active member, beside what it may be. For the team; nobody is named.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use spectrum_core::insight::load_spending::{FEWEST_PEOPLE, ModelSpend, Spending};
use spectrum_domain::{access::StaffRole, calendar::Month};

use super::{
    ctx,
    parts::table_head,
    problem::{Problem, ProblemPage},
    routes::Route,
    team::team_page,
};

/// What a member-month may cost by the small model, and at most: the bars that the product set itself.
const AIM: f64 = 0.015;
const ENVELOPE: f64 = 0.03;

const NOTE: &str = "Sums of a ledger that names nobody. Costs are computed from what the provider said it charged for, at the price of the day.";

/// What is told of each task, model and prompt.
const COLUMNS: [&str; 11] =
    ["Task", "Model", "Prompt", "Calls", "In batches", "Refused", "Failed", "Tokens in", "Cached", "Out", "Dollars"];

/// `/staff/cost`, `/staff/cost?month=2026-10`.
#[component]
pub fn CostPage() -> impl IntoView {
    let asked = use_query_map().read_untracked().get("month");
    Suspend::new(async move {
        match load(asked.as_deref()).await {
            Ok((month, spending)) => page(month, &spending),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

async fn load(asked: Option<&str>) -> Result<(Month, Spending), Problem> {
    let (services, _) = ctx::staff(StaffRole::Analyst).await?;
    let month = match asked {
        None => Month::containing(services.ambient().now().date_naive()),
        Some(name) => name.parse().map_err(|_| Problem::NotFound)?,
    };
    Ok((month, services.load_spending(month).await?))
}

fn page(month: Month, spending: &Spending) -> AnyView {
    let before = month.start().pred_opt().map(Month::containing);
    let earlier = before.map(|before| view! { <a href=Route::Cost(Some(before)).to_string()>"The month before"</a> });
    let rows: Vec<_> = spending.by_model.iter().map(|of| row(of).into_any()).collect();
    let reasons: Vec<_> = spending
        .reasons
        .iter()
        .map(
            |(reason, n)| view! { <tr><th scope="row"><code>{reason.clone()}</code></th><td>{n.to_string()}</td></tr> },
        )
        .collect();
    let nothing = rows.is_empty();
    let calls = (!nothing).then(|| {
        view! {
            <div class="scroll" tabindex="0" role="region" aria-label="Calls by task and model">
                <table>
                    {table_head("Calls by task, model and prompt".to_owned(), COLUMNS.map(str::to_owned))}
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
    });
    let reasons = (!reasons.is_empty()).then(|| {
        view! {
            <table>
                {table_head("Answers that the guard refused, by reason".to_owned(), ["Reason", "Answers"].map(str::to_owned))}
                <tbody>{reasons}</tbody>
            </table>
        }
    });
    let content = view! {
        <p class="takeaway">{takeaway(spending)}</p>
        <p>{per_member(spending)}</p>
        {calls}
        {reasons}
        <nav class="onward" aria-label="Months">{earlier}</nav>
    };
    team_page("Cost", &format!("What models cost, {month}"), content.into_any(), NOTE)
}

fn takeaway(spending: &Spending) -> String {
    let newest =
        spending.newest_day.map(|(day, micro)| format!(", ${} of it on {day}", dollars(micro))).unwrap_or_default();
    if spending.by_model.is_empty() {
        "Nothing was spent: no model was asked.".to_owned()
    } else {
        format!("${} were spent{newest}.", dollars(spending.micro_dollars))
    }
}

/// The month for each member, beside the bars; nothing about few people.
fn per_member(spending: &Spending) -> String {
    let Some(active) = spending.per_active_member() else {
        return format!("Fewer than {FEWEST_PEOPLE} members were active, so nothing is said for each of them.");
    };
    let asked = spending
        .per_member_asked_about()
        .map(|each| {
            format!(" For each of the {} members whose texts a model was asked for: ${each:.4}.", spending.asked_about)
        })
        .unwrap_or_default();
    let kept = if active <= AIM { "within" } else { "beyond" };
    format!(
        "For each of {} active members: ${active:.4}, {kept} the aim of ${AIM} (at most ${ENVELOPE}).{asked}",
        spending.active
    )
}

fn row(of: &ModelSpend) -> impl IntoView + use<> {
    let figures = [of.calls, of.batched, of.refused, of.failed, of.input_tokens, of.cached_tokens, of.output_tokens];
    let figures: Vec<_> = figures.into_iter().map(|figure| view! { <td>{figure.to_string()}</td> }).collect();
    view! {
        <tr>
            <th scope="row">{of.task.clone()}</th>
            <td>{of.model.clone()}</td>
            <td><code>{of.prompt.clone()}</code></td>
            {figures}
            <td>{dollars(of.micro_dollars)}</td>
        </tr>
    }
}

/// Millionths as dollars, with all their digits.
fn dollars(micro: i64) -> String {
    format!("{}.{:06}", micro / 1_000_000, micro % 1_000_000)
}
