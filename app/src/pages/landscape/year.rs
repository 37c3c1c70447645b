//! The days of a year, one mark each, and the ways to its months.

use chrono::{Datelike as _, Days, NaiveDate};
use leptos::prelude::*;
use spectrum_domain::{
    affect::Quadrant,
    calendar::Month,
    span::Span,
    stretch::{DayMark, Stretch},
};

use super::words;
use crate::pages::{
    chart::{Chart, Csv, YearDay, year},
    parts::{Filed, Files, filed, table_head, table_row},
    routes::Route,
    spans::{
        At,
        words::{short_month, words_of},
    },
};

/// The first days of the year's months.
fn months(stretch: &Stretch) -> [NaiveDate; 12] {
    let mut next = stretch.span.start();
    std::array::from_fn(|_| {
        let first = next;
        next = Month::containing(first).end();
        first
    })
}

/// The picture.
pub fn chart(stretch: &Stretch) -> Chart {
    let mut marks = stretch.days.iter().peekable();
    let last = stretch.span.last().min(stretch.today);
    let days = stretch.span.start().iter_days().take_while(|date| *date <= last).map(|date| {
        let mark = marks.next_if(|mark| mark.date == date);
        YearDay {
            month: date.month0(),
            day: date.day(),
            sessions: mark.map_or(0, |mark| mark.sessions),
            quadrant: mark.and_then(DayMark::quadrant),
        }
    });
    let days: Vec<_> = days.collect();
    let words = words_of(stretch);
    year(&months(stretch).map(|first| short_month(words, first)), &days)
}

/// The figure.
pub fn year_figure(stretch: &Stretch) -> impl IntoView + use<> {
    let (words, today) = (words_of(stretch), stretch.today);
    let head = Filed {
        title_id: "year-title",
        takeaway_id: "year-takeaway",
        title: words.say(words::YEAR),
        takeaway: words::year_takeaway(stretch),
        note: Some(words.say("landscape-year-note")),
        files: Files::landscape(At { span: stretch.span, today }, "year"),
    };
    let begun: Vec<_> = months(stretch).into_iter().filter(|first| *first <= today).collect();
    let rows: Vec<_> = begun
        .iter()
        .map(|first| {
            let month = Month::containing(*first);
            let own: Vec<_> = stretch.days.iter().filter(|day| Month::containing(day.date) == month).collect();
            let sessions: i32 = own.iter().map(|day| day.sessions).sum();
            let of = |wanted: Option<Quadrant>| own.iter().filter(|day| day.quadrant() == wanted).count().to_string();
            let counts = [sessions.to_string(), own.len().to_string()];
            let quarters = Quadrant::ALL.map(Some).into_iter().chain([None]).map(of);
            table_row(words, words.month_name(*first), counts.into_iter().chain(quarters))
        })
        .collect();
    let columns = [words.say("landscape-column-month"), words.say("column-sessions"), words.say("column-days")];
    let quarters = Quadrant::ALL.into_iter().map(|quadrant| words.quadrant(quadrant));
    let columns = columns.into_iter().chain(quarters).chain([words.say("landscape-year-tie")]);
    let table = view! {
        <table>
            {table_head(words.say("landscape-year-caption"), columns)}
            <tbody>{rows}</tbody>
        </table>
    };
    let links: Vec<_> = begun
        .into_iter()
        .map(|first| {
            let at = At { span: Span::Month(Month::containing(first)), today };
            view! { <li><a class="kind" href=Route::Landscape(at).to_string()>{words.month_name(first)}</a></li> }
        })
        .collect();
    view! {
        {filed(words, head, chart(stretch), table).into_any()}
        <nav class="kinds" aria-label=words.say("landscape-year-months")>
            <ul>{links}</ul>
        </nav>
    }
}

/// The numbers, for a program: every day that has been.
pub fn csv(stretch: &Stretch) -> String {
    let mut csv = Csv::new(["date", "sessions", "high_unpleasant", "high_pleasant", "low_pleasant", "low_unpleasant"]);
    let mut marks = stretch.days.iter().peekable();
    let end = stretch.span.end().min(stretch.today + Days::new(1));
    for date in stretch.span.start().iter_days().take_while(|date| *date < end) {
        let mark = marks.next_if(|mark| mark.date == date);
        let [a, b, c, d] = mark.map(|mark| mark.quadrants).unwrap_or_default().map(|n| n.to_string());
        csv.row([date.to_string(), mark.map_or(0, |mark| mark.sessions).to_string(), a, b, c, d]);
    }
    csv.finish()
}
