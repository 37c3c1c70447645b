//! How this is made: who chooses the words, by which revision, and what people who judged it said. Open to every member.

use leptos::prelude::*;
use spectrum_core::{Labelled, insight::open_review::BatchCard};
use spectrum_domain::{
    card::{Language, TEMPLATES},
    review::{Criterion, DECIDED_FROM, MEAN_FROM, Rubric, SCORED_FROM},
};

use super::{
    ctx,
    parts::own_foot,
    problem::{Problem, ProblemPage},
    routes::Route,
    shell::{Head, Script, document},
};

/// `/spectrum/made`.
#[component]
pub fn MadePage() -> impl IntoView {
    Suspend::new(async move {
        match load().await {
            Ok((labelled, batches)) => page(&labelled, &batches).into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

async fn load() -> Result<(Vec<Labelled>, Vec<BatchCard>), Problem> {
    let (services, _) = ctx::member().await?;
    Ok(services.load_prompt_record().await?)
}

fn page(labelled: &[Labelled], batches: &[BatchCard]) -> impl IntoView + use<> {
    let in_use: Vec<_> = labelled
        .iter()
        .map(|Labelled { language, revision, .. }| {
            let of = if revision.name == "monthly" { "months" } else { "weeks" };
            let language = if *language == Language::German { "German" } else { "English" };
            let number = revision.number;
            view! { <li>{format!("Texts of {of} in {language}: revision {number} of the prompt “{}”", revision.name)}</li> }
        })
        .collect();
    let models = if in_use.is_empty() {
        view! { <p>"No model is in use: templates write every word you see."</p> }.into_any()
    } else {
        view! {
            <p>
                "For members who agreed to it, a model may put findings into other words. It is given names of feelings and counts,
                never a word of yours. What it writes is checked against the numbers; what does not hold is thrown away and the
                template’s words stay. These revisions are in use:"
            </p>
            <ul>{in_use}</ul>
        }
        .into_any()
    };
    let results: Vec<_> = batches.iter().map(|card| results(card).into_any()).collect();
    let none = results.is_empty().then(|| view! { <p>"No revision has been judged yet."</p> });
    let main = view! {
        <div class="page settings">
            <section>
                <h2>"The numbers"</h2>
                <p>
                    "A model inside Spectrum reads your sessions and estimates which feelings are in your own words. Everything you
                    see is counted from those estimates. They can be wrong; you can correct a session or leave it out, and what rests
                    on it changes at once."
                </p>
            </section>
            <section>
                <h2>"The words"</h2>
                <p>{format!("Cards and months are written by templates ({TEMPLATES}), which say what was found and nothing else.")}</p>
                {models}
            </section>
            <section>
                <h2>"What people said who judged it"</h2>
                <p>
                    {format!(
                        "Before a revision is used, people judge what it writes about made-up members, without knowing who wrote what. \
                         It takes {DECIDED_FROM} pairs that were decided the same way in both orders, {SCORED_FROM} texts scored with a \
                         mean of {MEAN_FROM} of 2 or more, and no text that failed a criterion of safety.",
                    )}
                </p>
                {none}
            </section>
            {results}
        </div>
    };
    let header = view! {
        <header class="period">
            <nav aria-label="Back">
                <a class="turn" href=Route::Settings.to_string() aria-label="Back">"‹"</a>
                <h1>"How this is made"</h1>
                <span class="turn"></span>
            </nav>
        </header>
    };
    document(&Head { title: "How this is made".to_owned(), script: Script::None }, header, main, own_foot())
}

/// What a closed batch came to.
pub fn results(card: &BatchCard) -> impl IntoView + use<> {
    let record = card.record.clone().unwrap_or_default();
    let pairwise = record.pairwise;
    let language = if card.language == "de" { "German" } else { "English" };
    let closed = card.closed_at.map(|at| at.format("%-d %B %Y").to_string()).unwrap_or_default();
    let won = match (pairwise.decided, pairwise.rate) {
        (0, _) | (_, None) => "No pair was decided.".to_owned(),
        (decided, Some(rate)) => format!(
            "It was preferred in {} of {decided} decided pairs (95 % interval {:.0} to {:.0} %), against {}.",
            pairwise.won,
            100.0 * rate.low,
            100.0 * rate.high,
            card.baseline
        ),
    };
    let others = format!(
        "{} pairs were judged by {} people; {} were equal, {} unsteady.",
        pairwise.pairs, pairwise.reviewers, pairwise.equal, pairwise.unsteady
    );
    let agreement = pairwise.agreement.map(
        |alpha| view! { <p>{format!("Agreement between those who judged (Krippendorff’s alpha): {alpha:.2}.")}</p> },
    );
    let unfit = pairwise.unfit + record.rubric.as_ref().map_or(0, |rubric| rubric.failed);
    let unfit = format!("{unfit} of its texts were called unfit or failed a criterion of safety.");
    let refused: u32 = card.refused.values().sum();
    let refused = format!("The guard had refused {refused} answers before anybody saw them.");
    let rubric = record.rubric.as_ref().map(|rubric| rubric_table(rubric, record.baseline.as_ref()).into_any());
    view! {
        <section>
            <h2>{format!("{}, revision {}, {language}", card.name, card.number)}</h2>
            <p class="coverage">{format!("Written by {}, closed on {closed}", card.model)}</p>
            <p>{won}</p>
            <p>{others}</p>
            {agreement}
            <p>{unfit}" "{refused}</p>
            {rubric}
        </section>
    }
}

fn rubric_table(own: &Rubric, other: Option<&Rubric>) -> impl IntoView + use<> {
    let figure = |mean: f64| format!("{mean:.2}");
    let rows: Vec<_> = Criterion::ALL
        .into_iter()
        .enumerate()
        .map(|(at, criterion)| {
            let name = criterion.name().replace('_', " ");
            let others = other.map_or_else(|| "–".to_owned(), |other| figure(other.means[at]));
            view! { <tr><th scope="row">{name}</th><td>{figure(own.means[at])}</td><td>{others}</td></tr> }
        })
        .collect();
    let others = other.map_or_else(|| "–".to_owned(), |other| figure(other.mean));
    let caption = format!("Points of 2, mean of {} texts", own.texts);
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label="Points by criterion">
            <table>
                <caption>{caption}</caption>
                <thead><tr><th scope="col">"Criterion"</th><th scope="col">"Its texts"</th><th scope="col">"The others"</th></tr></thead>
                <tbody>{rows}<tr><th scope="row">"all"</th><td>{figure(own.mean)}</td><td>{others}</td></tr></tbody>
            </table>
        </div>
    }
}
