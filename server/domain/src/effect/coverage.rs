//! How often what is said is right: a population drawn again and again, and what was said of it held against what is true of it.

use serde::Serialize;

use super::{
    Difference,
    funnel::Window,
    number,
    power::power,
    simulated::{BadPopulation, HEADLINE_WEEK, Population, World, base_conversion, base_retention, people},
    summary::Gathered,
};
use crate::finding::simulated::Draw;

/// One headline over many runs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Headline {
    /// What is true: a fraction of people.
    pub truth: f64,
    /// Runs in which a comparison was given and not refused; the rest of this is of these.
    pub compared: u32,
    /// Of them, the share of which the 95 % interval holds the truth.
    pub covered: f64,
    /// What was said, on average.
    pub mean_estimate: f64,
    /// The share in which it was clear of 0: power, or with a truth of 0 the share of false alarms.
    pub power_observed: f64,
    /// What `power` says of it beforehand.
    pub power_computed: f64,
}

/// What came of many runs. Means are fractions of people.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Coverage {
    /// How many.
    pub runs: u32,
    /// What each was drawn from.
    pub population: Population,
    /// There in the headline week, by lot.
    pub retention: Headline,
    /// Upgraded within 28 days of assignment, by lot.
    pub conversion: Headline,
    /// What is true of those who opened before the headline week, who alone are moved: what the four below would say if they were right.
    pub effect_on_users: f64,
    /// Who had opened against who had not: what it would have said, on average. Not an effect.
    pub mean_raw_gap: f64,
    /// The same among people equally active before. Not an effect.
    pub mean_stratified_gap: f64,
    /// From the landmark on. Not an effect.
    pub mean_landmark_gap: f64,
    /// Differences in differences. Biased upward.
    pub mean_difference_in_differences: f64,
}

/// A mean that is built up.
#[derive(Clone, Copy, Debug, Default)]
struct Mean {
    sum: f64,
    of: u32,
}

impl Mean {
    fn add(&mut self, figure: f64) {
        self.sum += figure;
        self.of += 1;
    }

    fn value(self) -> f64 {
        if self.of == 0 { 0.0 } else { self.sum / f64::from(self.of) }
    }
}

/// What is built up of one headline.
#[derive(Clone, Copy, Debug, Default)]
struct Runs {
    estimate: Mean,
    covered: Mean,
    clear: Mean,
}

impl Runs {
    fn add(&mut self, said: Difference, truth: f64) {
        let share = |is_so: bool| f64::from(u8::from(is_so));
        self.estimate.add(said.difference);
        self.covered.add(share(said.interval.holds(truth)));
        self.clear.add(share(said.is_clear()));
    }

    fn headline(self, truth: f64, base: f64, population: &Population) -> Headline {
        let holdout = u64::from(population.people) * u64::from(population.holdout) / 1_000;
        let rest = u64::from(population.people) - holdout;
        Headline {
            truth,
            compared: self.estimate.of,
            covered: self.covered.value(),
            mean_estimate: self.estimate.value(),
            power_observed: self.clear.value(),
            power_computed: power(base, holdout, base + truth, rest),
        }
    }
}

/// So many populations like this one, each with a seed drawn from its seed. All of their windows are closed: the day is put off until
/// they are.
pub fn coverage(runs: u32, population: &Population) -> Result<Coverage, BadPopulation> {
    let population = Population { today: population.today.max(28 + 7 * 6), ..*population };
    let mut seeds = Draw(population.seed);
    let (mut retention, mut conversion) = (Runs::default(), Runs::default());
    let (mut raw, mut stratified, mut landmark, mut changes) =
        (Mean::default(), Mean::default(), Mean::default(), Mean::default());
    for _ in 0..runs {
        let one = Population { seed: seeds.bits(), ..population };
        let gathered = Gathered::of(&one, people(&one)?);
        if let Ok(said) = gathered.retention(HEADLINE_WEEK).returned.difference {
            retention.add(said, population.retention_effect);
        }
        if let Ok(said) = gathered.impact(Window::FourWeeks).upgrades.difference {
            conversion.add(said, population.conversion_effect);
        }
        if let Ok(gap) = gathered.raw_gap() {
            raw.add(gap.with_warning().not_an_effect.difference);
        }
        if let Some(gap) = gathered.stratified() {
            stratified.add(gap);
        }
        if let Ok(said) = gathered.landmark() {
            landmark.add(said.gap.difference);
        }
        if let Ok(said) = gathered.observed() {
            changes.add(said.effect.difference);
        }
    }
    Ok(Coverage {
        runs,
        population,
        retention: retention.headline(population.retention_effect, base_retention(), &population),
        conversion: conversion.headline(population.conversion_effect, base_conversion(), &population),
        effect_on_users: population.retention_effect / World::of(&population)?.opened,
        mean_raw_gap: raw.value(),
        mean_stratified_gap: stratified.value(),
        mean_landmark_gap: landmark.value(),
        mean_difference_in_differences: changes.value(),
    })
}

/// How far the share of so many runs lies from the true one by chance, two standard errors.
pub fn monte_carlo_error(share: f64, runs: u32) -> f64 {
    2.0 * (share * (1.0 - share) / number(u64::from(runs.max(1)))).sqrt()
}
