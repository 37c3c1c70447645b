//! A pair to be judged: two texts side by side, what both rest on, and three answers.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use spectrum_core::insight::review_texts::ShownPair;
use spectrum_domain::{access::StaffRole, id::BatchId, review::Choice};

use super::{NOTE, all_done, bar, facts};
use crate::pages::{
    ctx,
    language::Words,
    parts::foot,
    problem::{Problem, ProblemPage},
    shell::{Head, Script, document},
};

/// `/staff/review/{batch}/pair`.
#[component]
pub fn PairPage() -> impl IntoView {
    let batch = use_params_map().read_untracked().get("batch").unwrap_or_default();
    Suspend::new(async move {
        match load(&batch).await {
            Ok((Some(pair), now)) => page(&pair, now).into_any(),
            Ok((None, _)) => all_done("Judge pairs").into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

async fn load(batch: &str) -> Result<(Option<ShownPair>, i64), Problem> {
    let (services, reviewer) = ctx::staff(StaffRole::Reviewer).await?;
    let batch: BatchId = batch.parse().map_err(|_| Problem::NotFound)?;
    Ok((services.next_pair(reviewer, batch).await?, services.ambient().now().timestamp()))
}

fn page(pair: &ShownPair, now: i64) -> impl IntoView + use<> {
    let [left, right] = &pair.texts;
    let answers: Vec<_> = Choice::ALL
        .into_iter()
        .map(|choice| {
            let label = match choice {
                Choice::Left => "Text 1",
                Choice::Equal => "Neither",
                Choice::Right => "Text 2",
            };
            view! { <button class="button" name="choice" value=choice.name()>{label}</button> }
        })
        .collect();
    let main = view! {
        <div class="page settings review">
            <div class="pair">
                {facts::text("Text 1", left, &pair.language).into_any()}
                {facts::text("Text 2", right, &pair.language).into_any()}
            </div>
            <section aria-labelledby="which">
                <h2 id="which">"Which one would you rather show to this member?"</h2>
                <form class="fields" method="post" action="/fn/judge_pair">
                    <input type="hidden" name="pair" value=pair.pair.to_string()/>
                    <input type="hidden" name="showing" value=pair.showing.number().to_string()/>
                    <input type="hidden" name="shown_at" value=now.to_string()/>
                    <fieldset>
                        <legend class="unseen">"Must not be shown"</legend>
                        <label><input type="checkbox" name="unfit_left" value="yes"/>"Text 1 must not be shown to anybody"</label>
                        <label><input type="checkbox" name="unfit_right" value="yes"/>"Text 2 must not be shown to anybody"</label>
                    </fieldset>
                    <p class="ways">{answers}</p>
                </form>
            </section>
            {facts::facts(&pair.facts).into_any()}
        </div>
    };
    document(
        Words::english(),
        &Head { title: "Judge pairs".to_owned(), script: Script::None },
        bar("Judge pairs"),
        main,
        foot(Words::english(), NOTE.to_owned()),
    )
}
