//! The operators' pages: how the machine stands, and what a person may do to it. For the role of operators only; drawn on the
//! server, without a script, and nothing on them is about a person but the id on a job's own page.

pub mod act;
pub mod address;

mod database;
mod erasures;
mod job;
mod jobs;
mod kinds;
mod pipeline;
mod push;
mod said;
mod schedule;
mod spark;
mod sure;
mod words;
mod workers;

use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use spectrum_core::Services;
use spectrum_domain::{access::StaffRole, id::StaffId};

use self::{address::Ops, said::Said};
pub use self::{
    database::DatabasePage, erasures::ErasuresPage, job::JobPage, jobs::JobsPage, pipeline::PipelinePage,
    push::PushPage, schedule::SchedulePage, sure::SurePage, workers::WorkersPage,
};
use super::{
    ctx,
    language::Words,
    parts::{foot, table_head},
    problem::Problem,
    routes::Route,
    shell::{Head, Script, live_document},
};

/// Seconds between two looks of a page that is kept fresh.
const LIVE: u16 = 10;

/// The operator who asks.
async fn operator() -> Result<(Services, StaffId), Problem> {
    ctx::staff(StaffRole::Operator).await
}

/// Whether the page is to be kept fresh: only where its address says so.
fn is_live(query: &ParamsMap) -> bool {
    query.get("live").is_some_and(|seconds| seconds == LIVE.to_string())
}

/// A page that can be kept fresh, with the time at which it was drawn.
struct Live {
    /// Whether it is.
    on: bool,
    /// Which page it is.
    page: Ops,
    /// When it was drawn.
    drawn_at: String,
}

impl Live {
    fn new(services: &Services, page: Ops, on: bool) -> Self {
        Self { on, page, drawn_at: words::instant(services.ambient().now()) }
    }

    /// The line that says whether the page keeps itself fresh, and the way to the other.
    fn line(&self) -> AnyView {
        let page = self.page.to_string();
        if self.on {
            return view! {
                <p class="fresh">
                    {format!("As of {} UTC; looks again every {LIVE} seconds. ", self.drawn_at)}
                    <a href=page>"Pause"</a>
                </p>
            }
            .into_any();
        }
        let sign = if page.contains('?') { '&' } else { '?' };
        view! {
            <p class="fresh">
                {format!("As of {} UTC. ", self.drawn_at)}
                <a href=format!("{page}{sign}live={LIVE}")>{format!("Refresh every {LIVE} seconds")}</a>
            </p>
        }
        .into_any()
    }
}

/// The places of the bar, in their order.
const PLACES: [(&str, Ops); 7] = [
    ("Pipeline", Ops::Pipeline),
    ("Jobs", Ops::Jobs(address::List::ALL)),
    ("Schedule", Ops::Schedule(None)),
    ("Workers", Ops::Workers),
    ("Pushes", Ops::Push),
    ("Database", Ops::Database),
    ("Erasures", Ops::Erasures),
];

/// The bar of all operators' pages. `here` is the place that the page belongs to.
fn bar(here: &str) -> impl IntoView + use<> {
    let links: Vec<_> = PLACES
        .into_iter()
        .map(|(name, page)| {
            let current = (name == here).then_some("page");
            view! { <li><a href=Route::Ops(page).to_string() aria-current=current>{name}</a></li> }
        })
        .collect();
    let product = ctx::has_role(StaffRole::Analyst)
        .then(|| view! { <li><a href=Route::Engagement.to_string()>"The product"</a></li> });
    view! {
        <header class="machine">
            <nav aria-label="The machine"><ul>{links} {product}</ul></nav>
        </header>
    }
}

/// A whole page. `title` stands at its head; a page that is not kept fresh, as one that asks something, has no line about it.
fn ops_document(here: &'static str, title: String, live: Option<&Live>, content: AnyView) -> impl IntoView + use<> {
    let said = Said::take().map(|said| {
        let text = said.line();
        view! { <p class="said" id="said" role="status">{text}</p> }
    });
    let refresh = live.and_then(|live| live.on.then_some(LIVE));
    let fresh = live.map(Live::line);
    let heading = title.clone();
    let main = view! {
        <div class="page staff ops">
            <h1>{heading}</h1>
            {fresh}
            {said}
            {content}
        </div>
    };
    live_document(
        Words::english(),
        &Head { title, script: Script::None },
        refresh,
        bar(here),
        main,
        foot(
            Words::english(),
            "Counts, times and ids of work: nothing here says what anybody wrote or felt.".to_owned(),
        ),
    )
}

/// A table that scrolls by itself where the window is narrow.
fn table(caption: &str, columns: &[&str], rows: Vec<AnyView>) -> AnyView {
    let name = caption.to_owned();
    let head = table_head(caption.to_owned(), columns.iter().map(|column| (*column).to_owned()));
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=name>
            <table>{head}<tbody>{rows}</tbody></table>
        </div>
    }
    .into_any()
}
