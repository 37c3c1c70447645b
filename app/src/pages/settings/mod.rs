//! What the member decides about their data: one page that leads to all of it, and the pages behind it.

mod calendar;
mod erase;
mod exclusions;
mod export;
mod looked;
mod notices;
mod reset;
mod words;

pub use calendar::CalendarPage;
pub use erase::{ErasePage, ErasedPage, is_the_word};
pub use exclusions::ExclusionsPage;
pub use export::ExportPage;
use leptos::prelude::*;
pub use looked::LookedPage;
pub use notices::NoticesPage;
pub use reset::ResetPage;
use spectrum_core::control::settings::Settings;
use spectrum_domain::card::Language;

use super::{
    ctx,
    language::{Words, args, id},
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
            Ok((words, settings, told)) => page(words, &settings, told).into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

async fn load() -> Result<(Words, Settings, Option<Told>), Problem> {
    let (services, member) = ctx::member().await?;
    let settings = services.load_settings(member.member_id).await?;
    Ok((Words::of_member(&member), settings, Told::take()))
}

fn page(words: Words, settings: &Settings, told: Option<Told>) -> impl IntoView + use<> {
    let main = view! {
        <div class="page settings">
            {told.map(|told| told_line(words, &told))}
            {section(
                words.say("settings-counts"),
                words::kept_out(words, settings),
                view! { <a class="button quiet" href=Route::Exclusions.to_string()>{words.say("settings-counts-link")}</a> },
            )}
            {section(
                words.say("settings-your-words"),
                words::kept_words(words, settings),
                keep_text_form(words, settings),
            )}
            {section(
                words.say("settings-language"),
                words.say("settings-language-note"),
                language_form(words, settings.language),
            )}
            {section(
                words.say("settings-counting"),
                words.say(if settings.counted { id("settings-counted") } else { id("settings-not-counted") }),
                count_use_form(words, settings.counted),
            )}
            {section(
                words.say("notices-title"),
                words.say("settings-notices-note"),
                view! { <a class="button quiet" href=Route::Notices.to_string()>{words.say("settings-notices-link")}</a> },
            )}
            {section(
                words.say("settings-calendar"),
                words.say("settings-calendar-note"),
                view! { <a class="button quiet" href=Route::Calendar.to_string()>{words.say("settings-calendar-link")}</a> },
            )}
            {section(words.say("settings-model"), words::model(words, settings), model_form(words, settings))}
            {section(
                words.say("settings-who-looked"),
                words.say("settings-who-looked-note"),
                view! { <a class="button quiet" href=Route::Looked.to_string()>{words.say("settings-who-looked-link")}</a> },
            )}
            {section(
                words.say("made-title"),
                words.say("settings-made-note"),
                view! { <a class="button quiet" href=Route::Made.to_string()>{words.say("made-title")}</a> },
            )}
            {section(
                words.say("settings-export"),
                words.say("settings-export-note"),
                view! { <a class="button quiet" href=Route::Export.to_string()>{words.say("settings-export")}</a> },
            )}
            {section(
                words.say("settings-reset"),
                words.say("settings-reset-note"),
                view! { <a class="button quiet" href=Route::Reset.to_string()>{words.say("settings-reset")}</a> },
            )}
            {section(
                words.say("settings-erase"),
                words.say("settings-erase-note"),
                view! { <a class="button quiet" href=Route::Erase.to_string()>{words.say("settings-erase")}</a> },
            )}
        </div>
    };
    settings_document(words, words.say("settings-title"), Route::Newest, main, own_foot(words))
}

/// A page of the settings: its heading, the way back, and what is said at its foot.
fn settings_document<M, F>(words: Words, title: String, back: Route, main: M, footer: F) -> impl IntoView + use<M, F>
where
    M: IntoView + 'static,
    F: IntoView + 'static,
{
    settings_document_with(words, title, back, Script::None, main, footer)
}

/// The same with a script.
fn settings_document_with<M, F>(
    words: Words,
    title: String,
    back: Route,
    script: Script,
    main: M,
    footer: F,
) -> impl IntoView + use<M, F>
where
    M: IntoView + 'static,
    F: IntoView + 'static,
{
    let header = view! {
        <header class="period">
            <nav aria-label=words.say("page-back")>
                <a class="turn" href=back.to_string() aria-label=words.say("page-back")>"‹"</a>
                <h1>{title.clone()}</h1>
                <span class="turn"></span>
            </nav>
        </header>
    };
    document(words, &Head { title, script }, header, main, footer)
}

/// A thing that can be decided: what it is, how it stands, and the way to change it.
fn section<V: IntoView + 'static>(heading: String, standing: String, way: V) -> impl IntoView + use<V> {
    view! {
        <section>
            <h2>{heading}</h2>
            <p class="takeaway">{standing}</p>
            {way}
        </section>
    }
}

/// What the form before this page did.
fn told_line(words: Words, told: &Told) -> impl IntoView + use<> {
    view! { <p class="said" id="said" role="status" tabindex="-1">{words::told(words, told)}</p> }
}

/// Each language by its own name, so that whoever is written to in the wrong one finds theirs.
fn language_form(words: Words, chosen: Option<Language>) -> impl IntoView + use<> {
    let languages: Vec<_> = Language::ALL
        .into_iter()
        .map(|language| {
            let tag = language.tag();
            let name = Words::of_tag(tag).say("language-own-name");
            view! { <option value=tag lang=tag selected=chosen == Some(language)>{name}</option> }
        })
        .collect();
    view! {
        <form class="fields" method="post" action="/fn/choose_language">
            <label class="field">
                {words.say("settings-language")}
                <select name="language">
                    <option value="" selected=chosen.is_none()>{words.say("settings-language-of-app")}</option>
                    {languages}
                </select>
            </label>
            <button class="button quiet">{words.say("settings-language-choose")}</button>
        </form>
    }
}

fn count_use_form(words: Words, counted: bool) -> impl IntoView + use<> {
    let (value, label) = if counted { ("no", id("settings-stop-counting")) } else { ("yes", id("settings-count")) };
    view! {
        <form method="post" action="/fn/count_use">
            <input type="hidden" name="counted" value=value/>
            <button class="button quiet">{words.say(label)}</button>
        </form>
    }
}

fn keep_text_form(words: Words, settings: &Settings) -> impl IntoView + use<> {
    let (value, label) =
        if settings.keep_text { ("no", id("settings-drop-text")) } else { ("yes", id("settings-keep-text")) };
    let label = words.say_with(label, &args! { days: settings.text_days });
    view! {
        <form method="post" action="/fn/keep_text">
            <input type="hidden" name="keep" value=value/>
            <button class="button quiet">{label}</button>
        </form>
    }
}

fn model_form(words: Words, settings: &Settings) -> impl IntoView + use<> {
    let (value, label) =
        if settings.model { ("no", id("settings-model-stop")) } else { ("yes", id("settings-model-allow")) };
    view! {
        <form method="post" action="/fn/decide_model">
            <input type="hidden" name="agreed" value=value/>
            <button class="button quiet">{words.say(label)}</button>
        </form>
    }
}
