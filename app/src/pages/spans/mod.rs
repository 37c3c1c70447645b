//! What the screens of a span share: how it is addressed, the bar that says which it is, and the row of links to others.

pub mod words;

use std::fmt;

use chrono::{NaiveDate, Weekday};
use leptos::prelude::*;
use spectrum_core::Services;
use spectrum_domain::{
    member::Member,
    rollup::Tier,
    span::{Kind, Span},
    stretch::Stretch,
};

use super::{language::Words, problem::Problem, routes::Route};

/// A span and the day it is looked at from: all that its address says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    /// Which days.
    pub span: Span,
    /// The member's local date.
    pub today: NaiveDate,
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.span.address(self.today))
    }
}

/// The screens that are drawn for a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// Where sessions lay.
    Landscape,
    /// Which feelings, when, where.
    Patterns,
    /// The sessions themselves.
    Sessions,
}

impl Screen {
    /// Its address for a span.
    pub const fn route(self, at: At) -> Route {
        match self {
            Self::Landscape => Route::Landscape(at),
            Self::Patterns => Route::Patterns(at),
            Self::Sessions => Route::Sessions(at),
        }
    }

    const fn compared(self, at: At) -> Route {
        match self {
            Self::Landscape => Route::LandscapeCompared(at),
            Self::Patterns => Route::PatternsCompared(at),
            Self::Sessions => Route::Sessions(at),
        }
    }
}

/// The span that an address names, for who asks.
pub fn read(services: &Services, member: &Member, name: &str) -> Result<At, Problem> {
    let today = services.today(member);
    let span = Span::parse(name, member.week_start, today).ok_or(Problem::BadSpan)?;
    Ok(At { span, today })
}

/// The newest span of this kind: the one that holds the newest session, or today where there is none.
pub async fn newest(services: &Services, member: &Member, kind: Kind) -> Result<At, Problem> {
    let today = services.today(member);
    let last = services.newest_week(member).await?.and_then(|label| {
        // The week's last day, or today where the week is not over.
        let week = spectrum_domain::calendar::Week::from_label(label, member.week_start)?;
        Some(Span::Week(week).anchor(today))
    });
    Ok(At { span: Span::of_kind(kind, last.unwrap_or(today), member.week_start), today })
}

/// The bar that stays: which span, the ways to the ones beside it, and below it the row of other kinds.
pub fn period_bar(words: Words, screen: Screen, at: At, week_start: Weekday) -> impl IntoView + use<> {
    let At { span, today } = at;
    let link = |other: Option<Span>, before: bool| match other {
        Some(span) => {
            let (name, sign) = (words::beside(words, span, before), if before { "‹" } else { "›" });
            let href = screen.route(At { span, today }).to_string();
            view! { <a class="turn" href=href aria-label=name>{sign}</a> }.into_any()
        }
        None => view! { <span class="turn"></span> }.into_any(),
    };
    view! {
        <header class="period">
            <nav aria-label=words.say("span-periods")>
                {link(span.previous(), true)}
                <h1>{words::title(words, span)}<small>{words::subtitle(words, span)}</small></h1>
                {link(span.next(today), false)}
            </nav>
        </header>
        {kinds(words, screen, at, week_start).into_any()}
    }
}

/// The row of links to the spans of every kind around the same days.
pub fn kinds(words: Words, screen: Screen, at: At, week_start: Weekday) -> impl IntoView + use<> {
    let At { span, today } = at;
    let anchor = span.anchor(today);
    let links: Vec<_> = Kind::ALL
        .into_iter()
        .map(|kind| {
            let here = kind == span.kind();
            let other = if here { span } else { Span::of_kind(kind, anchor, week_start) };
            let href = screen.route(At { span: other, today }).to_string();
            let (short, long) = words::kind(words, kind);
            let current = here.then_some("true");
            view! { <li><a class="kind" href=href aria-current=current aria-label=long>{short}</a></li> }
        })
        .collect();
    view! {
        <nav class="kinds" aria-label=words.say("span-kinds")>
            <ul>{links}</ul>
        </nav>
    }
}

/// The head of a screen: what it says first and what more there is to that, and what the span rests on.
pub fn lead(
    stretch: &Stretch,
    screen: Screen,
    compared: bool,
    headline: String,
    more: Option<String>,
) -> impl IntoView + use<> {
    let words = words::words_of(stretch);
    let at = At { span: stretch.span, today: stretch.today };
    let again = screen.route(at).to_string();
    let comparable = stretch.now.rollup.tier() >= Tier::Some;
    view! {
        <section class="lead">
            <p class="headline">{headline}</p>
            {more.map(|more| view! { <p class="more">{more}</p> })}
            {words::versions(stretch).map(|versions| view! { <p class="coverage">{versions}</p> })}
            {words::coverage(stretch).map(|coverage| view! { <p class="coverage">{coverage}</p> })}
            {words::pending(stretch).map(|pending| {
                view! { <p class="pending">{pending}" "<a href=again>{words.say("page-look-again")}</a></p> }
            })}
            {comparable.then(|| compare(words, screen, at, compared).into_any())}
        </section>
    }
}

/// The link that shows the span before beside this one, or takes it away again.
pub fn compare(words: Words, screen: Screen, at: At, compared: bool) -> impl IntoView + use<> {
    let route = if compared { screen.route(at) } else { screen.compared(at) };
    let label = words::compare(words, at.span, compared);
    view! { <p class="compare"><a class="button quiet" href=route.to_string()>{label}</a></p> }
}
