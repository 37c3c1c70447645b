//! People made up, whose truth is known: what the feature and the teaser really do to them was decided before. Every draw is seeded.
//!
//! One thing moves everything, and nobody measures it: how much a person is drawn to the product, partly for good and partly just now. Who
//! is drawn to it comes back, opens Spectrum, sees the teaser and upgrades, each with or without the other. So people who opened differ
//! from people who did not even where the truth is that opening does nothing.

use chrono::{Days, NaiveDate};
use serde::Serialize;
use thiserror::Error;

use super::experiment::{Arms, HOLDOUT, arm_of};
use crate::{closed_set::closed_set, finding::simulated::Draw, product_event::Surface};

/// The week after assignment that the truth is about.
pub const HEADLINE_WEEK: u8 = 4;
/// Days over which people are assigned, as many on each.
pub const ASSIGNED_OVER: u16 = 28;
/// Weeks before assignment of which it is known whether somebody was there.
pub const WEEKS_BEFORE: usize = 4;
/// Fewest weeks after it: two until the landmark and four to be held against those before.
pub const FEWEST_WEEKS: u8 = 6;
/// Most weeks after it.
pub const MOST_WEEKS: u8 = 52;

/// The first day of all, a Monday.
pub const FIRST_DAY: NaiveDate = match NaiveDate::from_ymd_opt(2026, 1, 5) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// How many people, and what is true of them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Population {
    /// People.
    pub people: u32,
    /// Of a thousand, how many are kept without Spectrum; and, by another lot, as many without the teaser.
    pub holdout: u16,
    /// By how much more of all who are given Spectrum are there in the headline week because of it. A fraction, 0.05 is five points.
    pub retention_effect: f64,
    /// By how much more of all who may see the teaser upgrade within 28 days because of it. A fraction.
    pub conversion_effect: f64,
    /// The share of people who open Spectrum if they have it, come back, and have time.
    pub adopting: f64,
    /// Weeks after assignment that are drawn.
    pub weeks: u8,
    /// The day that it is, since the first of all; what lies on it and after it has not happened yet.
    pub today: u16,
    /// All chance comes from it.
    pub seed: u64,
}

impl Default for Population {
    fn default() -> Self {
        Self {
            people: 20_000,
            holdout: 500,
            retention_effect: 0.0,
            conversion_effect: 0.0,
            adopting: 0.4,
            weeks: 8,
            today: 56,
            seed: 1,
        }
    }
}

impl Population {
    /// The day that it is.
    pub fn today(&self) -> NaiveDate {
        day(self.today)
    }
}

/// A day of the simulation as a date.
pub fn day(day: u16) -> NaiveDate {
    FIRST_DAY + Days::new(u64::from(day))
}

closed_set!(
    /// An arm of either experiment.
    Side {
        /// With it.
        Feature = "feature",
        /// By lot without it.
        Holdout = "holdout",
    }
);

/// Someone who is nobody. Hours count from the beginning of the first day, all of them, whether or not they lie before today.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Person {
    /// From 0.
    pub number: u32,
    /// What the lot of Spectrum is drawn by.
    pub spread: u64,
    /// With or without Spectrum.
    pub arm: Side,
    /// What the lot of the teaser is drawn by.
    pub teaser_spread: u64,
    /// With or without the teaser.
    pub teaser_arm: Side,
    /// When they were assigned, to both.
    pub assigned_hour: u32,
    /// Whether they were there in each week before, oldest first.
    pub before: [bool; WEEKS_BEFORE],
    /// Whether they were there in each week after.
    pub weeks: Vec<bool>,
    /// How many days after assignment they first opened Spectrum: always in a week in which they were there.
    pub opened_day: Option<u16>,
    /// When they saw the teaser, first to last.
    pub exposures: Vec<u32>,
    /// When they upgraded.
    pub upgrade_hour: Option<u32>,
    /// When they were paid back.
    pub refund_hour: Option<u32>,
    /// What they have Spectrum in.
    pub surface: Surface,
    /// The version of the app.
    pub version: &'static str,
}

impl Person {
    /// The day of their assignment.
    pub fn assigned_day(&self) -> NaiveDate {
        FIRST_DAY + Days::new(u64::from(self.assigned_hour / 24))
    }

    /// The week of their first opening, from 1.
    pub fn opened_week(&self) -> Option<u8> {
        self.opened_day.and_then(|day| u8::try_from(day / 7 + 1).ok())
    }
}

