//! The patterns: which feelings showed, how they went over time, when sessions were held, and how the features lie beside each
//! other.

pub(super) mod features;
pub(super) mod grid;
pub(super) mod mix;
pub(super) mod moved;
pub(super) mod ways;
pub(super) mod words;

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use spectrum_domain::{
    member::Plan,
    product_event::ProductEvent,
    rollup::Tier,
    span::Kind,
    stretch::{Emptiness, Stretch},
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
        words::{title, words_of},
    },
    week::example,
};

/// What the newest patterns are read from: a single week holds too little for most of them.
const NEWEST: Kind = Kind::Days(28);

/// `/spectrum/patterns`: leads to the newest four weeks.
#[component]
pub fn NewestPatterns() -> impl IntoView {
    Suspend::new(async move { newest().await.err().map(|problem| view! { <ProblemPage problem/> }) })
}

async fn newest() -> Result<(), Problem> {
    let (services, member) = ctx::reader().await?;
    let at = spans::newest(&services, &member, NEWEST).await?;
    ctx::see_other(Route::Patterns(at)).map_err(|_| Problem::Broken)
}

/// `/spectrum/patterns/2026-11`.
#[component]
pub fn PatternsPage() -> impl IntoView {
    let name = use_params_map().read_untracked().get("span").unwrap_or_default();
    let compared = use_query_map().read_untracked().get("compare").is_some();
    Suspend::new(async move {
        match load(&name).await {
            Ok(stretch) => patterns_page(&stretch, compared).into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

async fn load(name: &str) -> Result<Stretch, Problem> {
    let (services, member) = ctx::reader().await?;
    let at = spans::read(&services, &member, name)?;
    let stretch = services.load_patterns(&member, at.span).await?;
    // An example of nobody's numbers is no view of one's own.
    if member.plan == Plan::Paid {
        services.note(&member, ProductEvent::DistributionViewed { period_kind: at.span.into() });
    } else if stretch.emptiness() != Some(Emptiness::NothingYet) {
        count_teaser(&services, &member, Surface::Patterns);
    }
    Ok(stretch)
}

fn patterns_page(stretch: &Stretch, compared: bool) -> impl IntoView + use<> {
    let words = words_of(stretch);
    let at = At { span: stretch.span, today: stretch.today };
    let (headline, more) = words::headline(stretch);
    let counts = stretch.now.rollup.tier() >= Tier::Some;
    let nothing_yet = stretch.emptiness() == Some(Emptiness::NothingYet);
    let figures = counts.then(|| {
        view! {
            <div>{mix::mix_figure(stretch, compared).into_any()}</div>
            <div>{ways::ways_figure(stretch)}</div>
            <div>{grid::grid_figure(stretch).into_any()}</div>
            <div>{features::features_figure(stretch).into_any()}</div>
            <div>{moved::moved_figure(stretch).into_any()}</div>
        }
    });
    let whole = if stretch.member.plan == Plan::Free && !nothing_yet {
        behind(stretch, Surface::Patterns).into_any()
    } else {
        view! {
            {lead(stretch, Screen::Patterns, compared, headline, more).into_any()}
            {figures}
            {nothing_yet.then(|| example::example_week(words).into_any())}
        }
        .into_any()
    };
    let main = view! {
        {symbols()}
        <div class="page patterns">
            {stretch.offers_help().then(|| help(&stretch.member).into_any())}
            {whole}
            <nav class="onward" aria-label=words.say("page-more")>
                {(stretch.standing.held > 0).then(|| view! { <a href=Route::Sessions(at).to_string()>{words.say("landscape-sessions")}</a> })}
                <a href=Route::Landscape(at).to_string()>{words.say("patterns-landscape")}</a>
            </nav>
        </div>
    };
    let head = Head { title: title(words, stretch.span), script: Script::None };
    let bar = period_bar(words, Screen::Patterns, at, stretch.member.week_start);
    document(words, &head, bar, main, own_foot_at(words, Here::Patterns, Some((at, stretch.member.week_start))))
}
