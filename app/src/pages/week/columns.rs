//! The seven days of the week, with their table.

use leptos::prelude::*;
use spectrum_domain::week::WeekView;

use super::{dates, words};
use crate::pages::{
    chart::columns,
    parts::{Figure, figure},
};

/// The figure.
pub fn columns_figure(view: &WeekView) -> impl IntoView + use<> {
    let days = view.columns();
    let hatched = days.iter().any(|day| day.sessions == 2);
    let note = if hatched {
        "A bar reaches from a day’s least to its most pleasant session, the tick is the middle one. Hatched bars rest on \
         two sessions only."
    } else {
        "A bar reaches from a day’s least to its most pleasant session, the tick is the middle one."
    };
    let head = Figure {
        title_id: "days-title",
        takeaway_id: "days-takeaway",
        title: "How the days went",
        takeaway: words::columns_takeaway(&days),
        note: days.iter().any(|day| day.sessions > 1).then(|| note.to_owned()),
    };
    let rows: Vec<_> = days
        .iter()
        .map(|day| {
            let figures = day.range.map_or_else(
                || ["–", "–", "–"].map(str::to_owned),
                |(least, middle, most)| [least, middle, most].map(|m| words::signed(m.as_f64())),
            );
            let [least, middle, most] = figures;
            view! {
                <tr>
                    <th scope="row">{dates::weekday(day.date)}</th>
                    <td>{day.sessions}</td>
                    <td>{least}</td>
                    <td>{middle}</td>
                    <td>{most}</td>
                </tr>
            }
        })
        .collect();
    let table = view! {
        <table>
            <caption>"Each day’s pleasantness, from −1 to 1"</caption>
            <thead>
                <tr>
                    <th scope="col">"Day"</th>
                    <th scope="col">"Sessions"</th>
                    <th scope="col">"Least"</th>
                    <th scope="col">"Middle"</th>
                    <th scope="col">"Most"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    figure(head, columns(&days, |day| dates::weekday_short(day.date)), table)
}
