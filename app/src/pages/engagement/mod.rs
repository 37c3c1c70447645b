//! How Spectrum is used: how many people, what they open, say, leave out and come back to. For the team; of people who agreed to
//! be counted, in sums in which nobody is named and nothing is shown of fewer than ten.

mod asked;
mod tables;

use asked::Asked;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use spectrum_core::{ServiceError, Services, product::load_use::Use};
use spectrum_domain::{
    access::StaffRole,
    effect::{Cell, Rate},
    use_sum::{Segment, UseGrain},
};
pub use tables::cohort_cells;

use super::{
    chart::{Count, series},
    ctx,
    language::Words,
    parts::{Figure, figure},
    problem::{Problem, ProblemPage},
    team::{Table, team_page},
};

const NOTE: &str = "Of people who agreed to be counted, and of nobody else. Nothing is shown of fewer than 10 people. Days are those of \
                    UTC; a period is added up in the night after it ends. docs/product-events.md says what each event is.";

/// The number of the push that we send, and of the tap on it.
const SENT: i16 = 14;
const OPENED: i16 = 16;

/// `/staff/engagement`, `/staff/engagement?grain=month&newest=2026-10-01&segment=surface&value=webview`.
#[component]
pub fn EngagementPage() -> impl IntoView {
    let query = use_query_map().read_untracked();
    let asked = Asked::read(|name| query.get(name));
    Suspend::new(async move {
        match load(asked).await {
            Ok((asked, used)) => page(&asked, &used),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

async fn load(asked: Option<Asked>) -> Result<(Asked, Use), Problem> {
    let (services, _) = ctx::staff(StaffRole::Analyst).await?;
    let asked = asked.ok_or(Problem::NotFound)?;
    let used = services.load_use(asked.to_core()).await?;
    Ok((asked, used))
}

/// A table of the page as a file; nothing where there is no such table, or nothing was added up.
pub async fn table_file(
    services: &Services,
    name: &str,
    query: impl Fn(&str) -> Option<String>,
) -> Result<Option<String>, ServiceError> {
    let Some(asked) = Asked::read(query) else { return Ok(None) };
    let used = services.load_use(asked.to_core()).await?;
    Ok(tables::all(&asked, &used).into_iter().find(|table| table.name == name).map(|table| table.csv()))
}

fn page(asked: &Asked, used: &Use) -> AnyView {
    let Some(&newest) = used.periods.last() else {
        let nothing = view! {
            <p class="takeaway">"Nothing has been added up yet."</p>
            <p>"A day is added up in the night after it, a week and a month when they have ended. If this does not change, look whether the job " <code>"sum_use"</code> " is done."</p>
        };
        return team_page("Engagement", "How Spectrum is used", nothing.into_any(), NOTE);
    };
    let tables: Vec<_> = tables::all(asked, used).into_iter().map(|table| with_heading(asked, table)).collect();
    let content = view! {
        {asked.ways(used, newest)}
        {active(asked, used)}
        {pushed(used)}
        {tables}
    };
    team_page("Engagement", "How Spectrum is used", content.into_any(), NOTE)
}

/// How many people did anything, over the periods.
fn active(asked: &Asked, used: &Use) -> AnyView {
    let takeaway = tables::takeaway(asked, used);
    let last = used.periods.len().saturating_sub(1);
    let counts: Vec<Count> = used
        .periods
        .iter()
        .enumerate()
        .map(|(at, period)| Count {
            // Every second is named, the last among them.
            name: if (last - at).is_multiple_of(2) { asked.short(*period) } else { String::new() },
            n: Cell::of(used.of(*period, 0).1).shown(),
        })
        .collect();
    let table = tables::series(asked, used);
    let head = Figure {
        title_id: "active-title",
        takeaway_id: "active-takeaway",
        title: "People who did anything".to_owned(),
        takeaway,
        note: None,
    };
    let file = asked.file(table.name);
    figure(Words::english(), head, series(&counts), table.view(file)).into_any()
}

/// How many of those who were pushed came.
fn pushed(used: &Use) -> Option<AnyView> {
    let newest = *used.periods.last()?;
    let ((_, sent), (_, opened)) = (used.of(newest, SENT), used.of(newest, OPENED));
    // Who opens on a Monday what was sent on a Sunday is in two periods; no more are counted than were sent.
    let rate = Rate::new(opened.min(sent), sent)?;
    let told = if Cell::row(&[opened.min(sent), sent - opened.min(sent)]).iter().any(|cell| cell.is_hidden()) {
        format!("{} people were sent a push; how many opened it is of too few people to be shown.", Cell::of(sent))
    } else {
        let interval = rate.interval();
        format!(
            "{} of {sent} people who were sent a push opened it: {:.0} % (95 % interval {:.0} to {:.0} %).",
            rate.hits(),
            rate.share() * 100.0,
            interval.low * 100.0,
            interval.high * 100.0
        )
    };
    Some(view! { <p>{told}</p> }.into_any())
}

fn with_heading(asked: &Asked, table: Table) -> AnyView {
    let (heading, file) = (tables::heading(table.name), asked.file(table.name));
    if table.name == "active" {
        // It stands behind the figure.
        return ().into_any();
    }
    let empty = table.rows.is_empty().then(|| view! { <p>"Nothing of at least ten people."</p> });
    view! {
        <h2>{heading}</h2>
        {empty}
        {table.view(file)}
    }
    .into_any()
}

/// What a grain is called.
const fn called(grain: UseGrain) -> &'static str {
    match grain {
        UseGrain::Day => "day",
        UseGrain::Week => "week",
        UseGrain::Month => "month",
    }
}

/// What a segment is called where one of it is meant.
const fn of_segment(segment: Segment) -> &'static str {
    match segment {
        Segment::All => "everybody",
        Segment::Surface => "surface",
        Segment::Version => "version",
        Segment::Cohort => "began in the week of",
        Segment::Property => "property",
    }
}
