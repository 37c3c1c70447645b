//! Starting afresh: what is to go, asked once more with what that means, and afterwards the receipt.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use spectrum_domain::{
    id::ResetId,
    reset::{Depth, Reset},
};

use super::{settings_document, told_line};
use crate::pages::{
    ctx,
    decide::reset_of,
    language::{Words, args, id},
    parts::own_foot,
    problem::ProblemPage,
    routes::Route,
    told::Told,
};

/// What the address asks for.
enum Ask {
    /// To choose what is to go.
    Choose,
    /// To be sure.
    Confirm(Reset),
    /// What was done.
    Done(ResetId),
}

/// `/spectrum/settings/reset`: to choose, `?depth=…` to be sure, `?done=…` for the receipt. Looking at any of them changes
/// nothing.
#[component]
pub fn ResetPage() -> impl IntoView {
    let query = use_query_map();
    let query = query.read_untracked();
    let field = |name: &str| query.get(name).unwrap_or_default();
    let ask = if let Ok(done) = field("done").parse() {
        Ask::Done(done)
    } else {
        match reset_of(&field("depth"), &field("before"), &field("keep_exclusions")) {
            Some(reset) => Ask::Confirm(reset),
            None => Ask::Choose,
        }
    };
    Suspend::new(async move {
        match ctx::member().await {
            Ok((_, member)) => page(Words::of_member(&member), &ask).into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

fn page(words: Words, ask: &Ask) -> impl IntoView + use<> {
    let said = Told::take().map(|told| told_line(words, &told));
    let section = match ask {
        Ask::Choose => choose(words).into_any(),
        Ask::Confirm(reset) => confirm(words, *reset).into_any(),
        Ask::Done(id) => done(words, *id).into_any(),
    };
    let main = view! { <div class="page settings">{said}{section}</div> };
    settings_document(words, words.say("reset-title"), Route::Settings, main, own_foot(words))
}

fn choose(words: Words) -> impl IntoView {
    view! {
        <section aria-labelledby="reset-title">
            <h2 id="reset-title">{words.say("reset-what")}</h2>
            <p class="takeaway">{words.say("reset-twice")}</p>
            <form class="fields" method="get" action=Route::Reset.to_string()>
                <fieldset>
                    <legend>{words.say("reset-erase")}</legend>
                    <label>
                        <input type="radio" name="depth" value=Depth::Derived.name() checked=true/>
                        {words.say("reset-derived")}
                    </label>
                    <label>
                        <input type="radio" name="depth" value=Depth::DerivedAndRaw.name()/>
                        {words.say("reset-raw")}
                    </label>
                </fieldset>
                <label class="field">
                    {words.say("reset-before")}
                    <input type="date" name="before"/>
                </label>
                <fieldset>
                    <legend class="unseen">{words.say("reset-exclusions")}</legend>
                    <label>
                        <input type="checkbox" name="keep_exclusions" value="yes"/>
                        {words.say("reset-keep")}
                    </label>
                </fieldset>
                <button class="button quiet">{words.say("reset-go-on")}</button>
            </form>
        </section>
    }
}

fn confirm(words: Words, reset: Reset) -> impl IntoView {
    let what = match reset.depth {
        Depth::Derived => id("reset-sure-derived"),
        Depth::DerivedAndRaw => id("reset-sure-raw"),
    };
    let days = match reset.before {
        None => words.say("reset-sure-all"),
        Some(before) => words.say_with("reset-sure-before", &args! { day: words.day(before) }),
    };
    let exclusions = if reset.keep_exclusions { id("reset-sure-kept") } else { id("reset-sure-forgotten") };
    let before = reset.before.map(|date| date.to_string()).unwrap_or_default();
    let keep = if reset.keep_exclusions { "yes" } else { "" };
    view! {
        <section aria-labelledby="sure-title">
            <h2 id="sure-title">{words.say("reset-sure")}</h2>
            <p>{words.say(what)}</p>
            <p>{days}</p>
            <p>{words.say(exclusions)}</p>
            <p class="coverage">{words.say("reset-sure-receipt")}</p>
            <form method="post" action="/fn/reset">
                <input type="hidden" name="depth" value=reset.depth.name()/>
                <input type="hidden" name="before" value=before/>
                <input type="hidden" name="keep_exclusions" value=keep/>
                <input type="hidden" name="sure" value="yes"/>
                <button class="button">{words.say("reset-now")}</button>
            </form>
            <p><a href=Route::Settings.to_string()>{words.say("reset-back")}</a></p>
        </section>
    }
}

fn done(words: Words, id: ResetId) -> impl IntoView {
    let number = id.to_string();
    let receipt = format!("/receipts/{number}");
    view! {
        <section aria-labelledby="done-title">
            <h2 id="done-title">{words.say("reset-done")}</h2>
            <p>{words.say("reset-done-receipt")}</p>
            <p><code>{number}</code></p>
            <p><a class="button" href=receipt download="">{words.say("receipt-save")}</a></p>
        </section>
    }
}
