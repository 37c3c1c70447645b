//! One job: what it is there for, how its life went, what went wrong, and what a person can do about it.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use spectrum_core::queue::{operate::Standing, pick::Deed, story::JobStory};

use super::{
    Live,
    address::{Ask, List, Ops, To},
    is_live, kinds, operator, ops_document, table,
    words::{age, between, nothing, of, time},
};
use crate::pages::{
    ctx,
    problem::{Problem, ProblemPage},
    routes::Route,
};

/// `/staff/jobs/{id}`.
#[component]
pub fn JobPage() -> impl IntoView {
    let id = use_params_map().read_untracked().get("id").and_then(|id| id.parse().ok());
    let live = is_live(&use_query_map().read_untracked());
    Suspend::new(async move {
        match load(id, live).await {
            Ok((Some(story), now, live)) => page(&story, now, &live).into_any(),
            Ok((None, ..)) => gone().into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

async fn load(id: Option<i64>, live: bool) -> Result<(Option<JobStory>, DateTime<Utc>, Live), Problem> {
    let (services, _) = operator().await?;
    let id = id.ok_or(Problem::NotFound)?;
    let story = services.tell_job(id).await?;
    Ok((story, services.ambient().now(), Live::new(&services, Ops::Job(id), live)))
}

fn page(story: &JobStory, now: DateTime<Utc>, live: &Live) -> impl IntoView + use<> {
    let card = &story.card;
    let does = kinds::does(&card.kind).unwrap_or("This version does not know what it does: another has put it in.");
    let content = view! {
        <p class="takeaway"><code>{card.kind.clone()}</code>" in the queue "{card.queue.clone()}". "{does}</p>
        <section aria-labelledby="stands">
            <h2 id="stands">{stands(story, now)}</h2>
            {means(story).map(|text| view! { <p>{text}</p> })}
            {deeds(story)}
        </section>
        <section aria-labelledby="life">
            <h2 id="life">"Its life"</h2>
            <ol class="life">{life(story, now)}</ol>
        </section>
        {mishaps(story)}
        {about(story)}
    };
    ops_document("Jobs", format!("Job {}", card.id), Some(live), content.into_any())
}

/// The page of a job that is not there: whoever has just put it back finds it done.
fn gone() -> impl IntoView {
    ctx::status(StatusCode::NOT_FOUND);
    let content = view! {
        <p class="takeaway">"It is done, or never was: of what ends well only counts are kept."</p>
        <p><a href=Route::Ops(Ops::Jobs(List::ALL)).to_string()>"To the jobs there are"</a></p>
    };
    ops_document("Jobs", "There is no such job".to_owned(), None, content.into_any())
}

fn stands(story: &JobStory, now: DateTime<Utc>) -> String {
    let card = &story.card;
    match Standing::from_name(&card.standing) {
        Some(Standing::Running) => "A worker has it.".to_owned(),
        Some(Standing::Dead) => "It is dead.".to_owned(),
        _ if card.at > now => format!("It waits for its hour, in {}.", age(between(now, card.at))),
        _ => format!("It is ready, for {} now.", age(between(card.at, now))),
    }
}

/// What a death means, and what to do about it.
fn means(story: &JobStory) -> Option<&'static str> {
    Some(match story.card.reason.as_deref()? {
        "attempts" => "Every try failed. Mend what went wrong last, then retry it.",
        "permanent" => {
            "Trying again can’t help as things are. It is usually a job of another version: retry it where that version runs."
        }
        "poison" => "Three workers were lost with it. Find out what it does to them before it is tried again.",
        "buried" => "A person took it out: who, stands in its history. Ask them.",
        _ => return None,
    })
}

/// The ways to put it back or to bury it.
fn deeds(story: &JobStory) -> AnyView {
    let ask = |deed| Ask { deed, to: To::Chosen(vec![story.card.id]) }.to_string();
    match (Standing::from_name(&story.card.standing), story.rival) {
        (Some(Standing::Dead), Some(rival)) => view! {
            <p>
                "It can’t be put back: "<a href=Route::Ops(Ops::Job(rival)).to_string()>{format!("job {rival}")}</a>
                " has the same key. That one is alive and does the work, or died later and has to be put back itself."
            </p>
        }
        .into_any(),
        (Some(Standing::Dead), None) => {
            view! { <p class="ways"><a class="button" href=ask(Deed::Retry)>"Retry …"</a></p> }.into_any()
        }
        (Some(Standing::Waiting), _) => {
            view! { <p class="ways"><a class="button quiet" href=ask(Deed::Bury)>"Bury …"</a></p> }.into_any()
        }
        _ => {
            view! { <p>"What is with a worker can’t be taken away from it. Without one it is put back by itself."</p> }
                .into_any()
        }
    }
}

/// What happened when, oldest first.
fn life(story: &JobStory, now: DateTime<Utc>) -> Vec<AnyView> {
    let card = &story.card;
    let mut steps: Vec<(Option<DateTime<Utc>>, String)> = vec![(Some(card.created_at), "put in".to_owned())];
    let told =
        i16::try_from(story.mishaps.iter().filter(|mishap| mishap.attempt.is_some()).count()).unwrap_or(i16::MAX);
    let running = i16::from(card.standing == Standing::Running.name());
    let forgotten = card.attempt - told - running;
    if forgotten > 0 {
        steps.push((None, format!("{} of which nothing is kept", of(forgotten.into(), "try", "tries"))));
    }
    for mishap in &story.mishaps {
        let what = mishap.attempt.map_or("went wrong".to_owned(), |attempt| format!("try {attempt} failed"));
        steps.push((Some(mishap.at), format!("{what}: {}", mishap.error)));
    }
    match Standing::from_name(&card.standing) {
        Some(Standing::Dead) => {
            let why = card.reason.clone().unwrap_or_default();
            steps.push((Some(card.at), format!("died: {why}")));
        }
        Some(Standing::Running) => {
            if let Some(at) = story.claimed_at {
                steps.push((Some(at), format!("try {} taken by a worker", card.attempt)));
            }
            if let Some(at) = story.deadline_at {
                steps.push((Some(at), "past that it is taken for hung, and put back".to_owned()));
            }
        }
        _ => steps.push((Some(card.at), if card.at > now { "ready" } else { "ready since" }.to_owned())),
    }
    if let Some(at) = story.expires_at {
        steps.push((Some(at), "past that it makes no sense any more, and is let go".to_owned()));
    }
    steps
        .into_iter()
        .map(|(at, what)| view! { <li>{at.map(|at| view! { {time(at)}" " })}{what}</li> }.into_any())
        .collect()
}

/// What went wrong, as a table.
fn mishaps(story: &JobStory) -> AnyView {
    if story.mishaps.is_empty() {
        return ().into_any();
    }
    let rows = story
        .mishaps
        .iter()
        .map(|mishap| {
            let attempt = mishap.attempt.map_or_else(nothing, |attempt| view! { {attempt.to_string()} }.into_any());
            view! {
                <tr>
                    <th scope="row">{time(mishap.at)}</th>
                    <td>{attempt}</td>
                    <td class="words error">{mishap.error.clone()}</td>
                </tr>
            }
            .into_any()
        })
        .collect();
    view! {
        <section aria-labelledby="wrong">
            <h2 id="wrong">"What went wrong"</h2>
            {table("The last five are kept", &["When", "Try", "What"], rows)}
        </section>
    }
    .into_any()
}

/// Whom it is about and what its handler is told: ids, folded away.
fn about(story: &JobStory) -> AnyView {
    let card = &story.card;
    let id = |id: Option<uuid::Uuid>| id.map_or_else(nothing, |id| view! { <code>{id.to_string()}</code> }.into_any());
    view! {
        <section aria-labelledby="about">
            <h2 id="about">"What it is about"</h2>
            <dl class="facts">
                <div><dt>"Tries"</dt><dd>{card.attempt.to_string()}</dd></div>
                <div><dt>"Workers lost with it"</dt><dd>{card.crashes.to_string()}</dd></div>
                <div><dt>"Worker"</dt><dd>{id(card.worker_id)}</dd></div>
                <div><dt>"Member"</dt><dd>{id(card.member_id)}</dd></div>
            </dl>
            <details>
                <summary>"What its handler is told"</summary>
                <pre><code>{story.payload.clone()}</code></pre>
            </details>
        </section>
    }
    .into_any()
}
