//! One session: what was measured of it, in numbers, and the ways to overrule that.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use spectrum_domain::{
    affect::{Family, Quadrant},
    calendar::WeekLabel,
    id::SessionId,
    measure::SessionVector,
    session::SessionSummary,
};

use super::{
    ctx,
    language::{Words, args, id},
    parts::own_foot,
    problem::{Problem, ProblemPage},
    routes::Route,
    shell::{Head, Script, document},
    week::words,
};

/// `/spectrum/session/018f6f2a-…`.
#[component]
pub fn SessionPage() -> impl IntoView {
    let name = use_params_map().read_untracked().get("session").unwrap_or_default();
    Suspend::new(async move {
        match load(&name).await {
            Ok((words, week, session)) => page(words, week, &session).into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

async fn load(name: &str) -> Result<(Words, WeekLabel, SessionSummary), Problem> {
    let (services, member) = ctx::member().await?;
    let session: SessionId = name.parse().map_err(|_| Problem::NotFound)?;
    let (week, session) = services.load_session(&member, session).await?;
    Ok((Words::of_member(&member), week, session))
}

fn page(words: Words, week: WeekLabel, session: &SessionSummary) -> impl IntoView + use<> {
    let (feature, moment) = (words.feature(session.feature), words::moment(words, session));
    let title = words.say_with("session-title", &args! { feature: feature, moment: moment });
    let measured = session.counted();
    let told = if let Some(vector) = measured {
        told(words, session, vector).into_any()
    } else {
        let standing = words::standing(words, session).unwrap_or_else(|| words.say("session-nothing"));
        view! { <p class="takeaway">{standing}</p> }.into_any()
    };
    let header = view! {
        <header class="period">
            <nav aria-label=words.say("page-back")>
                <a class="turn" href=Route::Week(week).to_string() aria-label=words.say("page-back-to-week")>"‹"</a>
                <h1>{title.clone()}</h1>
                <span class="turn"></span>
            </nav>
        </header>
    };
    let main = view! {
        <div class="page settings">
            <section>{told}</section>
            {measured.map(|vector| correction(words, session, vector, week).into_any())}
        </div>
    };
    document(words, &Head { title, script: Script::None }, header, main, own_foot(words))
}

fn told(words: Words, session: &SessionSummary, vector: &SessionVector) -> impl IntoView + use<> {
    let whose = if session.corrected { id("session-corrected") } else { id("session-estimate") };
    let whose = words.say_with(whose, &args! { extent: words::extent(words, vector) });
    view! {
        <h2>{words.quadrant(vector.affect.quadrant())}</h2>
        <p>{words::feelings(words, vector)}</p>
        <p class="coverage">{whose}</p>
    }
}

/// The ways to overrule what was measured, and to take that back.
fn correction(
    words: Words,
    session: &SessionSummary,
    vector: &SessionVector,
    week: WeekLabel,
) -> impl IntoView + use<> {
    let hidden = {
        let (id, week) = (session.session_id.to_string(), week.to_string());
        move || {
            view! {
                <input type="hidden" name="week" value=week.clone()/>
                <input type="hidden" name="session_id" value=id.clone()/>
            }
        }
    };
    let undo = session.corrected.then(|| {
        view! {
            <form method="post" action="/fn/take_correction_back">
                {hidden()}
                <button class="button quiet">{words.say("session-undo")}</button>
            </form>
        }
    });
    let here = vector.affect.quadrant();
    let quadrants: Vec<_> = Quadrant::ALL
        .into_iter()
        .map(|quadrant| {
            view! {
                <label>
                    <input type="radio" name="quadrant" value=quadrant.name() checked=quadrant == here/>
                    {words.quadrant(quadrant)}
                </label>
            }
        })
        .collect();
    let families: Vec<_> = Family::ALL
        .into_iter()
        .map(|family| view! { <option value=family.name()>{words.family(family)}</option> })
        .collect();
    view! {
        <section aria-labelledby="correct-title">
            <h2 id="correct-title">{words.say("session-correct-title")}</h2>
            <p class="takeaway">
                {words.say("session-correct-note")}
            </p>
            <form class="fields" method="post" action="/fn/correct_session">
                {hidden()}
                <fieldset>
                    <legend>{words.say("session-rather")}</legend>
                    {quadrants}
                </fieldset>
                <label class="field">
                    {words.say("session-most")}
                    <select name="family">
                        <option value="">{words.say("session-as-measured")}</option>
                        {families}
                    </select>
                </label>
                <button class="button">{words.say("session-let-count")}</button>
            </form>
            {undo}
        </section>
    }
}
