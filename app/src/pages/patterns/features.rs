//! The three features beside each other: the middle of each one's sessions with its interval.

use leptos::prelude::*;
use spectrum_domain::{
    rollup::Estimate,
    stretch::{FeatureFigures, Stretch},
};

use super::words;
use crate::pages::{
    chart::{Chart, Csv, DotRow, Dots, csv_estimate, dots},
    landscape::words::estimate_if,
    parts::{Filed, Files, filed, table_head, table_row},
    spans::{At, words::words_of},
};

/// The picture.
pub fn chart(stretch: &Stretch) -> Chart {
    let words = words_of(stretch);
    let rows = |pick: fn(&FeatureFigures) -> Option<Estimate>| {
        let row = |of: &FeatureFigures| DotRow {
            name: words.feature(of.feature),
            figure: pick(of),
            n: of.sessions,
            before: false,
        };
        stretch.features().iter().map(row).collect()
    };
    let groups = [
        Dots { ends: [words.say("scale-unpleasant"), words.say("scale-pleasant")], rows: rows(|of| of.valence) },
        Dots { ends: [words.say("scale-low-energy"), words.say("scale-high-energy")], rows: rows(|of| of.arousal) },
    ];
    dots(&groups, &words.say("figure-too-few"))
}

/// The figure.
pub fn features_figure(stretch: &Stretch) -> impl IntoView + use<> {
    let words = words_of(stretch);
    let head = Filed {
        title_id: "features-title",
        takeaway_id: "features-takeaway",
        title: words.say("patterns-features"),
        takeaway: words::features(stretch),
        note: Some(words.say("patterns-features-note")),
        files: Files::patterns(At { span: stretch.span, today: stretch.today }, "features"),
    };
    let rows = stretch.features().map(|of| {
        let counts = [words.number(of.sessions), words.number(of.days)];
        let figures = [of.valence, of.arousal].map(|figure| estimate_if(words, figure));
        table_row(words, words.feature(of.feature), counts.into_iter().chain(figures))
    });
    let columns = [
        words.say("patterns-column-feature"),
        words.say("column-sessions"),
        words.say("column-days"),
        words.say("column-pleasantness"),
        words.say("column-energy"),
    ];
    let table = view! {
        <table>
            {table_head(words.say("patterns-features-caption"), columns)}
            <tbody>{Vec::from(rows)}</tbody>
        </table>
    };
    filed(words, head, chart(stretch), table)
}

/// The numbers, for a program.
pub fn csv(stretch: &Stretch) -> String {
    let mut csv = Csv::new([
        "feature",
        "sessions",
        "days",
        "pleasantness",
        "pleasantness_half_width",
        "energy",
        "energy_half_width",
    ]);
    for of in stretch.features() {
        let [pleasantness, half_width] = csv_estimate(of.valence);
        let [energy, energy_half_width] = csv_estimate(of.arousal);
        csv.row([
            of.feature.name().to_owned(),
            of.sessions.to_string(),
            of.days.to_string(),
            pleasantness,
            half_width,
            energy,
            energy_half_width,
        ]);
    }
    csv.finish()
}
