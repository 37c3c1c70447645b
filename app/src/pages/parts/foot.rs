//! The foot of a signed-in page: what its numbers are, and the way out.

use leptos::prelude::*;

/// What is to be known about the numbers of a member's page.
pub const ESTIMATES: &str =
    "Feelings here are estimates from your own words. They can be wrong, and you can leave any session out.";

/// The foot, with what is to be known about the page's numbers.
pub fn foot(note: &'static str) -> impl IntoView {
    view! {
        <footer class="foot">
            <p>{note}</p>
            <form method="post" action="/fn/sign_out">
                <button class="button quiet">"Sign out"</button>
            </form>
        </footer>
    }
}
