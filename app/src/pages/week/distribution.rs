//! Which feelings showed in how many sessions, with the table.

use leptos::prelude::*;
use spectrum_domain::{rollup::Tier, week::WeekView};

use super::words;
use crate::pages::{
    chart::{Bar, bars},
    language::{Words, args},
    parts::{Figure, Files, figure, file_links},
    spans::At,
};

/// The figure.
pub fn distribution_figure(words: Words, view: &WeekView, at: At) -> impl IntoView + use<> {
    let n = view.rollup.sessions;
    let count_of = |count: i32| words.say_with("week-mix-count", &args! { count: count, of: n });
    let counts = view.rollup.families_by_count();
    let rows: Vec<Bar> = counts
        .iter()
        .map(|(family, count)| Bar {
            name: words.family(*family),
            quadrant: family.quadrant(),
            share: f64::from(*count) / f64::from(n.max(1)),
            count: count_of(*count),
            percent: words.percent(*count, n),
            before: None,
        })
        .collect();
    let table_rows: Vec<_> = counts
        .iter()
        .map(|(family, count)| {
            view! {
                <tr>
                    <th scope="row">{words.family(*family)}</th>
                    <td>{count_of(*count)}</td>
                    <td>{words.percent(*count, n)}</td>
                    <td>{words.quadrant_inside(family.quadrant())}</td>
                </tr>
            }
        })
        .collect();
    let named_already = view.rollup.tier() < Tier::Enough;
    let head = Figure {
        title_id: "mix-title",
        takeaway_id: "mix-takeaway",
        title: words.say("week-mix-title"),
        takeaway: if named_already { words::mix_breadth(words, view) } else { words::mix_takeaway(words, view) },
        note: Some(words.say("week-mix-note")),
    };
    let table = view! {
        <table>
            <caption>{words.say("week-mix-caption")}</caption>
            <thead>
                <tr>
                    <th scope="col">{words.say("week-mix-feeling")}</th>
                    <th scope="col">{words.say("page-sessions")}</th>
                    <th scope="col">{words.say("week-mix-share")}</th>
                    <th scope="col">{words.say("week-mix-home")}</th>
                </tr>
            </thead>
            <tbody>{table_rows}</tbody>
        </table>
    };
    let files = file_links(words, &head.title, Files::patterns(at, "mix"));
    figure(words, head, bars(&rows), view! { {table}{files} })
}
