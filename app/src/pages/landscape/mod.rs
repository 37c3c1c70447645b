//! The landscape: where a span's sessions lay, the way of its parts, and how it lies beside the span before.
//!
//! A week's landscape is the week page (`week`); this draws every other span.

pub(super) mod beside;
pub(super) mod plane;
pub(super) mod steps;
pub(super) mod words;
pub(super) mod year;

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use spectrum_domain::{
    member::Plan,
    product_event::ProductEvent,
    rollup::Tier,
    span::{Kind, Span},
    stretch::{Emptiness, Landscape, Stretch},
};

use super::{
    chart::symbols,
    ctx,
    parts::{Here, Surface, behind, count_teaser, help, own_foot_at},
    problem::{Problem, ProblemPage},
    routes::Route,
    shell::{Head, Script, document},
    spans::{
        self, At, Screen, lead, period_bar,
        words::{against_before, title, words_of},
    },
    week::example,
};

/// `/spectrum/landscape`: leads to the newest week.
#[component]
pub fn NewestLandscape() -> impl IntoView {
    Suspend::new(async move { newest().await.err().map(|problem| view! { <ProblemPage problem/> }) })
}

async fn newest() -> Result<(), Problem> {
    let (services, member) = ctx::reader().await?;
    let at = spans::newest(&services, &member, Kind::Week).await?;
    ctx::see_other(Route::Landscape(at)).map_err(|_| Problem::Broken)
}

/// `/spectrum/landscape/2026-11`.
#[component]
pub fn LandscapePage() -> impl IntoView {
    let name = use_params_map().read_untracked().get("span").unwrap_or_default();
    let compared = use_query_map().read_untracked().get("compare").is_some();
    Suspend::new(async move {
        match load(&name).await {
            Ok(Some(view)) => landscape_page(&view, compared).into_any(),
            // The answer leads to the week page, and shows nothing itself.
            Ok(None) => ().into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

async fn load(name: &str) -> Result<Option<Landscape>, Problem> {
    let (services, member) = ctx::reader().await?;
    let at = spans::read(&services, &member, name)?;
    if let Span::Week(_) = at.span {
        ctx::see_other(Route::Landscape(at)).map_err(|_| Problem::Broken)?;
        return Ok(None);
    }
    let view = services.load_landscape(&member, at.span).await?;
    // An example of nobody's numbers is no view of one's own.
    if member.plan == Plan::Paid {
        services.note(&member, ProductEvent::LandscapeViewed { period_kind: at.span.into() });
    } else if view.stretch.emptiness() != Some(Emptiness::NothingYet) {
        count_teaser(&services, &member, Surface::Landscape);
    }
    Ok(Some(view))
}

fn landscape_page(view: &Landscape, compared: bool) -> impl IntoView + use<> {
    let stretch = &view.stretch;
    let words = words_of(stretch);
    let at = At { span: stretch.span, today: stretch.today };
    let tier = stretch.now.rollup.tier();
    let nothing_yet = stretch.emptiness() == Some(Emptiness::NothingYet);
    let picture =
        (tier >= Tier::Few).then(|| view! { <div class="picture">{plane::plane_figure(view).into_any()}</div> });
    let yearly = matches!(stretch.span, Span::Year(_)) && tier >= Tier::Few;
    let any_held = stretch.standing.held > 0;
    let touched = picture.is_some() && stretch.member.plan == Plan::Paid && plane::has_marks(view);
    let whole = if stretch.member.plan == Plan::Free && !nothing_yet {
        behind(stretch, Surface::Landscape).into_any()
    } else {
        view! {
            {lead_of(stretch, compared).into_any()}
            {picture}
            {(compared && tier >= Tier::Some).then(|| view! { <div>{beside::beside_figure(stretch).into_any()}</div> })}
            {steps::has_steps(stretch).then(|| view! { <div>{steps::steps_figure(stretch).into_any()}</div> })}
            {yearly.then(|| view! { <div>{year::year_figure(stretch).into_any()}</div> })}
            {nothing_yet.then(|| example::example_week(words).into_any())}
        }
        .into_any()
    };
    let main = view! {
        {symbols()}
        <div class="page week">
            {stretch.offers_help().then(|| help(&stretch.member).into_any())}
            {whole}
            <nav class="onward" aria-label=words.say("page-more")>
                {any_held.then(|| view! { <a href=Route::Sessions(at).to_string()>{words.say("landscape-sessions")}</a> })}
                <a href=Route::Patterns(at).to_string()>{words.say("landscape-patterns")}</a>
            </nav>
        </div>
    };
    let script = if touched { Script::Islands } else { Script::None };
    let head = Head { title: title(words, stretch.span), script };
    let bar = period_bar(words, Screen::Landscape, at, stretch.member.week_start);
    document(words, &head, bar, main, own_foot_at(words, Here::Landscape, Some((at, stretch.member.week_start))))
}

/// The head of the page: the span in a sentence, how it compares, and what it rests on.
fn lead_of(stretch: &Stretch, compared: bool) -> impl IntoView + use<> {
    let (headline, more) = words::headline(stretch);
    let against = (stretch.now.rollup.tier() == Tier::Enough).then(|| against_before(stretch));
    let more = match (more, against) {
        (Some(more), Some(against)) => Some(format!("{more} {against}")),
        (more, against) => more.or(against),
    };
    lead(stretch, Screen::Landscape, compared, headline, more)
}
