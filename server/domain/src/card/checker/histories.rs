//! Made-up histories of many regimes: empty, few, short, busy, with gaps, quiet, and changed in each way that can be told.

use crate::{
    affect::{FAMILIES, Quadrant},
    finding::History,
    rollup::{Moments, Rollup},
};

/// Xorshift64* (Vigna 2016), seeded.
pub(super) struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn uniform(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let bits = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32;
        (f64::from(u32::try_from(bits).expect("32 bits")) + 0.5) / 4_294_967_296.0
    }

    pub fn below(&mut self, end: usize) -> usize {
        let at = self.uniform() * f64::from(u32::try_from(end).expect("small"));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below the end")]
        let at = at as usize;
        at
    }

    /// Sum of four uniforms, scaled to a deviation of one: near enough to normal.
    fn around(&mut self) -> f64 {
        (self.uniform() + self.uniform() + self.uniform() + self.uniform() - 2.0) * 3f64.sqrt()
    }
}

/// How a member's periods come about; figures in fractions of half the scale.
#[derive(Clone, Debug)]
pub(super) struct Member {
    sessions: (usize, usize),
    days: usize,
    middle: [f64; 2],
    within: f64,
    between: f64,
    /// Share of sessions with each family.
    families: [f64; FAMILIES],
    features: [f64; 3],
    moves: [[f64; 2]; 3],
    weekday: (usize, f64),
    daypart: (usize, f64),
    rate: f64,
    gaps: f64,
    before: usize,
}

impl Member {
    pub fn any(chance: &mut Chance) -> Self {
        let sessions = [(3, 9), (7, 12), (10, 20), (20, 45)][chance.below(4)];
        let sign = |chance: &mut Chance| if chance.uniform() < 0.5 { -1.0 } else { 1.0 };
        let maybe = |chance: &mut Chance, often: f64, size: f64| {
            if chance.uniform() < often { sign(chance) * size * (0.5 + chance.uniform()) } else { 0.0 }
        };
        Self {
            sessions,
            days: 4 + chance.below(4),
            middle: [0.35 * chance.around(), 0.25 * chance.around()],
            within: 0.1 + 0.25 * chance.uniform(),
            between: 0.1 * chance.uniform(),
            families: std::array::from_fn(|_| [0.0, 0.1, 0.3, 0.6][chance.below(4)] * chance.uniform()),
            features: std::array::from_fn(|_| 0.15 + chance.uniform()),
            moves: std::array::from_fn(|_| [maybe(chance, 0.3, 0.25), maybe(chance, 0.3, 0.25)]),
            weekday: (chance.below(7), maybe(chance, 0.3, 0.5)),
            daypart: (chance.below(4), maybe(chance, 0.3, 0.4)),
            rate: 0.03 + 0.2 * chance.uniform(),
            gaps: [0.0, 0.0, 0.1, 0.3][chance.below(4)],
            before: [0, 2, 4, 6, 9, 12, 12, 12, 14, 18][chance.below(10)],
        }
    }

    fn sessions(&self, chance: &mut Chance) -> usize {
        self.sessions.0 + chance.below(self.sessions.1 - self.sessions.0 + 1)
    }

    fn period(&self, chance: &mut Chance, n: usize, days: usize) -> Rollup {
        let mut rollup =
            Rollup { days: whole(days.min(n)), sessions: whole(n), turns: whole(3 * n), ..Rollup::default() };
        let lies = self.middle.map(|middle| middle + self.between * chance.around());
        let all: f64 = self.features.iter().sum();
        for _ in 0..n {
            let (day, part) = (chance.below(7), chance.below(4));
            let apart = if day == self.weekday.0 { self.weekday.1 } else { 0.0 }
                + if part == self.daypart.0 { self.daypart.1 } else { 0.0 };
            let valence = milli(lies[0] + apart + self.within * chance.around());
            let arousal = milli(lies[1] + self.within * chance.around());
            add(&mut rollup.valence.moments, valence);
            add(&mut rollup.arousal.moments, arousal);
            let cell = &mut rollup.grid[day * 4 + part];
            cell.sessions += 1;
            cell.valence += valence;
            let corner = match (valence >= 0, arousal >= 0) {
                (false, true) => Quadrant::HighUnpleasant,
                (true, true) => Quadrant::HighPleasant,
                (true, false) => Quadrant::LowPleasant,
                (false, false) => Quadrant::LowUnpleasant,
            };
            rollup.quadrants[corner.index()] += 1;
            for (count, share) in rollup.families.iter_mut().zip(self.families) {
                *count += i32::from(chance.uniform() < share);
            }
            let pick = chance.uniform() * all;
            let feature =
                if pick < self.features[0] { 0 } else { 1 + usize::from(pick > self.features[0] + self.features[1]) };
            let sums = &mut rollup.features[feature];
            sums.sessions += 1;
            if chance.uniform() < 0.9 {
                sums.impact.sessions += 1;
                add(&mut sums.impact.valence, milli(self.moves[feature][0] + 0.2 * chance.around()));
                add(&mut sums.impact.arousal, milli(self.moves[feature][1] + 0.2 * chance.around()));
            }
            if chance.uniform() < 0.8 {
                rollup.displacements.returns += 1;
                let steps = 1 + i64::try_from(chance.below(3)).expect("small");
                rollup.displacements.return_steps += steps;
                rollup.displacements.return_distance +=
                    steps * milli(self.rate * (0.7 + 0.6 * chance.uniform())).max(1);
            }
        }
        rollup
    }
}

