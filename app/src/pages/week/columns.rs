//! The seven days of the week, with their table.

use leptos::prelude::*;
use spectrum_domain::week::WeekView;

use super::words;
use crate::pages::{
    chart::{Csv, columns, csv_figure},
    language::{Words, id},
    parts::{Figure, Files, NONE, figure, file_links, mark_row, table_head},
    spans::At,
};

/// The figure.
pub fn columns_figure(words: Words, view: &WeekView, at: At) -> impl IntoView + use<> {
    let days = view.columns();
    let hatched = days.iter().any(|day| day.sessions == 2);
    let note = || words.say(if hatched { id("week-days-note-hatched") } else { id("week-days-note") });
    let head = Figure {
        title_id: "days-title",
        takeaway_id: "days-takeaway",
        title: words.say("week-days-title"),
        takeaway: words::columns_takeaway(words, &days),
        note: days.iter().any(|day| day.sessions > 1).then(note),
    };
    let rows: Vec<_> = days
        .iter()
        .map(|day| {
            let figures = day.range.map_or_else(
                || [NONE; 3].map(str::to_owned),
                |(least, middle, most)| [least, middle, most].map(|m| words.signed(m.as_f64())),
            );
            let [least, middle, most] = figures;
            mark_row(words, words.weekday(day.date), [day.sessions.to_string(), least, middle, most])
        })
        .collect();
    let heads = ["week-days-day", "page-sessions", "week-days-least", "week-days-middle", "week-days-most"];
    let table = view! {
        <table>
            {table_head(words.say("week-days-caption"), heads.map(|name| words.say(name)))}
            <tbody>{rows}</tbody>
        </table>
    };
    let files = file_links(words, &head.title, Files::landscape(at, "days"));
    figure(words, head, columns(words, &days).touched(words.say("figure-touch")), view! { {table}{files} })
}

/// The numbers, for a program.
pub fn csv(view: &WeekView) -> String {
    let mut csv = Csv::new(["date", "sessions", "least", "middle", "most"]);
    for day in view.columns() {
        let [least, middle, most] = match day.range {
            Some((least, middle, most)) => [least, middle, most].map(|m| csv_figure(Some(m.as_f64()))),
            None => [const { String::new() }; 3],
        };
        csv.row([day.date.to_string(), day.sessions.to_string(), least, middle, most]);
    }
    csv.finish()
}
