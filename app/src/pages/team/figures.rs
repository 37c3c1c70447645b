//! How the team's pages write figures: shares with their interval, differences in points, and what is said where there is none.

use spectrum_core::product::experiments::Experiment;
use spectrum_domain::effect::{
    Cell, Difference, Estimate, Refusal, SampleRatio, experiment::Trial, impact::ArmShown, sample_ratio::NotTested,
};

use super::HIDDEN;

/// The names of a table's columns.
pub fn columns(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// A count, or the dash.
pub fn cell(cell: Cell) -> String {
    cell.shown().map_or_else(|| HIDDEN.to_owned(), |people| people.to_string())
}

/// `9.4 % (5.8–14.9)`.
pub fn percent(estimate: &Estimate) -> String {
    let Estimate { share, interval, .. } = estimate;
    format!("{:.1} % ({:.1}–{:.1})", share * 100.0, interval.low * 100.0, interval.high * 100.0)
}

/// A share, or why there is none.
pub fn rate(rate: &Result<Estimate, Refusal>) -> String {
    rate.as_ref().map_or_else(|refusal| refusal.says().to_owned(), percent)
}

/// `+1.9 points (-4.1 to +8.2)`.
pub fn points(found: Difference) -> String {
    between(found.difference, found.interval.low, found.interval.high)
}

/// The same of the bare numbers, fractions.
pub fn between(difference: f64, low: f64, high: f64) -> String {
    format!("{} points ({} to {})", signed(difference), signed(low), signed(high))
}

/// Points to one decimal with their sign, without a zero that is less than nothing.
fn signed(fraction: f64) -> String {
    let points = (fraction * 1_000.0).round() / 10.0 + 0.0;
    format!("{points:+.1}")
}

/// A difference, or why there is none.
pub fn difference(found: &Result<Difference, Refusal>) -> String {
    found.as_ref().map_or_else(|refusal| refusal.says().to_owned(), |found| points(*found))
}

/// The smallest rise that so many people could show.
pub fn smallest(rise: Option<f64>) -> String {
    rise.map_or_else(|| HIDDEN.to_owned(), |rise| format!("{:.1} points", rise * 100.0))
}

/// Of how many it is so in an arm, and which share that is.
pub fn arm(arm: &ArmShown) -> String {
    let counts = arm
        .counts
        .map_or_else(|| cell(arm.assigned), |counts| format!("{} of {}", cell(counts.hits), cell(counts.people)));
    arm.rate.as_ref().map_or(counts.clone(), |rate| format!("{counts}: {}", percent(rate)))
}

/// What is tried, in a sentence.
pub const fn tried(trial: Trial) -> &'static str {
    match trial {
        Trial::Spectrum => "Spectrum",
        Trial::Push => "the weekly push",
        Trial::Teaser => "the teaser",
    }
}

/// Whether the sizes of the arms are those of the design.
pub fn sizes(ratio: &Result<SampleRatio, NotTested>) -> String {
    match ratio {
        Ok(ratio) if ratio.is_broken() => Refusal::SampleRatioBroken.says().to_owned(),
        Ok(ratio) => format!("The arms are of the sizes they were designed for, but for chance (p = {:.3}).", ratio.p),
        Err(NotTested::TooFew) => "Too few people for the sizes of the arms to say anything.".to_owned(),
        Err(NotTested::Design) => "The design does not fit the arms.".to_owned(),
    }
}

/// Since when, how many, until when, and when it is to be read.
pub fn drawn(of: &Experiment) -> String {
    let day = |at: chrono::DateTime<chrono::Utc>| at.format("%-d %B %Y");
    let who = match of.trial {
        Trial::Spectrum => "members who joined since",
        Trial::Push => "members whose week is told since",
        Trial::Teaser => "free members since",
    };
    let ended = of.ended_at.map_or_else(|| "it is running".to_owned(), |at| format!("it ended on {}", day(at)));
    format!(
        "By lot, {} of a thousand {who} {} are kept from {}; {ended}. It was begun for {} days, to be read on {}.",
        of.permille,
        day(of.started_at),
        tried(of.trial),
        of.days,
        of.due_on().format("%-d %B %Y")
    )
}
