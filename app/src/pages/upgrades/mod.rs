//! From the teaser to the paid plan: how many of those who saw it upgraded within a day, a week, four weeks; and, where some were
//! kept from it by lot, what it did. For the team; of people who agreed to be counted.
//!
//! `docs/effect.md` pins every number, and says what is refused.

mod tables;

use std::{collections::BTreeMap, fmt::Write as _};

use chrono::{Days, NaiveDate};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use spectrum_core::{
    ServiceError, Services,
    product::{experiments::Experiment, sum_exposures::Exposures},
};
use spectrum_domain::{
    access::StaffRole,
    effect::funnel::{Cohort, Cohorts, Upgraded},
};

use super::{
    ctx,
    problem::{Problem, ProblemPage},
    routes::Route,
    team::{Table, team_page},
};

/// Days that are looked at: twelve weeks.
const SPAN: u64 = 84;

const NOTE: &str = "Of people who agreed to be counted. A person is counted once, from the first time they came to the teaser's place; who \
                    upgraded before is no upgrade after it. Nothing is shown of fewer than 10 people.";

/// `/staff/upgrades`, `/staff/upgrades?until=2026-11-01`.
#[component]
pub fn UpgradesPage() -> impl IntoView {
    let asked = use_query_map().read_untracked().get("until");
    Suspend::new(async move {
        match load(asked).await {
            Ok(looked) => page(&looked),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

/// What the page looks at.
struct Looked {
    first: NaiveDate,
    /// The first day that is not looked at.
    until: NaiveDate,
    today: NaiveDate,
    /// The first day that is in no number: a window that closed since then is still open.
    counted: NaiveDate,
    experiment: Option<Experiment>,
    /// Everybody who saw it.
    exposed: Cohorts,
    /// Who came to its place while the experiment ran: those who saw it, and those who by lot did not.
    drawn: [Cohorts; 2],
}

async fn load(asked: Option<String>) -> Result<Looked, Problem> {
    let (services, _) = ctx::staff(StaffRole::Analyst).await?;
    look(&services, asked.as_deref()).await?.ok_or(Problem::NotFound)
}

async fn look(services: &Services, asked: Option<&str>) -> Result<Option<Looked>, ServiceError> {
    let today = services.ambient().now().date_naive();
    let until = match asked.map(str::parse::<NaiveDate>) {
        None => today,
        Some(Ok(day)) if day <= today && day > NaiveDate::default() => day,
        Some(_) => return Ok(None),
    };
    let first = until - Days::new(SPAN);
    let Exposures { sums, experiment, until: counted } = services.load_exposures(first, until).await?;
    let of = |is_meant: &dyn Fn(bool, &str) -> bool| -> Cohorts {
        let mut days: BTreeMap<NaiveDate, Cohort> = BTreeMap::new();
        for sum in sums.iter().filter(|sum| is_meant(sum.drawn, &sum.arm)) {
            let whole = |figure: i64| u64::try_from(figure).unwrap_or(0);
            let cohort = days.entry(sum.day).or_default();
            match u16::try_from(sum.hour) {
                // Before hour 0 stands everybody.
                Err(_) => cohort.people += whole(sum.people),
                Ok(hour) => {
                    let upgraded = cohort.hours.entry(hour).or_default();
                    *upgraded = Upgraded {
                        people: upgraded.people + whole(sum.people),
                        refunded: upgraded.refunded + whole(sum.refunded),
                    };
                }
            }
        }
        days.into_iter().collect()
    };
    let exposed = of(&|_, arm| arm == "feature");
    let drawn = [of(&|drawn, arm| drawn && arm == "feature"), of(&|drawn, arm| drawn && arm == "holdout")];
    let counted = counted.unwrap_or(today).min(today);
    Ok(Some(Looked { first, until, today, counted, experiment, exposed, drawn }))
}

/// A table of the page as a file.
pub async fn table_file(
    services: &Services,
    name: &str,
    query: impl Fn(&str) -> Option<String>,
) -> Result<Option<String>, ServiceError> {
    let Some(looked) = look(services, query("until").as_deref()).await? else { return Ok(None) };
    Ok(tables::all(&looked).into_iter().find(|table| table.name == name).map(|table| table.csv()))
}

impl Looked {
    fn address(&self, until: NaiveDate) -> String {
        let mut address = Route::Upgrades.to_string();
        if until != self.today {
            _ = write!(address, "?until={until}");
        }
        address
    }

    fn file(&self, table: &Table) -> String {
        format!("{}/{}.csv?until={}", Route::Upgrades, table.name, self.until)
    }
}

fn page(looked: &Looked) -> AnyView {
    let earlier = looked.address(looked.first);
    let later = (looked.until < looked.today).then(|| {
        let next = (looked.until + Days::new(SPAN)).min(looked.today);
        view! { <li><a href=looked.address(next)>"Later ›"</a></li> }
    });
    let last = looked.until.pred_opt().unwrap_or(looked.until);
    let tables: Vec<_> = tables::all(looked)
        .into_iter()
        .map(|table| {
            let (heading, told, file) =
                (tables::heading(table.name), tables::told(looked, table.name), looked.file(&table));
            view! {
                <h2>{heading}</h2>
                {told.into_iter().map(|line| view! { <p>{line}</p> }).collect::<Vec<_>>()}
                {table.view(file)}
            }
        })
        .collect();
    let content = view! {
        <nav class="ways-between" aria-label="Periods">
            <ul>
                <li><a href=earlier>"‹ Earlier"</a></li>
                <li>
                    <strong>
                        {format!("First seen {} to {}", looked.first.format("%-d %B %Y"), last.format("%-d %B %Y"))}
                    </strong>
                </li>
                {later}
            </ul>
        </nav>
        <p class="takeaway">{tables::takeaway(looked)}</p>
        {tables}
    };
    team_page("Teaser to upgrade", "From the teaser to the paid plan", content.into_any(), NOTE)
}
