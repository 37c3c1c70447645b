//! A card: what is said, what it rests on, and what the member thinks of it.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use spectrum_core::insight::load_edition::{Edition, ShownCard};
use spectrum_domain::{
    calendar::{Month, Week},
    card::{self, Generator, Grain, Receipt, Verdict},
    member::Member,
    rollup::Tier,
};

use crate::pages::{
    language::{Words, args},
    routes::Route,
};

/// One card of an edition.
pub fn card(member: &Member, grain: Grain, edition: &Edition, shown: &ShownCard) -> impl IntoView + use<> {
    let ShownCard { card_id, card, changed_at, verdict } = shown;
    let words = Words::of_member(member);
    let id = format!("card-{card_id}");
    let head = format!("{id}-head");
    let numbers = match grain {
        Grain::Week => Route::Week(Week::containing(edition.period, member.week_start).label()),
        Grain::Month => Route::Month(Month::containing(edition.period)),
    };
    let why = card::explain(&card.finding, &card.receipt, grain, words.language());
    let why: Vec<_> = why.into_iter().map(|sentence| view! { <li>{sentence}</li> }).collect();
    let changed = changed_at.map(|at| {
        let text = words.say_with("card-changed", &args! { day: day(member, at) });
        view! { <p class="changed">{text}</p> }
    });
    view! {
        <article class="insight" id=id data-kind=card.finding.kind.name() aria-labelledby=head.clone()>
            <h3 id=head.clone()>{card.words.headline.clone()}</h3>
            <p>{card.words.body.clone()}</p>
            <p class="rests">{rests(words, &card.receipt)}</p>
            {changed}
            <details>
                <summary aria-describedby=head.clone()>{words.say("card-why")}</summary>
                <ul>{why}</ul>
                <p><small>{made(member, &card.receipt)}</small></p>
                <p><a href=numbers.to_string() aria-describedby=head.clone()>{words.say("card-numbers")}</a></p>
                <p><a href=Route::Made.to_string()>{words.say("made-title")}</a></p>
            </details>
            {verdicts(words, &card_id.to_string(), head.clone(), *verdict).into_any()}
        </article>
    }
}

/// The bar of the feed's pages.
pub fn bar(words: Words, title: &str) -> impl IntoView + use<> {
    view! {
        <header class="period">
            <nav aria-label=words.say("page-back")>
                <a class="turn" href=Route::Newest.to_string() aria-label=words.say("page-back-to-week")>"‹"</a>
                <h1>{title.to_owned()}</h1>
                <span class="turn"></span>
            </nav>
        </header>
    }
}

/// That the edition says something else than it did at first.
pub fn refreshed(member: &Member, edition: &Edition) -> Option<impl IntoView + use<>> {
    let at = edition.refreshed_at?;
    let text = Words::of_member(member).say_with("card-refreshed", &args! { day: day(member, at) });
    Some(view! { <p class="refreshed" role="note">{text}</p> })
}

/// "12 sessions · 6 days · clear".
fn rests(words: Words, receipt: &Receipt) -> String {
    let tier = match receipt.tier {
        Tier::Enough => "enough",
        Tier::Some => "some",
        Tier::Few | Tier::Empty => "few",
    };
    words.say_with("card-rests", &args! { sessions: receipt.sessions, days: receipt.days, tier: tier })
}

/// Who wrote the words.
pub fn written_by(words: Words, generator: &Generator) -> String {
    match generator {
        Generator::Template { revision } => words.say_with("card-by-template", &args! { revision: revision.as_str() }),
        Generator::Model { model, prompt } => {
            words.say_with("card-by-model", &args! { model: model.as_str(), prompt: prompt.as_str() })
        }
    }
}

/// Who wrote the words, and from which numbers.
fn made(member: &Member, receipt: &Receipt) -> String {
    let words = Words::of_member(member);
    let version = receipt.rollups.first().map(|of| of.version).unwrap_or_default();
    words.say_with(
        "card-made",
        &args! {
            by: written_by(words, &receipt.generator),
            day: day(member, receipt.generated_at),
            version: version,
            earlier: receipt.rollups.len().saturating_sub(1),
        },
    )
}

fn day(member: &Member, at: DateTime<Utc>) -> String {
    Words::of_member(member).day(at.with_timezone(&member.zone).date_naive())
}

/// What the member thinks of the card under this heading: three buttons, the one that was pressed takes its word back.
fn verdicts(words: Words, card: &str, head: String, given: Option<Verdict>) -> impl IntoView + use<> {
    let buttons: Vec<_> = Verdict::ALL
        .into_iter()
        .map(|verdict| {
            let pressed = given == Some(verdict);
            let value = if pressed { "none" } else { verdict.name() };
            let label = words.say_with("card-verdict", &args! { verdict: verdict.name() });
            let pressed = if pressed { "true" } else { "false" };
            view! { <button class="chip" name="verdict" value=value aria-pressed=pressed>{label}</button> }
        })
        .collect();
    view! {
        <form method="post" action="/fn/give_feedback">
            <input type="hidden" name="card_id" value=card.to_owned()/>
            <div class="verdict" role="group" aria-label=words.say("card-verdicts") aria-describedby=head>{buttons}</div>
        </form>
    }
}
