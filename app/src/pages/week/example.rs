//! An example with made-up numbers, plainly marked: what the page will show. Nothing here is made of a member's data.

use leptos::prelude::*;
use spectrum_domain::{
    affect::{Milli, Quadrant},
    rollup::Estimate,
};

use crate::pages::{
    chart::{Dot, Middle, Plane, plane},
    language::Words,
};

/// Sessions of nobody: pleasantness and energy in thousandths.
const SESSIONS: [(i16, i16); 9] =
    [(420, 310), (260, -240), (-330, 420), (610, 120), (-180, -360), (340, -520), (90, 220), (480, -130), (-90, 60)];

/// What a week will look like, for who has none yet.
pub fn example_week(words: Words) -> impl IntoView {
    let dots = SESSIONS
        .into_iter()
        .map(|(valence, arousal)| Dot {
            at: (Milli(valence).as_f64(), Milli(arousal).as_f64()),
            quadrant: Quadrant::of(Milli(valence), Milli(arousal)),
            label: None,
        })
        .collect();
    let middle = Middle {
        valence: Estimate { mean: 0.18, sd: 0.31, half_width: 0.24 },
        arousal: Estimate { mean: -0.01, sd: 0.31, half_width: 0.24 },
    };
    let chart = plane(words, "example", &Plane { dots, middle: Some(middle), ..Plane::default() });
    view! {
        <section class="example">
            <p class="badge">{words.say("page-example")}</p>
            <h2 id="example-title">{words.say("week-example-title")}</h2>
            <p class="takeaway" id="example-takeaway">
                {words.say("week-example-takeaway")}
            </p>
            {chart.view("example-title", "example-takeaway")}
            <p class="note">
                {words.say("week-example-note")}
            </p>
        </section>
    }
}
