//! How good what is told is, by who wrote it: what members say of it and overrule, what reviewers say, what the guard refuses, and what
//! it costs. For the team; of people who agreed to be counted.

mod tables;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use spectrum_core::{ServiceError, Services, insight::load_quality::Quality};
use spectrum_domain::{access::StaffRole, calendar::Month};

use super::{
    ctx,
    problem::{Problem, ProblemPage},
    routes::Route,
    team::{Table, team_page},
};

const NOTE: &str = "Members are those who agreed to be counted. Nothing is shown of fewer than 10 people. Months are those of UTC and are \
                    added up every night, this one and the two before it anew. docs/review.md says how prompts are judged.";

/// `/staff/quality`, `/staff/quality?month=2026-10`.
#[component]
pub fn QualityPage() -> impl IntoView {
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
    this: Month,
    quality: Quality,
}

async fn load(asked: Option<&str>) -> Result<Looked, Problem> {
    let (services, _) = ctx::staff(StaffRole::Analyst).await?;
    look(&services, asked).await?.ok_or(Problem::NotFound)
}

async fn look(services: &Services, asked: Option<&str>) -> Result<Option<Looked>, ServiceError> {
    let this = Month::containing(services.ambient().now().date_naive());
    let month = match asked.map(str::parse) {
        None => this,
        Some(Ok(month)) if month <= this => month,
        Some(_) => return Ok(None),
    };
    Ok(Some(Looked { month, this, quality: services.load_quality(month).await? }))
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

impl Looked {
    fn link(&self, month: Month, name: &'static str) -> AnyView {
        let month = (month != self.this).then_some(month);
        view! { <li><a href=Route::Quality(month).to_string()>{name}</a></li> }.into_any()
    }
}

fn page(looked: &Looked) -> AnyView {
    let before = looked.month.start().pred_opt().map(Month::containing);
    let earlier = before.map(|month| looked.link(month, "‹ The month before"));
    let later =
        (looked.month < looked.this).then(|| looked.link(Month::containing(looked.month.end()), "The month after ›"));
    let content = view! {
        <nav class="ways-between" aria-label="Periods">
            <ul>
                {earlier}
                <li><strong>{looked.month.start().format("%B %Y").to_string()}</strong></li>
                {later}
            </ul>
        </nav>
        <p class="takeaway">{tables::takeaway(&looked.quality)}</p>
        {tables::all(looked).into_iter().map(|table| with_heading(looked, table)).collect::<Vec<_>>()}
    };
    team_page("Insight quality", "How good what is told is", content.into_any(), NOTE)
}

fn with_heading(looked: &Looked, table: Table) -> AnyView {
    let (heading, told) = (tables::heading(table.name), tables::told(table.name));
    let file = format!("{}/{}.csv?month={}", Route::Quality(None), table.name, looked.month);
    let shown = if table.rows.is_empty() {
        view! { <p>{tables::nothing(table.name)}</p> }.into_any()
    } else {
        view! {
            <p>{told}</p>
            {table.view(file)}
        }
        .into_any()
    };
    view! {
        <h2>{heading}</h2>
        {shown}
    }
    .into_any()
}
