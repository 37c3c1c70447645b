//! How far a session's valence left the session's own middle, how fast it went and how fast it came back.
//!
//! After Hipson & Mohammad 2021 (Emotion dynamics in movie dialogues, PLOS ONE e0256153): a displacement is a run of turns
//! outside the home base; its peak is its farthest turn; it rises from the last turn at home to the peak, and recovers
//! from the peak to the first turn at home again. Two things differ:
//!
//! - The home base is the session's own: its mean ± one standard deviation, and no narrower than the measurement band, so
//!   that the analyzer's error is no displacement. Nothing of another day enters, so a day stays a sum of its sessions,
//!   whatever is left out or comes late.
//! - Distances and turns are summed apart and divided once, at the end: a ratio of sums instead of a mean of ratios. That
//!   merges exactly, and a displacement of one turn weighs no more than it is long.

use crate::{affect::Milli, measure::MeasuredTurn};

/// Sums over displacements. One that the session begins in has no rise, and one that it ends in has no return, so these
/// are counted apart from the displacements themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Displacements {
    /// Runs of turns outside the home base, on one side of it.
    pub episodes: i64,
    /// Those that set out from home.
    pub rises: i64,
    /// Their peaks' distances from the edge of home, in thousandths.
    pub rise_distance: i64,
    /// Turns from the last one at home to the peak.
    pub rise_steps: i64,
    /// Those that came home.
    pub returns: i64,
    /// Their peaks' distances from the edge of home, in thousandths.
    pub return_distance: i64,
    /// Turns from the peak to the first one at home.
    pub return_steps: i64,
}

impl Displacements {
    /// Of a session's turns, home being `middle` ± `half_width`. A member turn without measurement is an end and a
    /// beginning: nobody knows where it lay. A run on the other side is another displacement, and home lies between them.
    pub fn of(turns: &[MeasuredTurn], middle: Milli, half_width: Milli) -> Self {
        let mut sums = Self::default();
        for unbroken in turns.chunk_by(|_, next| next.unmeasured_before == 0) {
            let distances: Vec<i64> =
                unbroken.iter().map(|turn| i64::from(turn.affect.valence.0) - i64::from(middle.0)).collect();
            sums.add_run(&distances, i64::from(half_width.0));
        }
        sums
    }

    fn add_run(&mut self, distances: &[i64], half_width: i64) {
        let side = |distance: &i64| if distance.abs() > half_width { distance.signum() } else { 0 };
        let mut begin = 0;
        for run in distances.chunk_by(|one, next| side(one) == side(next)) {
            let end = begin + run.len();
            if side(&run[0]) != 0 {
                // `max_by_key` keeps the last of several; turned round it is the first.
                let farthest = run.iter().enumerate().rev().max_by_key(|(_, distance)| distance.abs());
                let (peak, distance) = farthest.map_or((0, 0), |(at, distance)| (at, distance.abs() - half_width));
                self.episodes += 1;
                if begin > 0 {
                    self.rises += 1;
                    self.rise_distance += distance;
                    self.rise_steps += count(peak + 1);
                }
                if end < distances.len() {
                    self.returns += 1;
                    self.return_distance += distance;
                    self.return_steps += count(run.len() - peak);
                }
            }
            begin = end;
        }
    }

    /// Adds another session's or period's sums.
    pub const fn merge(&mut self, other: &Self) {
        self.episodes += other.episodes;
        self.rises += other.rises;
        self.rise_distance += other.rise_distance;
        self.rise_steps += other.rise_steps;
        self.returns += other.returns;
        self.return_distance += other.return_distance;
        self.return_steps += other.return_steps;
    }

    /// The sums as the database keeps them.
    pub const fn columns(&self) -> [i64; 7] {
        [
            self.episodes,
            self.rises,
            self.rise_distance,
            self.rise_steps,
            self.returns,
            self.return_distance,
            self.return_steps,
        ]
    }

    /// The sums from the database.
    pub const fn from_columns(columns: [i64; 7]) -> Self {
        let [episodes, rises, rise_distance, rise_steps, returns, return_distance, return_steps] = columns;
        Self { episodes, rises, rise_distance, rise_steps, returns, return_distance, return_steps }
    }
}

