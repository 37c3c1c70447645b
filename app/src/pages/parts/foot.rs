//! The foot of a signed-in page: what its numbers are, and the way out.

use chrono::Weekday;
use leptos::prelude::*;

use super::places::{Here, places};
use crate::pages::{language::Words, routes::Route, spans::At};

/// The foot of a member's page, with the way to what they decide about their data, and the bar of places.
pub fn own_foot(words: Words) -> impl IntoView {
    own_foot_at(words, Here::Elsewhere, None)
}

/// The same for a page of one of the places, and the days it shows.
pub fn own_foot_at(words: Words, here: Here, at: Option<(At, Weekday)>) -> impl IntoView + use<> {
    view! {
        <footer class="foot">
            <p>{words.say("page-estimates")}</p>
            <a class="button quiet" href=Route::Settings.to_string()>{words.say("page-your-data")}</a>
            {sign_out(words)}
        </footer>
        {places(words, here, at).into_any()}
    }
}

/// The foot of a member's page that says something else of its numbers, and the bar of places.
pub fn noted_foot(words: Words, note: String) -> impl IntoView {
    view! {
        {foot(words, note)}
        {places(words, Here::Elsewhere, None).into_any()}
    }
}

/// The foot, with what is to be known about the page's numbers.
pub fn foot(words: Words, note: String) -> impl IntoView {
    view! {
        <footer class="foot">
            <p>{note}</p>
            {sign_out(words)}
        </footer>
    }
}

fn sign_out(words: Words) -> impl IntoView {
    view! {
        <form method="post" action="/fn/sign_out">
            <button class="button quiet">{words.say("page-sign-out")}</button>
        </form>
    }
}
