//! The span beside the one before: both middles with their intervals, on each axis.

use leptos::prelude::*;
use spectrum_domain::{
    rollup::{Estimate, Rollup},
    stretch::Stretch,
};

use super::{plane::middle, words};
use crate::pages::{
    chart::{Chart, Csv, DotRow, Dots, csv_estimate, dots},
    parts::{Filed, Files, filed, table_head, table_row},
    spans::{
        At,
        words::{against_before, this, words_of},
    },
};

/// The picture.
pub fn chart(stretch: &Stretch) -> Chart {
    let words = words_of(stretch);
    let sides = [
        (words.say("landscape-beside-now"), &stretch.now.rollup, false),
        (words.say("landscape-beside-before"), &stretch.before.rollup, true),
    ];
    let rows = |pick: fn((Estimate, Estimate)) -> Estimate| {
        let row = |(name, rollup, before): &(String, &Rollup, bool)| DotRow {
            name: name.clone(),
            figure: middle(rollup).map(pick),
            n: rollup.sessions,
            before: *before,
        };
        sides.iter().map(row).collect()
    };
    let groups = [
        Dots { ends: [words.say("scale-unpleasant"), words.say("scale-pleasant")], rows: rows(|(valence, _)| valence) },
        Dots {
            ends: [words.say("scale-low-energy"), words.say("scale-high-energy")],
            rows: rows(|(_, arousal)| arousal),
        },
    ];
    dots(&groups, &words.say("figure-too-few"))
}

/// The figure.
pub fn beside_figure(stretch: &Stretch) -> impl IntoView + use<> {
    let words = words_of(stretch);
    let head = Filed {
        title_id: "beside-title",
        takeaway_id: "beside-takeaway",
        title: words.say(words::BESIDE),
        takeaway: against_before(stretch),
        note: Some(words::beside_note(stretch)),
        files: Files::landscape(At { span: stretch.span, today: stretch.today }, "beside"),
    };
    let sides =
        [(this(words, stretch.span), &stretch.now.rollup), (words::name_of_before(stretch), &stretch.before.rollup)];
    let rows = sides.map(|(name, rollup)| {
        let (valence, arousal) = middle(rollup).unzip();
        let [valence, arousal] = [valence, arousal].map(|middle| words::estimate_if(words, middle));
        table_row(words, name, [words.number(rollup.sessions), words.number(rollup.days), valence, arousal])
    });
    let columns = [
        words.say("column-when"),
        words.say("column-sessions"),
        words.say("column-days"),
        words.say("column-pleasantness"),
        words.say("column-energy"),
    ];
    let table = view! {
        <table>
            {table_head(words.say("landscape-beside-caption"), columns)}
            <tbody>{Vec::from(rows)}</tbody>
        </table>
    };
    filed(words, head, chart(stretch), table)
}

/// The numbers, for a program.
pub fn csv(stretch: &Stretch) -> String {
    let mut csv = Csv::new([
        "what",
        "sessions",
        "days",
        "pleasantness",
        "pleasantness_half_width",
        "energy",
        "energy_half_width",
    ]);
    for (what, rollup) in [("span", &stretch.now.rollup), ("span_before", &stretch.before.rollup)] {
        let (valence, arousal) = middle(rollup).unzip();
        let [pleasantness, half_width] = csv_estimate(valence);
        let [energy, energy_half_width] = csv_estimate(arousal);
        csv.row([
            what.to_owned(),
            rollup.sessions.to_string(),
            rollup.days.to_string(),
            pleasantness,
            half_width,
            energy,
            energy_half_width,
        ]);
    }
    csv.finish()
}
