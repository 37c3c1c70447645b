//! How a demo member feels on a day: temperament, season, weekday, slow waves, a hard month, and chance.

use std::f64::consts::TAU;

use chrono::{Datelike, NaiveDate, Weekday};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use spectrum_domain::affect::{FAMILIES, Family};

use super::people::Temperament;

/// A place on the plane: pleasantness and energy, each around −1 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mood {
    /// Unpleasant to pleasant.
    pub valence: f64,
    /// Low to high energy.
    pub arousal: f64,
}

impl Mood {
    /// The mood moved by this much.
    #[must_use]
    pub fn moved(self, valence: f64, arousal: f64) -> Self {
        Self { valence: self.valence + valence, arousal: self.arousal + arousal }
    }

    /// How someone is on a date. `chance` must be drawn from that date alone.
    pub fn of_day(temperament: Temperament, date: NaiveDate, chance: &mut ChaCha8Rng) -> Self {
        let day = f64::from(date.num_days_from_ce());
        let (hard, unrest) = hard_month(date);
        let season = 0.12 * (TAU * (f64::from(date.ordinal()) - 172.0) / 365.25).cos();
        let (weekday_valence, weekday_arousal) = match date.weekday() {
            Weekday::Mon => (-0.1, 0.1),
            Weekday::Fri => (0.08, 0.1),
            Weekday::Sat => (0.15, 0.05),
            Weekday::Sun => (0.05, -0.2),
            _ => (0.0, 0.0),
        };
        let waves = 0.16 * (TAU * day / 37.0).sin() + 0.1 * (TAU * day / 101.0).sin();
        Self {
            valence: temperament.valence + season + weekday_valence + waves - temperament.hard_month * hard
                + 0.3 * spread(chance),
            arousal: temperament.arousal
                + weekday_arousal
                + 0.15 * (TAU * day / 53.0).sin()
                + temperament.hard_month * unrest
                + 0.45 * spread(chance),
        }
    }

    /// A family of feelings near this place, the nearer the likelier.
    pub fn draw_family(self, chance: &mut ChaCha8Rng) -> Family {
        let weights: [f64; FAMILIES] = Family::ALL.map(|family| {
            let home = home(family);
            let distance = (self.valence - home.valence).powi(2) + (self.arousal - home.arousal).powi(2);
            (-distance / 0.12).exp()
        });
        let mut left = chance.random::<f64>() * weights.iter().sum::<f64>();
        for (family, weight) in Family::ALL.into_iter().zip(weights) {
            left -= weight;
            if left <= 0.0 {
                return family;
            }
        }
        Family::Calm
    }
}

/// A figure around zero, mostly within ±0.5: the mean of three draws, which leans to the middle.
pub fn spread(chance: &mut ChaCha8Rng) -> f64 {
    (chance.random::<f64>() + chance.random::<f64>() + chance.random::<f64>()) / 1.5 - 1.0
}

/// Where sentences of a family lie.
const fn home(family: Family) -> Mood {
    let (valence, arousal) = match family {
        Family::Joy => (0.7, 0.55),
        Family::Interest => (0.3, 0.35),
        Family::Hope => (0.45, 0.2),
        Family::Warmth => (0.55, -0.2),
        Family::Calm => (0.4, -0.6),
        Family::Worry => (-0.45, 0.45),
        Family::Anger => (-0.6, 0.65),
        Family::Sadness => (-0.55, -0.55),
        Family::Regret => (-0.35, -0.25),
    };
    Mood { valence, arousal }
}

/// How much of the hard month lies on a date (0 to 1), and its unrest: first worry, then tiredness.
///
/// It comes every autumn, from 5 October, and eases until 16 November: by the calendar and not by "now", because what
/// was written on a date must stay what it was.
fn hard_month(date: NaiveDate) -> (f64, f64) {
    let Some(begins) = NaiveDate::from_ymd_opt(date.year(), 10, 5) else { return (0.0, 0.0) };
    let day = i32::try_from((date - begins).num_days()).unwrap_or(-1);
    match day {
        0..10 => (f64::from(day) / 10.0, 0.4 * f64::from(day) / 10.0),
        10..25 => (1.0, 0.4 - 0.8 * f64::from(day - 10) / 15.0),
        25..42 => (f64::from(42 - day) / 17.0, -0.4 * f64::from(42 - day) / 17.0),
        _ => (0.0, 0.0),
    }
}