fn count(turns: usize) -> i64 {
    i64::try_from(turns).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::affect::{AffectVector, EMOTIONS};

    fn turns(valence: &[i16]) -> Vec<MeasuredTurn> {
        (0..)
            .zip(valence)
            .map(|(index, valence)| MeasuredTurn {
                index,
                words: 10,
                affect: AffectVector {
                    emotions: [Milli(0); EMOTIONS],
                    valence: Milli(*valence),
                    arousal: Milli(0),
                    dominance: Milli(0),
                },
                assistant_before: 0,
                unmeasured_before: 0,
            })
            .collect()
    }

    fn of(valence: &[i16]) -> Displacements {
        Displacements::of(&turns(valence), Milli(100), Milli(200))
    }

    #[test]
    fn a_way_out_and_home_again() {
        // Home reaches from −100 to 300. Out over two turns to 700, which is 400 from its edge, and back over three.
        let sums = of(&[0, 400, 700, 500, 600, 250, 100]);
        let whole = Displacements {
            episodes: 1,
            rises: 1,
            rise_distance: 400,
            rise_steps: 2,
            returns: 1,
            return_distance: 400,
            return_steps: 3,
        };
        assert_eq!(sums, whole);
        assert_eq!(of(&[-100, 300, 100]), Displacements::default(), "the edge is home");
    }

    #[test]
    fn what_a_session_begins_or_ends_in_has_no_rise_or_no_return() {
        let begun = Displacements { episodes: 1, returns: 1, return_distance: 100, return_steps: 1, ..of(&[]) };
        assert_eq!(of(&[-200, 0]), begun);
        let ended = Displacements { episodes: 1, rises: 1, rise_distance: 100, rise_steps: 1, ..of(&[]) };
        assert_eq!(of(&[0, -200]), ended);
        assert_eq!(of(&[-900]), Displacements { episodes: 1, ..of(&[]) });
        // Straight from one side to the other: two, with home between them.
        let both = of(&[0, 400, -300, 0]);
        assert_eq!((both.episodes, both.rises, both.returns), (2, 2, 2));
        assert_eq!((both.rise_distance, both.rise_steps, both.return_steps), (100 + 200, 2, 2));
    }

    #[test]
    fn a_turn_without_measurement_breaks_the_way() {
        let mut broken = turns(&[0, 400, 0]);
        broken[2].unmeasured_before = 1;
        let sums = Displacements::of(&broken, Milli(100), Milli(200));
        assert_eq!((sums.episodes, sums.rises, sums.returns), (1, 1, 0));
    }

    proptest! {
        #[test]
        fn as_walked_turn_by_turn(valence in proptest::collection::vec(-1000i16..=1000, 0..40)) {
            // The same, told as a walk: for every turn outside whose neighbour before lies elsewhere, look both ways.
            let (low, high) = (-100, 300);
            let side = |v: i16| i32::from(v > high) - i32::from(v < low);
            let beyond = |v: i16| i64::from(if v > high { v - high } else { low - v });
            let mut expected = Displacements::default();
            for begin in (0..valence.len()).filter(|at| side(valence[*at]) != 0) {
                if begin > 0 && side(valence[begin - 1]) == side(valence[begin]) {
                    continue;
                }
                let mut end = begin;
                let mut peak = begin;
                while end < valence.len() && side(valence[end]) == side(valence[begin]) {
                    if beyond(valence[end]) > beyond(valence[peak]) {
                        peak = end;
                    }
                    end += 1;
                }
                let steps = |from: usize, to: usize| i64::try_from(to - from).expect("few");
                expected.episodes += 1;
                if begin > 0 {
                    expected.rises += 1;
                    expected.rise_distance += beyond(valence[peak]);
                    expected.rise_steps += steps(begin, peak) + 1;
                }
                if end < valence.len() {
                    expected.returns += 1;
                    expected.return_distance += beyond(valence[peak]);
                    expected.return_steps += steps(peak, end);
                }
            }
            let sums = of(&valence);
            prop_assert_eq!(sums, expected);
            prop_assert_eq!(Displacements::from_columns(sums.columns()), sums);
        }
    }
}
