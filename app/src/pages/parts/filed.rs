//! The figure around a chart that is had as files too: heading, takeaway, picture, note, the numbers as a table, and the ways
//! to both as files.

use leptos::prelude::*;

use super::figure::{Figure, figure};
use crate::pages::{
    chart::Chart,
    language::{Words, args},
    routes::Route,
    spans::At,
};

/// What stands around a chart.
#[derive(Debug)]
pub struct Filed {
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
    /// Where the picture and its numbers are had.
    pub files: Files,
}

/// The addresses of a figure's files.
#[derive(Debug)]
pub struct Files {
    svg: String,
    csv: String,
}

impl Files {
    /// Those of a figure of the landscape.
    pub fn landscape(at: At, name: &'static str) -> Self {
        let of = |kind| Route::LandscapeFile(at, name, kind).to_string();
        Self { svg: of("svg"), csv: of("csv") }
    }

    /// Those of a figure of the patterns.
    pub fn patterns(at: At, name: &'static str) -> Self {
        let of = |kind| Route::PatternsFile(at, name, kind).to_string();
        Self { svg: of("svg"), csv: of("csv") }
    }
}

/// Puts a chart and its table into a figure.
pub fn filed(words: Words, head: Filed, chart: Chart, table: impl IntoView + 'static) -> impl IntoView {
    let Filed { title_id, takeaway_id, title, takeaway, note, files } = head;
    let files = file_links(words, &title, files);
    let head = Figure { title_id, takeaway_id, title, takeaway, note };
    figure(words, head, chart, view! { {table.into_any()}{files} })
}

/// The ways to a figure's files.
pub fn file_links(words: Words, title: &str, Files { svg, csv }: Files) -> AnyView {
    let svg_name = words.say_with("figure-picture-of", &args! { title: title });
    let csv_name = words.say_with("figure-csv-of", &args! { title: title });
    view! {
        <p class="files">
            <a href=svg aria-label=svg_name download>{words.say("figure-picture")}</a>
            <a href=csv aria-label=csv_name download>{words.say("figure-csv")}</a>
        </p>
    }
    .into_any()
}

/// The head of a table: its caption and the names of its columns.
pub fn table_head(caption: String, columns: impl IntoIterator<Item = String>) -> AnyView {
    let columns: Vec<_> = columns.into_iter().map(|name| view! { <th scope="col">{name}</th> }).collect();
    view! {
        <caption>{caption}</caption>
        <thead>
            <tr>{columns}</tr>
        </thead>
    }
    .into_any()
}

/// What a table shows where there is no figure.
pub const NONE: &str = "–";

/// The cells of a row. A dash by itself tells a listener nothing.
fn cells(words: Words, figures: impl IntoIterator<Item = String>) -> Vec<AnyView> {
    let cell = |figure: String| {
        if figure == NONE {
            let none = words.say("figure-none");
            return view! { <td><span aria-hidden="true">{figure}</span><span class="unseen">{none}</span></td> }
                .into_any();
        }
        view! { <td>{figure}</td> }.into_any()
    };
    figures.into_iter().map(cell).collect()
}

/// A row of a table: what it is about, and its figures.
pub fn table_row(words: Words, name: String, figures: impl IntoIterator<Item = String>) -> AnyView {
    let figures = cells(words, figures);
    view! { <tr><th scope="row">{name}</th>{figures}</tr> }.into_any()
}

/// The same for what is a mark of the picture, which can be touched.
pub fn mark_row(words: Words, name: String, figures: impl IntoIterator<Item = String>) -> AnyView {
    let figures = cells(words, figures);
    // `Readout` takes the rows with this for the picture's marks, in their order.
    view! { <tr data-mark=""><th scope="row">{name}</th>{figures}</tr> }.into_any()
}
