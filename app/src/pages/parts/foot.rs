//! The foot of a signed-in page: what its numbers are, and the way out.

use leptos::prelude::*;

use crate::pages::routes::Route;

/// What is to be known about the numbers of a member's page.
const ESTIMATES: &str =
    "Feelings here are estimates from your own words. They can be wrong, and you can leave any session out.";

/// The foot of a member's page, with the way to what they decide about their data.
pub fn own_foot() -> impl IntoView {
    view! {
        <footer class="foot">
            <p>{ESTIMATES}</p>
            <a class="button quiet" href=Route::Settings.to_string()>"Your data"</a>
            {sign_out()}
        </footer>
    }
}

/// The foot, with what is to be known about the page's numbers.
pub fn foot(note: &'static str) -> impl IntoView {
    view! {
        <footer class="foot">
            <p>{note}</p>
            {sign_out()}
        </footer>
    }
}

fn sign_out() -> impl IntoView {
    view! {
        <form method="post" action="/fn/sign_out">
            <button class="button quiet">"Sign out"</button>
        </form>
    }
}
