//! The way in: a page whose form posts the code of a one-time link, so that fetching the page spends nothing.

use axum::http::StatusCode;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{
    ctx,
    language::Words,
    parts::{Step, notice},
    shell::{Head, Script, document},
};

/// Longest code that is worth sending on.
const LONGEST_CODE: usize = 512;

/// `/sign-in?code=…`: with a code the form, sent by itself where scripts run; without one, what to do.
#[component]
pub fn SignInPage() -> impl IntoView {
    let query = use_query_map();
    let query = query.read_untracked();
    let words = Words::of_request();
    match query.get("code").filter(|code| (1..=LONGEST_CODE).contains(&code.len())) {
        Some(code) => with_code(words, code).into_any(),
        None if query.get("failed").is_some() => failed(words).into_any(),
        None => without_code(words).into_any(),
    }
}

fn with_code(words: Words, code: String) -> impl IntoView {
    let main = view! {
        <div class="notice">
            <h1>{words.say("sign-in-opening")}</h1>
            <p>{words.say("sign-in-opening-how")}</p>
            <form class="next" method="post" action="/fn/sign_in">
                <input type="hidden" name="code" value=code/>
                <button class="button">{words.say("sign-in-continue")}</button>
            </form>
        </div>
    };
    page(words, words.say("sign-in-title"), Script::SendForm, main)
}

fn without_code(words: Words) -> impl IntoView {
    let main = notice(
        words.say("sign-in-spent"),
        vec![words.say("sign-in-spent-why"), words.say("sign-in-spent-kept")],
        Step::Words(words.say("sign-in-spent-next")),
    );
    page(words, words.say("sign-in-title"), Script::None, main)
}

fn failed(words: Words) -> impl IntoView {
    ctx::status(StatusCode::SERVICE_UNAVAILABLE);
    let main = notice(
        words.say("sign-in-failed"),
        vec![words.say("sign-in-failed-why"), words.say("sign-in-failed-kept")],
        Step::Words(words.say("sign-in-failed-next")),
    );
    page(words, words.say("sign-in-title"), Script::None, main)
}

/// `/signed-out`: what signing out did.
#[component]
pub fn SignedOutPage() -> impl IntoView {
    let words = Words::of_request();
    let main =
        notice(words.say("signed-out"), vec![words.say("signed-out-kept")], Step::Words(words.say("signed-out-next")));
    page(words, words.say("signed-out-title"), Script::None, main)
}

fn page<M: IntoView + 'static>(words: Words, title: String, script: Script, main: M) -> impl IntoView + use<M> {
    document(words, &Head { title, script }, (), main, ())
}
