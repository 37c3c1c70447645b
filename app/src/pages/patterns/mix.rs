//! Which feelings showed in how many sessions, beside the span before where that is asked for.

use leptos::prelude::*;
use spectrum_domain::{affect::Family, rollup::Tier, stretch::Stretch};

use super::words;
use crate::pages::{
    chart::{Bar, Chart, Csv, bars},
    parts::{Filed, Files, filed, table_head, table_row},
    spans::{At, words::words_of},
};

/// Whether the span before has sessions enough for shares.
fn shows_before(stretch: &Stretch, compared: bool) -> bool {
    compared && stretch.before.rollup.tier() >= Tier::Some
}

/// The families of the picture: those of the span, and those of the one before that are not in it.
fn rows(stretch: &Stretch, compared: bool) -> Vec<(Family, i32)> {
    let mut rows = stretch.now.rollup.families_by_count();
    if shows_before(stretch, compared) {
        let gone = stretch.before.rollup.families_by_count().into_iter().map(|(family, _)| family);
        let gone: Vec<_> = gone.filter(|family| rows.iter().all(|(known, _)| known != family)).collect();
        rows.extend(gone.into_iter().map(|family| (family, 0)));
    }
    rows
}

/// The picture.
pub fn chart(stretch: &Stretch, compared: bool) -> Chart {
    let words = words_of(stretch);
    let (n, before) = (stretch.now.rollup.sessions, &stretch.before.rollup);
    let share = |k: i32, n: i32| f64::from(k) / f64::from(n.max(1));
    let bar = |(family, k): (Family, i32)| Bar {
        name: words.family(family),
        quadrant: family.quadrant(),
        share: share(k, n),
        count: words::count(words, (k, n)),
        percent: words.percent(k, n),
        before: shows_before(stretch, compared).then(|| share(before.families[family.index()], before.sessions)),
    };
    let rows: Vec<Bar> = rows(stretch, compared).into_iter().map(bar).collect();
    bars(&rows)
}

/// The figure.
pub fn mix_figure(stretch: &Stretch, compared: bool) -> impl IntoView + use<> {
    let words = words_of(stretch);
    let both = shows_before(stretch, compared);
    let head = Filed {
        title_id: "mix-title",
        takeaway_id: "mix-takeaway",
        title: words.say("patterns-mix"),
        takeaway: words::breadth(stretch),
        note: Some(words::mix_note(stretch, both)),
        files: Files::patterns(At { span: stretch.span, today: stretch.today }, "mix"),
    };
    let (n, before) = (stretch.now.rollup.sessions, &stretch.before.rollup);
    let table_rows: Vec<_> = rows(stretch, compared)
        .into_iter()
        .map(|(family, k)| {
            let then = both.then(|| words::count(words, (before.families[family.index()], before.sessions)));
            let figures = [words::count(words, (k, n)), words.percent(k, n)].into_iter().chain(then);
            table_row(words, words.family(family), figures.chain([words.quadrant_inside(family.quadrant())]))
        })
        .collect();
    let columns =
        [words.say("patterns-column-feeling"), words.say("column-sessions"), words.say("patterns-column-share")];
    let then = both.then(|| words.say("patterns-column-before"));
    let columns = columns.into_iter().chain(then).chain([words.say("patterns-column-home")]);
    let table = view! {
        <table>
            {table_head(words.say("patterns-mix-caption"), columns)}
            <tbody>{table_rows}</tbody>
        </table>
    };
    filed(words, head, chart(stretch, compared), table)
}

/// The numbers, for a program: every family there is.
pub fn csv(stretch: &Stretch) -> String {
    let mut csv = Csv::new(["family", "quadrant", "sessions", "of", "sessions_before", "of_before"]);
    let (now, before) = (&stretch.now.rollup, &stretch.before.rollup);
    for family in Family::ALL {
        csv.row([
            family.name().to_owned(),
            family.quadrant().name().to_owned(),
            now.families[family.index()].to_string(),
            now.sessions.to_string(),
            before.families[family.index()].to_string(),
            before.sessions.to_string(),
        ]);
    }
    csv.finish()
}
