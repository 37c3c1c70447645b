//! The foot of a signed-in page: what its numbers are, and the way out.

use leptos::prelude::*;

use crate::pages::{language::Words, routes::Route};

/// The foot of a member's page, with the way to what they decide about their data.
pub fn own_foot(words: Words) -> impl IntoView {
    view! {
        <footer class="foot">
            <p>{words.say("page-estimates")}</p>
            <a class="button quiet" href=Route::Settings.to_string()>{words.say("page-your-data")}</a>
            {sign_out(words)}
        </footer>
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
