//! A month: its text, its cards, and how its mix lies beside the months before.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use spectrum_core::insight::load_edition::Edition;
use spectrum_domain::{
    calendar::Month,
    card::{Grain, Language, Narrative},
    member::Member,
};

use super::card;
use crate::pages::{
    ctx,
    parts::{help, own_foot},
    problem::{Problem, ProblemPage},
    routes::Route,
    shell::{Head, Script, document},
};

/// Months of the list: two years.
const MONTHS: i64 = 25;

/// `/spectrum/month/2026-10`.
#[component]
pub fn MonthPage() -> impl IntoView {
    let name = use_params_map().read_untracked().get("month").unwrap_or_default();
    Suspend::new(async move {
        match load(&name).await {
            Ok((member, month, edition)) => month_page(&member, month, edition.as_ref()).into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

/// `/spectrum/months`.
#[component]
pub fn MonthsPage() -> impl IntoView {
    Suspend::new(async move {
        match list().await {
            Ok(editions) => months_page(&editions).into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

async fn load(name: &str) -> Result<(Member, Month, Option<Edition>), Problem> {
    let (services, member) = ctx::member().await?;
    let month: Month = name.parse().map_err(|_| Problem::NotFound)?;
    let edition = services.load_edition(member.member_id, Grain::Month, month.start()).await?;
    Ok((member, month, edition))
}

async fn list() -> Result<Vec<Edition>, Problem> {
    let (services, member) = ctx::member().await?;
    Ok(services.list_editions(member.member_id, Grain::Month, None, MONTHS).await?)
}

fn month_page(member: &Member, month: Month, edition: Option<&Edition>) -> impl IntoView + use<> {
    let title = month.start().format("%B %Y").to_string();
    let body = match edition {
        None => view! {
            <section class="edition">
                <p class="takeaway">"Nothing is told of this month: it has not ended, or no session of it counts."</p>
            </section>
        }
        .into_any(),
        Some(edition) => told(member, edition).into_any(),
    };
    let main = view! {
        <div class="page feed">
            {body}
            <nav class="onward" aria-label="More">
                <a href=Route::Months.to_string()>"All months"</a>
                <a href=Route::Feed.to_string()>"Weeks"</a>
            </nav>
        </div>
    };
    document(&Head { title: title.clone(), script: Script::None }, card::bar(&title), main, own_foot())
}

fn told(member: &Member, edition: &Edition) -> impl IntoView + use<> {
    let language = Language::of_tag(&member.locale).tag();
    let cards: Vec<_> =
        edition.cards.iter().map(|shown| card::card(member, Grain::Month, edition, shown).into_any()).collect();
    view! {
        <section class="edition" aria-label="The month">
            {card::refreshed(member, edition)}
            {(edition.flagged > 0).then(|| help(member).into_any())}
            {edition.narrative.as_ref().filter(|text| !text.sections.is_empty()).map(|text| narrative(text, edition, language).into_any())}
            {(!cards.is_empty()).then(|| view! { <h2>"Card by card"</h2> })}
            {cards}
        </section>
    }
}

fn narrative(narrative: &Narrative, edition: &Edition, language: &'static str) -> impl IntoView + use<> {
    let by = format!("{}.", card::written_by(&edition.narrator));
    let sections: Vec<_> = narrative
        .sections
        .iter()
        .map(|section| view! { <h2>{section.heading.clone()}</h2><p>{section.text.clone()}</p> })
        .collect();
    view! {
        <div class="narrative" lang=language>
            {sections}
            <p class="rests" lang="en">{by}</p>
            {(!narrative.question.is_empty()).then(|| view! { <p class="question">{narrative.question.clone()}</p> })}
        </div>
    }
}

fn months_page(editions: &[Edition]) -> impl IntoView + use<> {
    let months: Vec<_> = editions
        .iter()
        .map(|edition| {
            let month = Month::containing(edition.period);
            let first = edition.cards.first().map(|shown| shown.card.words.headline.clone());
            view! {
                <li>
                    <a href=Route::Month(month).to_string()>{month.start().format("%B %Y").to_string()}</a>
                    {first.map(|headline| view! { <p>{headline}</p> })}
                </li>
            }
        })
        .collect();
    let body = if months.is_empty() {
        view! { <p class="takeaway">"When a month of yours has ended, its text stands here."</p> }.into_any()
    } else {
        view! { <ul class="months">{months}</ul> }.into_any()
    };
    let main = view! {
        <div class="page feed">
            <section class="edition">{body}</section>
            <nav class="onward" aria-label="More"><a href=Route::Feed.to_string()>"Weeks"</a></nav>
        </div>
    };
    document(&Head { title: "Months".to_owned(), script: Script::None }, card::bar("Months"), main, own_foot())
}
