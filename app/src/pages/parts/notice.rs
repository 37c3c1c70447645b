//! A page that says one thing: what happened, what was kept, what to do next.

use leptos::prelude::*;

/// What can be done next.
#[derive(Debug)]
pub enum Step {
    /// In words only.
    Words(String),
    /// A link of ours.
    Link(String, String),
}

/// The one thing.
pub fn notice(heading: String, paragraphs: Vec<String>, next: Step) -> impl IntoView {
    let paragraphs: Vec<_> = paragraphs.into_iter().map(|text| view! { <p>{text}</p> }).collect();
    let next = match next {
        Step::Words(text) => view! { <p class="next">{text}</p> }.into_any(),
        Step::Link(href, text) => view! { <p class="next"><a class="button" href=href>{text}</a></p> }.into_any(),
    };
    view! {
        <div class="notice">
            <h1>{heading}</h1>
            {paragraphs}
            {next}
        </div>
    }
}
