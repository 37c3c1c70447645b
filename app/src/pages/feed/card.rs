//! A card: what is said, what it rests on, and what the member thinks of it.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use spectrum_core::insight::load_edition::{Edition, ShownCard};
use spectrum_domain::{
    calendar::{Month, Week},
    card::{self, Generator, Grain, Language, Receipt, Verdict},
    member::Member,
    rollup::Tier,
};

use crate::pages::routes::Route;

/// One card of an edition.
pub fn card(member: &Member, grain: Grain, edition: &Edition, shown: &ShownCard) -> impl IntoView + use<> {
    let ShownCard { card_id, card, changed_at, verdict } = shown;
    let language = Language::of_tag(&member.locale);
    let id = format!("card-{card_id}");
    let numbers = match grain {
        Grain::Week => Route::Week(Week::containing(edition.period, member.week_start).label()),
        Grain::Month => Route::Month(Month::containing(edition.period)),
    };
    let why = card::explain(&card.finding, &card.receipt, grain, language);
    let why: Vec<_> = why.into_iter().map(|sentence| view! { <li>{sentence}</li> }).collect();
    let changed = changed_at.map(|at| {
        let text = format!("Changed on {}, because its numbers did.", day(member, at));
        view! { <p class="changed">{text}</p> }
    });
    view! {
        <article class="insight" id=id lang=language.tag()>
            <h3>{card.words.headline.clone()}</h3>
            <p>{card.words.body.clone()}</p>
            <p class="rests" lang="en">{rests(&card.receipt)}</p>
            {changed}
            <details>
                <summary lang="en">"Why am I seeing this?"</summary>
                <ul>{why}</ul>
                <p lang="en"><small>{made(member, &card.receipt)}</small></p>
                <p lang="en"><a href=numbers.to_string()>"See the numbers"</a></p>
                <p lang="en"><a href=Route::Made.to_string()>"How this is made"</a></p>
            </details>
            {verdicts(&card_id.to_string(), *verdict).into_any()}
        </article>
    }
}

/// The bar of the feed's pages.
pub fn bar(title: &str) -> impl IntoView + use<> {
    view! {
        <header class="period">
            <nav aria-label="Back">
                <a class="turn" href=Route::Newest.to_string() aria-label="Back to the week">"‹"</a>
                <h1>{title.to_owned()}</h1>
                <span class="turn"></span>
            </nav>
        </header>
    }
}

/// That the edition says something else than it did at first.
pub fn refreshed(member: &Member, edition: &Edition) -> Option<impl IntoView + use<>> {
    let at = edition.refreshed_at?;
    let text =
        format!("Updated on {}: sessions were added, corrected or left out after this was written.", day(member, at));
    Some(view! { <p class="refreshed" role="note">{text}</p> })
}

/// "12 sessions · 6 days · clear".
fn rests(receipt: &Receipt) -> String {
    let count = |n: i32, one: &str, many: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {many}") };
    let clear = match receipt.tier {
        Tier::Enough => "clear",
        Tier::Some => "tentative",
        Tier::Few | Tier::Empty => "too little to compare",
    };
    format!("{} · {} · {clear}", count(receipt.sessions, "session", "sessions"), count(receipt.days, "day", "days"))
}

/// Who wrote the words.
pub fn written_by(generator: &Generator) -> String {
    match generator {
        Generator::Template { revision } => format!("Written by a template ({revision})"),
        Generator::Model { model, prompt } => format!("Worded by a model ({model}, {prompt})"),
    }
}

/// Who wrote the words, and from which numbers.
fn made(member: &Member, receipt: &Receipt) -> String {
    let by = written_by(&receipt.generator);
    let version = receipt.rollups.first().map(|of| of.version).unwrap_or_default();
    let earlier = match receipt.rollups.len().saturating_sub(1) {
        0 => String::new(),
        1 => " and of one period before".to_owned(),
        many => format!(" and of {many} periods before"),
    };
    format!("{by} on {}, from the sums of this one (version {version}){earlier}.", day(member, receipt.generated_at))
}

fn day(member: &Member, at: DateTime<Utc>) -> String {
    at.with_timezone(&member.zone).format("%-d %B %Y").to_string()
}

/// What the member thinks of it: three buttons, the one that was pressed takes its word back.
fn verdicts(card: &str, given: Option<Verdict>) -> impl IntoView + use<> {
    let buttons: Vec<_> = Verdict::ALL
        .into_iter()
        .map(|verdict| {
            let pressed = given == Some(verdict);
            let value = if pressed { "none" } else { verdict.name() };
            let label = match verdict {
                Verdict::Useful => "Useful",
                Verdict::NotQuite => "Not quite",
                Verdict::Wrong => "Wrong",
            };
            let pressed = if pressed { "true" } else { "false" };
            view! { <button class="chip" name="verdict" value=value aria-pressed=pressed>{label}</button> }
        })
        .collect();
    view! {
        <form method="post" action="/fn/give_feedback" lang="en">
            <input type="hidden" name="card_id" value=card.to_owned()/>
            <div class="verdict" role="group" aria-label="What do you think of this card?">{buttons}</div>
        </form>
    }
}
