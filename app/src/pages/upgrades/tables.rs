//! The tables of the page: upgrades after exposure, what the lot says of the teaser, and the weeks it rests on.

use std::fmt::Display;

use chrono::{Days, NaiveDate};
use spectrum_core::product::experiments::Experiment;
use spectrum_domain::effect::{
    Cell,
    funnel::{Cohorts, Funnel, Window},
    impact::{Compared, Impact},
};

use super::Looked;
use crate::pages::team::{
    Table,
    figures::{self, arm, cell, drawn, percent, rate},
};

/// All tables.
pub(super) fn all(looked: &Looked) -> Vec<Table> {
    let mut all = vec![windows(looked)];
    if looked.experiment.is_some() {
        all.push(impact(looked));
    }
    all.push(weeks(looked));
    all
}

/// The heading above a table.
pub(super) fn heading(table: &str) -> &'static str {
    match table {
        "windows" => "Upgrades after the teaser was seen",
        "impact" => "What the teaser did",
        _ => "By week",
    }
}

const fn called(window: Window) -> &'static str {
    match window {
        Window::Day => "1 day",
        Window::Week => "7 days",
        Window::FourWeeks => "28 days",
    }
}

/// The headline: within seven days.
pub(super) fn takeaway(looked: &Looked) -> String {
    let funnel = Funnel::of(&looked.exposed, looked.counted);
    let Some(week) = funnel.windows.iter().find(|of| of.window == Window::Week) else { return String::new() };
    match &week.rate {
        Ok(rate) => format!(
            "{} of {} people who saw the teaser upgraded within seven days: {}.",
            rate.hits,
            rate.people,
            percent(rate)
        ),
        Err(refusal) => format!("Upgrades within seven days of the teaser: {}", refusal.says()),
    }
}

/// What has to be known to read a table.
pub(super) fn told(looked: &Looked, table: &str) -> Vec<String> {
    match table {
        "windows" => {
            let funnel = Funnel::of(&looked.exposed, looked.counted);
            let median = funnel.median_hours.map_or_else(
                || "The time to an upgrade is shown from ten upgrades on.".to_owned(),
                |hours| format!("Half of those who upgraded within 28 days had done so after {}.", span(hours)),
            );
            vec![
                "Conversion after exposure: upgraded after it, not because of it. Only people whose window has closed are counted."
                    .to_owned(),
                median,
            ]
        }
        "impact" => {
            let Some(experiment) = &looked.experiment else { return Vec::new() };
            vec![
                drawn(experiment),
                "Everybody who came to its place is counted in their arm, whether or not they looked.".to_owned(),
            ]
        }
        _ => Vec::new(),
    }
}

fn windows(looked: &Looked) -> Table {
    let funnel = Funnel::of(&looked.exposed, looked.counted);
    let rows = funnel.windows.iter().map(|of| {
        vec![
            called(of.window).to_owned(),
            cell(of.counts.people),
            cell(of.counts.hits),
            rate(&of.rate),
            rate(&of.net),
            cell(of.waiting),
        ]
    });
    Table {
        name: "windows",
        caption: "People who saw the teaser and upgraded, by how long after".to_owned(),
        columns: ["Within", "People", "Upgraded", "Share (95 %)", "Less refunds within 30 days", "Window still open"]
            .map(str::to_owned)
            .into(),
        rows: rows.collect(),
    }
}

fn impact(looked: &Looked) -> Table {
    let weights = looked.experiment.as_ref().map_or([500, 500], Experiment::weights);
    let [shown, kept] = &looked.drawn;
    let mut rows = Vec::new();
    for &window in Window::ALL {
        let found = Impact::of(shown, kept, weights, window, looked.counted);
        for (what, compared) in [("", &found.upgrades), (", less refunds", &found.net)] {
            let Compared { feature, holdout, difference, smallest, .. } = compared;
            rows.push(vec![
                format!("{}{what}", called(window)),
                arm(feature),
                arm(holdout),
                figures::difference(difference),
                figures::smallest(*smallest),
            ]);
        }
    }
    Table {
        name: "impact",
        caption: "People who may see the teaser beside people who by lot may not".to_owned(),
        columns: ["Within", "May see it", "May not", "Difference (95 %)", "Smallest that so many could show"]
            .map(str::to_owned)
            .into(),
        rows,
    }
}

/// People by the week of their first exposure, and upgrades within seven days of those whose seven days are over.
fn weeks(looked: &Looked) -> Table {
    let mut rows = Vec::new();
    let mut start = looked.first;
    while start < looked.until {
        let end = (start + Days::new(7)).min(looked.until);
        let of = between(looked, start, end);
        let (people, hits) = of.closed(Window::Week, looked.counted);
        let counts = spectrum_domain::effect::refusal::Counts::of(hits, people);
        rows.push(vec![start.to_string(), cell(Cell::of(of.people())), cell(counts.people), cell(counts.hits)]);
        start = end;
    }
    Table {
        name: "weeks",
        caption: "People by the week in which they first saw the teaser".to_owned(),
        columns: ["From", "First saw it", "Seven days over", "Of those, upgraded"].map(str::to_owned).into(),
        rows,
    }
}

fn between(looked: &Looked, start: NaiveDate, end: NaiveDate) -> Cohorts {
    looked.exposed.between(start, end)
}

/// So many hours in the larger of hours and days.
fn span(hours: f64) -> String {
    let of = |figure: f64, unit: &dyn Display| format!("{figure:.0} {unit}");
    if hours < 48.0 { of(hours, &"hours") } else { of(hours / 24.0, &"days") }
}
