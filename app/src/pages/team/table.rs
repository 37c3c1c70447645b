//! A table of the team's pages: the same rows as HTML and as CSV.

use leptos::prelude::*;

use crate::pages::{chart::Csv, parts::table_head};

/// What stands where a figure is not shown.
pub const HIDDEN: &str = "–";

/// A table. The first field of a row is what the row is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The name of its file, without `.csv`.
    pub name: &'static str,
    /// What it is of.
    pub caption: String,
    /// The names of its columns.
    pub columns: Vec<String>,
    /// Its rows, each as long as the columns.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// On a page, with the way to its file; it scrolls by itself where it is broader than the window.
    pub fn view(self, file: String) -> AnyView {
        let (label, of_file) = (self.caption.clone(), format!("{} as CSV", self.caption));
        let head = table_head(self.caption, self.columns);
        let rows: Vec<_> = self
            .rows
            .into_iter()
            .map(|row| {
                let mut fields = row.into_iter();
                let about = fields.next().unwrap_or_default();
                let figures: Vec<_> = fields.map(cell).collect();
                let said = is_said(&about);
                view! { <tr><th scope="row" class:said=said>{about}</th>{figures}</tr> }
            })
            .collect();
        view! {
            <div class="scroll" tabindex="0" role="region" aria-label=label>
                <table>{head}<tbody>{rows}</tbody></table>
            </div>
            <p class="files"><a href=file aria-label=of_file download>"CSV"</a></p>
        }
        .into_any()
    }

    /// As a file.
    pub fn csv(&self) -> String {
        let mut csv = Csv::new(&self.columns);
        for row in &self.rows {
            csv.row(row);
        }
        csv.finish()
    }
}

/// A dash by itself tells a listener nothing, and "none" would be false.
fn cell(figure: String) -> AnyView {
    if figure == HIDDEN {
        return view! { <td><span aria-hidden="true">{figure}</span><span class="unseen">"not shown"</span></td> }
            .into_any();
    }
    let said = is_said(&figure);
    view! { <td class:said=said>{figure}</td> }.into_any()
}

/// Whether it is a sentence and no figure: longer than any of those with its interval.
fn is_said(field: &str) -> bool {
    field.chars().count() > 42
}
