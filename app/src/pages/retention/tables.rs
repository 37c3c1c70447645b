//! The tables of the page: by lot, week after week; what is only seen; and the beginners of each week.

use spectrum_core::product::{
    sum_arms::{Seen, WEEKS},
    sum_opened::Opened,
};
use spectrum_domain::effect::{
    Cell, Refusal, observed::Observed, refusal::share, retention::Retention, simulated::HEADLINE_WEEK,
    summary::LANDMARK_DAY,
};

use super::Looked;
use crate::pages::{
    engagement::cohort_cells,
    team::{
        HIDDEN, Table,
        figures::{arm, between, cell, difference, drawn, percent, points, sizes, smallest, tried},
    },
};

/// All that there are.
pub(super) fn all(looked: &Looked) -> Vec<Table> {
    let by_lot = looked.seen().map(|seen| by_lot(looked, seen));
    let seen_only = looked.seen().is_none().then(|| [observed(looked), balance(looked)]);
    let seen_only = seen_only.into_iter().flatten().flatten();
    by_lot.into_iter().chain(seen_only).chain(raw(looked)).chain(cohorts(looked)).collect()
}

/// The heading above a table, where it has one of its own.
pub(super) fn heading(table: &str) -> Option<&'static str> {
    match table {
        "balance" => Some("What they were like before"),
        "cohorts" => Some("Beginners, week by week"),
        _ => None,
    }
}

/// Every week after people came into the experiment that has ended for somebody.
pub(super) fn weeks_of(looked: &Looked, seen: &Seen) -> Vec<Retention> {
    (1..=WEEKS).map(|week| looked.week(seen, week)).filter(|of| of.week <= HEADLINE_WEEK || has_ended(of)).collect()
}

fn has_ended(of: &Retention) -> bool {
    !matches!(of.returned.feature.rate, Err(Refusal::WindowsOpen))
}

/// The headline: the week that was chosen beforehand.
pub(super) fn takeaway(looked: &Looked) -> String {
    let Some(seen) = looked.seen() else {
        return "Nobody was drawn by lot, so what Spectrum does to coming back is not known.".to_owned();
    };
    let (what, of) = (tried(seen.experiment.trial), looked.week(seen, HEADLINE_WEEK));
    let found = match of.returned.difference {
        Ok(found) => found,
        Err(refusal) => return format!("What {what} does to coming back in the fourth week: {}", refusal.says()),
    };
    let said = if found.is_clear() { "" } else { " That may be nothing at all." };
    let look = if looked.counted < seen.experiment.due_on() { " A look, not yet a result." } else { "" };
    format!("In the fourth week {} came back because of {what}.{said}{look}", points(found))
}

/// What has to be known to read it.
pub(super) fn told(looked: &Looked, seen: &Seen) -> Vec<String> {
    let of = looked.week(seen, HEADLINE_WEEK);
    let mut told = vec![
        drawn(&seen.experiment),
        "Everybody drawn is counted in their arm, whether or not they opened anything; a week is counted once it has ended for a whole day of \
         people."
            .to_owned(),
        sizes(&of.sample_ratio),
    ];
    if seen.both > 0 {
        told.push(format!("{} people were treated both ways and are in neither arm.", Cell::of(seen.both)));
    }
    told.push(of.returned.smallest.map_or_else(
        || "So few people would show no rise of any size.".to_owned(),
        |rise| {
            format!(
                "The smallest rise that so many people would show in four of five such experiments is {:.1} points, from {:.0} %.",
                rise * 100.0,
                of.returned.base * 100.0
            )
        },
    ));
    told
}

/// Both arms, week after week.
pub(super) fn by_lot(looked: &Looked, seen: &Seen) -> Table {
    let rows = weeks_of(looked, seen);
    let rows = rows.iter().map(|of| {
        let name = if of.week == HEADLINE_WEEK { format!("{} (headline)", of.week) } else { of.week.to_string() };
        let found = &of.returned;
        vec![name, arm(&found.feature), arm(&found.holdout), difference(&found.difference), smallest(found.smallest)]
    });
    Table {
        name: "weeks",
        caption: format!(
            "People who held a session in each week after, with {what} and by lot without",
            what = tried(seen.experiment.trial)
        ),
        columns: ["Week", "With", "Without", "Difference (95 %)", "Smallest that so many could show"]
            .map(str::to_owned)
            .into(),
        rows: rows.collect(),
    }
}

fn of_observed(looked: &Looked) -> Option<Result<Observed, Refusal>> {
    looked.opened.as_ref().map(|opened| opened.followed.observed())
}

