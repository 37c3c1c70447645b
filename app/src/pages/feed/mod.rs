//! The feed: what was told of each week that has ended, newest first, each card with its receipt.

pub(super) mod card;
mod month;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
pub use month::{MonthPage, MonthsPage};
use spectrum_core::insight::load_edition::Edition;
use spectrum_domain::{
    calendar::{Week, WeekLabel},
    card::Grain,
    member::{Member, Plan},
    product_event::{Count, DataTier, GeneratorMix, ProductEvent},
    span::Span,
};

use super::{
    ctx,
    language::{Words, id},
    parts::{Here, Surface, count_teaser, help, own_foot_at, teaser},
    problem::{Problem, ProblemPage},
    routes::Route,
    shell::{Head, Script, document},
    spans::At,
    week::note_visit,
};

/// Weeks of one page.
const WEEKS: usize = 4;

/// All that the page shows.
struct Screen {
    member: Member,
    editions: Vec<Edition>,
    /// The week at which the next page begins.
    older: Option<WeekLabel>,
    /// The page does not begin with the newest week.
    inner: bool,
    /// The week it begins with, where the address names one.
    at: Option<At>,
}

/// `/spectrum/feed`.
#[component]
pub fn FeedPage() -> impl IntoView {
    Suspend::new(async move { page(load(None).await) })
}

/// `/spectrum/feed/2026-W47`: the feed from this week on backwards.
#[component]
pub fn FeedFromPage() -> impl IntoView {
    let name = use_params_map().read_untracked().get("week").unwrap_or_default();
    Suspend::new(async move {
        match name.parse() {
            Ok(label) => page(load(Some(label)).await),
            Err(_) => page(Err(Problem::BadWeek)),
        }
    })
}

fn page(loaded: Result<Screen, Problem>) -> AnyView {
    match loaded {
        Ok(screen) => feed_page(&screen).into_any(),
        Err(problem) => view! { <ProblemPage problem/> }.into_any(),
    }
}

async fn load(from: Option<WeekLabel>) -> Result<Screen, Problem> {
    let (services, member) = ctx::reader().await?;
    let before = match from {
        Some(label) => Some(Week::from_label(label, member.week_start).ok_or(Problem::BadWeek)?.end()),
        None => None,
    };
    let most = i64::try_from(WEEKS + 1).unwrap_or(i64::MAX);
    let mut editions = services.list_editions(member.member_id, Grain::Week, before, most).await?;
    let label = |edition: &Edition| Week::containing(edition.period, member.week_start).label();
    let older = editions.get(WEEKS).map(label);
    editions.truncate(WEEKS);
    let (cards_count, generator_mix, data_tier) = counted(&editions);
    // An example of nobody's numbers is no view of one's own.
    if member.plan == Plan::Paid {
        services.note(&member, ProductEvent::FeedViewed { cards_count, generator_mix, data_tier });
    }
    count_teaser(&services, &member, Surface::Feed);
    if let Some(newest) = editions.first().filter(|_| member.plan == Plan::Paid) {
        let week = Week::containing(newest.period, member.week_start);
        note_visit(&services, &member, week, services.today(&member), None);
    }
    let at = from.and_then(|label| Week::from_label(label, member.week_start));
    let at = at.map(|week| At { span: Span::Week(week), today: services.today(&member) });
    Ok(Screen { member, editions, older, inner: from.is_some(), at })
}

/// How much these editions tell of, in buckets: how many cards, by whom, and from how much the first of them.
fn counted<'a>(editions: impl IntoIterator<Item = &'a Edition>) -> (Count, GeneratorMix, DataTier) {
    let cards: Vec<_> = editions.into_iter().flat_map(|edition| &edition.cards).map(|shown| &shown.card).collect();
    let count = Count::of(u64::try_from(cards.len()).unwrap_or(u64::MAX));
    let mix = GeneratorMix::of(cards.iter().map(|card| &card.receipt.generator));
    (count, mix, cards.first().map_or(DataTier::None, |card| card.receipt.tier.into()))
}

fn feed_page(screen: &Screen) -> impl IntoView + use<> {
    let Screen { member, editions, older, inner, at } = screen;
    let words = Words::of_member(member);
    let newest = inner.then(|| view! { <a href=Route::Feed.to_string()>{words.say("feed-newest")}</a> });
    let older = older.map(|label| view! { <a href=Route::FeedFrom(label).to_string()>{words.say("feed-older")}</a> });
    // The panel says the same of every week, so it stands once: at the newest one that calls for it.
    let help_at = editions.iter().position(|edition| edition.flagged > 0);
    let weeks = editions.iter().enumerate().map(|(at, edition)| week(member, edition, help_at == Some(at)).into_any());
    let told = if member.plan == Plan::Free {
        view! {
            {help_at.map(|_| help(member).into_any())}
            {teaser(words, Surface::Feed).into_any()}
        }
        .into_any()
    } else {
        let weeks: Vec<_> = weeks.collect();
        view! {
            {editions.is_empty().then(|| nothing_yet(words, *inner).into_any())}
            {weeks}
        }
        .into_any()
    };
    let (newest, older) = if member.plan == Plan::Free { (None, None) } else { (newest, older) };
    let main = view! {
        <div class="page feed">
            {told}
            <nav class="onward" aria-label=words.say("page-more")>
                {newest}
                {older}
                <a href=Route::Months.to_string()>{words.say("feed-months")}</a>
                <a href=Route::Newest.to_string()>{words.say("feed-this-week")}</a>
            </nav>
        </div>
    };
    let head = Head { title: words.say("feed-title"), script: Script::None };
    let foot = own_foot_at(words, Here::Feed, at.map(|at| (at, member.week_start)));
    document(words, &head, card::bar(words, &head.title), main, foot)
}

/// What the feed says before there is anything in it.
fn nothing_yet(words: Words, inner: bool) -> impl IntoView {
    let text = if inner { id("feed-nothing-before") } else { id("feed-nothing-yet") };
    view! { <section class="edition"><p class="takeaway">{words.say(text)}</p></section> }
}

/// One week: what was told of it, and where to turn.
fn week(member: &Member, edition: &Edition, with_help: bool) -> impl IntoView + use<> {
    let week = Week::containing(edition.period, member.week_start);
    let label = week.label();
    let id = format!("week-{label}");
    let labelled_by = id.clone();
    let cards: Vec<_> =
        edition.cards.iter().map(|shown| card::card(member, Grain::Week, edition, shown).into_any()).collect();
    view! {
        <section class="edition" aria-labelledby=labelled_by>
            <h2 id=id><a href=Route::Week(label).to_string()>{Words::of_member(member).week(week)}</a></h2>
            {card::refreshed(member, edition)}
            {with_help.then(|| help(member).into_any())}
            {cards}
        </section>
    }
}
