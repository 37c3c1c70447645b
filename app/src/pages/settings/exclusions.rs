//! What is left out, since when and why, with the ways to leave out more and to take things in again.

use leptos::prelude::*;
use spectrum_domain::{
    exclusion::{Exclusion, Reason, Scope},
    feature::Feature,
    member::Member,
};

use super::{settings_document, told_line, words};
use crate::pages::{
    ctx,
    parts::own_foot,
    problem::{Problem, ProblemPage},
    routes::Route,
    told::Told,
};

/// `/spectrum/settings/exclusions`.
#[component]
pub fn ExclusionsPage() -> impl IntoView {
    Suspend::new(async move {
        match load().await {
            Ok((member, exclusions, told)) => page(&member, &exclusions, told).into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

async fn load() -> Result<(Member, Vec<Exclusion>, Option<Told>), Problem> {
    let (services, member) = ctx::member().await?;
    let exclusions = services.list_exclusions(member.member_id).await?;
    Ok((member, exclusions, Told::take()))
}

fn page(member: &Member, exclusions: &[Exclusion], told: Option<Told>) -> impl IntoView + use<> {
    let rows: Vec<_> = exclusions.iter().map(|exclusion| row(member, exclusion).into_any()).collect();
    let list = if rows.is_empty() {
        view! { <p class="takeaway">"Nothing is left out. Every session that can be measured counts."</p> }.into_any()
    } else {
        view! { <ol class="kept-out">{rows}</ol> }.into_any()
    };
    let paused = exclusions.iter().any(|exclusion| matches!(exclusion.scope, Scope::Pause { until: None, .. }));
    let main = view! {
        <div class="page settings">
            {told.map(told_line)}
            <section aria-labelledby="kept-out-title">
                <h2 id="kept-out-title">"Left out now"</h2>
                {list}
                <p class="coverage">"Nothing is deleted. What is taken in again brings the same numbers back."</p>
            </section>
            {(!paused).then(|| pause_form().into_any())}
            {feature_form().into_any()}
            {period_form().into_any()}
        </div>
    };
    settings_document("What is left out", Route::Settings, main, own_foot())
}

fn row(member: &Member, exclusion: &Exclusion) -> impl IntoView + use<> {
    let scope = words::scope(exclusion, member.zone);
    let id = exclusion.exclusion_id.to_string();
    let resume = matches!(exclusion.scope, Scope::Pause { until: None, .. }).then(|| {
        view! {
            <form method="post" action="/fn/resume">
                <input type="hidden" name="exclusion_id" value=id.clone()/>
                <button class="button">"Resume from now on"</button>
            </form>
        }
    });
    view! {
        <li>
            <div class="told">
                <p class="where">{scope.clone()}</p>
                <p class="standing">{words::since(exclusion, member.zone)}</p>
            </div>
            {resume}
            <form method="post" action="/fn/include">
                <input type="hidden" name="exclusion_id" value=id/>
                <button class="button quiet" aria-label=format!("Take in again: {scope}")>"Take in again"</button>
            </form>
        </li>
    }
}

fn pause_form() -> impl IntoView {
    view! {
        <section aria-labelledby="pause-title">
            <h2 id="pause-title">"Pause"</h2>
            <p class="takeaway">"What you write from now on is not read, until you resume."</p>
            <form class="fields" method="post" action="/fn/pause">
                {reasons()}
                <button class="button quiet">"Pause from now on"</button>
            </form>
        </section>
    }
}

fn feature_form() -> impl IntoView {
    let features: Vec<_> = Feature::ALL
        .into_iter()
        .map(|feature| view! { <option value=feature.name()>{format!("All {} sessions", feature.title())}</option> })
        .collect();
    view! {
        <section aria-labelledby="feature-title">
            <h2 id="feature-title">"Leave out a kind of session"</h2>
            <form class="fields" method="post" action="/fn/exclude_feature">
                <label class="field">"Which" <select name="feature">{features}</select></label>
                {reasons()}
                <button class="button quiet">"Leave out"</button>
            </form>
        </section>
    }
}

fn period_form() -> impl IntoView {
    view! {
        <section aria-labelledby="period-title">
            <h2 id="period-title">"Leave out a time"</h2>
            <form class="fields" method="post" action="/fn/exclude_period">
                <label class="field">"First day" <input type="date" name="first" required/></label>
                <label class="field">"Last day" <input type="date" name="last" required/></label>
                {reasons()}
                <button class="button quiet">"Leave out"</button>
            </form>
        </section>
    }
}

fn reasons() -> impl IntoView {
    let reasons: Vec<_> =
        Reason::ALL.into_iter().map(|reason| view! { <option value=reason.name()>{reason.title()}</option> }).collect();
    view! {
        <label class="field">
            "Why, if you like"
            <select name="reason"><option value="">"I’d rather not say"</option>{reasons}</select>
        </label>
    }
}
