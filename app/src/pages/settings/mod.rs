//! What the member decides about their data: one page that leads to all of it, and the pages behind it.

mod erase;
mod exclusions;
mod export;
mod looked;
mod reset;
mod words;

pub use erase::{ErasePage, ErasedPage, is_the_word};
pub use exclusions::ExclusionsPage;
pub use export::ExportPage;
use leptos::prelude::*;
pub use looked::LookedPage;
pub use reset::ResetPage;
use spectrum_core::control::settings::Settings;

use super::{
    ctx,
    parts::own_foot,
    problem::{Problem, ProblemPage},
    routes::Route,
    shell::{Head, Script, document},
    told::Told,
};

/// `/spectrum/settings`.
#[component]
pub fn SettingsPage() -> impl IntoView {
    Suspend::new(async move {
        match load().await {
            Ok((settings, told)) => page(&settings, told).into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

async fn load() -> Result<(Settings, Option<Told>), Problem> {
    let (services, member) = ctx::member().await?;
    let settings = services.load_settings(member.member_id).await?;
    Ok((settings, Told::take()))
}

fn page(settings: &Settings, told: Option<Told>) -> impl IntoView + use<> {
    let main = view! {
        <div class="page settings">
            {told.map(told_line)}
            {section(
                "What counts",
                words::kept_out(settings),
                view! { <a class="button quiet" href=Route::Exclusions.to_string()>"What is left out"</a> },
            )}
            {section("Your words", words::kept_words(settings), keep_text_form(settings.keep_text))}
            {section(
                "Who looked",
                "Every look at your data by a person, and everything that was done with it.".to_owned(),
                view! { <a class="button quiet" href=Route::Looked.to_string()>"See who looked"</a> },
            )}
            {section(
                "How this is made",
                "Where the numbers and the words come from, and what people said who judged them.".to_owned(),
                view! { <a class="button quiet" href=Route::Made.to_string()>"How this is made"</a> },
            )}
            {section(
                "Take everything along",
                "One archive with all that Spectrum holds about you.".to_owned(),
                view! { <a class="button quiet" href=Route::Export.to_string()>"Take everything along"</a> },
            )}
            {section(
                "Start afresh",
                "Erase what was measured, or your sessions as well, and go on from here.".to_owned(),
                view! { <a class="button quiet" href=Route::Reset.to_string()>"Start afresh"</a> },
            )}
            {section(
                "Erase everything",
                "Everything Spectrum holds about you, for good.".to_owned(),
                view! { <a class="button quiet" href=Route::Erase.to_string()>"Erase everything"</a> },
            )}
        </div>
    };
    settings_document("Your data", Route::Newest, main, own_foot())
}

/// A page of the settings: its heading, the way back, and what is said at its foot.
fn settings_document<M, F>(title: &'static str, back: Route, main: M, footer: F) -> impl IntoView + use<M, F>
where
    M: IntoView + 'static,
    F: IntoView + 'static,
{
    let header = view! {
        <header class="period">
            <nav aria-label="Back">
                <a class="turn" href=back.to_string() aria-label="Back">"‹"</a>
                <h1>{title}</h1>
                <span class="turn"></span>
            </nav>
        </header>
    };
    document(&Head { title: title.to_owned(), script: Script::None }, header, main, footer)
}

/// A thing that can be decided: what it is, how it stands, and the way to change it.
fn section<V: IntoView + 'static>(heading: &'static str, standing: String, way: V) -> impl IntoView + use<V> {
    view! {
        <section>
            <h2>{heading}</h2>
            <p class="takeaway">{standing}</p>
            {way}
        </section>
    }
}

/// What the form before this page did.
fn told_line(told: Told) -> impl IntoView {
    view! { <p class="said" id="said" role="status" tabindex="-1">{words::told(&told)}</p> }
}

fn keep_text_form(keep: bool) -> impl IntoView {
    let (value, label) =
        if keep { ("no", "Drop my words once they are read") } else { ("yes", "Keep my words for 30 days") };
    view! {
        <form method="post" action="/fn/keep_text">
            <input type="hidden" name="keep" value=value/>
            <button class="button quiet">{label}</button>
        </form>
    }
}
