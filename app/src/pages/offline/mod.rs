//! `/offline`: what a browser shows in place of a page when there is no network. It holds nothing of anybody's, so that a browser
//! may keep it; `public/sw.js` fetches it ahead, in the language the browser asks for.

use leptos::prelude::*;

use super::{
    language::Words,
    parts::{Step, notice},
    shell::{Head, Script, document},
};

/// The page for when there is no network.
#[component]
pub fn OfflinePage() -> impl IntoView {
    let words = Words::of_request();
    let main = notice(
        words.say("offline"),
        vec![words.say("offline-why"), words.say("offline-kept")],
        // The address is that of the page that was asked for.
        Step::Link(String::new(), words.say("page-try-again")),
    );
    document(words, &Head { title: words.say("offline-title"), script: Script::None }, (), main, ())
}