fn whole(n: usize) -> i32 {
    i32::try_from(n).expect("small")
}

#[expect(clippy::cast_possible_truncation, reason = "clamped first")]
fn milli(figure: f64) -> i64 {
    (figure.clamp(-1.0, 1.0) * 1000.0).round() as i64
}

fn add(moments: &mut Moments, figure: i64) {
    moments.sum += figure;
    moments.squares += figure * figure;
}

/// A history of a member, in one of the regimes.
pub(in crate::card) fn history(seed: u64) -> History {
    let mut chance = Chance::new(seed + 1);
    let chance = &mut chance;
    let mut member = Member::any(chance);
    let now_family = chance.below(FAMILIES);
    let regime = chance.below(16);
    match regime {
        10 => member.families[now_family] = 0.0,
        11 => (member.families[now_family], member.sessions) = (0.25, (20, 40)),
        _ => {}
    }
    // Newest first.
    let mut before: Vec<Rollup> = Vec::new();
    for ago in 1..=member.before {
        let mut then = member.clone();
        if regime == 12 {
            // Away for the last four, there before.
            then.families[now_family] = if ago <= 4 { 0.0 } else { 0.3 };
        }
        let n = if chance.uniform() < member.gaps { 0 } else { member.sessions(chance) };
        before.push(member_period(&then, chance, n));
    }
    let mut now = member.clone();
    let mut n = member.sessions(chance);
    let mut days = member.days;
    match regime {
        0 => n = 0,
        1 => n = 1 + chance.below(2),
        2 => n = 3 + chance.below(4),
        3 => (n, days) = (7 + chance.below(9), 1 + chance.below(3)),
        4 | 5 => now.middle[0] += if regime == 4 { 0.5 } else { -0.5 },
        6 | 7 => now.middle[1] += if regime == 6 { 0.4 } else { -0.4 },
        8 | 9 => now.families[now_family] = if regime == 8 { 0.95 } else { 0.0 },
        10 | 12 => now.families[now_family] = 0.8,
        11 => now.families[now_family] = 0.9,
        13 => now.within *= 2.5,
        14 => (now.within, now.rate) = (now.within * 0.3, now.rate * 2.5),
        15 => now.rate *= 0.3,
        _ => {}
    }
    let period = now.period(chance, n, days);
    History { period, before, ..History::default() }
}

fn member_period(member: &Member, chance: &mut Chance, n: usize) -> Rollup {
    member.period(chance, n, member.days)
}

/// A history of a member whose period and earlier periods hold enough, with nothing special about the period.
pub(in crate::card) fn usual(seed: u64) -> History {
    usual_with(seed, (8, 18))
}

/// The same, with so many sessions a period, from and to.
pub(super) fn usual_with(seed: u64, sessions: (usize, usize)) -> History {
    let mut chance = Chance::new(seed + 100_001);
    let mut member = Member::any(&mut chance);
    (member.sessions, member.before, member.gaps) = (sessions, 12, 0.0);
    let mut periods = (0..=member.before).map(|_| {
        let n = member.sessions(&mut chance);
        member_period(&member, &mut chance, n)
    });
    let period = periods.next().unwrap_or_default();
    let before = periods.collect();
    History { period, before, ..History::default() }
}
