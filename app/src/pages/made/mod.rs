//! How this is made: who chooses the words, by which revision, and what people who judged it said. Open to every member.

use leptos::prelude::*;
use spectrum_core::{InUse, insight::open_review::BatchCard};
use spectrum_domain::{
    card::{Language, TEMPLATES},
    review::{Criterion, DECIDED_FROM, MEAN_FROM, Rubric, SCORED_FROM},
};

use super::{
    ctx,
    language::{Words, args},
    parts::{NONE, own_foot, table_head, table_row},
    problem::{Problem, ProblemPage},
    routes::Route,
    shell::{Head, Script, document},
};

/// `/spectrum/made`.
#[component]
pub fn MadePage() -> impl IntoView {
    Suspend::new(async move {
        match load().await {
            Ok((words, used, batches)) => page(words, &used, &batches).into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

async fn load() -> Result<(Words, Vec<InUse>, Vec<BatchCard>), Problem> {
    let (services, member) = ctx::member().await?;
    let (used, batches) = services.load_prompt_record().await?;
    Ok((Words::of_member(&member), used, batches))
}

fn page(words: Words, used: &[InUse], batches: &[BatchCard]) -> impl IntoView + use<> {
    let in_use: Vec<_> = used
        .iter()
        .map(|InUse { language, revision }| {
            let text = words.say_with(
                "made-in-use",
                &args! { of: revision.name.as_str(), language: Language::tag(*language), number: revision.number },
            );
            view! { <li>{text}</li> }
        })
        .collect();
    let models = if in_use.is_empty() {
        view! { <p>{words.say("made-no-model")}</p> }.into_any()
    } else {
        view! {
            <p>{words.say("made-model")}</p>
            <ul>{in_use}</ul>
        }
        .into_any()
    };
    let results: Vec<_> = batches.iter().map(|card| results(words, card).into_any()).collect();
    let none = results.is_empty().then(|| view! { <p>{words.say("made-not-judged")}</p> });
    let judged = words.say_with(
        "made-judged-how",
        &args! { decided: DECIDED_FROM, scored: SCORED_FROM, mean: words.decimals(MEAN_FROM, 1) },
    );
    let main = view! {
        <div class="page settings">
            <section>
                <h2>{words.say("made-numbers")}</h2>
                <p>{words.say("made-numbers-how")}</p>
            </section>
            <section>
                <h2>{words.say("made-words")}</h2>
                <p>{words.say_with("made-words-how", &args! { revision: TEMPLATES })}</p>
                {models}
            </section>
            <section>
                <h2>{words.say("made-judged")}</h2>
                <p>{judged}</p>
                {none}
            </section>
            {results}
        </div>
    };
    let title = words.say("made-title");
    let header = view! {
        <header class="period">
            <nav aria-label=words.say("page-back")>
                <a class="turn" href=Route::Settings.to_string() aria-label=words.say("page-back")>"‹"</a>
                <h1>{title.clone()}</h1>
                <span class="turn"></span>
            </nav>
        </header>
    };
    document(words, &Head { title, script: Script::None }, header, main, own_foot(words))
}

/// What a closed batch came to.
pub fn results(words: Words, card: &BatchCard) -> impl IntoView + use<> {
    let record = card.record.clone().unwrap_or_default();
    let pairwise = record.pairwise;
    let title = words.say_with(
        "made-batch",
        &args! { name: card.name.as_str(), number: card.number, language: card.language.as_str() },
    );
    let closed = card.closed_at.map(|at| words.day(at.date_naive())).unwrap_or_default();
    let closed = words.say_with("made-closed", &args! { model: card.model.as_str(), day: closed });
    let won = match (pairwise.decided, pairwise.rate) {
        (0, _) | (_, None) => words.say("made-undecided"),
        (decided, Some(rate)) => words.say_with(
            "made-won",
            &args! {
                won: pairwise.won,
                decided: decided,
                low: words.decimals(100.0 * rate.low, 0),
                high: words.decimals(100.0 * rate.high, 0),
                baseline: card.baseline.as_str(),
            },
        ),
    };
    let others = words.say_with(
        "made-pairs",
        &args! {
            pairs: pairwise.pairs,
            reviewers: pairwise.reviewers,
            equal: pairwise.equal,
            unsteady: pairwise.unsteady,
        },
    );
    let agreement = pairwise.agreement.map(|alpha| {
        let sign = if alpha <= -0.005 { "−" } else { "" };
        let alpha = format!("{sign}{}", words.decimals(alpha, 2));
        view! { <p>{words.say_with("made-agreement", &args! { alpha: alpha })}</p> }
    });
    let unfit = pairwise.unfit + record.rubric.as_ref().map_or(0, |rubric| rubric.failed);
    let unfit = words.say_with("made-unfit", &args! { n: unfit });
    let refused: u32 = card.refused.values().sum();
    let refused = words.say_with("made-refused", &args! { n: refused });
    let rubric = record.rubric.as_ref().map(|rubric| rubric_table(words, rubric, record.baseline.as_ref()).into_any());
    view! {
        <section>
            <h2>{title}</h2>
            <p class="coverage">{closed}</p>
            <p>{won}</p>
            <p>{others}</p>
            {agreement}
            <p>{unfit}" "{refused}</p>
            {rubric}
        </section>
    }
}

fn rubric_table(words: Words, own: &Rubric, other: Option<&Rubric>) -> impl IntoView + use<> {
    let figure = |mean: f64| words.decimals(mean, 2);
    let rows: Vec<_> = Criterion::ALL
        .into_iter()
        .enumerate()
        .map(|(at, criterion)| {
            let name = words.say_with("made-criterion-name", &args! { criterion: criterion.name() });
            let others = other.map_or_else(|| NONE.to_owned(), |other| figure(other.means[at]));
            table_row(words, name, [figure(own.means[at]), others])
        })
        .collect();
    let others = other.map_or_else(|| NONE.to_owned(), |other| figure(other.mean));
    let all = table_row(words, words.say("made-all"), [figure(own.mean), others]);
    let caption = words.say_with("made-points-caption", &args! { n: own.texts });
    let columns = ["made-criterion", "made-its-texts", "made-other-texts"].map(|name| words.say(name));
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=words.say("made-points")>
            <table>
                {table_head(caption, columns)}
                <tbody>{rows}{all}</tbody>
            </table>
        </div>
    }
}
