//! The plane of a span: its sessions where they are few enough, the way of its parts, its middle and the one before.

use leptos::prelude::*;
use spectrum_domain::{
    rollup::{Estimate, Rollup, Tier},
    session::SessionSummary,
    stretch::Landscape,
};

use super::words;
use crate::pages::{
    chart::{Chart, Csv, Dot, Middle, Plane, csv_estimate, csv_figure, plane},
    language::Words,
    parts::{Filed, Files, filed, mark_row, table_head, table_row},
    spans::{
        At,
        words::{short_day, this, words_of},
    },
};

/// The middle of sums, above the floor for one: pleasantness and energy.
pub fn middle(rollup: &Rollup) -> Option<(Estimate, Estimate)> {
    (rollup.tier() == Tier::Enough).then(|| Some((rollup.valence_estimate()?, rollup.arousal_estimate()?))).flatten()
}

/// The picture.
pub fn chart(view: &Landscape) -> Chart {
    let stretch = &view.stretch;
    let (words, span) = (words_of(stretch), stretch.span);
    let few = stretch.now.rollup.tier() <= Tier::Few;
    let dots = view.sessions.iter().flatten().filter_map(|session| {
        let affect = &session.counted()?.affect;
        Some(Dot {
            at: (affect.valence.as_f64(), affect.arousal.as_f64()),
            quadrant: affect.quadrant(),
            label: few.then(|| short_day(words, session.local_date)),
        })
    });
    let of = |(valence, arousal)| Middle { valence, arousal };
    let own = middle(&stretch.now.rollup);
    // The only part of a week is the week itself.
    let way = if stretch.parts.len() > 1 { stretch.parts.as_slice() } else { &[] };
    let path: Vec<_> = way.iter().map(|of| middle(&of.rollup).map(|(v, a)| (v.mean, a.mean))).collect();
    let mut known = way.iter().zip(&path).filter(|(_, at)| at.is_some()).map(|(of, _)| of.part);
    let ends = [known.next(), known.next_back()];
    plane(
        words,
        "plane",
        &Plane {
            dots: dots.collect(),
            middle: own.map(of),
            // The span before is only shown where there is a middle to hold it against.
            before: own.and_then(|_| middle(&stretch.before.rollup)).map(of),
            names: [this(words, span), words::name_of_before(stretch)],
            ends: ends.map(|part| part.map(|part| words::part_short(words, span, part)).unwrap_or_default()),
            path,
        },
    )
}

/// Whether sessions are drawn: each can be touched.
pub fn has_marks(view: &Landscape) -> bool {
    view.sessions.iter().flatten().any(|session| session.counted().is_some())
}

/// The figure.
pub fn plane_figure(view: &Landscape) -> impl IntoView + use<> {
    let stretch = &view.stretch;
    let words = words_of(stretch);
    let steps = stretch.parts.iter().filter(|of| middle(&of.rollup).is_some()).count();
    let head = Filed {
        title_id: "plane-title",
        takeaway_id: "plane-takeaway",
        title: words.say(words::PLANE),
        takeaway: words::sides(stretch),
        note: words::plane_note(stretch, middle(&stretch.now.rollup), view.sessions.is_some(), steps),
        files: Files::landscape(At { span: stretch.span, today: stretch.today }, "plane"),
    };
    let picture = chart(view);
    filed(words, head, if has_marks(view) { picture.touched(words.say("figure-touch")) } else { picture }, table(view))
}

fn table(view: &Landscape) -> impl IntoView + use<> {
    let stretch = &view.stretch;
    let words = words_of(stretch);
    let whole =
        [(this(words, stretch.span), &stretch.now.rollup), (words::name_of_before(stretch), &stretch.before.rollup)];
    let parts = stretch.parts.iter().filter(|_| stretch.parts.len() > 1);
    let parts = parts.map(|of| (words::part(words, stretch.span, of.part), &of.rollup));
    let sums = whole.into_iter().chain(parts).map(|(name, rollup)| {
        let (valence, arousal) = middle(rollup).unzip();
        let [valence, arousal] = [valence, arousal].map(|middle| words::estimate_if(words, middle));
        table_row(words, name, [words.number(rollup.sessions), valence, arousal])
    });
    let sessions = view.sessions.iter().flatten().filter_map(|session| {
        let affect = &session.counted()?.affect;
        let figures = [affect.valence, affect.arousal].map(|figure| words.signed(figure.as_f64()));
        let [valence, arousal] = figures;
        Some(mark_row(words, moment(words, session), ["1".to_owned(), valence, arousal]))
    });
    let rows: Vec<_> = sums.chain(sessions).collect();
    let columns = [
        words.say("landscape-column-what"),
        words.say("column-sessions"),
        words.say("column-pleasantness"),
        words.say("column-energy"),
    ];
    view! {
        <table>
            {table_head(words.say("landscape-plane-caption"), columns)}
            <tbody>{rows}</tbody>
        </table>
    }
}

fn moment(words: Words, session: &SessionSummary) -> String {
    format!("{}, {}", short_day(words, session.local_date), words.clock_of(session.local_minute))
}

/// The numbers, for a program.
pub fn csv(view: &Landscape) -> String {
    let stretch = &view.stretch;
    let mut csv = Csv::new([
        "what",
        "first",
        "last",
        "sessions",
        "pleasantness",
        "pleasantness_half_width",
        "energy",
        "energy_half_width",
    ]);
    let before = stretch.span.before();
    let spans = [
        ("span", stretch.span.start(), stretch.span.last(), &stretch.now.rollup),
        ("span_before", before.start(), before.last(), &stretch.before.rollup),
    ];
    let parts = stretch.parts.iter().map(|of| ("part", of.part.first, of.part.last(), &of.rollup));
    for (what, first, last, rollup) in spans.into_iter().chain(parts) {
        let (valence, arousal) = middle(rollup).unzip();
        let [pleasantness, half_width] = csv_estimate(valence);
        let [energy, energy_half_width] = csv_estimate(arousal);
        csv.row([
            what.to_owned(),
            first.to_string(),
            last.to_string(),
            rollup.sessions.to_string(),
            pleasantness,
            half_width,
            energy,
            energy_half_width,
        ]);
    }
    for session in view.sessions.iter().flatten() {
        let Some(vector) = session.counted() else { continue };
        let date = session.local_date.to_string();
        csv.row([
            session.feature.name().to_owned(),
            date.clone(),
            date,
            "1".to_owned(),
            csv_figure(Some(vector.affect.valence.as_f64())),
            String::new(),
            csv_figure(Some(vector.affect.arousal.as_f64())),
            String::new(),
        ]);
    }
    csv.finish()
}
