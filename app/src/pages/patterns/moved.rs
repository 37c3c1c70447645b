//! How sessions moved from their first measured turn to their last: an arrow a feature, on the mean.

use leptos::prelude::*;
use spectrum_domain::{
    rollup::Estimate,
    stretch::{FeatureFigures, Stretch},
};

use super::words;
use crate::pages::{
    chart::{Arrow, Arrows, Chart, Csv, arrows, csv_estimate},
    landscape::words::estimate_if,
    parts::{Filed, Files, filed, table_head, table_row},
    spans::{At, words::words_of},
};

/// The picture.
pub fn chart(stretch: &Stretch) -> Chart {
    let words = words_of(stretch);
    let rows = |pick: fn(&FeatureFigures) -> Option<Estimate>| {
        let row = |of: &FeatureFigures| Arrow {
            name: words.feature(of.feature),
            way: pick(of),
            figure: pick(of).map(|way| words.signed(way.mean)).unwrap_or_default(),
            n: of.moving,
        };
        stretch.features().iter().map(row).collect()
    };
    let groups = [
        Arrows {
            heading: words.say("column-pleasantness"),
            scale: [
                words.say("patterns-moved-less-pleasant"),
                words.say("patterns-moved-began"),
                words.say("patterns-moved-more-pleasant"),
            ],
            rows: rows(|of| of.rise),
        },
        Arrows {
            heading: words.say("column-energy"),
            scale: [
                words.say("patterns-moved-lower"),
                words.say("patterns-moved-began"),
                words.say("patterns-moved-higher"),
            ],
            rows: rows(|of| of.stir),
        },
    ];
    arrows(&groups, &words.say("figure-too-few"))
}

/// The figure.
pub fn moved_figure(stretch: &Stretch) -> impl IntoView + use<> {
    let words = words_of(stretch);
    let head = Filed {
        title_id: "moved-title",
        takeaway_id: "moved-takeaway",
        title: words.say("patterns-moved"),
        takeaway: words::moved(stretch),
        note: Some(words.say("patterns-moved-note")),
        files: Files::patterns(At { span: stretch.span, today: stretch.today }, "moved"),
    };
    let rows = stretch.features().map(|of| {
        let figures = [words.number(of.moving), estimate_if(words, of.rise), estimate_if(words, of.stir)];
        table_row(words, words.feature(of.feature), figures)
    });
    let columns = [
        words.say("patterns-column-feature"),
        words.say("column-sessions"),
        words.say("column-pleasantness"),
        words.say("column-energy"),
    ];
    let table = view! {
        <table>
            {table_head(words.say("patterns-moved-caption"), columns)}
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
        "pleasantness_moved",
        "pleasantness_half_width",
        "energy_moved",
        "energy_half_width",
    ]);
    for of in stretch.features() {
        let [pleasantness, half_width] = csv_estimate(of.rise);
        let [energy, energy_half_width] = csv_estimate(of.stir);
        csv.row([
            of.feature.name().to_owned(),
            of.moving.to_string(),
            pleasantness,
            half_width,
            energy,
            energy_half_width,
        ]);
    }
    csv.finish()
}
