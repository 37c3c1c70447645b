//! Erasing everything: what goes and what stays, a word to type, and afterwards the number and the receipt.

use axum::http::StatusCode;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use spectrum_domain::{
    card::Language,
    erasure::{Erasure, ErasureState},
    id::ErasureId,
};

use super::settings_document;
use crate::pages::{
    ctx,
    language::{Words, id},
    parts::noted_foot,
    problem::{Problem, ProblemPage},
    routes::Route,
    shell::{Head, Script, document},
};

/// Whether this is the word that has to be typed, in a language of ours and however it is written.
pub fn is_the_word(text: &str) -> bool {
    let typed = text.trim().to_lowercase();
    Language::ALL.into_iter().any(|language| typed == Words::of_tag(language.tag()).say("erase-word"))
}

/// `/spectrum/settings/erase`.
#[component]
pub fn ErasePage() -> impl IntoView {
    let query = use_query_map();
    let query = query.read_untracked();
    let said = if query.get("not-meant").is_some() {
        Some(id("erase-not-meant"))
    } else if query.get("failed").is_some() {
        Some(id("erase-failed"))
    } else {
        None
    };
    Suspend::new(async move {
        match ctx::member().await {
            Ok((_, member)) => erase_page(Words::of_member(&member), said).into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

fn erase_page(words: Words, said: Option<&'static str>) -> impl IntoView + use<> {
    let main = view! {
        <div class="page settings">
            {said.map(|said| view! { <p class="said" id="said" role="status">{words.say(said)}</p> })}
            <section>
                <p class="takeaway">{words.say("erase-all")}</p>
            </section>
            <section>
                <h2>{words.say("erase-goes")}</h2>
                <ul>
                    <li>{words.say("erase-goes-sessions")}</li>
                    <li>{words.say("erase-goes-measured")}</li>
                    <li>{words.say("erase-goes-settings")}</li>
                    <li>{words.say("erase-goes-key")}</li>
                </ul>
            </section>
            <section>
                <h2>{words.say("erase-stays")}</h2>
                <ul>
                    <li>{words.say("erase-stays-number")}</li>
                    <li>{words.say("erase-stays-backups")}</li>
                    <li>{words.say("erase-stays-conversations")}</li>
                </ul>
            </section>
            <section>
                <h2>{words.say("erase-sure")}</h2>
                <form class="fields" method="post" action="/fn/erase_member">
                    <label class="field">
                        <span>{words.say("erase-type")}</span>
                        <input id="word" name="word" autocomplete="off" autocapitalize="none" spellcheck="false" required/>
                    </label>
                    <button class="button">{words.say("erase-now")}</button>
                </form>
                <p><a href=Route::Newest.to_string()>{words.say("erase-back")}</a></p>
                <p><a href=Route::Looked.to_string()>{words.say("erase-looked")}</a></p>
            </section>
        </div>
    };
    settings_document(
        words,
        words.say("erase-title"),
        Route::Settings,
        main,
        noted_foot(words, words.say("erase-note")),
    )
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
    let words = Words::of_request();
    let number = erasure.erasure_id.to_string();
    let receipt = format!("/receipts/{number}");
    let done = erasure.state == ErasureState::Done;
    let (heading, more) = if done {
        (id("erased-done"), id("erased-done-more"))
    } else {
        (id("erased-under-way"), id("erased-under-way-more"))
    };
    let heading = words.say(heading);
    let title = heading.trim_end_matches('.').to_owned();
    let next = if done {
        view! { <p class="next"><a class="button" href=receipt download="">{words.say("receipt-save")}</a></p> }
            .into_any()
    } else {
        view! { <p class="next"><a class="button" href="">{words.say("page-look-again")}</a></p> }.into_any()
    };
    let main = view! {
        <div class="notice">
            <h1>{heading}</h1>
            <p>{words.say(more)}</p>
            <p>{words.say("erased-number")}</p>
            <p><code id="erasure">{number}</code></p>
            <p>{words.say("erased-keep")}</p>
            {next}
        </div>
    };
    document(words, &Head { title, script: Script::None }, (), main, ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_may_be_written_large_and_with_spaces_around_it_but_is_that_word() {
        for yes in ["erase", "Erase ", " ERASE", "Löschen"] {
            assert!(is_the_word(yes), "{yes}");
        }
        for no in ["", "yes", "erase it", "eras"] {
            assert!(!is_the_word(no), "{no}");
        }
    }
}
