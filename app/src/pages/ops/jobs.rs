//! Jobs page by page: those that wait, run or are dead, by queue and kind; and the ways to put many back or bury them.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use spectrum_core::queue::{
    operate::Standing,
    pick::{Deed, JobLine, Order},
};
use spectrum_domain::job::{Job, Queue};

use super::{
    Live,
    address::{List, Ops},
    is_live, operator, ops_document, table,
    words::{nothing, time},
};
use crate::pages::{
    problem::{Problem, ProblemPage},
    routes::Route,
};

/// Jobs of one page.
const PAGE: usize = 50;

/// What a line shows.
const COLUMNS: [&str; 8] = ["Chosen", "Job", "State", "Kind", "Queue", "Tries", "Since or at", "What went wrong last"];

/// `/staff/jobs`, with `?state=`, `?queue=`, `?kind=`, `?order=newest` and the place where the page before ended.
#[component]
pub fn JobsPage() -> impl IntoView {
    let query = use_query_map();
    let query = query.read_untracked();
    let (asked, live) = (List::read(&query), is_live(&query));
    Suspend::new(async move {
        match load(asked, live).await {
            Ok((list, jobs, live)) => page(list, jobs, &live).into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

async fn load(asked: Option<List>, live: bool) -> Result<(List, Vec<JobLine>, Live), Problem> {
    let (services, _) = operator().await?;
    let list = asked.ok_or(Problem::NotFound)?;
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let jobs = services.page_jobs(list.filter(), list.order, list.after, most).await?;
    Ok((list, jobs, Live::new(&services, Ops::Jobs(list), live)))
}

fn page(list: List, mut jobs: Vec<JobLine>, live: &Live) -> impl IntoView + use<> {
    let more = jobs.len() > PAGE;
    jobs.truncate(PAGE);
    let next = jobs.last().filter(|_| more).map(|last| List { after: Some(last.place()), ..list });
    let takeaway = takeaway(list, jobs.len(), more);
    let content = view! {
        <p class="takeaway">{takeaway}</p>
        {filters(list)}
        {if jobs.is_empty() { ().into_any() } else { choice(list, &jobs) }}
        {onward(list, next)}
    };
    ops_document("Jobs", "Jobs".to_owned(), Some(live), content.into_any())
}

fn takeaway(list: List, shown: usize, more: bool) -> String {
    let which = match list.state {
        None => "",
        Some(Standing::Waiting) => "waiting ",
        Some(Standing::Running) => "running ",
        Some(Standing::Dead) => "dead ",
    };
    let first = if list.after.is_some() { "the next" } else { "the first" };
    match (shown, more) {
        (0, _) if list.after.is_some() => "There are no more.".to_owned(),
        (0, _) => format!("No {which}jobs match."),
        (_, true) => format!("More {which}jobs match than are shown: these are {first} {shown}."),
        (1, false) => format!("One {which}job."),
        (_, false) => format!("{shown} {which}jobs."),
    }
}

/// An entry of a choice of the form.
fn option(value: &'static str, name: &'static str, chosen: bool) -> AnyView {
    view! { <option value=value selected=chosen>{name}</option> }.into_any()
}

/// The form that says what is shown.
fn filters(list: List) -> AnyView {
    let states: Vec<_> = std::iter::once(option("", "any", list.state.is_none()))
        .chain(Standing::ALL.map(|state| option(state.name(), state.name(), list.state == Some(state))))
        .collect();
    let queues: Vec<_> = std::iter::once(option("", "any", list.queue.is_none()))
        .chain(Queue::ALL.map(|queue| option(queue.name(), queue.name(), list.queue == Some(queue))))
        .collect();
    let kinds: Vec<_> = std::iter::once(option("", "any", list.kind.is_none()))
        .chain(Job::KINDS.map(|kind| option(kind, kind, list.kind == Some(kind))))
        .collect();
    let orders = [
        option("oldest", "oldest first", list.order == Order::Oldest),
        option("newest", "newest first", list.order == Order::Newest),
    ];
    view! {
        <form class="fields filters" method="get" action=Route::Ops(Ops::Jobs(List::ALL)).to_string()>
            <label class="field">"State"<select name="state">{states}</select></label>
            <label class="field">"Queue"<select name="queue">{queues}</select></label>
            <label class="field">"Kind"<select name="kind">{kinds}</select></label>
            <label class="field">"Order"<select name="order">{orders.into_iter().collect::<Vec<_>>()}</select></label>
            <button class="button quiet">"Show"</button>
        </form>
    }
    .into_any()
}

/// The deeds that make sense for what is shown.
fn deeds(state: Option<Standing>) -> Vec<Deed> {
    Deed::ALL.into_iter().filter(|deed| state.is_none_or(|state| state == deed.to())).collect()
}

/// The jobs with a box each, and what can be done to those that are chosen, or to all that match.
fn choice(list: List, jobs: &[JobLine]) -> AnyView {
    let deeds = deeds(list.state);
    let choosable = !deeds.is_empty();
    let columns = if choosable { &COLUMNS[..] } else { &COLUMNS[1..] };
    let rows = jobs.iter().map(|job| row(job, choosable)).collect();
    let listed = table("Jobs", columns, rows);
    if !choosable {
        return listed;
    }
    let sure = "/staff/jobs/sure";
    let chosen: Vec<_> = deeds
        .iter()
        .map(|deed| {
            let text = match deed {
                Deed::Retry => "Retry the chosen …",
                Deed::Bury => "Bury the chosen …",
            };
            view! { <button class="button quiet" name="deed" value=deed.name()>{text}</button> }
        })
        .collect();
    let all: Vec<_> = deeds
        .iter()
        .map(|deed| {
            let text = match deed {
                Deed::Retry => "Retry every dead job that matches …",
                Deed::Bury => "Bury every waiting job that matches …",
            };
            view! { <button class="button quiet" name="deed" value=deed.name()>{text}</button> }
        })
        .collect();
    view! {
        <form method="get" action=sure>
            {listed}
            <p class="ways">{chosen}</p>
        </form>
        <form method="get" action=sure>
            <input type="hidden" name="all" value="yes"/>
            <input type="hidden" name="queue" value=list.queue.map(Queue::name).unwrap_or_default()/>
            <input type="hidden" name="kind" value=list.kind.unwrap_or_default()/>
            <p class="ways">{all}</p>
        </form>
    }
    .into_any()
}

/// One job.
fn row(job: &JobLine, choosable: bool) -> AnyView {
    let id = job.id.to_string();
    let label = format!("Choose job {id}");
    let chosen = choosable.then(|| {
        view! { <td class="choose"><label><input type="checkbox" name="job" value=id.clone() aria-label=label/></label></td> }
    });
    let state = job.reason.as_ref().map_or_else(|| job.standing.clone(), |why| format!("{}: {why}", job.standing));
    let error = job.error.clone().map_or_else(nothing, |error| view! { {error} }.into_any());
    view! {
        <tr>
            {chosen}
            <th scope="row"><a href=Route::Ops(Ops::Job(job.id)).to_string()>{id}</a></th>
            <td class="words">{state}</td>
            <td class="words"><code>{job.kind.clone()}</code></td>
            <td class="words">{job.queue.clone()}</td>
            <td>{job.attempt.to_string()}</td>
            <td>{time(job.at)}</td>
            <td class="words error">{error}</td>
        </tr>
    }
    .into_any()
}

/// The ways on: to the next page, and to the beginning.
fn onward(list: List, next: Option<List>) -> AnyView {
    let first = list.after.map(|_| {
        view! { <a href=Route::Ops(Ops::Jobs(list.at_start())).to_string()>"From the beginning"</a> }
    });
    let next = next.map(|next| view! { <a href=Route::Ops(Ops::Jobs(next)).to_string()>"The next ones"</a> });
    if first.is_none() && next.is_none() {
        return ().into_any();
    }
    view! { <nav class="onward" aria-label="Pages">{first}{next}</nav> }.into_any()
}