/// Why no such people can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadPopulation {
    /// The holdout is no part of a thousand.
    #[error("the holdout must be 1 to 999 of a thousand")]
    Holdout,
    /// Not a share between none and all.
    #[error("the share that adopts must lie between 0.01 and 0.99")]
    Adopting,
    /// Too few weeks or too many.
    #[error("weeks must be {FEWEST_WEEKS} to {MOST_WEEKS}")]
    Weeks,
    /// So large an effect on all can't come from those who open, or see the teaser: not even if all of them did it.
    #[error("an effect that large can't come from those whom it reaches")]
    Effect,
}

/// Standard deviations of what draws a person to the product, on the scale of log-odds: for good, and just now.
const LASTING: f64 = 0.9;
const PRESENT: f64 = 0.5;
/// Log-odds of being there in a week, in the middle.
const THERE: f64 = -0.6;
/// Of a week in which someone is there who opens Spectrum at all: that it is the week in which they first do.
const OPENS: f64 = 0.7;
/// By how much more likely it is that someone opens Spectrum at all, in log-odds, for each of being there.
const ADOPTS: f64 = 1.2;
/// Hours over which the teaser is first seen.
const SEEN_OVER: i32 = 96;
/// Hours within which everybody upgrades who does because of the teaser: seen at the latest moment, that is still within 28 days.
const LATEST: u32 = 28 * 24 - 96;

fn logistic(odds: f64) -> f64 {
    1.0 / (1.0 + (-odds).exp())
}

/// The chance of being there in a week.
fn there(drawn: f64) -> f64 {
    logistic(THERE + drawn)
}

/// The chance of seeing the teaser at all.
fn sees(drawn: f64) -> f64 {
    logistic(1.0 + 0.8 * drawn)
}

/// The chance of upgrading within 28 days by oneself.
fn upgrades(drawn: f64) -> f64 {
    0.08 * logistic(drawn)
}

/// A chance moved by a share of the room it has: up towards one, down towards none. It stays a chance, so the effect on all is known
/// exactly.
fn moved(chance: f64, by: f64) -> f64 {
    if by >= 0.0 { chance + by * (1.0 - chance) } else { chance * (1.0 + by) }
}

/// The mean over all people of what depends on how much they are drawn to the product: the trapezoidal rule over the normal
/// distribution, which is right to the last digits for functions this smooth.
fn mean_over_people(of: impl Fn(f64) -> f64) -> f64 {
    let scale = LASTING.hypot(PRESENT);
    let (mut sum, mut weights) = (0.0, 0.0);
    for step in -400..=400 {
        let at = f64::from(step) / 50.0;
        let weight = (-at * at / 2.0).exp();
        sum += weight * of(scale * at);
        weights += weight;
    }
    sum / weights
}

/// What makes a population's truth true.
#[derive(Clone, Copy, Debug)]
pub(super) struct World {
    /// Log-odds of opening Spectrum at all, in the middle.
    adopts: f64,
    /// By what share of the room the chance of being there moves after opening.
    returning: f64,
    /// The same of upgrading, for those who see the teaser.
    upgrading: f64,
    /// The share of all who are given Spectrum who open it in a week before the headline's.
    pub(super) opened: f64,
}

impl World {
    pub(super) fn of(population: &Population) -> Result<Self, BadPopulation> {
        if !(0.01..=0.99).contains(&population.adopting) {
            return Err(BadPopulation::Adopting);
        }
        if !(FEWEST_WEEKS..=MOST_WEEKS).contains(&population.weeks) {
            return Err(BadPopulation::Weeks);
        }
        let (mut low, mut high) = (-20.0, 20.0);
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            let share = mean_over_people(|drawn| logistic(middle + ADOPTS * drawn));
            if share < population.adopting { low = middle } else { high = middle }
        }
        // Reached by the headline week are those who opened in a week before it.
        let opened = |drawn: f64| {
            let not_yet = (1.0 - OPENS * there(drawn)).powi(i32::from(HEADLINE_WEEK) - 1);
            logistic(low + ADOPTS * drawn) * (1.0 - not_yet)
        };
        Ok(Self {
            adopts: low,
            returning: share_of_room(population.retention_effect, opened, there)?,
            upgrading: share_of_room(population.conversion_effect, sees, upgrades)?,
            opened: mean_over_people(opened),
        })
    }
}

/// By what share of their room the chances of those who are reached have to move for the effect on all.
fn share_of_room(effect: f64, reached: impl Fn(f64) -> f64, chance: fn(f64) -> f64) -> Result<f64, BadPopulation> {
    let room = mean_over_people(|drawn| {
        let chance = chance(drawn);
        reached(drawn) * if effect >= 0.0 { 1.0 - chance } else { chance }
    });
    let share = effect / room;
    if share.abs() <= 1.0 { Ok(share) } else { Err(BadPopulation::Effect) }
}

