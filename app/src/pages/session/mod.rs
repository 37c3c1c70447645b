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
    parts::own_foot,
    problem::{Problem, ProblemPage},
    routes::Route,
    shell::{Head, Script, document},
    week::{dates, sessions::capital, words},
};

/// `/spectrum/session/018f6f2a-…`.
#[component]
pub fn SessionPage() -> impl IntoView {
    let name = use_params_map().read_untracked().get("session").unwrap_or_default();
    Suspend::new(async move {
        match load(&name).await {
            Ok((week, session)) => page(week, &session).into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

async fn load(name: &str) -> Result<(WeekLabel, SessionSummary), Problem> {
    let (services, member) = ctx::member().await?;
    let session: SessionId = name.parse().map_err(|_| Problem::NotFound)?;
    Ok(services.load_session(&member, session).await?)
}

fn page(week: WeekLabel, session: &SessionSummary) -> impl IntoView + use<> {
    let title = format!("{}, {}", session.feature.title(), dates::moment(session));
    let measured = session.counted();
    let told = if let Some(vector) = measured {
        told(session, vector).into_any()
    } else {
        let standing = words::standing(session).unwrap_or("There is nothing measured of this session.");
        view! { <p class="takeaway">{standing}</p> }.into_any()
    };
    let header = view! {
        <header class="period">
            <nav aria-label="Back">
                <a class="turn" href=Route::Week(week).to_string() aria-label="Back to the week">"‹"</a>
                <h1>{title.clone()}</h1>
                <span class="turn"></span>
            </nav>
        </header>
    };
    let main = view! {
        <div class="page settings">
            <section>{told}</section>
            {measured.map(|vector| correction(session, vector, week).into_any())}
        </div>
    };
    document(&Head { title, script: Script::None }, header, main, own_foot())
}

fn told(session: &SessionSummary, vector: &SessionVector) -> impl IntoView + use<> {
    let whose = if session.corrected { "Corrected by you." } else { "An estimate from your own words." };
    view! {
        <h2>{capital(vector.affect.quadrant().title())}</h2>
        <p>{words::feelings(vector)}</p>
        <p class="coverage">{format!("{whose} {}.", capital(&words::extent(vector)))}</p>
    }
}

/// The ways to overrule what was measured, and to take that back.
fn correction(session: &SessionSummary, vector: &SessionVector, week: WeekLabel) -> impl IntoView + use<> {
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
                <button class="button quiet">"Take my correction back"</button>
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
                    {capital(quadrant.title())}
                </label>
            }
        })
        .collect();
    let families: Vec<_> =
        Family::ALL.into_iter().map(|family| view! { <option value=family.name()>{family.title()}</option> }).collect();
    view! {
        <section aria-labelledby="correct-title">
            <h2 id="correct-title">"Not quite?"</h2>
            <p class="takeaway">
                "You know better than any estimate. What you choose here counts in its place, until you take it back."
            </p>
            <form class="fields" method="post" action="/fn/correct_session">
                {hidden()}
                <fieldset>
                    <legend>"This session was rather"</legend>
                    {quadrants}
                </fieldset>
                <label class="field">
                    "What showed most"
                    <select name="family">
                        <option value="">"As it was measured"</option>
                        {families}
                    </select>
                </label>
                <button class="button">"Let this count"</button>
            </form>
            {undo}
        </section>
    }
}
