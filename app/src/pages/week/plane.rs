//! The plane of the week's sessions, with its table.

use leptos::prelude::*;
use spectrum_domain::{
    rollup::{Rollup, Tier},
    week::WeekView,
};

use super::{dates, words};
use crate::pages::{
    chart::{Dot, Middle, Plane, plane},
    parts::{Figure, figure},
};

/// The figure.
pub fn plane_figure(view: &WeekView) -> impl IntoView + use<> {
    let few = view.rollup.tier() <= Tier::Few;
    let dots = view
        .counted()
        .map(|(session, vector)| Dot {
            at: (vector.affect.valence.as_f64(), vector.affect.arousal.as_f64()),
            quadrant: vector.affect.quadrant(),
            label: few.then(|| format!("{} {}", dates::weekday_short(session.local_date), dates::clock(session))),
        })
        .collect();
    let middle = middle(&view.rollup);
    // The week before is only shown where there is a middle to hold it against.
    let before = middle.and_then(|_| middle_of_before(view));
    let note = middle
        .map(|m| format!("{} The cross and its oval show how far off it may be.", words::middle(m.valence, m.arousal)));
    let head = Figure {
        title_id: "plane-title",
        takeaway_id: "plane-takeaway",
        title: "Where your sessions lay",
        takeaway: words::plane_takeaway(view),
        note,
    };
    figure(head, plane("plane", &Plane { dots, middle, before }), table(view, middle, before))
}

fn middle(rollup: &Rollup) -> Option<Middle> {
    (rollup.tier() == Tier::Enough)
        .then(|| Some(Middle { valence: rollup.valence_estimate()?, arousal: rollup.arousal_estimate()? }))
        .flatten()
}

fn middle_of_before(view: &WeekView) -> Option<Middle> {
    middle(&view.before)
}

fn table(view: &WeekView, middle: Option<Middle>, before: Option<Middle>) -> impl IntoView + use<> {
    let rows: Vec<_> = view
        .counted()
        .map(|(session, vector)| {
            view! {
                <tr>
                    <th scope="row">{format!("{} {}", dates::weekday_short(session.local_date), dates::clock(session))}</th>
                    <td>{words::signed(vector.affect.valence.as_f64())}</td>
                    <td>{words::signed(vector.affect.arousal.as_f64())}</td>
                </tr>
            }
        })
        .collect();
    let summary: Vec<_> = [("Middle of the week", middle), ("Middle of the week before", before)]
        .into_iter()
        .filter_map(|(name, middle)| {
            let Middle { valence, arousal } = middle?;
            let figure =
                |e: spectrum_domain::rollup::Estimate| format!("{} ± {:.2}", words::signed(e.mean), e.half_width);
            Some(view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td>{figure(valence)}</td>
                    <td>{figure(arousal)}</td>
                </tr>
            })
        })
        .collect();
    view! {
        <table>
            <caption>"Each session’s pleasantness and energy, from −1 to 1"</caption>
            <thead>
                <tr>
                    <th scope="col">"Session"</th>
                    <th scope="col">"Pleasantness"</th>
                    <th scope="col">"Energy"</th>
                </tr>
            </thead>
            <tbody>{rows}{summary}</tbody>
        </table>
    }
}
