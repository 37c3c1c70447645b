//! The queues at a glance: how much waits and how old it is, how busy the last minutes were, and the switch of each queue.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use spectrum_core::{
    Pipeline, QueueDepth,
    queue::{operate::Standing, pace::Pace},
};
use spectrum_domain::{access::StaffRole, job::Queue};

use super::{
    Live,
    address::{List, Ops, switch},
    is_live, operator, ops_document,
    spark::spark,
    table,
    words::{age, count, instant, nothing},
};
use crate::pages::{
    ctx,
    problem::{Problem, ProblemPage},
    routes::Route,
};

/// What is told of each queue.
const COLUMNS: [&str; 10] = [
    "Queue",
    "Ready",
    "Later",
    "Running",
    "Dead",
    "Oldest ready",
    "Ended in five minutes",
    "At once",
    "Workers",
    "Switch",
];

/// `/staff`; with `?pause=` or `?resume=` it asks whether that is meant.
#[component]
pub fn PipelinePage() -> impl IntoView {
    let query = use_query_map();
    let query = query.read_untracked();
    let (asked, live) = (switch(&query, Queue::from_name), is_live(&query));
    Suspend::new(async move {
        match load(live).await {
            Ok((pipeline, paces, live)) => page(asked, &pipeline, &paces, &live).into_any(),
            Err(problem) => {
                if let (Problem::OtherRole, Some(own)) = (problem, own_page()) {
                    ctx::lead_to(&own);
                    return ().into_any();
                }
                view! { <ProblemPage problem/> }.into_any()
            }
        }
    })
}

/// Where somebody of the team is at home who is no operator: whoever signs in comes here first.
fn own_page() -> Option<Route> {
    [(StaffRole::Analyst, Route::Engagement), (StaffRole::Reviewer, Route::Reviews)]
        .into_iter()
        .find(|(role, _)| ctx::has_role(*role))
        .map(|(_, route)| route)
}

async fn load(live: bool) -> Result<(Pipeline, Vec<Pace>, Live), Problem> {
    let (services, _) = operator().await?;
    let pipeline = services.load_pipeline().await?;
    let paces = services.look_at_pace().await?;
    Ok((pipeline, paces, Live::new(&services, Ops::Pipeline, live)))
}

fn page(asked: Option<(Queue, bool)>, pipeline: &Pipeline, paces: &[Pace], live: &Live) -> impl IntoView + use<> {
    if let Some((queue, paused)) = asked {
        let depth = pipeline.queues.iter().find(|depth| depth.queue == queue.name());
        return ops_document("Pipeline", "Pipeline".to_owned(), None, sure(queue, paused, depth)).into_any();
    }
    let rows = pipeline.queues.iter().zip(paces).map(|(depth, pace)| row(depth, pace)).collect();
    let paused: Vec<_> = paces
        .iter()
        .filter_map(|pace| {
            let (at, by) = (pace.paused_at?, pace.paused_by.as_deref().unwrap_or("somebody"));
            let told = format!("{} is paused since {} UTC, by {by}.", pace.queue, instant(at));
            Some(view! { <p>{told}</p> })
        })
        .collect();
    let content = view! {
        <p class="takeaway">{takeaway(pipeline)}</p>
        {paused}
        {table("Jobs by queue", &COLUMNS, rows)}
        <p class="note">"At once: how many jobs ran at the same time, on average over the five minutes. The columns of the picture are those minutes, the newest last."</p>
        <nav class="onward" aria-label="More">
            <a href=Route::Cost(None).to_string()>"What models cost"</a>
            <a href=Route::Reviews.to_string()>"Review"</a>
        </nav>
    };
    ops_document("Pipeline", "Pipeline".to_owned(), Some(live), content.into_any()).into_any()
}

fn row(depth: &QueueDepth, pace: &Pace) -> AnyView {
    let queue = Queue::from_name(&depth.queue);
    let linked = |n: i64, state: Standing| {
        let to = queue.filter(|_| n > 0).map(|queue| Route::Ops(Ops::Jobs(List::of(queue, state))).to_string());
        match to {
            Some(to) => view! { <a href=to>{count(n)}</a> }.into_any(),
            None => view! { {count(n)} }.into_any(),
        }
    };
    let dead = (depth.dead > 0).then_some("warn");
    let ended: i64 = pace.ended.iter().sum();
    let oldest = depth.oldest_ready_seconds.map_or_else(nothing, |seconds| view! { {age(seconds)} }.into_any());
    let (field, text) = if depth.paused { ("resume", "Resume …") } else { ("pause", "Pause …") };
    view! {
        <tr>
            <th scope="row"><code>{depth.queue.clone()}</code>{depth.paused.then_some(" (paused)")}</th>
            <td>{linked(depth.ready, Standing::Waiting)}</td>
            <td>{linked(depth.later, Standing::Waiting)}</td>
            <td>{linked(depth.running, Standing::Running)}</td>
            <td class=dead>{linked(depth.dead, Standing::Dead)}</td>
            <td>{oldest}</td>
            <td class="ended">{spark(&pace.ended)}" "{ended.to_string()}</td>
            <td>{format!("{:.1}", pace.at_once)}</td>
            <td>{pace.workers.to_string()}</td>
            <td>
                <form method="get" action=Route::Staff.to_string()>
                    <input type="hidden" name=field value=depth.queue.clone()/>
                    <button class="button quiet" aria-label=format!("{text} {}", depth.queue)>{text}</button>
                </form>
            </td>
        </tr>
    }
    .into_any()
}

/// Asks whether a queue is to be paused or to go on.
fn sure(queue: Queue, paused: bool, depth: Option<&QueueDepth>) -> AnyView {
    let name = queue.name();
    let waits = depth.map_or(0, |depth| depth.ready + depth.later);
    let (question, means, text) = if paused {
        (
            format!("Pause the queue {name}?"),
            format!(
                "Nothing more is taken from it until somebody resumes it; what runs, runs on. {} wait in it now.",
                count(waits)
            ),
            format!("Pause {name}"),
        )
    } else {
        (
            format!("Resume the queue {name}?"),
            format!("Workers take from it again, the oldest first. {} wait in it now.", count(waits)),
            format!("Resume {name}"),
        )
    };
    view! {
        <section aria-labelledby="sure-title">
            <h2 id="sure-title">{question}</h2>
            <p>{means}</p>
            <form method="post" action="/fn/switch_queue">
                <input type="hidden" name="queue" value=name/>
                <input type="hidden" name="paused" value=if paused { "yes" } else { "no" }/>
                <button class="button">{text}</button>
            </form>
            <p><a href=Route::Staff.to_string()>"Go back, and do nothing"</a></p>
        </section>
    }
    .into_any()
}

fn takeaway(pipeline: &Pipeline) -> String {
    let sum = |figure: fn(&QueueDepth) -> i64| pipeline.queues.iter().map(figure).sum::<i64>();
    let (waiting, running, dead) = (sum(|q| q.ready + q.later), sum(|q| q.running), sum(|q| q.dead));
    match (waiting + running, dead) {
        (0, 0) => "Nothing is waiting, nothing is dead.".to_owned(),
        (0, dead) => format!("Nothing is waiting. {dead} dead: a person has to look."),
        (_, 0) => format!("{waiting} waiting, {running} running, nothing dead."),
        (_, dead) => format!("{waiting} waiting, {running} running. {dead} dead: a person has to look."),
    }
}
