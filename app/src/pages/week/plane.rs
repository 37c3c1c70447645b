//! The plane of the week's sessions, with its table.

use leptos::prelude::*;
use spectrum_domain::{
    rollup::{Rollup, Tier},
    week::WeekView,
};

use super::words;
use crate::pages::{
    chart::{Dot, Middle, Plane, plane},
    landscape::words::estimate,
    language::{Words, id},
    parts::{Figure, Files, figure, file_links, mark_row, table_head, table_row},
    spans::At,
};

/// The figure.
pub fn plane_figure(words: Words, view: &WeekView, at: At) -> impl IntoView + use<> {
    let few = view.rollup.tier() <= Tier::Few;
    let dots = view
        .counted()
        .map(|(session, vector)| Dot {
            at: (vector.affect.valence.as_f64(), vector.affect.arousal.as_f64()),
            quadrant: vector.affect.quadrant(),
            label: few.then(|| words::moment_short(words, session)),
        })
        .collect();
    let middle = middle(&view.rollup);
    // The week before is only shown where there is a middle to hold it against.
    let before = middle.and_then(|_| middle_of_before(view));
    let note = middle.map(|m| words::middle(words, m.valence, m.arousal));
    let head = Figure {
        title_id: "plane-title",
        takeaway_id: "plane-takeaway",
        title: words.say("week-plane-title"),
        takeaway: words::plane_takeaway(words, view),
        note,
    };
    let files = file_links(words, &head.title, Files::landscape(at, "plane"));
    let table = table(words, view, middle, before);
    let names = [words.say("week-plane-this"), words.say("week-plane-before")];
    let plane = plane(words, "plane", &Plane { dots, middle, before, names, ..Plane::default() });
    let plane = plane.touched(words.say("figure-touch"));
    figure(words, head, plane, view! { {table}{files} })
}

fn middle(rollup: &Rollup) -> Option<Middle> {
    (rollup.tier() == Tier::Enough)
        .then(|| Some(Middle { valence: rollup.valence_estimate()?, arousal: rollup.arousal_estimate()? }))
        .flatten()
}

fn middle_of_before(view: &WeekView) -> Option<Middle> {
    middle(&view.before)
}

fn table(words: Words, view: &WeekView, middle: Option<Middle>, before: Option<Middle>) -> impl IntoView + use<> {
    let rows: Vec<_> = view
        .counted()
        .map(|(session, vector)| {
            let figures = [vector.affect.valence, vector.affect.arousal].map(|figure| words.signed(figure.as_f64()));
            mark_row(words, words::moment_short(words, session), figures)
        })
        .collect();
    let summary: Vec<_> = [(id("week-plane-row-middle"), middle), (id("week-plane-row-before"), before)]
        .into_iter()
        .filter_map(|(name, middle)| {
            let Middle { valence, arousal } = middle?;
            Some(table_row(words, words.say(name), [valence, arousal].map(|middle| estimate(words, middle))))
        })
        .collect();
    let heads = ["week-plane-session", "week-plane-pleasantness", "week-plane-energy"].map(|name| words.say(name));
    view! {
        <table>
            {table_head(words.say("week-plane-caption"), heads)}
            <tbody>{rows}{summary}</tbody>
        </table>
    }
}
