//! Who works: since when, on what, heard when, and with which jobs in hand.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use spectrum_core::queue::workers::{WorkerStanding, Workforce};
use spectrum_domain::job::Queue;

use super::{
    Live,
    address::Ops,
    is_live, operator, ops_document, table,
    words::{age, nothing, of, time},
};
use crate::pages::{
    problem::{Problem, ProblemPage},
    routes::Route,
};

/// Unheard for so many seconds a worker is lost: others take its jobs.
const LOST: f64 = 45.0;

/// `/staff/workers`.
#[component]
pub fn WorkersPage() -> impl IntoView {
    let live = is_live(&use_query_map().read_untracked());
    Suspend::new(async move {
        match load(live).await {
            Ok((workforce, live)) => page(&workforce, &live).into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

async fn load(live: bool) -> Result<(Workforce, Live), Problem> {
    let (services, _) = operator().await?;
    let workforce = services.look_at_workers().await?;
    Ok((workforce, Live::new(&services, Ops::Workers, live)))
}

fn page(workforce: &Workforce, live: &Live) -> impl IntoView + use<> {
    let workers: Vec<AnyView> = workforce.workers.iter().map(worker).collect();
    let workers = (!workers.is_empty()).then(|| {
        let columns = ["Worker", "Machine", "Version", "Works on", "Since", "Last heard", "Holds", "The oldest for"];
        table("Workers that were heard of in the last hour", &columns, workers)
    });
    let held: Vec<AnyView> = workforce
        .held
        .iter()
        .map(|job| {
            let lost = !workforce.workers.iter().any(|worker| worker.id == job.worker_id);
            view! {
                <tr>
                    <th scope="row"><a href=Route::Ops(Ops::Job(job.id)).to_string()>{job.id.to_string()}</a></th>
                    <td class="words"><code>{job.kind.clone()}</code></td>
                    <td class="words"><code>{short(job.worker_id)}</code>{lost.then_some(", which is gone")}</td>
                    <td>{age(job.seconds)}</td>
                </tr>
            }
            .into_any()
        })
        .collect();
    let held = (!held.is_empty()).then(|| {
        view! {
            <section aria-labelledby="held">
                <h2 id="held">"In hand"</h2>
                {table("Jobs that workers hold, the longest first", &["Job", "Kind", "Worker", "For"], held)}
            </section>
        }
    });
    let content = view! {
        <p class="takeaway">{takeaway(workforce)}</p>
        {workers}
        {held}
    };
    ops_document("Workers", "Workers".to_owned(), Some(live), content.into_any())
}

fn takeaway(workforce: &Workforce) -> String {
    let all = &workforce.workers;
    let heard = all.iter().filter(|worker| worker.silent_seconds < LOST).count();
    let silent = all.len() - heard;
    let number = |n: usize| of(i64::try_from(n).unwrap_or(i64::MAX), "worker", "workers");
    match (heard, silent) {
        (0, 0) => "No worker was heard of in the last hour: jobs wait, and nothing is lost.".to_owned(),
        (0, silent) => format!(
            "No worker is heard; {} fell silent in the last hour. Jobs wait, and nothing is lost.",
            number(silent)
        ),
        (heard, 0) => format!("{} heard.", number(heard)),
        (heard, silent) => {
            format!("{} heard. {} fell silent in the last hour: others have their jobs.", number(heard), number(silent))
        }
    }
}

/// The first letters of a worker's name: enough to tell it from the others.
fn short(id: uuid::Uuid) -> String {
    // Names are drawn by time: their ends differ.
    let text = id.simple().to_string();
    text.get(20..).unwrap_or_default().to_owned()
}

fn worker(worker: &WorkerStanding) -> AnyView {
    let all = Queue::ALL.iter().all(|queue| worker.queues.iter().any(|name| name == queue.name()));
    let queues = if all { "every queue".to_owned() } else { worker.queues.join(", ") };
    let state = match (worker.silent_seconds >= LOST, worker.draining) {
        (true, _) => ", lost",
        (_, true) => ", stopping",
        _ => "",
    };
    let oldest = worker.oldest_held_seconds.map_or_else(nothing, |seconds| view! { {age(seconds)} }.into_any());
    view! {
        <tr>
            <th scope="row"><code>{short(worker.id)}</code>{state}</th>
            <td class="words">{worker.host.clone()}</td>
            <td class="words">{worker.version.clone()}</td>
            <td class="words">{queues}</td>
            <td>{time(worker.started_at)}</td>
            <td>{format!("{} ago", age(worker.silent_seconds))}</td>
            <td>{worker.held.to_string()}</td>
            <td>{oldest}</td>
        </tr>
    }
    .into_any()
}
