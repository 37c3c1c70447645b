//! What is asked before many jobs are put back or buried: how many and which, and what stays as it is.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use spectrum_core::queue::pick::{Deed, MOST_AT_ONCE, Weighed};
use spectrum_domain::job::Queue;

use super::{
    address::{Ask, To},
    operator, ops_document, table,
    words::{of, time},
};
use crate::pages::{
    problem::{Problem, ProblemPage},
    routes::Route,
};

/// `/staff/jobs/sure`: looking at it changes nothing.
#[component]
pub fn SurePage() -> impl IntoView {
    let ask = Ask::read(&use_query_map().read_untracked());
    Suspend::new(async move {
        match load(ask).await {
            Ok((ask, weighed)) => page(&ask, &weighed).into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

async fn load(ask: Option<Ask>) -> Result<(Ask, Weighed), Problem> {
    let (services, _) = operator().await?;
    let ask = ask.ok_or(Problem::NotFound)?;
    let weighed = services.weigh_deed(ask.deed, ask.meant()).await?;
    Ok((ask, weighed))
}

fn page(ask: &Ask, weighed: &Weighed) -> impl IntoView + use<> {
    let title = match ask.deed {
        Deed::Retry => "Retry jobs",
        Deed::Bury => "Bury jobs",
    };
    let rows: Vec<AnyView> = weighed
        .some
        .iter()
        .map(|job| {
            view! {
                <tr>
                    <th scope="row">{job.id.to_string()}</th>
                    <td class="words"><code>{job.kind.clone()}</code></td>
                    <td class="words">{job.queue.clone()}</td>
                    <td>{time(job.at)}</td>
                </tr>
            }
            .into_any()
        })
        .collect();
    let which = (!rows.is_empty()).then(|| {
        let caption = if i64::try_from(rows.len()) == Ok(weighed.would) { "All of them" } else { "The first of them" };
        table(caption, &["Job", "Kind", "Queue", "Since or at"], rows)
    });
    let lines: Vec<_> = told(ask, weighed).into_iter().map(|line| view! { <p>{line}</p> }).collect();
    let content = view! {
        <section aria-labelledby="sure-title">
            <h2 id="sure-title">{question(ask, weighed)}</h2>
            {lines}
            {which}
            {(weighed.would > 0).then(|| form(ask, weighed))}
            <p><a href=Route::Ops(ask.back()).to_string()>"Go back, and do nothing"</a></p>
        </section>
    };
    ops_document("Jobs", title.to_owned(), None, content.into_any())
}

/// What is to be agreed to.
fn question(ask: &Ask, weighed: &Weighed) -> String {
    let jobs = of(weighed.would, "job", "jobs");
    match (weighed.would, ask.deed) {
        (0, _) if ask.to == To::Chosen(Vec::new()) => "No job is chosen.".to_owned(),
        (0, _) => "There is nothing to do.".to_owned(),
        (_, Deed::Retry) => format!("Put {jobs} back?"),
        (_, Deed::Bury) => format!("Bury {jobs}?"),
    }
}

/// What that means, and what it leaves as it is.
fn told(ask: &Ask, weighed: &Weighed) -> Vec<String> {
    let mut lines = Vec::new();
    if let To::All(list) = &ask.to {
        let queue = list.queue.map_or("every queue".to_owned(), |queue: Queue| format!("the queue {}", queue.name()));
        let kind = list.kind.map_or(String::new(), |kind| format!(", of the kind {kind}"));
        lines.push(match ask.deed {
            Deed::Retry => format!("Every dead job of {queue}{kind}."),
            Deed::Bury => {
                format!("Every job that waits in {queue}{kind}, also for a later hour. One that runs is its worker’s.")
            }
        });
    }
    if weighed.would > 0 {
        lines.push(match ask.deed {
            Deed::Retry => "They are tried again at once, as if they were new; what went wrong with them stays in their history.",
            Deed::Bury => "They are not done. They are kept among the dead, from where a retry brings them back.",
        }
        .to_owned());
    }
    if weighed.more {
        lines
            .push(format!("More match: {MOST_AT_ONCE} are taken at once, the oldest first. Do it again for the rest."));
    }
    if weighed.clashing > 0 {
        lines.push(format!(
            "{} can’t be put back: another job has the same key. It is alive and does their work, or died later and has to be put back itself.",
            of(weighed.clashing, "dead job", "dead jobs")
        ));
    }
    if weighed.elsewhere > 0 {
        let state = ask.deed.to().name();
        let left = if weighed.elsewhere == 1 { "stays as it is: it is" } else { "stay as they are: they are" };
        lines.push(format!("{} of the chosen {left} not {state}, or done by now.", weighed.elsewhere));
    }
    lines
}

/// The form that agrees to the number.
fn form(ask: &Ask, weighed: &Weighed) -> AnyView {
    let (jobs, all, queue, kind) = match &ask.to {
        To::Chosen(ids) => {
            let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
            (ids.join(","), "", "", "")
        }
        To::All(list) => {
            (String::new(), "yes", list.queue.map(Queue::name).unwrap_or_default(), list.kind.unwrap_or_default())
        }
    };
    let jobs_named = of(weighed.would, "job", "jobs");
    let text = match ask.deed {
        Deed::Retry => format!("Put {jobs_named} back"),
        Deed::Bury => format!("Bury {jobs_named}"),
    };
    view! {
        <form method="post" action="/fn/act_on_jobs">
            <input type="hidden" name="deed" value=ask.deed.name()/>
            <input type="hidden" name="jobs" value=jobs/>
            <input type="hidden" name="all" value=all/>
            <input type="hidden" name="queue" value=queue/>
            <input type="hidden" name="kind" value=kind/>
            <input type="hidden" name="agreed" value=weighed.would.to_string()/>
            <button class="button">{text}</button>
        </form>
    }
    .into_any()
}
