//! What the paid plan adds, shown to a free member with made-up numbers and plainly marked as an example.
//!
//! Nothing here is made of a member's data: it takes none. No finding about somebody is held back to be sold to them, and what a
//! member decides about their data is on every plan, which the panel says.

use leptos::prelude::*;
use spectrum_core::Services;
use spectrum_domain::{
    affect::Family,
    effect::experiment::Trial,
    member::{Member, Plan},
    product_event::{ProductEvent, Screen, Teaser},
    stretch::Stretch,
};

use crate::pages::{
    chart::{Bar, bars, example_weeks},
    ctx,
    language::{Words, args, id},
    routes::Route,
    spans::{
        At,
        words::{coverage, pending, words_of},
    },
};

/// The screens that have one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surface {
    /// A week's own page, which is whole on every plan.
    Week,
    /// Where sessions lay over longer than a week.
    Landscape,
    /// Which feelings, when, where.
    Patterns,
    /// What was told of weeks.
    Feed,
    /// What was told of months.
    Month,
}

impl Surface {
    /// By what it is counted.
    const fn screen(self) -> Screen {
        match self {
            Self::Week => Screen::Week,
            Self::Landscape => Screen::Landscape,
            Self::Patterns => Screen::Patterns,
            Self::Feed => Screen::Feed,
            Self::Month => Screen::Month,
        }
    }

    /// What the screen is on the paid plan.
    const fn title(self) -> &'static str {
        match self {
            Self::Week => id("teaser-week"),
            Self::Landscape => id("teaser-landscape"),
            Self::Patterns => id("teaser-patterns"),
            Self::Feed => id("teaser-feed"),
            Self::Month => id("teaser-month"),
        }
    }

    /// What exactly is behind it.
    const fn behind(self) -> &'static str {
        match self {
            Self::Week => id("teaser-week-behind"),
            Self::Landscape => id("teaser-landscape-behind"),
            Self::Patterns => id("teaser-patterns-behind"),
            Self::Feed => id("teaser-feed-behind"),
            Self::Month => id("teaser-month-behind"),
        }
    }
}

/// Which panel this is.
const VARIANT: Teaser = Teaser::Sample1;

/// Made-up counts of twelve sessions.
const COUNTS: [(Family, i32); 5] =
    [(Family::Interest, 8), (Family::Calm, 6), (Family::Worry, 5), (Family::Warmth, 3), (Family::Sadness, 2)];

/// Counts that a free member came to the panel's place, whether they are shown it or kept from it by lot: when the page is drawn, with a
/// script or without.
pub fn count_teaser(services: &Services, member: &Member, surface: Surface) {
    if member.plan == Plan::Free {
        let teaser_variant =
            if services.is_held_out(Trial::Teaser, member.member_id) { Teaser::Holdout } else { VARIANT };
        services.note(member, ProductEvent::TeaserExposed { teaser_variant, screen: surface.screen() });
    }
}

/// The way to the plans: the host's app is told where it shows the page, and a browser goes where the host has its plans.
fn plans(words: Words) -> Option<AnyView> {
    let name = words.say("teaser-plans");
    if ctx::look().is_some_and(|look| look.webview) {
        return Some(
            view! { <p><button type="button" class="button" data-host="upgrade">{name}</button></p> }.into_any(),
        );
    }
    let href = ctx::plans_url()?;
    Some(view! { <p><a class="button" href=href data-host="upgrade">{name}</a></p> }.into_any())
}

/// The panel; nothing for who is kept from it by lot.
pub fn teaser(words: Words, surface: Surface) -> Option<impl IntoView + use<>> {
    if ctx::is_held_out() {
        return None;
    }
    let sample = match surface {
        Surface::Week | Surface::Landscape => example_weeks(words).view("teaser-title", "teaser-takeaway").into_any(),
        Surface::Patterns => {
            let bar = |(family, k): (Family, i32)| Bar {
                name: words.family(family),
                quadrant: family.quadrant(),
                share: f64::from(k) / 12.0,
                count: words.say_with("patterns-count", &args! { k: k, n: 12 }),
                percent: words.percent(k, 12),
                before: None,
            };
            let rows: Vec<Bar> = COUNTS.into_iter().map(bar).collect();
            bars(&rows).view("teaser-title", "teaser-takeaway").into_any()
        }
        Surface::Feed => view! {
            <div class="insight">
                <p class="sample-head">{words.say("teaser-feed-headline")}</p>
                <p>{words.say("teaser-feed-body")}</p>
                <p class="rests">{words.say("teaser-feed-rests")}</p>
            </div>
        }
        .into_any(),
        Surface::Month => view! {
            <div class="insight">
                <p class="sample-head">{words.say("teaser-month-headline")}</p>
                <p>{words.say("teaser-month-body")}</p>
                <p class="rests">{words.say("teaser-month-question")}</p>
            </div>
        }
        .into_any(),
    };
    // Free members see it first of all they come for: it says itself where their own numbers are.
    Some(view! {
        <section class="example" aria-labelledby="teaser-title" data-teaser-variant=VARIANT.name() data-teaser-screen=surface.screen().name()>
            <p class="badge">{words.say("page-example")}</p>
            <h2 id="teaser-title">{words.say(surface.title())}</h2>
            <p class="takeaway" id="teaser-takeaway">{words.say(surface.behind())}" "{words.say("teaser-made-up")}</p>
            {sample}
            <ul class="kept">
                <li>{words.say("teaser-week-whole")}</li>
                <li>{words.say("teaser-decide")}</li>
                <li>{words.say("teaser-how")}</li>
            </ul>
            {plans(words)}
        </section>
    })
}

/// A screen of a span that is behind the paid plan: how much was counted, which says nothing of what it came to, and the panel.
pub fn behind(stretch: &Stretch, surface: Surface) -> impl IntoView + use<> {
    let words = words_of(stretch);
    let again = At { span: stretch.span, today: stretch.today };
    let again = if surface == Surface::Patterns { Route::Patterns(again) } else { Route::Landscape(again) };
    let headline = if surface == Surface::Patterns { id("teaser-lead-patterns") } else { id("teaser-lead-landscape") };
    view! {
        <section class="lead">
            <p class="headline">{words.say(headline)}</p>
            <p class="more">{words.say("teaser-lead-week")}</p>
            {coverage(stretch).map(|coverage| view! { <p class="coverage">{coverage}</p> })}
            {pending(stretch).map(|pending| {
                view! { <p class="pending">{pending}" "<a href=again.to_string()>{words.say("page-look-again")}</a></p> }
            })}
            <p class="compare"><a class="button quiet" href=Route::Newest.to_string()>{words.say("page-newest-week")}</a></p>
        </section>
        {teaser(words, surface).into_any()}
    }
}
