//! Which feelings showed in how many sessions, with the table.

use leptos::prelude::*;
use spectrum_domain::{rollup::Tier, week::WeekView};

use super::words;
use crate::pages::{
    chart::{Bar, bars},
    parts::{Figure, figure},
};

/// The figure.
pub fn distribution_figure(view: &WeekView) -> impl IntoView + use<> {
    let n = view.rollup.sessions;
    let counts = view.rollup.families_by_count();
    let rows: Vec<Bar> = counts
        .iter()
        .map(|(family, count)| Bar {
            name: family.title(),
            quadrant: family.quadrant(),
            share: f64::from(*count) / f64::from(n.max(1)),
            count: format!("{count} of {n}"),
            percent: words::percent(*count, n),
        })
        .collect();
    let table_rows: Vec<_> = counts
        .iter()
        .map(|(family, count)| {
            view! {
                <tr>
                    <th scope="row">{family.title()}</th>
                    <td>{format!("{count} of {n}")}</td>
                    <td>{words::percent(*count, n)}</td>
                    <td>{family.quadrant().title()}</td>
                </tr>
            }
        })
        .collect();
    let named_already = view.rollup.tier() < Tier::Enough;
    let head = Figure {
        title_id: "mix-title",
        takeaway_id: "mix-takeaway",
        title: "Which feelings showed",
        takeaway: if named_already { words::mix_breadth(view) } else { words::mix_takeaway(view) },
        note: Some(
            "One session can hold several feelings or none, so the shares need not add up to 100\u{a0}%.".to_owned(),
        ),
    };
    let table = view! {
        <table>
            <caption>"Sessions in which each feeling showed"</caption>
            <thead>
                <tr>
                    <th scope="col">"Feeling"</th>
                    <th scope="col">"Sessions"</th>
                    <th scope="col">"Share"</th>
                    <th scope="col">"At home in"</th>
                </tr>
            </thead>
            <tbody>{table_rows}</tbody>
        </table>
    };
    figure(head, bars(&rows), table)
}