/// The share of people without Spectrum who are there in a week.
pub fn base_retention() -> f64 {
    mean_over_people(there)
}

/// The share of people without the teaser who upgrade within 28 days.
pub fn base_conversion() -> f64 {
    mean_over_people(upgrades)
}

/// People, one after the other.
#[derive(Debug)]
pub struct People {
    population: Population,
    world: World,
    arms: Arms,
    draw: Draw,
    next: u32,
}

/// Such people; the same population is the same people.
pub fn people(population: &Population) -> Result<People, BadPopulation> {
    let world = World::of(population)?;
    let arms = Arms::with_holdout(population.holdout).map_err(|_| BadPopulation::Holdout)?;
    Ok(People { population: *population, world, arms, draw: Draw(population.seed), next: 0 })
}

impl Iterator for People {
    type Item = Person;

    fn next(&mut self) -> Option<Person> {
        let number = self.next;
        if number >= self.population.people {
            return None;
        }
        self.next += 1;
        Some(self.person(number))
    }
}

impl People {
    fn chance(&mut self, chance: f64) -> bool {
        self.draw.uniform() < chance
    }

    fn below(&mut self, end: i32) -> u32 {
        u32::try_from(self.draw.below(end)).unwrap_or_default()
    }

    fn side(&mut self) -> (u64, Side) {
        let spread = self.draw.bits();
        let side = if arm_of(spread, &self.arms).name == HOLDOUT { Side::Holdout } else { Side::Feature };
        (spread, side)
    }

    fn person(&mut self, number: u32) -> Person {
        let lasting = LASTING * self.draw.normal();
        let drawn = lasting + PRESENT * self.draw.normal();
        let ((spread, arm), (teaser_spread, teaser_arm)) = (self.side(), self.side());
        let assigned_hour = number % u32::from(ASSIGNED_OVER) * 24 + self.below(24);
        let before = std::array::from_fn(|_| self.chance(there(lasting)));
        let (weeks, opened_day) = self.weeks(drawn, arm);
        let mut person = Person {
            number,
            spread,
            arm,
            teaser_spread,
            teaser_arm,
            assigned_hour,
            before,
            weeks,
            opened_day,
            exposures: Vec::new(),
            upgrade_hour: None,
            refund_hour: None,
            surface: [Surface::Browser, Surface::Webview, Surface::Webview, Surface::App][self.below(4) as usize],
            version: ["3.0", "3.1", "3.1", "3.2"][self.below(4) as usize],
        };
        self.teaser(drawn, &mut person);
        person
    }

    /// In which weeks they are there, and the day on which they first open Spectrum.
    fn weeks(&mut self, drawn: f64, arm: Side) -> (Vec<bool>, Option<u16>) {
        let adopts = self.chance(logistic(self.world.adopts + ADOPTS * drawn)) && arm == Side::Feature;
        let mut opened = None;
        let weeks = (0..u16::from(self.population.weeks)).map(|week| {
            let moves = if opened.is_some() { self.world.returning } else { 0.0 };
            let is_there = self.chance(moved(there(drawn), moves));
            if adopts && opened.is_none() && is_there && self.chance(OPENS) {
                opened = Some(week * 7 + u16::try_from(self.below(7)).unwrap_or_default());
            }
            is_there
        });
        let weeks = weeks.collect();
        (weeks, opened)
    }

    /// When they see the teaser, upgrade and are paid back.
    fn teaser(&mut self, drawn: f64, person: &mut Person) {
        let sees = self.chance(sees(drawn)) && person.teaser_arm == Side::Feature;
        if sees {
            let mut hour = person.assigned_hour + self.below(SEEN_OVER);
            for _ in 0..=self.below(4) {
                person.exposures.push(hour);
                hour += 24 + self.below(96);
            }
        }
        let by_themselves = upgrades(drawn);
        let with_teaser = if sees { moved(by_themselves, self.world.upgrading) } else { by_themselves };
        let lot = self.draw.uniform();
        let after = self.below(28 * 24);
        // Days rather than weeks: most of those whom it moves are moved soon.
        let soon = (-36.0 * self.draw.uniform().ln()).min(f64::from(LATEST - 1));
        if lot < by_themselves.min(with_teaser) {
            person.upgrade_hour = Some(person.assigned_hour + after);
        } else if lot < with_teaser {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "hours, 0 to 575")]
            let soon = soon as u32;
            person.upgrade_hour = person.exposures.first().map(|seen| seen + soon);
        }
        let regrets = self.chance(0.1);
        let later = self.below(45 * 24);
        person.refund_hour = person.upgrade_hour.filter(|_| regrets).map(|hour| hour + later);
    }
}
