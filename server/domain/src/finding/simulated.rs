//! Members made up: rollups of feelings that vary without changing, and of such as do change. Every draw is seeded. The tests
//! are about them, and so are the texts that reviewers judge: nobody's own period is shown to anybody.

use super::History;
use crate::{
    affect::{FAMILIES, Family, Quadrant},
    feature::Feature,
    rollup::{CELLS, Moments, Rollup},
};

/// Splitmix64 (Steele, Lea & Flood 2014): enough for a simulation, and the same on every machine.
#[derive(Debug)]
pub struct Draw(pub u64);

impl Draw {
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Between 0 and 1, ends excluded.
    pub(crate) fn uniform(&mut self) -> f64 {
        (f64::from(u32::try_from(self.bits() >> 32).unwrap_or(u32::MAX)) + 0.5) / 4_294_967_296.0
    }

    pub(crate) fn below(&mut self, end: i32) -> i32 {
        let of = i64::from(end) * i64::try_from(self.bits() >> 33).unwrap_or_default();
        i32::try_from(of >> 31).unwrap_or_default()
    }

    /// Box & Muller 1958.
    pub(crate) fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

/// How a member's feelings vary while nothing changes. Figures are fractions of half the scale.
#[derive(Clone, Copy, Debug)]
pub struct Noise {
    /// What it is called.
    pub name: &'static str,
    /// Sessions of a period, from and to.
    pub sessions: (i32, i32),
    /// Standard deviation of sessions within a period.
    pub within: f64,
    /// Of days within a period.
    pub days: f64,
    /// Of periods.
    pub between: f64,
    /// Correlation of neighbouring periods.
    pub lag: f64,
    /// Sessions are drawn from a lopsided distribution with a long tail.
    pub skewed: bool,
    /// Of each family's log-odds from period to period, on top of how it leans with valence.
    pub bursts: f64,
    /// One period in so many is empty; 0 for none.
    pub gaps: i32,
    /// Earlier periods.
    pub before: usize,
}

/// The plainest: ten sessions, nothing hangs together.
pub const IID: Noise = Noise {
    name: "independent, ten sessions",
    sessions: (10, 10),
    within: 0.3,
    days: 0.0,
    between: 0.0,
    lag: 0.0,
    skewed: false,
    bursts: 0.0,
    gaps: 0,
    before: 12,
};

/// What the tests of change are made for.
pub const NOISES: [Noise; 14] = [
    IID,
    Noise { name: "independent, forty sessions", sessions: (40, 40), ..IID },
    Noise { name: "three to nine sessions", sessions: (3, 9), ..IID },
    Noise { name: "seven to thirty sessions, gaps", sessions: (7, 30), gaps: 5, ..IID },
    Noise { name: "lopsided, long tail", skewed: true, ..IID },
    Noise { name: "periods differ", sessions: (7, 20), between: 0.2, ..IID },
    Noise { name: "periods and days differ", sessions: (7, 20), between: 0.15, days: 0.2, ..IID },
    Noise { name: "families come in bursts", bursts: 1.0, sessions: (7, 20), between: 0.1, ..IID },
    Noise { name: "families come in bursts, forty sessions", bursts: 1.0, sessions: (40, 40), between: 0.1, ..IID },
    Noise {
        name: "families come in bursts, autocorrelation 0.5",
        bursts: 1.0,
        sessions: (7, 40),
        between: 0.1,
        lag: 0.5,
        ..IID
    },
    Noise { name: "autocorrelation 0.3", between: 0.2, lag: 0.3, ..IID },
    Noise { name: "autocorrelation 0.5", between: 0.2, lag: 0.5, ..IID },
    Noise { name: "autocorrelation 0.5, forty sessions", sessions: (40, 40), between: 0.2, lag: 0.5, ..IID },
    Noise { name: "autocorrelation 0.5, six periods", between: 0.2, lag: 0.5, before: 6, ..IID },
];

/// Beyond what the test is made for: told of, not promised.
#[cfg(test)]
pub(super) const BEYOND: [Noise; 4] = [
    Noise { name: "autocorrelation 0.8", between: 0.2, lag: 0.8, ..IID },
    Noise { name: "families come in great bursts", bursts: 2.0, between: 0.1, ..IID },
    Noise {
        name: "families come in great bursts, forty sessions",
        sessions: (40, 40),
        bursts: 2.0,
        between: 0.1,
        ..IID
    },
    Noise { name: "autocorrelation 0.8, forty sessions", sessions: (40, 40), between: 0.2, lag: 0.8, ..IID },
];

/// What is really different in the period itself.
#[derive(Clone, Copy, Debug)]
pub struct Effect {
    /// Valence of every session.
    pub level: f64,
    /// Log-odds of [`FAMILY`] in every session.
    pub odds: f64,
    /// Valence of sessions on Mondays, in all periods.
    pub monday: f64,
    /// Movement of valence in sessions of Turn, in all periods.
    pub turn: f64,
}

/// Nothing is different.
pub const NOTHING: Effect = Effect { level: 0.0, odds: 0.0, monday: 0.0, turn: 0.0 };

/// The family that an effect has more of: Calm, present in 18 % of sessions otherwise.
pub const FAMILY: Family = Family::Calm;

/// Log-odds of a family at a session of middling valence: present in 60 % down to 1 % of sessions.
const ODDS: [f64; FAMILIES] = [0.4, 0.0, -0.6, -1.1, -1.5, -2.0, -2.6, -3.5, -4.6];

/// Where the two axes and the families of a period lie, in standard deviations.
type State = [f64; 2 + FAMILIES];

fn period(draw: &mut Draw, noise: &Noise, state: &State, effect: Effect) -> Rollup {
    let mut rollup = Rollup { days: 7, ..Rollup::default() };
    let days: [f64; 7] = std::array::from_fn(|_| noise.days * draw.normal());
    let habits: [f64; 3] = std::array::from_fn(|_| 0.5 * noise.between * draw.normal());
    rollup.sessions = noise.sessions.0 + draw.below(noise.sessions.1 - noise.sessions.0 + 1);
    for _ in 0..rollup.sessions {
        let place = usize::try_from(draw.below(7) * 4 + 1 + draw.below(3)).unwrap_or_default();
        debug_assert!(place < CELLS);
        let chance = if noise.skewed { 0.7 * (draw.normal().powi(2) - 1.0) } else { draw.normal() };
        let monday = if place < 4 { effect.monday } else { 0.0 };
        let valence = 0.1 + noise.between * state[0] + days[place / 4] + noise.within * chance + effect.level + monday;
        let arousal = -0.1 + noise.between * state[1] + noise.within * draw.normal();
        let add = |moments: &mut Moments, figure: f64| {
            let whole = milli(figure);
            moments.sum += whole;
            moments.squares += whole * whole;
        };
        add(&mut rollup.valence.moments, valence);
        add(&mut rollup.arousal.moments, arousal);
        rollup.grid[place].sessions += 1;
        rollup.grid[place].valence += milli(valence);
        let quadrant = Quadrant::ALL[usize::from(valence < 0.0) + 2 * usize::from(arousal < 0.0)];
        rollup.quadrants[quadrant.index()] += 1;
        // Families lean with valence, one after the other either way, so their tests hang together as they really do.
        for (family, odds) in ODDS.into_iter().enumerate() {
            let lean = if family % 2 == 0 { 2.0 } else { -2.0 };
            let more = if family == FAMILY.index() { effect.odds } else { 0.0 };
            let odds = odds + more + noise.bursts * state[2 + family] + lean * (valence - 0.1);
            rollup.families[family] += i32::from(draw.uniform() < 1.0 / (1.0 + (-odds).exp()));
        }
        let feature = [Feature::Mirror, Feature::Mirror, Feature::Turn, Feature::Lens]
            [usize::try_from(draw.below(4)).unwrap_or_default()];
        let sums = &mut rollup.features[feature.index()];
        let way = habits[feature.index()] + if feature == Feature::Turn { effect.turn } else { 0.0 };
        sums.sessions += 1;
        sums.impact.sessions += 1;
        add(&mut sums.impact.valence, way + 0.25 * draw.normal());
        add(&mut sums.impact.arousal, 0.25 * draw.normal());
    }
    rollup
}

#[expect(clippy::cast_possible_truncation, reason = "clamped first")]
fn milli(figure: f64) -> i64 {
    (figure.clamp(-1.0, 1.0) * 1000.0).round() as i64
}

/// A period and those before it, as these varied and this changed them.
pub fn history(draw: &mut Draw, noise: &Noise, effect: Effect) -> History {
    let mut state: State = std::array::from_fn(|_| draw.normal());
    let innovation = (1.0 - noise.lag * noise.lag).sqrt();
    let mut periods: Vec<Rollup> = (0..=noise.before)
        .map(|at| {
            let last = at == noise.before;
            let empty = noise.gaps > 0 && !last && draw.below(noise.gaps) == 0;
            let here = if last { effect } else { Effect { level: 0.0, odds: 0.0, ..effect } };
            let rollup = period(draw, noise, &state, here);
            state = state.map(|place| noise.lag * place + innovation * draw.normal());
            if empty { Rollup::default() } else { rollup }
        })
        .collect();
    let period = periods.pop().unwrap_or_default();
    periods.reverse();
    History { period, before: periods, ..History::default() }
}

/// A history that has something to tell: its noise and what changed in it follow from the seed.
pub fn sample(seed: u64) -> History {
    let mut draw = Draw(seed);
    let mut one_of = |end: usize| {
        let place = draw.below(i32::try_from(end).unwrap_or(i32::MAX));
        usize::try_from(place).unwrap_or_default()
    };
    let noise = NOISES[one_of(NOISES.len())];
    let effect = [
        NOTHING,
        Effect { level: 0.35, ..NOTHING },
        Effect { level: -0.35, ..NOTHING },
        Effect { odds: 2.0, ..NOTHING },
        Effect { monday: -0.4, ..NOTHING },
        Effect { monday: 0.4, turn: 0.3, ..NOTHING },
        Effect { turn: -0.3, odds: 1.5, ..NOTHING },
    ][one_of(7)];
    history(&mut draw, &noise, effect)
}
