//! Whether what is tried brings people back: of everybody in an experiment, by lot; and where nobody was drawn, what can be seen of those who
//! opened Spectrum by themselves, and why that is no effect. For the team; of people who agreed to be counted.
//!
//! `docs/effect.md` pins every number, and says what is refused.

mod tables;

use chrono::NaiveDate;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use spectrum_core::{
    ServiceError, Services,
    product::{
        load_use::{Use, UseAsked},
        sum_arms::Seen,
        sum_opened::Opened,
    },
};
use spectrum_domain::{
    access::StaffRole,
    effect::{experiment::Trial, observed::WARNING, retention::Retention},
    use_sum::{Segment, UseGrain},
};

use super::{
    chart::{Gap, intervals},
    ctx,
    language::Words,
    parts::{Figure, figure},
    problem::{Problem, ProblemPage},
    routes::Route,
    team::{Table, figures::tried, team_page},
};

const NOTE: &str = "Of people who agreed to be counted. Coming back is holding a session in Mirror, Turn or Lens: that is known of those who are \
                    kept from Spectrum too. Nothing is shown of fewer than 10 people.";

/// `/staff/retention`, `/staff/retention?of=push`, `/staff/retention?from=2026-10-05`.
#[component]
pub fn RetentionPage() -> impl IntoView {
    let query = use_query_map().read_untracked();
    let (of, from) = (query.get("of"), query.get("from"));
    Suspend::new(async move {
        match load(of, from).await {
            Ok(looked) => page(&looked),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

/// What the page looks at.
struct Looked {
    /// All experiments.
    seen: Vec<Seen>,
    /// The one that is meant, by its place; nothing where there is none.
    meant: Option<usize>,
    /// The first day that is in no number.
    counted: NaiveDate,
    /// Those who were followed from a Monday where nobody was drawn.
    opened: Option<Opened>,
    /// Whether the newest of those Mondays is meant.
    newest: bool,
    used: Use,
}

async fn load(of: Option<String>, from: Option<String>) -> Result<Looked, Problem> {
    let (services, _) = ctx::staff(StaffRole::Analyst).await?;
    look(&services, of.as_deref(), from.as_deref()).await?.ok_or(Problem::NotFound)
}

async fn look(services: &Services, of: Option<&str>, from: Option<&str>) -> Result<Option<Looked>, ServiceError> {
    let Ok(trial) = of.map(str::parse::<Trial>).transpose() else { return Ok(None) };
    let Ok(from) = from.map(str::parse::<NaiveDate>).transpose() else { return Ok(None) };
    let (seen, until) = services.load_arms().await?;
    let meant = match trial {
        // What is tried first is told first.
        None => (!seen.is_empty()).then_some(0),
        Some(trial) => match seen.iter().position(|of| of.experiment.trial == trial) {
            None => return Ok(None),
            found => found,
        },
    };
    let opened = services.load_opened(from).await?;
    if from.is_some() && opened.is_none() {
        return Ok(None);
    }
    let weeks = UseAsked { grain: UseGrain::Week, newest: None, segment: Segment::All, value: String::new() };
    let used = services.load_use(weeks).await?;
    let counted = until.unwrap_or_else(|| services.ambient().now().date_naive());
    Ok(Some(Looked { seen, meant, counted, opened, newest: from.is_none(), used }))
}

/// A table of the page as a file.
pub async fn table_file(
    services: &Services,
    name: &str,
    query: impl Fn(&str) -> Option<String>,
) -> Result<Option<String>, ServiceError> {
    let Some(looked) = look(services, query("of").as_deref(), query("from").as_deref()).await? else { return Ok(None) };
    Ok(tables::all(&looked).into_iter().find(|table| table.name == name).map(|table| table.csv()))
}

impl Looked {
    fn seen(&self) -> Option<&Seen> {
        self.meant.and_then(|at| self.seen.get(at))
    }

    /// One week after people came into the experiment.
    fn week(&self, seen: &Seen, week: u8) -> Retention {
        let [feature, holdout] = &seen.arms;
        Retention::of(feature, holdout, seen.experiment.weights(), week, self.counted)
    }

    fn address(&self, name: &str, from: Option<NaiveDate>) -> String {
        let of = self.seen().map(|seen| format!("of={}", seen.experiment.trial.name()));
        let from = from.map(|day| format!("from={day}"));
        let asked: Vec<String> = of.into_iter().chain(from).collect();
        let sign = if asked.is_empty() { "" } else { "?" };
        format!("{}{name}{sign}{}", Route::Retention, asked.join("&"))
    }

    fn file(&self, table: &Table) -> String {
        let from = self.opened.as_ref().filter(|_| !self.newest).map(|opened| opened.monday);
        self.address(&format!("/{}.csv", table.name), from)
    }
}

fn page(looked: &Looked) -> AnyView {
    let content = view! {
        {trials(looked)}
        {headline(looked)}
        {looked.seen().map_or_else(|| seen_only(looked).into_any(), |_| ().into_any())}
        {raw(looked)}
        {table(looked, tables::cohorts(looked))}
    };
    team_page("Retention", "Who comes back", content.into_any(), NOTE)
}

/// The ways between the experiments.
fn trials(looked: &Looked) -> Option<AnyView> {
    let meant = looked.seen()?.experiment.trial;
    let ways: Vec<_> = looked
        .seen
        .iter()
        .map(|seen| {
            let trial = seen.experiment.trial;
            let here = (trial == meant).then_some("true");
            let name = format!("With and without {}", tried(trial));
            view! { <li><a href=format!("{}?of={}", Route::Retention, trial.name()) aria-current=here>{name}</a></li> }
        })
        .collect();
    Some(view! { <nav class="ways-between" aria-label="Experiments"><ul>{ways}</ul></nav> }.into_any())
}

/// What the lot says, or that nobody was drawn.
fn headline(looked: &Looked) -> AnyView {
    let takeaway = tables::takeaway(looked);
    let Some(seen) = looked.seen() else {
        return view! {
            <p class="takeaway">{takeaway}</p>
            <p>
                "An operator draws by lot with " <code>"spectrum experiments start"</code>
                ": some members who join from then on are kept from Spectrum, and what it does is known some weeks later."
            </p>
        }
        .into_any();
    };
    let told: Vec<_> = tables::told(looked, seen).into_iter().map(|line| view! { <p>{line}</p> }).collect();
    let gaps: Vec<Gap> = tables::weeks_of(looked, seen)
        .iter()
        .map(|of| {
            let gap = of.returned.difference.ok();
            let gap = gap.map(|found| (found.difference, found.interval.low, found.interval.high));
            Gap { name: of.week.to_string(), gap }
        })
        .collect();
    let numbers = tables::by_lot(looked, seen);
    let file = looked.file(&numbers);
    let head = Figure {
        title_id: "weeks-title",
        takeaway_id: "weeks-takeaway",
        title: "More who came back, in points, by the week after".to_owned(),
        takeaway,
        note: Some(
            "Each line is where the difference lies with 95 % certainty. Where it crosses 0 it may be none.".to_owned(),
        ),
    };
    let picture = if gaps.iter().any(|gap| gap.gap.is_some()) {
        figure(Words::english(), head, intervals(&gaps), numbers.view(file)).into_any()
    } else {
        view! { <p class="takeaway">{head.takeaway}</p> {numbers.view(file)} }.into_any()
    };
    view! { {picture} {told} }.into_any()
}

/// What can be seen where nobody was drawn.
fn seen_only(looked: &Looked) -> impl IntoView + use<> {
    let mondays = looked.opened.as_ref().map(|Opened { monday, earlier, .. }| {
        let earlier = earlier.map(|day| {
            view! { <li><a href=looked.address("", Some(day))>"‹ An earlier Monday"</a></li> }
        });
        let newest = (!looked.newest).then(|| view! { <li><a href=looked.address("", None)>"The newest"</a></li> });
        view! {
            <nav class="ways-between" aria-label="Mondays">
                <ul>
                    {earlier}
                    <li><strong>{format!("Followed from {}", monday.format("%-d %B %Y"))}</strong></li>
                    {newest}
                </ul>
            </nav>
        }
    });
    let badge = tables::badge(looked).map(|badge| view! { <p class="badge"><strong>{badge}</strong></p> });
    view! {
        <h2>"What can be seen, and is no effect"</h2>
        {mondays}
        {badge}
        {table(looked, tables::observed(looked))}
        {table(looked, tables::balance(looked))}
    }
}

/// The raw gap, folded away with what must be known of it.
fn raw(looked: &Looked) -> AnyView {
    view! {
        <details>
            <summary>"The raw gap between those who opened Spectrum and those who did not"</summary>
            <p>{WARNING}</p>
            {table(looked, tables::raw(looked))}
        </details>
    }
    .into_any()
}

fn table(looked: &Looked, table: Option<Table>) -> AnyView {
    let Some(table) = table else { return ().into_any() };
    let (heading, file) = (tables::heading(table.name), looked.file(&table));
    view! {
        {heading.map(|heading| view! { <h2>{heading}</h2> })}
        {table.view(file)}
    }
    .into_any()
}
