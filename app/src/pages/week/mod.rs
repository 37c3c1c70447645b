//! The week page: where the week's sessions lay, how the days went, which feelings showed, and what counts.

pub(super) mod columns;
mod distribution;
pub(super) mod example;
mod lead;
mod plane;
pub(super) mod sessions;
pub(super) mod words;

use chrono::{Days, NaiveDate, Weekday};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use spectrum_core::Services;
use spectrum_domain::{
    calendar::{Week, WeekLabel},
    id::DeliveryId,
    member::{Member, Plan},
    product_event::{PeriodKind, ProductEvent},
    rollup::Tier,
    span::Span,
    week::WeekView,
};

use super::{
    chart::symbols,
    ctx,
    language::{Words, args, id},
    parts::{Here, Surface, count_teaser, help, own_foot_at, teaser},
    problem::{Problem, ProblemPage},
    routes::Route,
    said::Said,
    shell::{Head, Script, document},
    spans::{self, At},
};

/// All that the page shows.
#[derive(Debug)]
struct Screen {
    view: WeekView,
    /// The member's local date, which tells a week to come from one without sessions.
    today: NaiveDate,
    said: Option<Said>,
}

/// `/spectrum`: leads to the newest week with data, or to this week where there is none.
#[component]
pub fn NewestWeek() -> impl IntoView {
    Suspend::new(async move { newest().await.err().map(|problem| view! { <ProblemPage problem/> }) })
}

async fn newest() -> Result<(), Problem> {
    let (services, member) = ctx::reader().await?;
    let label = match services.newest_week(&member).await? {
        Some(label) => label,
        None => Week::containing(services.today(&member), member.week_start).label(),
    };
    ctx::see_other(Route::Week(label)).map_err(|_| Problem::Broken)
}

/// `/spectrum/week/2026-W47`.
#[component]
pub fn WeekPage() -> impl IntoView {
    let name = use_params_map().read_untracked().get("week").unwrap_or_default();
    let tapped = use_query_map().read_untracked().get("push").and_then(|id| id.parse().ok());
    Suspend::new(async move {
        match load(&name, tapped).await {
            Ok(screen) => week_page(&screen).into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

async fn load(name: &str, tapped: Option<DeliveryId>) -> Result<Screen, Problem> {
    let (services, member) = ctx::reader().await?;
    let label: WeekLabel = name.parse().map_err(|_| Problem::BadWeek)?;
    let today = services.today(&member);
    let view = services.load_week(&member, label).await?;
    services.note(&member, ProductEvent::LandscapeViewed { period_kind: PeriodKind::Week });
    count_teaser(&services, &member, Surface::Week);
    note_visit(&services, &member, view.week, today, tapped);
    Ok(Screen { view, today, said: Said::take(label) })
}

/// Whoever reads a week that has just ended is not called to it any more; a tap on a push that led here is counted where the member
/// agrees.
pub(super) fn note_visit(
    services: &Services,
    member: &Member,
    week: Week,
    today: NaiveDate,
    tapped: Option<DeliveryId>,
) {
    if week.end() <= today && today <= week.end() + Days::new(7) {
        services.note_read(member.member_id, week.start());
    }
    if let Some(delivery) = tapped {
        services.note_tap(member.member_id, delivery);
    }
}

fn week_page(screen: &Screen) -> impl IntoView + use<> {
    let Screen { view, today, said } = screen;
    let words = Words::of_member(&view.member);
    let tier = view.rollup.tier();
    let nothing_yet = tier == Tier::Empty && words::emptiness(view, *today) == words::Emptiness::NothingYet;
    let at = At { span: Span::Week(view.week), today: *today };
    let picture = (tier >= Tier::Few).then(|| {
        view! {
            <div class="picture">
                {plane::plane_figure(words, view, at).into_any()}
                {(tier >= Tier::Some).then(|| columns::columns_figure(words, view, at).into_any())}
            </div>
        }
    });
    let main = view! {
        {symbols()}
        <div class="page week">
            {view.offers_help().then(|| help(&view.member).into_any())}
            {lead::lead(words, view, *today, said.as_ref()).into_any()}
            {picture}
            {(tier >= Tier::Some).then(|| view! { <div class="mix">{distribution::distribution_figure(words, view, at).into_any()}</div> })}
            {nothing_yet.then(|| example::example_week(words).into_any())}
            {(!view.sessions.is_empty()).then(|| sessions::session_list(words, view, said.as_ref()).into_any())}
            <nav class="onward" aria-label=words.say("page-more")>
                <a href=Route::Feed.to_string()>{words.say("week-feed")}</a>
                <a href=Route::Months.to_string()>{words.say("week-months")}</a>
                <a href=Route::Patterns(at).to_string()>{words.say("week-patterns")}</a>
            </nav>
            {(view.member.plan == Plan::Free).then(|| teaser(words, Surface::Week).into_any())}
        </div>
    };
    let head = Head { title: words.week(view.week), script: Script::Islands };
    let week_start = view.member.week_start;
    let bar = period_bar(words, view.week, *today, week_start);
    document(words, &head, bar, main, own_foot_at(words, Here::Landscape, Some((at, week_start))))
}

/// The bar that stays: which week, and the ways to the ones beside it.
fn period_bar(words: Words, week: Week, today: NaiveDate, week_start: Weekday) -> impl IntoView {
    let label = week.label();
    let name = words.say_with("week-name", &args! { week: i64::from(label.week), year: label.year.to_string() });
    let (before, after) = (week.previous(), week.next());
    // There is nothing in weeks that have not begun.
    let after = (after.start() <= today).then_some(after);
    let link = |week: Week, name: &str, sign: &'static str| {
        let href = Route::Week(week.label()).to_string();
        let name = words.say_with(name, &args! { week: words.week(week) });
        view! { <a class="turn" href=href aria-label=name>{sign}</a> }
    };
    let after = match after {
        Some(after) => link(after, id("week-next"), "›").into_any(),
        None => view! { <span class="turn"></span> }.into_any(),
    };
    view! {
        <header class="period">
            <nav aria-label=words.say("week-weeks")>
                {link(before, id("week-previous"), "‹")}
                <h1>{words.week(week)}<small>{name}</small></h1>
                {after}
            </nav>
        </header>
        {spans::kinds(words, spans::Screen::Landscape, At { span: Span::Week(week), today }, week_start).into_any()}
    }
}

#[cfg(test)]
mod tests;
