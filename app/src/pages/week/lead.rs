//! The head of the page: the week in a sentence, how it compares, and what it rests on.

use chrono::NaiveDate;
use leptos::prelude::*;
use spectrum_domain::week::WeekView;

use super::words;
use crate::pages::{language::Words, routes::Route, said::Said};

/// The head of the page.
pub fn lead(words: Words, view: &WeekView, today: NaiveDate, said: Option<&Said>) -> impl IntoView + use<> {
    let (headline, more) = words::headline(words, view, today);
    // The second sentence and the comparison are one thought: one paragraph.
    let more = match (more, words::against_before(words, view)) {
        (Some(more), Some(against)) => Some(format!("{more} {against}")),
        (more, against) => more.or(against),
    };
    let versions = view.versions_differ().then(|| words.say("week-versions-differ"));
    let again = Route::Week(view.week.label()).to_string();
    // A session that is not on the page has no line of its own to say it at.
    let lost = said.filter(|said| view.sessions.iter().all(|s| s.session_id != said.session_id()));
    view! {
        <section class="lead">
            {lost.map(|_| {
                view! { <p class="said" id="said" role="status" tabindex="-1">{words.say("week-not-here")}</p> }
            })}
            <p class="headline">{headline}</p>
            {more.map(|more| view! { <p class="more">{more}</p> })}
            {versions.map(|versions| view! { <p class="coverage">{versions}</p> })}
            {words::coverage(words, view).map(|coverage| view! { <p class="coverage">{coverage}</p> })}
            {words::pending(words, view).map(|pending| {
                view! { <p class="pending">{pending}" "<a href=again>{words.say("page-look-again")}</a></p> }
            })}
        </section>
    }
}
