//! Starting afresh: what is to go, asked once more with what that means, and afterwards the receipt.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use spectrum_domain::{
    id::ResetId,
    reset::{Depth, Reset},
};

use super::{settings_document, told_line};
use crate::pages::{
    ctx, decide::reset_of, parts::own_foot, problem::ProblemPage, routes::Route, told::Told, week::dates::day,
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
            Ok(_) => page(&ask).into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

fn page(ask: &Ask) -> impl IntoView + use<> {
    let said = Told::take().map(told_line);
    let section = match ask {
        Ask::Choose => choose().into_any(),
        Ask::Confirm(reset) => confirm(*reset).into_any(),
        Ask::Done(id) => done(*id).into_any(),
    };
    let main = view! { <div class="page settings">{said}{section}</div> };
    settings_document("Start afresh", Route::Settings, main, own_foot())
}

fn choose() -> impl IntoView {
    view! {
        <section aria-labelledby="reset-title">
            <h2 id="reset-title">"What is to go"</h2>
            <p class="takeaway">"You will be asked once more, with what that means, before anything goes."</p>
            <form class="fields" method="get" action=Route::Reset.to_string()>
                <fieldset>
                    <legend>"Erase"</legend>
                    <label>
                        <input type="radio" name="depth" value=Depth::Derived.name() checked=true/>
                        "What was measured: feelings, days, weeks and months"
                    </label>
                    <label>
                        <input type="radio" name="depth" value=Depth::DerivedAndRaw.name()/>
                        "That, and my sessions with every word still held"
                    </label>
                </fieldset>
                <label class="field">
                    "Only of days before (empty: of all days)"
                    <input type="date" name="before"/>
                </label>
                <fieldset>
                    <legend class="unseen">"What is left out"</legend>
                    <label>
                        <input type="checkbox" name="keep_exclusions" value="yes"/>
                        "What I left out stays left out"
                    </label>
                </fieldset>
                <button class="button quiet">"Go on"</button>
            </form>
        </section>
    }
}

fn confirm(reset: Reset) -> impl IntoView {
    let what = match reset.depth {
        Depth::Derived => {
            "Everything that was measured goes: feelings, corrections, days, weeks and months. Your sessions stay in the \
             list, without numbers, and are not measured again."
        }
        Depth::DerivedAndRaw => {
            "Your sessions go, with every word of them that is still held, and everything that was measured."
        }
    };
    let days = match reset.before {
        None => "This is about all days up to now.".to_owned(),
        Some(before) => format!("This is about all days before {}.", day(before)),
    };
    let exclusions = if reset.keep_exclusions {
        "What you left out stays left out."
    } else {
        "What you left out is forgotten too: everything you write from now on counts."
    };
    let before = reset.before.map(|date| date.to_string()).unwrap_or_default();
    let keep = if reset.keep_exclusions { "yes" } else { "" };
    view! {
        <section aria-labelledby="sure-title">
            <h2 id="sure-title">"Are you sure?"</h2>
            <p>{what}</p>
            <p>{days}</p>
            <p>{exclusions}</p>
            <p class="coverage">"This can’t be undone. You get a signed receipt of what went."</p>
            <form method="post" action="/fn/reset">
                <input type="hidden" name="depth" value=reset.depth.name()/>
                <input type="hidden" name="before" value=before/>
                <input type="hidden" name="keep_exclusions" value=keep/>
                <input type="hidden" name="sure" value="yes"/>
                <button class="button">"Erase it and start afresh"</button>
            </form>
            <p><a href=Route::Settings.to_string()>"Go back, and keep everything"</a></p>
        </section>
    }
}

fn done(id: ResetId) -> impl IntoView {
    let number = id.to_string();
    let receipt = format!("/receipts/{number}");
    view! {
        <section aria-labelledby="done-title">
            <h2 id="done-title">"You start afresh."</h2>
            <p>"A signed receipt says what was found, what was deleted, and that none of it is left."</p>
            <p><code>{number}</code></p>
            <p><a class="button" href=receipt download="">"Save the receipt"</a></p>
        </section>
    }
}
