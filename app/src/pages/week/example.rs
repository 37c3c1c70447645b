//! Examples with made-up numbers, plainly marked: what the page will show, and what the paid plan adds.
//!
//! Nothing here is made of a member's data, and no finding about them is held back for it.

use leptos::prelude::*;
use spectrum_domain::{
    affect::{Milli, Quadrant},
    rollup::Estimate,
};

use crate::pages::chart::{Dot, Middle, Plane, example_weeks, plane};

/// Sessions of nobody: pleasantness and energy in thousandths.
const SESSIONS: [(i16, i16); 9] =
    [(420, 310), (260, -240), (-330, 420), (610, 120), (-180, -360), (340, -520), (90, 220), (480, -130), (-90, 60)];

/// What a week will look like, for who has none yet.
pub fn example_week() -> impl IntoView {
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
    let chart = plane("example", &Plane { dots, middle: Some(middle), before: None });
    view! {
        <section class="example">
            <p class="badge">"Example"</p>
            <h2 id="example-title">"A week could look like this"</h2>
            <p class="takeaway" id="example-takeaway">
                "Each mark is one session; the dot in the oval is the middle of the week. These numbers are made up."
            </p>
            {chart.view("example-title", "example-takeaway")}
            <p class="note">
                "You can leave any session out of your picture, and take it in again. Nothing is deleted by it."
            </p>
        </section>
    }
}

/// What the paid plan adds.
pub fn paid_plan() -> impl IntoView {
    view! {
        <section class="example">
            <p class="badge">"Example"</p>
            <h2 id="paid-title">"What the paid plan adds"</h2>
            <p class="takeaway" id="paid-takeaway">
                "Your weeks side by side, patterns by day and hour, and a text at the end of the month. The weeks below are made up."
            </p>
            {example_weeks().view("paid-title", "paid-takeaway")}
            <p class="note">"This week is complete as it stands above: no part of it is kept back."</p>
        </section>
    }
}
