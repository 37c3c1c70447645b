//! What reviewers see: batches of texts about made-up members, pairs to be judged blind, and single texts to be scored.
//!
//! INVARIANT: nothing on these pages says who wrote a text while its batch is open.

mod facts;
mod pair;
mod text;

use leptos::prelude::*;
pub use pair::PairPage;
use spectrum_core::insight::{open_review::BatchCard, review_texts::Progress};
use spectrum_domain::{access::StaffRole, review::DECIDED_FROM};
pub use text::TextPage;

use super::{
    ctx,
    language::Words,
    made::results,
    parts::foot,
    problem::{Problem, ProblemPage},
    routes::Route,
    shell::{Head, Script, document},
};

/// What is said at the foot.
const NOTE: &str = "The members in these texts are made up. Nothing here is about a person.";

/// `/staff/review`.
#[component]
pub fn ReviewsPage() -> impl IntoView {
    Suspend::new(async move {
        match load().await {
            Ok(reviews) => page(&reviews).into_any(),
            Err(problem) => view! { <ProblemPage problem/> }.into_any(),
        }
    })
}

async fn load() -> Result<Vec<(BatchCard, Option<Progress>)>, Problem> {
    let (services, reviewer) = ctx::staff(StaffRole::Reviewer).await?;
    Ok(services.list_reviews(reviewer).await?)
}

fn page(reviews: &[(BatchCard, Option<Progress>)]) -> impl IntoView + use<> {
    let open: Vec<_> =
        reviews.iter().filter_map(|(card, progress)| Some(open_batch(card, (*progress)?).into_any())).collect();
    let closed: Vec<_> = reviews
        .iter()
        .filter(|(card, _)| card.record.is_some())
        .map(|(card, _)| results(Words::english(), card).into_any())
        .collect();
    let nothing = open.is_empty().then(|| {
        view! { <p class="takeaway">"Nothing is waiting to be judged. An operator opens a batch with "<code>"spectrum prompts review"</code>"."</p> }
    });
    let closed = (!closed.is_empty()).then(|| {
        view! {
            <h2>"What was judged"</h2>
            {closed}
        }
    });
    let main = view! {
        <div class="page settings review">
            <section>
                <h1>"Review"</h1>
                <p>
                    "Each pair is two texts about the same made-up period. Say which one you would rather show to a member. You see
                    every pair twice, with its sides changed; only what you say both times counts. "
                    {format!("A revision needs {DECIDED_FROM} decided pairs before it may be used.")}
                </p>
                {nothing}
            </section>
            {open}
            {closed}
        </div>
    };
    document(
        Words::english(),
        &Head { title: "Review".to_owned(), script: Script::None },
        (),
        main,
        foot(Words::english(), NOTE.to_owned()),
    )
}

fn open_batch(card: &BatchCard, progress: Progress) -> impl IntoView + use<> {
    let Progress { looks, scored, of } = progress;
    let kind = if card.name == "monthly" { "Months" } else { "Weeks" };
    let language = if card.language == "de" { "German" } else { "English" };
    let opened = card.opened_at.format("%-d %B %Y").to_string();
    view! {
        <section>
            <h2>{format!("{kind} in {language}, since {opened}")}</h2>
            <p>{format!("{looks} of {of} looks, {scored} of {of} texts scored.")}</p>
            <p class="ways">
                <a class="button" href=Route::ReviewPair(card.batch_id).to_string()>"Judge pairs"</a>
                <a class="button quiet" href=Route::ReviewText(card.batch_id).to_string()>"Score texts"</a>
            </p>
        </section>
    }
}

/// The bar of a page of a batch.
fn bar(title: &'static str) -> impl IntoView {
    view! {
        <header class="period">
            <nav aria-label="Back">
                <a class="turn" href=Route::Reviews.to_string() aria-label="Back to all batches">"‹"</a>
                <h1>{title}</h1>
                <span class="turn"></span>
            </nav>
        </header>
    }
}

/// The page of a batch where there is nothing more to do.
fn all_done(title: &'static str) -> impl IntoView {
    let main = view! {
        <div class="page settings review">
            <section>
                <p class="takeaway">"That was all of this batch. Thank you."</p>
                <p><a class="button" href=Route::Reviews.to_string()>"Back to all batches"</a></p>
            </section>
        </div>
    };
    document(
        Words::english(),
        &Head { title: title.to_owned(), script: Script::None },
        bar(title),
        main,
        foot(Words::english(), NOTE.to_owned()),
    )
}
