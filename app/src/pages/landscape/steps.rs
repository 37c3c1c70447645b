//! The parts of a span beside each other: the middle of each with its interval.

use leptos::prelude::*;
use spectrum_domain::{
    rollup::Estimate,
    stretch::{PartSums, Stretch},
};

use super::{plane::middle, words};
use crate::pages::{
    chart::{Chart, Csv, Step, csv_estimate, steps},
    parts::{Filed, Files, filed, table_head, table_row},
    spans::{At, words::words_of},
};

/// From how many parts on their names are cut short.
const MANY: usize = 6;

/// Whether there are parts to stand beside each other.
pub fn has_steps(stretch: &Stretch) -> bool {
    stretch.parts.len() > 1 && stretch.parts.iter().any(|of| pleasantness(of).is_some())
}

fn pleasantness(of: &PartSums) -> Option<Estimate> {
    middle(&of.rollup).map(|(valence, _)| valence)
}

/// The picture.
pub fn chart(stretch: &Stretch) -> Chart {
    let words = words_of(stretch);
    let many = stretch.parts.len() > MANY;
    let parts: Vec<Step> = stretch
        .parts
        .iter()
        .map(|of| Step {
            name: words::part_below(words, stretch.span, of.part, many),
            middle: pleasantness(of),
            n: of.rollup.sessions,
        })
        .collect();
    let [pleasant, between, unpleasant, sessions] = [
        words.say("scale-pleasant"),
        words.say("scale-between"),
        words.say("scale-unpleasant"),
        words.say("scale-sessions"),
    ];
    steps(&parts, [&pleasant, &between, &unpleasant], &sessions)
}

/// The figure.
pub fn steps_figure(stretch: &Stretch) -> impl IntoView + use<> {
    let words = words_of(stretch);
    let head = Filed {
        title_id: "steps-title",
        takeaway_id: "steps-takeaway",
        title: words.say(words::STEPS),
        takeaway: words::steps_takeaway(stretch),
        note: Some(words.say("landscape-steps-note")),
        files: Files::landscape(At { span: stretch.span, today: stretch.today }, "steps"),
    };
    let rows: Vec<_> = stretch
        .parts
        .iter()
        .map(|of| {
            let middle = words::estimate_if(words, pleasantness(of));
            let counts = [of.rollup.sessions, of.rollup.days].map(|n| words.number(n));
            let [sessions, days] = counts;
            table_row(words, words::part(words, stretch.span, of.part), [sessions, days, middle])
        })
        .collect();
    let columns =
        [words.say("column-when"), words.say("column-sessions"), words.say("column-days"), words.say("column-middle")];
    let table = view! {
        <table>
            {table_head(words.say("landscape-steps-caption"), columns)}
            <tbody>{rows}</tbody>
        </table>
    };
    filed(words, head, chart(stretch), table)
}

/// The numbers, for a program.
pub fn csv(stretch: &Stretch) -> String {
    let mut csv = Csv::new(["first", "last", "sessions", "days", "pleasantness", "half_width"]);
    for of in &stretch.parts {
        let [mean, half_width] = csv_estimate(pleasantness(of));
        csv.row([
            of.part.first.to_string(),
            of.part.last().to_string(),
            of.rollup.sessions.to_string(),
            of.rollup.days.to_string(),
            mean,
            half_width,
        ]);
    }
    csv.finish()
}
