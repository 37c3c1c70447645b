//! The tables of the page: people over the periods, what they did, in which words, and who came back.

use chrono::NaiveDate;
use spectrum_core::product::load_use::Use;
use spectrum_domain::{
    effect::{Cell, Rate},
    use_sum::{Segment, UseGrain},
};

use super::{Asked, called};
use crate::pages::team::{HIDDEN, Table, figures};

/// What is counted, in the order in which it is told: its number and what a reader calls it.
const EVENTS: [(i16, &str); 18] = [
    (0, "Did anything"),
    (1, "Opened the feed"),
    (7, "Opened a month"),
    (8, "Opened a landscape or a week"),
    (9, "Opened patterns"),
    (2, "Had a card in sight"),
    (3, "Asked why a card is shown"),
    (4, "Said what they think of a card"),
    (20, "Opened the numbers behind a figure"),
    (5, "Left a session out"),
    (6, "Took a session in again"),
    (21, "Overruled what was measured of a session"),
    (10, "Were shown the teaser"),
    (11, "Followed the teaser"),
    (14, "Were sent a push"),
    (16, "Opened a push"),
    (18, "Started afresh"),
    (19, "Fetched their archive"),
];

/// All tables there are something for.
pub(super) fn all(asked: &Asked, used: &Use) -> Vec<Table> {
    let Some(&newest) = used.periods.last() else { return Vec::new() };
    let mut all = vec![series(asked, used), events(asked, used, newest)];
    if asked.segment == Segment::All {
        all.push(words(asked, used, newest));
        if asked.grain != UseGrain::Day {
            all.push(cohorts(asked, used));
        }
    }
    all
}

/// The heading above a table.
pub(super) fn heading(table: &str) -> &'static str {
    match table {
        "events" => "What they did",
        "words" => "In which words and places",
        "cohorts" => "Who came back",
        _ => "People who did anything",
    }
}

/// How many people did anything, in one sentence.
pub(super) fn takeaway(asked: &Asked, used: &Use) -> String {
    let Some(&newest) = used.periods.last() else { return String::new() };
    let people = |period: NaiveDate| Cell::of(used.of(period, 0).1).shown();
    let of = if asked.segment == Segment::All {
        String::new()
    } else {
        format!(" of {} {}", super::of_segment(asked.segment), asked.value)
    };
    let Some(now) = people(newest) else {
        return format!("Fewer than 10 people{of} used Spectrum in the {}.", asked.name(newest));
    };
    let before = used.periods.len().checked_sub(2).and_then(|at| people(used.periods[at]));
    let before = before.map_or_else(String::new, |n| format!("; {n} the {} before", called(asked.grain)));
    format!("{now} people{of} used Spectrum in the {}{before}.", asked.name(newest))
}

/// People who did anything, by period.
pub(super) fn series(asked: &Asked, used: &Use) -> Table {
    let rows = used.periods.iter().map(|period| {
        let (events, people) = used.of(*period, 0);
        let cell = Cell::of(people);
        vec![
            period.to_string(),
            figures::cell(cell),
            if cell.is_hidden() { HIDDEN.to_owned() } else { events.to_string() },
        ]
    });
    Table {
        name: "active",
        caption: format!("People who did anything, by {}", called(asked.grain)),
        columns: ["First day", "People", "Times"].map(str::to_owned).into(),
        rows: rows.collect(),
    }
}

