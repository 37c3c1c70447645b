//! The way in: a page whose form posts the code of a one-time link, so that fetching the page spends nothing.

use axum::http::StatusCode;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{
    ctx,
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
    match query.get("code").filter(|code| (1..=LONGEST_CODE).contains(&code.len())) {
        Some(code) => with_code(code).into_any(),
        None if query.get("failed").is_some() => failed().into_any(),
        None => without_code().into_any(),
    }
}

fn with_code(code: String) -> impl IntoView {
    let main = view! {
        <div class="notice">
            <h1>"Opening Spectrum"</h1>
            <p>"If nothing happens, continue here. The link works once and for a minute."</p>
            <form class="next" method="post" action="/fn/sign_in">
                <input type="hidden" name="code" value=code/>
                <button class="button">"Continue"</button>
            </form>
        </div>
    };
    document(&Head { title: "Sign in".to_owned(), script: Script::SendForm }, (), main, ())
}

fn without_code() -> impl IntoView {
    let main = notice(
        "This link is used up or has run out.",
        &["A link to Spectrum works once and for a minute, so that nobody else can follow it.", "Nothing was lost."],
        Step::Words("Open Spectrum from the app again and you get a new one."),
    );
    document(&Head { title: "Sign in".to_owned(), script: Script::None }, (), main, ())
}

fn failed() -> impl IntoView {
    ctx::status(StatusCode::SERVICE_UNAVAILABLE);
    let main = notice(
        "We could not sign you in.",
        &["Something on our side did not answer.", "Nothing was lost or changed."],
        Step::Words("Open Spectrum from the app again in a minute."),
    );
    document(&Head { title: "Sign in".to_owned(), script: Script::None }, (), main, ())
}

/// `/signed-out`: what signing out did.
#[component]
pub fn SignedOutPage() -> impl IntoView {
    let main = notice(
        "You are signed out.",
        &["This device no longer shows your pages. Everything is kept as it was."],
        Step::Words("Open Spectrum from the app to come back."),
    );
    document(&Head { title: "Signed out".to_owned(), script: Script::None }, (), main, ())
}
