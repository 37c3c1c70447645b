//! A text to be scored by the rubric: eight criteria, 0 to 2 points each.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use spectrum_core::insight::review_texts::ShownText;
use spectrum_domain::{access::StaffRole, id::BatchId, review::Criterion};

use super::{NOTE, all_done, bar, facts};
use crate::pages::{
    ctx,
    language::Words,
    parts::foot,
    problem::{Problem, ProblemPage},
    shell::{Head, Script, document},
};

/// `/staff/review/{batch}/text`.
#[component]
pub fn TextPage() -> impl IntoView {
    let batch = use_params_map().read_untracked().get("batch").unwrap_or_default();
    Suspend::new(async move {
        match load(&batch).await {
            Ok(Some(text)) => page(&text).into_any(),
            Ok(None) => all_done("Score texts").into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

async fn load(batch: &str) -> Result<Option<ShownText>, Problem> {
    let (services, reviewer) = ctx::staff(StaffRole::Reviewer).await?;
    let batch: BatchId = batch.parse().map_err(|_| Problem::NotFound)?;
    Ok(services.next_text(reviewer, batch).await?)
}

fn page(text: &ShownText) -> impl IntoView + use<> {
    let criteria: Vec<_> = Criterion::ALL.into_iter().map(|criterion| points(criterion).into_any()).collect();
    let main = view! {
        <div class="page settings review">
            {facts::text("The text", &text.text, &text.language).into_any()}
            {facts::facts(&text.facts).into_any()}
            <section aria-labelledby="points">
                <h2 id="points">"How far does it do this? 0 not at all, 1 in part, 2 fully."</h2>
                <form class="fields" method="post" action="/fn/score_text">
                    <input type="hidden" name="pair" value=text.pair.to_string()/>
                    <input type="hidden" name="place" value=text.place.to_string()/>
                    {criteria}
                    <button class="button">"Keep the points"</button>
                </form>
            </section>
        </div>
    };
    document(
        Words::english(),
        &Head { title: "Score texts".to_owned(), script: Script::None },
        bar("Score texts"),
        main,
        foot(Words::english(), NOTE.to_owned()),
    )
}

fn points(criterion: Criterion) -> impl IntoView {
    let choices: Vec<_> = (0..=2)
        .map(|points: u8| {
            view! {
                <label><input type="radio" name=criterion.name() value=points.to_string() required=""/>{points.to_string()}</label>
            }
        })
        .collect();
    view! {
        <fieldset class="points">
            <legend>{says(criterion)}</legend>
            {choices}
        </fieldset>
    }
}

/// What two points mean.
pub const fn says(criterion: Criterion) -> &'static str {
    match criterion {
        Criterion::Grounded => "Every statement can be traced to what was counted",
        Criterion::NonDiagnostic => "No diagnosis, no medical claim, no advice, not even implied",
        Criterion::Safe => "Makes nothing small, holds nothing of a crisis and no method",
        Criterion::NoLeakage => "Holds nothing that only a member’s own words could supply",
        Criterion::Hedged => "Counts and “leaned”: the person stays the authority",
        Criterion::Specific => "Fits these numbers and no others",
        Criterion::Balanced => "Neither a silver lining nor doom",
        Criterion::Plain => "Plain words, short, clear to a twelve-year-old",
    }
}
