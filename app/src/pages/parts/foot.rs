//! The foot of a signed-in page: what the numbers are, and the way out.

use leptos::prelude::*;

/// The foot.
pub fn foot() -> impl IntoView {
    view! {
        <footer class="foot">
            <p>"Feelings here are estimates from your own words. They can be wrong, and you can leave any session out."</p>
            <form method="post" action="/fn/sign_out">
                <button class="button quiet">"Sign out"</button>
            </form>
        </footer>
    }
}