/// What the number is worth.
pub(super) fn badge(looked: &Looked) -> Option<&'static str> {
    of_observed(looked)?.ok().map(|of| of.badge.says())
}

/// Differences in differences, the same of a time when nothing could have had an effect, and the landmark.
pub(super) fn observed(looked: &Looked) -> Option<Table> {
    let followed = &looked.opened.as_ref()?.followed;
    let [others, users] = followed.people().map(Cell::of).map(cell);
    let row = |name: &str, found: Result<String, Refusal>| {
        let found = found.unwrap_or_else(|refusal| refusal.says().to_owned());
        vec![name.to_owned(), users.clone(), others.clone(), found]
    };
    let of = followed.observed();
    let did = |found: &spectrum_domain::effect::observed::DifferenceInDifferences| {
        between(found.difference, found.interval.low, found.interval.high)
    };
    let (effect, before) = match &of {
        Ok(of) => (Ok(did(&of.effect)), Ok(did(&of.before))),
        Err(refusal) => (Err(*refusal), Err(*refusal)),
    };
    let landmark = followed.landmark().map(|of| points(of.gap));
    Some(Table {
        name: "observed",
        caption: "People who opened Spectrum within two weeks of the Monday beside people who did not".to_owned(),
        columns: ["Compared", "Opened it", "Did not", "More weeks there (95 %)"].map(str::to_owned).into(),
        rows: vec![
            row("Four weeks after, each against their own four before", effect),
            row("The same of two weeks and two, before anybody opened it", before),
            row(&format!("There in the fourth week, both followed from day {LANDMARK_DAY} on"), landmark),
        ],
    })
}

/// What both groups were like before.
pub(super) fn balance(looked: &Looked) -> Option<Table> {
    let of = of_observed(looked)?.ok()?;
    let rows = of.balance.iter().map(|of| {
        let apart = of.apart.map_or_else(|| HIDDEN.to_owned(), |apart| format!("{apart:+.2}"));
        let said = if of.is_different() { "Different" } else { "Alike" };
        vec![of.of.to_owned(), apart, said.to_owned()]
    });
    Some(Table {
        name: "balance",
        caption:
            "Those who opened it less those who did not, in standard deviations of both; from 0.1 on they are different"
                .to_owned(),
        columns: ["Of", "Apart", "They are"].map(str::to_owned).into(),
        rows: rows.collect(),
    })
}

/// The raw gap. Its warning stands in the table too, since a table is taken elsewhere.
pub(super) fn raw(looked: &Looked) -> Option<Table> {
    let Opened { monday, followed, .. } = looked.opened.as_ref()?;
    let (gap, warning) = match followed.raw_gap() {
        Ok(gap) => {
            let shown = gap.with_warning();
            (points(shown.not_an_effect), shown.warning)
        }
        Err(refusal) => (refusal.says().to_owned(), ""),
    };
    Some(Table {
        name: "raw",
        caption: format!(
            "Came back in the fourth week after {}, by whether they had opened it by then",
            monday.format("%-d %B %Y")
        ),
        columns: ["Who", "Gap (95 %)", "What it is"].map(str::to_owned).into(),
        rows: vec![vec!["Opened less did not".to_owned(), gap, warning.to_owned()]],
    })
}

/// Of each week's beginners, the share who used Spectrum in the weeks since.
pub(super) fn cohorts(looked: &Looked) -> Option<Table> {
    let (weeks, cells) = cohort_cells(&looked.used);
    let most = looked.used.periods.len();
    if weeks.is_empty() {
        return None;
    }
    let mut rows = Vec::new();
    for (week, cells) in weeks.iter().zip(&cells) {
        let Some(began) = looked.used.periods.iter().position(|period| period.to_string() == *week) else { continue };
        let all = cells[began];
        let mut row = vec![week.clone(), cell(all)];
        for at in 1..most {
            let there = cells.get(began + at).copied();
            let share = there.and_then(|there| share(there.shown()?, all.shown()?).ok().map(|rate| percent(&rate)));
            // A week that is not over is no share.
            row.push(share.unwrap_or_else(|| if there.is_some() { HIDDEN.to_owned() } else { String::new() }));
        }
        rows.push(row);
    }
    let mut columns = vec!["First used in the week of".to_owned(), "People".to_owned()];
    columns.extend((1..most).map(|week| format!("Week {week}")));
    Some(Table {
        name: "cohorts",
        caption: "Of each week's beginners, those who used Spectrum in a week after (95 %)".to_owned(),
        columns,
        rows,
    })
}
