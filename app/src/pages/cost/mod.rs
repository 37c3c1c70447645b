//! What models cost: a month's spend by feature, model and plan, for each active member, beside what it may be and where it is heading,
//! and what was not asked. For the team; nobody is named.

mod saved;
mod tables;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use spectrum_core::{
    ServiceError, Services,
    insight::load_spending::{Budgets, FEWEST_PEOPLE, Spending},
};
use spectrum_domain::{
    access::StaffRole,
    calendar::Month,
    spending::{Forecast, SURE_FROM},
};

use super::{
    ctx,
    problem::{Problem, ProblemPage},
    routes::Route,
    team::{Table, team_page},
};

/// What a member-month may cost by the small model, and at most: the bars that the product set itself.
const AIM: f64 = 0.015;
const ENVELOPE: f64 = 0.03;

const NOTE: &str = "Sums of a ledger that names nobody. Costs are computed from what the provider said it charged for, at the price of the \
                    day. Members are counted every night; no figure for each is given of fewer than 10.";

/// `/staff/cost`, `/staff/cost?month=2026-10`.
#[component]
pub fn CostPage() -> impl IntoView {
    let asked = use_query_map().read_untracked().get("month");
    Suspend::new(async move {
        match load(asked.as_deref()).await {
            Ok(looked) => page(&looked),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

/// What the page looks at.
struct Looked {
    month: Month,
    /// The month that today is in.
    is_this: bool,
    forecast: Option<Forecast>,
    spending: Spending,
    budgets: Budgets,
}

async fn load(asked: Option<&str>) -> Result<Looked, Problem> {
    let (services, _) = ctx::staff(StaffRole::Analyst).await?;
    look(&services, asked).await?.ok_or(Problem::NotFound)
}

async fn look(services: &Services, asked: Option<&str>) -> Result<Option<Looked>, ServiceError> {
    let today = services.ambient().now().date_naive();
    let this = Month::containing(today);
    let month = match asked.map(str::parse) {
        None => this,
        Some(Ok(month)) => month,
        Some(Err(_)) => return Ok(None),
    };
    let spending = services.load_spending(month).await?;
    let before_today = spending.micro_dollars - spending.used.day;
    let forecast = Forecast::of(month, today, u64::try_from(before_today).unwrap_or(0));
    Ok(Some(Looked { month, is_this: month == this, forecast, spending, budgets: services.budgets() }))
}

/// A table of the page as a file.
pub async fn table_file(
    services: &Services,
    name: &str,
    query: impl Fn(&str) -> Option<String>,
) -> Result<Option<String>, ServiceError> {
    let Some(looked) = look(services, query("month").as_deref()).await? else { return Ok(None) };
    Ok(tables::all(&looked).into_iter().find(|table| table.name == name).map(|table| table.csv()))
}

fn page(looked: &Looked) -> AnyView {
    let Looked { month, spending, .. } = looked;
    let earlier = month.start().pred_opt().map(Month::containing);
    let earlier = earlier.map(|month| view! { <a href=Route::Cost(Some(month)).to_string()>"The month before"</a> });
    let later = (!looked.is_this).then(|| {
        let after = Month::containing(month.end());
        view! { <a href=Route::Cost(Some(after)).to_string()>"The month after"</a> }
    });
    let content = view! {
        <p class="takeaway">{takeaway(spending)}</p>
        <p>{per_member(spending)}</p>
        {looked.forecast.filter(|of| of.micro_dollars > 0).map(|forecast| view! { <p>{heading_for(forecast)}</p> })}
        {tables::all(looked).into_iter().map(|table| with_heading(looked, table)).collect::<Vec<_>>()}
        <nav class="onward" aria-label="Months">{earlier}{later}</nav>
    };
    team_page("Cost", &format!("What models cost, {month}"), content.into_any(), NOTE)
}

fn with_heading(looked: &Looked, table: Table) -> AnyView {
    let told = tables::told(looked, table.name);
    if table.rows.is_empty() && told.is_empty() {
        return ().into_any();
    }
    let (heading, file) =
        (tables::heading(table.name), format!("{}/{}.csv?month={}", Route::Cost(None), table.name, looked.month));
    let shown = (!table.rows.is_empty()).then(|| table.view(file));
    view! {
        <h2>{heading}</h2>
        {told.into_iter().map(|line| view! { <p>{line}</p> }).collect::<Vec<_>>()}
        {shown}
    }
    .into_any()
}

fn takeaway(spending: &Spending) -> String {
    let newest =
        spending.newest_day.map(|(day, micro)| format!(", ${} of it on {day}", dollars(micro))).unwrap_or_default();
    if spending.calls.is_empty() {
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

/// Where the month is heading.
fn heading_for(Forecast { micro_dollars, days, early }: Forecast) -> String {
    let days = if days == 1 { "first day".to_owned() } else { format!("first {days} days") };
    let caution =
        if early { format!(" With fewer than {SURE_FROM} days over this may be far off.") } else { String::new() };
    format!(
        "If it goes on as in its {days}, those without a cost among them, the month will have cost about ${}.{caution}",
        about(micro_dollars)
    )
}

/// Millionths as dollars, with all their digits.
fn dollars(micro: i64) -> String {
    format!("{}.{:06}", micro / 1_000_000, micro % 1_000_000)
}

/// The same of a figure that is no more than a guess: cents, and below a dollar hundredths of them.
#[expect(clippy::cast_precision_loss, reason = "millionths of dollars, far below 2^52")]
fn about(micro: u64) -> String {
    let dollars = micro as f64 / 1e6;
    if micro >= 1_000_000 { format!("{dollars:.2}") } else { format!("{dollars:.4}") }
}
