//! A month: its text, its cards, and how its mix lies beside the months before.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use spectrum_core::insight::load_edition::Edition;
use spectrum_domain::{
    calendar::Month,
    card::{Grain, Narrative},
    member::{Member, Plan},
    product_event::ProductEvent,
    span::Span,
};

use super::{card, counted};
use crate::pages::{
    ctx,
    language::Words,
    parts::{Here, Surface, count_teaser, help, own_foot_at, teaser},
    problem::{Problem, ProblemPage},
    routes::Route,
    shell::{Head, Script, document},
    spans::At,
};

/// Months of the list: two years.
const MONTHS: i64 = 25;

/// `/spectrum/month/2026-10`.
#[component]
pub fn MonthPage() -> impl IntoView {
    let name = use_params_map().read_untracked().get("month").unwrap_or_default();
    Suspend::new(async move {
        match load(&name).await {
            Ok((member, at, month, edition)) => month_page(&member, at, month, edition.as_ref()).into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

/// `/spectrum/months`.
#[component]
pub fn MonthsPage() -> impl IntoView {
    Suspend::new(async move {
        match list().await {
            Ok((member, editions)) => months_page(&member, &editions).into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

async fn load(name: &str) -> Result<(Member, At, Month, Option<Edition>), Problem> {
    let (services, member) = ctx::reader().await?;
    let month: Month = name.parse().map_err(|_| Problem::NotFound)?;
    let edition = services.load_edition(member.member_id, Grain::Month, month.start()).await?;
    let (cards_count, generator_mix, data_tier) = counted(&edition);
    // An example of nobody's numbers is no view of one's own.
    if member.plan == Plan::Paid {
        services.note(&member, ProductEvent::MonthViewed { cards_count, generator_mix, data_tier });
    }
    count_teaser(&services, &member, Surface::Month);
    let at = At { span: Span::Month(month), today: services.today(&member) };
    Ok((member, at, month, edition))
}

async fn list() -> Result<(Member, Vec<Edition>), Problem> {
    let (services, member) = ctx::reader().await?;
    let editions = services.list_editions(member.member_id, Grain::Month, None, MONTHS).await?;
    count_teaser(&services, &member, Surface::Month);
    Ok((member, editions))
}

fn month_page(member: &Member, at: At, month: Month, edition: Option<&Edition>) -> impl IntoView + use<> {
    let words = Words::of_member(member);
    let title = words.month(month.start());
    let body = match edition {
        _ if member.plan == Plan::Free => view! {
            {edition.is_some_and(|edition| edition.flagged > 0).then(|| help(member).into_any())}
            {teaser(words, Surface::Month).into_any()}
        }
        .into_any(),
        None => view! {
            <section class="edition">
                <p class="takeaway">{words.say("month-nothing")}</p>
            </section>
        }
        .into_any(),
        Some(edition) => told(member, edition).into_any(),
    };
    let main = view! {
        <div class="page feed">
            {body}
            <nav class="onward" aria-label=words.say("page-more")>
                <a href=Route::Months.to_string()>{words.say("feed-all-months")}</a>
                <a href=Route::Feed.to_string()>{words.say("feed-weeks")}</a>
            </nav>
        </div>
    };
    document(
        words,
        &Head { title: title.clone(), script: Script::None },
        card::bar(words, &title),
        main,
        own_foot_at(words, Here::Month, Some((at, member.week_start))),
    )
}

fn told(member: &Member, edition: &Edition) -> impl IntoView + use<> {
    let words = Words::of_member(member);
    let cards: Vec<_> =
        edition.cards.iter().map(|shown| card::card(member, Grain::Month, edition, shown).into_any()).collect();
    view! {
        <section class="edition" aria-label=words.say("month-label")>
            {card::refreshed(member, edition)}
            {(edition.flagged > 0).then(|| help(member).into_any())}
            {edition.narrative.as_ref().filter(|text| !text.sections.is_empty()).map(|text| narrative(words, text, edition).into_any())}
            {(!cards.is_empty()).then(|| view! { <h2>{words.say("month-cards")}</h2> })}
            {cards}
        </section>
    }
}

fn narrative(words: Words, narrative: &Narrative, edition: &Edition) -> impl IntoView + use<> {
    let by = format!("{}.", card::written_by(words, &edition.narrator));
    let sections: Vec<_> = narrative
        .sections
        .iter()
        .map(|section| view! { <h2>{section.heading.clone()}</h2><p>{section.text.clone()}</p> })
        .collect();
    view! {
        <div class="narrative">
            {sections}
            <p class="rests">{by}</p>
            {(!narrative.question.is_empty()).then(|| view! { <p class="question">{narrative.question.clone()}</p> })}
        </div>
    }
}

fn months_page(member: &Member, editions: &[Edition]) -> impl IntoView + use<> {
    let words = Words::of_member(member);
    let months: Vec<_> = editions
        .iter()
        .map(|edition| {
            let month = Month::containing(edition.period);
            let first = edition.cards.first().map(|shown| shown.card.words.headline.clone());
            view! {
                <li>
                    <a href=Route::Month(month).to_string()>{words.month(month.start())}</a>
                    {first.map(|headline| view! { <p>{headline}</p> })}
                </li>
            }
        })
        .collect();
    let body = if member.plan == Plan::Free {
        teaser(words, Surface::Month).into_any()
    } else if months.is_empty() {
        view! { <p class="takeaway">{words.say("month-none-yet")}</p> }.into_any()
    } else {
        view! { <ul class="months">{months}</ul> }.into_any()
    };
    let main = view! {
        <div class="page feed">
            <div class="edition">{body}</div>
            <nav class="onward" aria-label=words.say("page-more")><a href=Route::Feed.to_string()>{words.say("feed-weeks")}</a></nav>
        </div>
    };
    let title = words.say("feed-months");
    let bar = card::bar(words, &title);
    document(words, &Head { title, script: Script::None }, bar, main, own_foot_at(words, Here::Month, None))
}
