//! The figure around a chart: heading, one-sentence takeaway, picture, note, and the numbers as a table.

use leptos::prelude::*;

use crate::pages::{chart::Chart, language::Words};

/// What stands around a chart.
#[derive(Debug)]
pub struct Figure {
    /// Id of the heading, which names the picture.
    pub title_id: &'static str,
    /// Id of the takeaway, which describes it.
    pub takeaway_id: &'static str,
    /// The heading.
    pub title: String,
    /// What the picture shows, in one sentence.
    pub takeaway: String,
    /// What has to be known to read it.
    pub note: Option<String>,
}

/// Puts a chart and its table into a figure.
pub fn figure(words: Words, figure: Figure, chart: Chart, table: impl IntoView) -> impl IntoView {
    let Figure { title_id, takeaway_id, title, takeaway, note } = figure;
    view! {
        <figure aria-labelledby=title_id>
            <figcaption>
                <h2 id=title_id>{title}</h2>
                <p class="takeaway" id=takeaway_id>{takeaway}</p>
            </figcaption>
            {chart.view(title_id, takeaway_id)}
            {note.map(|note| view! { <p class="note">{note}</p> })}
            <details>
                <summary aria-describedby=title_id>{words.say("figure-numbers")}</summary>
                {table}
            </details>
        </figure>
    }
}
