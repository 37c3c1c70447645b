//! How feelings went over the parts of the span: one line a family, all on one scale.

use leptos::prelude::*;
use spectrum_domain::stretch::{FamilyWay, Stretch};

use super::words;
use crate::pages::{
    chart::{Chart, Csv, Way, ways},
    landscape::words::{part, part_short, parts},
    language::args,
    parts::{Filed, Files, NONE, filed, table_head, table_row},
    spans::{At, words::words_of},
};

/// The picture; nothing where there is no way to tell.
pub fn chart(stretch: &Stretch) -> Option<Chart> {
    let words = words_of(stretch);
    let told = stretch.ways()?;
    let n = stretch.now.rollup.sessions;
    let way = |FamilyWay { family, sessions, parts }: &FamilyWay| Way {
        name: words.family(*family),
        quadrant: family.quadrant(),
        count: words::count(words, (*sessions, n)),
        shares: parts.iter().map(|part| part.map(|(k, n)| f64::from(k) / f64::from(n))).collect(),
    };
    let rows: Vec<Way> = told.iter().map(way).collect();
    let end = |of: Option<&spectrum_domain::stretch::PartSums>| {
        of.map(|of| part_short(words, stretch.span, of.part)).unwrap_or_default()
    };
    let (first, last) = (end(stretch.parts.first()), end(stretch.parts.last()));
    let scale = [words.percent(0, 1), words.percent(1, 1)];
    Some(ways(&rows, &scale, [&first, &last]))
}

/// The figure, or that there is too little for one.
pub fn ways_figure(stretch: &Stretch) -> AnyView {
    let words = words_of(stretch);
    let (Some(told), Some(chart)) = (stretch.ways(), chart(stretch)) else {
        return view! {
            <section class="bare">
                <h2>{words.say("patterns-ways")}</h2>
                <p class="takeaway">{words.say("patterns-ways-few")}</p>
            </section>
        }
        .into_any();
    };
    let head = Filed {
        title_id: "ways-title",
        takeaway_id: "ways-takeaway",
        title: words.say("patterns-ways"),
        takeaway: words::ways(stretch, &told),
        note: Some(words.say_with("patterns-ways-note", &args! { part: parts(stretch.span) })),
        files: Files::patterns(At { span: stretch.span, today: stretch.today }, "ways"),
    };
    let rows: Vec<_> = stretch
        .parts
        .iter()
        .enumerate()
        .map(|(at, of)| {
            let shares = told.iter().map(|way| way.parts.get(at).copied().flatten());
            let figures = shares.map(|share| share.map_or_else(|| NONE.to_owned(), |share| words::count(words, share)));
            table_row(words, part(words, stretch.span, of.part), figures)
        })
        .collect();
    let columns = [words.say("column-when")].into_iter().chain(told.iter().map(|way| words.family(way.family)));
    let table = view! {
        <table>
            {table_head(words.say("patterns-ways-caption"), columns)}
            <tbody>{rows}</tbody>
        </table>
    };
    filed(words, head, chart, table).into_any()
}

/// The numbers, for a program: every family in every part, those with too few sessions for a share among them.
pub fn csv(stretch: &Stretch) -> String {
    let mut csv = Csv::new(["first", "last", "family", "sessions", "of"]);
    for of in &stretch.parts {
        for family in spectrum_domain::affect::Family::ALL {
            csv.row([
                of.part.first.to_string(),
                of.part.last().to_string(),
                family.name().to_owned(),
                of.rollup.families[family.index()].to_string(),
                of.rollup.sessions.to_string(),
            ]);
        }
    }
    csv.finish()
}
