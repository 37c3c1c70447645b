//! Erasing everything: what goes and what stays, a word to type, and afterwards the number and the receipt.

use axum::http::StatusCode;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use spectrum_domain::{
    erasure::{Erasure, ErasureState},
    id::ErasureId,
};

use super::settings_document;
use crate::pages::{
    ctx,
    parts::foot,
    problem::{Problem, ProblemPage},
    routes::Route,
    shell::{Head, Script, document},
};

/// What has to be typed.
const WORD: &str = "erase";

/// Whether this is the word, however it is written.
pub fn is_the_word(text: &str) -> bool {
    text.trim().eq_ignore_ascii_case(WORD)
}

/// What is said at the foot.
const NOTE: &str = "Leaving a session out of the analysis keeps it and can be undone. Erasing can’t.";

/// `/spectrum/settings/erase`.
#[component]
pub fn ErasePage() -> impl IntoView {
    let query = use_query_map();
    let query = query.read_untracked();
    let said = if query.get("not-meant").is_some() {
        Some("The word was not typed, so nothing was changed.")
    } else if query.get("failed").is_some() {
        Some("Something on our side did not answer. It is safe to try again in a minute.")
    } else {
        None
    };
    Suspend::new(async move {
        match ctx::member().await {
            Ok(_) => erase_page(said).into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

fn erase_page(said: Option<&'static str>) -> impl IntoView + use<> {
    let main = view! {
        <div class="page settings">
            {said.map(|said| view! { <p class="said" id="said" role="status">{said}</p> })}
            <section>
                <p class="takeaway">"This takes away everything Spectrum holds about you, for good. Nobody can bring it back."</p>
            </section>
            <section>
                <h2>"What goes"</h2>
                <ul>
                    <li>"Your sessions and every word in them that is still held"</li>
                    <li>"What was measured: feelings, days, weeks and months"</li>
                    <li>"What you left out, and your settings and consents"</li>
                    <li>"The key your words are sealed with, and every sign-in"</li>
                </ul>
            </section>
            <section>
                <h2>"What stays"</h2>
                <ul>
                    <li>
                        "A number that stands for you and names nobody, so that a restored backup can’t bring you back, \
                         and a record that something was erased"
                    </li>
                    <li>"Backups, until they run out. Your words in them can’t be read without the key"</li>
                    <li>"The conversations themselves, which belong to the app that you write in"</li>
                </ul>
            </section>
            <section>
                <h2>"To be sure"</h2>
                <form class="fields" method="post" action="/fn/erase_member">
                    <label class="field">
                        <span>"To go on, type “" {WORD} "”"</span>
                        <input id="word" name="word" autocomplete="off" autocapitalize="none" spellcheck="false" required/>
                    </label>
                    <button class="button">"Erase everything about me"</button>
                </form>
                <p><a href=Route::Newest.to_string()>"Go back, and keep everything"</a></p>
                <p><a href=Route::Looked.to_string()>"See who looked, and what was done"</a></p>
            </section>
        </div>
    };
    settings_document("Erase everything", Route::Settings, main, foot(NOTE))
}

/// `/erased/<number>`: for whoever has the number; nobody is signed in any more.
#[component]
pub fn ErasedPage() -> impl IntoView {
    let number: Option<ErasureId> = use_params_map().read_untracked().get("erasure").and_then(|text| text.parse().ok());
    let services = ctx::services();
    Suspend::new(async move {
        let (Some(number), Some(services)) = (number, services) else {
            return view! { <ProblemPage problem=Problem::NotFound/> }.into_any();
        };
        match services.load_erasure(number, None).await {
            Ok(erasure) => erased_page(&erasure).into_any(),
            Err(spectrum_core::ServiceError::UnknownErasure(_)) => {
                view! { <ProblemPage problem=Problem::NotFound/> }.into_any()
            }
            Err(error) => view! { <ProblemPage problem=Problem::from(error)/> }.into_any(),
        }
    })
}

fn erased_page(erasure: &Erasure) -> impl IntoView + use<> {
    ctx::status(StatusCode::OK);
    let number = erasure.erasure_id.to_string();
    let receipt = format!("/receipts/{number}");
    let done = erasure.state == ErasureState::Done;
    let (heading, words) = if done {
        (
            "Everything is erased.",
            "A signed receipt says what was found, what was deleted, and that nothing is left. It names nobody.",
        )
    } else {
        (
            "You are shut out, and everything is being erased.",
            "It takes a moment. Then a signed receipt says what was found, what was deleted, and that nothing is left. It \
             names nobody.",
        )
    };
    let next = if done {
        view! { <p class="next"><a class="button" href=receipt download="">"Save the receipt"</a></p> }.into_any()
    } else {
        view! { <p class="next"><a class="button" href="">"Look again"</a></p> }.into_any()
    };
    let main = view! {
        <div class="notice">
            <h1>{heading}</h1>
            <p>{words}</p>
            <p>"The number of this erasure:"</p>
            <p><code id="erasure">{number}</code></p>
            <p>
                "Keep the number or this page’s address: with it the receipt can be had at any time. Nobody can look it up \
                 for you, because nothing here says whose it is any more."
            </p>
            {next}
        </div>
    };
    document(&Head { title: heading.trim_end_matches('.').to_owned(), script: Script::None }, (), main, ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_may_be_written_large_and_with_spaces_around_it_but_is_that_word() {
        for yes in ["erase", "Erase ", " ERASE"] {
            assert!(is_the_word(yes), "{yes}");
        }
        for no in ["", "yes", "erase it", "eras"] {
            assert!(!is_the_word(no), "{no}");
        }
    }
}
