//! The sessions of a span, newest first: numbers only, each with the ways to look at it and to leave it out.

use chrono::NaiveDate;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use spectrum_core::rollup::list_sessions::SessionPage;
use spectrum_domain::{calendar::Week, member::Member, span};

use super::{
    chart::symbols,
    ctx,
    language::Words,
    parts::{Here, own_foot_at},
    problem::{Problem, ProblemPage},
    routes::Route,
    said::Said,
    shell::{Head, Script, document},
    spans::{self, At, Screen, period_bar, words::title},
    week::sessions::{Row, row, said_text},
};

/// All that the page shows.
struct Shown {
    member: Member,
    at: At,
    /// The day before which it begins, where that is not the end of the span.
    before: Option<NaiveDate>,
    page: SessionPage,
    said: Option<Said>,
}

/// `/spectrum/sessions/2026-11`.
#[component]
pub fn SessionsPage() -> impl IntoView {
    let name = use_params_map().read_untracked().get("span").unwrap_or_default();
    let before = use_query_map().read_untracked().get("before");
    Suspend::new(async move {
        match load(&name, before.as_deref()).await {
            Ok(shown) => sessions_page(&shown).into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

async fn load(name: &str, before: Option<&str>) -> Result<Shown, Problem> {
    let (services, member) = ctx::member().await?;
    let at = spans::read(&services, &member, name)?;
    let before = before.map(|day| span::day(day).ok_or(Problem::BadSpan)).transpose()?;
    let page = services.list_sessions(&member, at.span, before).await?;
    Ok(Shown { member, at, before, page, said: Said::take_any() })
}

fn sessions_page(shown: &Shown) -> impl IntoView + use<> {
    let Shown { member, at, before, page, said } = shown;
    let (at, words) = (*at, Words::of_member(member));
    let back = before.map_or_else(|| at.to_string(), |day| format!("{at}/{day}"));
    let rows: Vec<_> = page
        .sessions
        .iter()
        .map(|session| {
            let week = Week::containing(session.local_date, member.week_start).label().to_string();
            let said = said.as_ref().filter(|said| said.session_id() == session.session_id);
            row(words, &Row { session, week: &week, back: Some(&back), said }).into_any()
        })
        .collect();
    // A session that is not on the page has no line of its own to say it at.
    let elsewhere = said.as_ref().filter(|said| page.sessions.iter().all(|of| of.session_id != said.session_id()));
    let older = page.older.map(|day| Route::SessionsBefore(at, day).to_string());
    let newest = before.map(|_| Route::Sessions(at).to_string());
    let list = if page.sessions.is_empty() {
        view! { <p class="takeaway">{words.say("sessions-none")}</p> }.into_any()
    } else {
        view! { <ol>{rows}</ol> }.into_any()
    };
    let main = view! {
        {symbols()}
        <div class="page">
            <section class="sessions" aria-labelledby="sessions-title">
                <h2 id="sessions-title">{words.say("sessions-title")}</h2>
                <p class="takeaway">{words.say("sessions-explain")}</p>
                {elsewhere.map(|said| view! { <p class="said" id="said" role="status" tabindex="-1">{said_text(words, said)}</p> })}
                {list}
            </section>
            <nav class="onward" aria-label=words.say("page-more")>
                {newest.map(|href| view! { <a href=href>{words.say("sessions-newest")}</a> })}
                {older.map(|href| view! { <a href=href>{words.say("sessions-older")}</a> })}
                <a href=Route::Landscape(at).to_string()>{words.say("patterns-landscape")}</a>
            </nav>
        </div>
    };
    let head = Head { title: title(words, at.span), script: Script::Islands };
    let bar = period_bar(words, Screen::Sessions, at, member.week_start);
    document(words, &head, bar, main, own_foot_at(words, Here::Landscape, Some((at, member.week_start))))
}