fn events(asked: &Asked, used: &Use, newest: NaiveDate) -> Table {
    let (_, active) = used.of(newest, 0);
    let before = used.periods.len().checked_sub(2).map(|at| used.periods[at]);
    let row = |(event, name): &(i16, &str)| {
        let (events, people) = used.of(newest, *event);
        // Whom we send to need not have done anything.
        let is_part = *event != super::SENT;
        let part = |period: NaiveDate, people: u64| {
            if is_part { of_all(people, used.of(period, 0).1) } else { Cell::of(people) }
        };
        let cell = part(newest, people);
        let share = Rate::new(people, active).filter(|_| is_part && *event != 0 && !cell.is_hidden()).map(|rate| {
            let interval = rate.interval();
            format!("{:.1} % ({:.1}–{:.1})", rate.share() * 100.0, interval.low * 100.0, interval.high * 100.0)
        });
        let then = before.map_or(Cell::HIDDEN, |before| part(before, used.of(before, *event).1));
        let times = if cell.is_hidden() { HIDDEN.to_owned() } else { events.to_string() };
        vec![
            (*name).to_owned(),
            figures::cell(cell),
            share.unwrap_or_else(|| HIDDEN.to_owned()),
            times,
            figures::cell(then),
        ]
    };
    Table {
        name: "events",
        caption: format!("What people did, {}", asked.name(newest)),
        columns: ["What", "People", "Of those who did anything (95 %)", "Times", "People the period before"]
            .map(str::to_owned)
            .into(),
        rows: EVENTS.iter().map(row).collect(),
    }
}

fn words(asked: &Asked, used: &Use, newest: NaiveDate) -> Table {
    let rows = EVENTS.iter().flat_map(|(event, name)| {
        let of = used.properties.iter().filter(move |sum| sum.event == *event);
        of.filter_map(move |sum| {
            let people = Cell::of(u64::try_from(sum.people).ok()?).shown()?;
            let (property, word) = sum.value.split_once('=')?;
            let spoken = property.replace('_', " ");
            Some(vec![(*name).to_owned(), spoken, word.replace('_', " "), people.to_string(), sum.events.to_string()])
        })
    });
    Table {
        name: "words",
        caption: format!(
            "What people did by its properties, {}; rows of fewer than 10 people are left out",
            asked.name(newest)
        ),
        columns: ["What", "Property", "Word", "People", "Times"].map(str::to_owned).into(),
        rows: rows.collect(),
    }
}

/// Of each week's beginners, who did anything in the periods since.
fn cohorts(asked: &Asked, used: &Use) -> Table {
    let (weeks, cells) = cohort_cells(used);
    let row =
        |(week, cells): (String, Vec<Cell>)| [week].into_iter().chain(cells.into_iter().map(figures::cell)).collect();
    let rows = weeks.into_iter().zip(cells).map(row).collect();
    let mut columns = vec!["First used in the week of".to_owned()];
    columns.extend(used.periods.iter().map(|period| asked.short(*period)));
    Table {
        name: "cohorts",
        caption: format!("People of each week's beginners who did anything, by {}", called(asked.grain)),
        columns,
        rows,
    }
}

/// The weeks in which people first used Spectrum, and of each how many did anything in every period, as far as that may be shown: what is
/// hidden on one page can't be had from another.
pub fn cohort_cells(used: &Use) -> (Vec<String>, Vec<Vec<Cell>>) {
    let mut weeks: Vec<String> = used.cohorts.iter().map(|sum| sum.value.clone()).collect();
    weeks.dedup();
    let mut rows: Vec<Vec<Cell>> = vec![Vec::new(); weeks.len()];
    for period in &used.periods {
        let people = |week: &String| {
            let found = used.cohorts.iter().find(|sum| sum.value == *week && sum.period == *period);
            found.map_or(0, |sum| u64::try_from(sum.people).unwrap_or(0))
        };
        let mut counts: Vec<u64> = weeks.iter().map(people).filter(|people| *people > 0).collect();
        // Those who began before, who are not on the page: all together are.
        let rest = used.of(*period, 0).1.saturating_sub(counts.iter().sum());
        counts.extend((rest > 0).then_some(rest));
        let mut cells = Cell::row(&counts).into_iter();
        for (row, week) in rows.iter_mut().zip(&weeks) {
            // Nobody of a week that had not begun yet.
            row.push(if people(week) > 0 { cells.next().unwrap_or(Cell::HIDDEN) } else { Cell::HIDDEN });
        }
    }
    (weeks, rows)
}

/// A part of people of whom all are shown: hidden too where so few are left that they could be had by subtraction.
fn of_all(people: u64, all: u64) -> Cell {
    let rest = all.saturating_sub(people);
    if rest > 0 && Cell::of(rest).is_hidden() { Cell::HIDDEN } else { Cell::of(people) }
}
