//! `spectrum simulate`: people made up whose truth is known, and what is said of them. Nobody's data.

use std::{
    io::{BufWriter, Write as _, stdout},
    process::ExitCode,
};

use clap::{Args, Subcommand};
use spectrum_domain::effect::{
    Difference, Refusal,
    coverage::{Coverage, Headline, coverage},
    experiment::Trial,
    grid::grid,
    simulated::{Population, people},
    summary::{Gathered, Summary},
};

use super::Failure;
use crate::{compose, config::Config, simulated::fill};

/// What `spectrum simulate` does.
#[derive(Debug, Subcommand)]
pub enum Simulate {
    /// Draws populations again and again and says how often the intervals hold the truth, and what the raw gap would have said.
    Coverage {
        /// How often.
        #[arg(long, default_value_t = 500, value_name = "N")]
        runs: u32,
        #[command(flatten)]
        population: PopulationArgs,
    },
    /// Draws one population and says of it what the team's pages would say.
    People {
        #[command(flatten)]
        population: PopulationArgs,
    },
    /// Puts one population into this database, which must be empty of members: as if it were the end of the simulation today. The job of the
    /// next night adds it up, and the team's pages show it.
    Database {
        #[command(flatten)]
        population: PopulationArgs,
        /// What is tried by lot: `push`. Without it nobody is drawn, and all come in on the first day.
        #[arg(long)]
        trial: Option<Trial>,
    },
    /// Prints intervals, tests and power over a grid of counts, as one JSON object: what another implementation is held against.
    Grid,
}

/// How many people, and what is true of them.
#[derive(Debug, Args)]
pub struct PopulationArgs {
    /// People.
    #[arg(long, default_value_t = 2_000, value_name = "N")]
    people: u32,
    /// Of a thousand, how many are kept without.
    #[arg(long, default_value_t = 500, value_name = "PERMILLE")]
    holdout: u16,
    /// By how much more of all who are given Spectrum come back because of it: 0.05 is five points.
    #[arg(long, default_value_t = 0.0, value_name = "FRACTION", allow_negative_numbers = true)]
    effect: f64,
    /// By how much more of all who may see the teaser upgrade because of it.
    #[arg(long, default_value_t = 0.0, value_name = "FRACTION", allow_negative_numbers = true)]
    conversion_effect: f64,
    /// The share of people who open Spectrum if they have it.
    #[arg(long, default_value_t = 0.4, value_name = "FRACTION")]
    adopting: f64,
    /// Weeks after assignment.
    #[arg(long, default_value_t = 8, value_name = "N")]
    weeks: u8,
    /// The day that it is, since the first assignment.
    #[arg(long, default_value_t = 70, value_name = "DAY")]
    today: u16,
    /// All chance comes from it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Prints JSON: of one population a line a person, and last what is said of them.
    #[arg(long)]
    json: bool,
}

impl PopulationArgs {
    const fn population(&self) -> Population {
        Population {
            people: self.people,
            holdout: self.holdout,
            retention_effect: self.effect,
            conversion_effect: self.conversion_effect,
            adopting: self.adopting,
            weeks: self.weeks,
            today: self.today,
            seed: self.seed,
        }
    }
}

pub(super) async fn run(load: &impl Fn() -> Result<Config, Failure>, command: Simulate) -> Result<ExitCode, Failure> {
    match command {
        Simulate::Coverage { runs, population } => {
            let found = coverage(runs, &population.population())?;
            if population.json {
                println!("{}", serde_json::to_string_pretty(&found)?);
            } else {
                print_coverage(&found);
            }
        }
        Simulate::People { population } => one(&population.population(), population.json)?,
        Simulate::Database { population, trial } => {
            let mut connection = compose::operator_connection(&load()?).await?;
            let today = compose::ambient().now().date_naive();
            fill(&mut connection, &population.population(), trial, today).await?;
            println!("{} made-up people are in the database, as of {today}", population.people);
        }
        Simulate::Grid => println!("{}", serde_json::to_string(&grid())?),
    }
    Ok(ExitCode::SUCCESS)
}

/// One population, never held whole: of a million people as well.
fn one(population: &Population, json: bool) -> Result<(), Failure> {
    let mut out = BufWriter::new(stdout().lock());
    let mut gathered = Gathered::new(population);
    for person in people(population)? {
        gathered.add(&person);
        if json {
            serde_json::to_writer(&mut out, &person)?;
            writeln!(out)?;
        }
    }
    let summary = gathered.summary();
    if json {
        serde_json::to_writer(&mut out, &summary)?;
        writeln!(out)?;
    } else {
        for line in lines(&summary) {
            writeln!(out, "{line}")?;
        }
    }
    out.flush()?;
    Ok(())
}

fn print_coverage(found: &Coverage) {
    let percent = |fraction: f64| format!("{:.1} %", fraction * 100.0);
    println!(
        "{} runs of {} people, {} of a thousand held out",
        found.runs, found.population.people, found.population.holdout
    );
    println!(
        "\n{:<30} {:>8} {:>10} {:>10} {:>12} {:>16}",
        "by lot, points", "truth", "estimate", "covered", "found", "found, reckoned"
    );
    let row = |name: &str, headline: &Headline| {
        println!(
            "{name:<30} {:>8} {:>10} {:>10} {:>12} {:>16}",
            points(headline.truth),
            points(headline.mean_estimate),
            percent(headline.covered),
            percent(headline.power_observed),
            percent(headline.power_computed),
        );
        if headline.compared < found.runs {
            println!(
                "{:<30} {} runs had too few people or upgrades for a comparison",
                "",
                found.runs - headline.compared
            );
        }
    };
    row("there in the headline week", &found.retention);
    row("upgraded within 28 days", &found.conversion);
    println!("\n{:<30} {:>8} {:>10}", "of those who opened, not by lot", "truth", "would say");
    for (name, said) in [
        ("opened less not opened", found.mean_raw_gap),
        ("the same, equally active", found.mean_stratified_gap),
        ("from a landmark on", found.mean_landmark_gap),
        ("difference in differences", found.mean_difference_in_differences),
    ] {
        println!("{name:<30} {:>8} {:>10}", points(found.effect_on_users), points(said));
    }
}

/// What is said of one population, in lines.
fn lines(summary: &Summary) -> Vec<String> {
    let mut lines = Vec::new();
    for week in &summary.retention {
        lines.push(format!("there in week {}, because of Spectrum: {}", week.week, said(week.returned.difference)));
    }
    for window in &summary.funnel.windows {
        let rate = match window.rate {
            Ok(rate) => format!("{} of {}, {:.1} %", rate.hits, rate.people, rate.share * 100.0),
            Err(refusal) => refusal.says().to_owned(),
        };
        lines.push(format!("upgraded within {} h of the teaser, attributed: {rate}", window.window.hours()));
    }
    for impact in &summary.impact {
        let upgrades = said(impact.upgrades.difference);
        lines.push(format!("upgraded within {} h, because of the teaser: {upgrades}", impact.window.hours()));
    }
    lines
}

fn said(difference: Result<Difference, Refusal>) -> String {
    match difference {
        Ok(found) => {
            let interval = found.interval;
            format!("{} points, {} to {}", points(found.difference), points(interval.low), points(interval.high))
        }
        Err(refusal) => refusal.says().to_owned(),
    }
}

/// Points to one decimal, without a zero that is less than nothing.
fn points(fraction: f64) -> String {
    let points = (fraction * 1_000.0).round() / 10.0 + 0.0;
    format!("{points:+.1}")
}
