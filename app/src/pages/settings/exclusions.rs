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
    language::{Words, args},
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
    let words = Words::of_member(member);
    let rows: Vec<_> = exclusions.iter().map(|exclusion| row(words, member, exclusion).into_any()).collect();
    let list = if rows.is_empty() {
        view! { <p class="takeaway">{words.say("exclusions-none")}</p> }.into_any()
    } else {
        view! { <ol class="kept-out">{rows}</ol> }.into_any()
    };
    let paused = exclusions.iter().any(|exclusion| matches!(exclusion.scope, Scope::Pause { until: None, .. }));
    let main = view! {
        <div class="page settings">
            {told.map(|told| told_line(words, &told))}
            <section aria-labelledby="kept-out-title">
                <h2 id="kept-out-title">{words.say("exclusions-now")}</h2>
                {list}
                <p class="coverage">{words.say("exclusions-kept")}</p>
            </section>
            {(!paused).then(|| pause_form(words).into_any())}
            {feature_form(words).into_any()}
            {period_form(words).into_any()}
        </div>
    };
    settings_document(words, words.say("exclusions-title"), Route::Settings, main, own_foot(words))
}

fn row(words: Words, member: &Member, exclusion: &Exclusion) -> impl IntoView + use<> {
    let scope = words::scope(words, exclusion, member.zone);
    let id = exclusion.exclusion_id.to_string();
    let name = words.say_with("exclusions-include-name", &args! { scope: scope.clone() });
    let resume = matches!(exclusion.scope, Scope::Pause { until: None, .. }).then(|| {
        view! {
            <form method="post" action="/fn/resume">
                <input type="hidden" name="exclusion_id" value=id.clone()/>
                <button class="button">{words.say("exclusions-resume")}</button>
            </form>
        }
    });
    view! {
        <li>
            <div class="told">
                <p class="where">{scope}</p>
                <p class="standing">{words::since(words, exclusion, member.zone)}</p>
            </div>
            {resume}
            <form method="post" action="/fn/include">
                <input type="hidden" name="exclusion_id" value=id/>
                <button class="button quiet" aria-label=name>{words.say("exclusions-include")}</button>
            </form>
        </li>
    }
}

fn pause_form(words: Words) -> impl IntoView {
    view! {
        <section aria-labelledby="pause-title">
            <h2 id="pause-title">{words.say("exclusions-pause")}</h2>
            <p class="takeaway">{words.say("exclusions-pause-note")}</p>
            <form class="fields" method="post" action="/fn/pause">
                {reasons(words)}
                <button class="button quiet">{words.say("exclusions-pause-now")}</button>
            </form>
        </section>
    }
}

fn feature_form(words: Words) -> impl IntoView {
    let features: Vec<_> = Feature::ALL
        .into_iter()
        .map(|feature| {
            let all = words.say_with("exclusions-feature", &args! { feature: words.feature(feature) });
            view! { <option value=feature.name()>{all}</option> }
        })
        .collect();
    view! {
        <section aria-labelledby="feature-title">
            <h2 id="feature-title">{words.say("exclusions-kind")}</h2>
            <form class="fields" method="post" action="/fn/exclude_feature">
                <label class="field">{words.say("exclusions-which")}" " <select name="feature">{features}</select></label>
                {reasons(words)}
                <button class="button quiet">{words.say("exclusions-exclude")}</button>
            </form>
        </section>
    }
}

fn period_form(words: Words) -> impl IntoView {
    view! {
        <section aria-labelledby="period-title">
            <h2 id="period-title">{words.say("exclusions-time")}</h2>
            <form class="fields" method="post" action="/fn/exclude_period">
                <label class="field">{words.say("exclusions-first")}" " <input type="date" name="first" required/></label>
                <label class="field">{words.say("exclusions-last")}" " <input type="date" name="last" required/></label>
                {reasons(words)}
                <button class="button quiet">{words.say("exclusions-exclude")}</button>
            </form>
        </section>
    }
}

fn reasons(words: Words) -> impl IntoView {
    let reasons: Vec<_> = Reason::ALL
        .into_iter()
        .map(|reason| {
            let text = words.say_with("exclusions-reason", &args! { reason: reason.name() });
            view! { <option value=reason.name()>{text}</option> }
        })
        .collect();
    view! {
        <label class="field">
            {words.say("exclusions-why")}
            <select name="reason"><option value="">{words.say("exclusions-no-reason")}</option>{reasons}</select>
        </label>
    }
}
