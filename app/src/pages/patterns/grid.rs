//! Weekdays by parts of the day: when sessions began, and how pleasant they lay.

use chrono::{Datelike as _, Days, NaiveDate, Weekday};
use leptos::prelude::*;
use spectrum_domain::{
    calendar::{Daypart, Week},
    rollup::Tier,
    stretch::{FEWEST, Stretch},
};

use super::words;
use crate::pages::{
    chart::{Chart, Csv, GridCell, csv_figure, grid, grid_reach},
    language::args,
    parts::{Filed, Files, NONE, filed, table_head, table_row},
    spans::{At, words::words_of},
};

/// The weekdays in the order of the member's weeks, each as a day that falls on it.
fn weekdays(stretch: &Stretch) -> [NaiveDate; 7] {
    Week::containing(stretch.span.start(), stretch.member.week_start).days()
}

fn cell(stretch: &Stretch, weekday: Weekday, daypart: Daypart) -> GridCell {
    let cell = stretch.now.rollup.cell(weekday, daypart);
    let enough = cell.sessions >= FEWEST && stretch.now.rollup.tier() == Tier::Enough;
    GridCell { sessions: cell.sessions, mean: enough.then(|| cell.mean()) }
}

fn cells(stretch: &Stretch) -> [[GridCell; 7]; 4] {
    let days = weekdays(stretch);
    Daypart::ALL.map(|daypart| days.map(|day| cell(stretch, day.weekday(), daypart)))
}

/// The picture.
pub fn chart(stretch: &Stretch) -> Chart {
    let words = words_of(stretch);
    let days = weekdays(stretch);
    let names = days.map(|day| words.weekday_short(day));
    let dayparts = Daypart::ALL.map(|of| words::daypart(words, of));
    grid(&names, &dayparts, &cells(stretch))
}

/// The figure.
pub fn grid_figure(stretch: &Stretch) -> impl IntoView + use<> {
    let words = words_of(stretch);
    let enough = stretch.now.rollup.tier() == Tier::Enough;
    let head = Filed {
        title_id: "grid-title",
        takeaway_id: "grid-takeaway",
        title: words.say("patterns-grid"),
        takeaway: words::grid(stretch),
        note: Some(if enough {
            let reach = words.decimals(grid_reach(&cells(stretch)), 2);
            words.say_with("patterns-grid-note", &args! { reach: reach })
        } else {
            words.say("patterns-grid-counts")
        }),
        files: Files::patterns(At { span: stretch.span, today: stretch.today }, "grid"),
    };
    let rows: Vec<_> = weekdays(stretch)
        .into_iter()
        .map(|day| {
            let figures = Daypart::ALL.map(|daypart| {
                let GridCell { sessions, mean } = cell(stretch, day.weekday(), daypart);
                match (sessions, mean) {
                    (..=0, _) => NONE.to_owned(),
                    (_, None) => words.number(sessions),
                    (_, Some(mean)) => {
                        let (n, mean) = (words.number(sessions), words.signed(mean));
                        words.say_with("patterns-grid-cell", &args! { n: n, mean: mean })
                    }
                }
            });
            table_row(words, words.weekday(day), figures)
        })
        .collect();
    let columns = [words.say("column-when")].into_iter().chain(Daypart::ALL.map(|of| words::daypart(words, of)));
    let table = view! {
        <table>
            {table_head(words.say("patterns-grid-caption"), columns)}
            <tbody>{rows}</tbody>
        </table>
    };
    filed(words, head, chart(stretch), table)
}

/// The numbers, for a program.
pub fn csv(stretch: &Stretch) -> String {
    const NAMES: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let mut csv = Csv::new(["weekday", "daypart", "sessions", "pleasantness"]);
    let monday = Week::containing(stretch.span.start(), Weekday::Mon).start();
    for (day, name) in (0..).zip(NAMES) {
        let weekday = (monday + Days::new(day)).weekday();
        for daypart in Daypart::ALL {
            let GridCell { sessions, mean } = cell(stretch, weekday, daypart);
            csv.row([name.to_owned(), daypart.name().to_owned(), sessions.to_string(), csv_figure(mean)]);
        }
    }
    csv.finish()
}
