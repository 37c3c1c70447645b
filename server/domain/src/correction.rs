//! Overruling a label: the member says which quarter of the plane or which family fits a session better.
//!
//! The measure is not made up anew: its place on the plane, or the two families concerned, change; what was measured within
//! the session, from turn to turn, stays as it was. Taking a correction back brings the model's own measure back whole.

use crate::{
    affect::{EMOTIONS, Family, Milli, PRESENT_FROM, Quadrant},
    measure::{PairSums, Place, SessionVector},
};

/// What the member says fits better. One of the two at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Where on the plane.
    pub quadrant: Option<Quadrant>,
    /// Which family was the strongest.
    pub family: Option<Family>,
}

/// What a session is at least away from an axis after it was moved over it, so that the place is no accident of rounding.
const CLEARLY: i16 = 100;

impl Correction {
    /// A correction; nothing where nothing is said.
    pub const fn of(quadrant: Option<Quadrant>, family: Option<Family>) -> Option<Self> {
        if quadrant.is_none() && family.is_none() { None } else { Some(Self { quadrant, family }) }
    }

    /// The measure as the member has it.
    ///
    /// A session moves to the same distance on the other side of the axis, at least a tenth away from it, and all that
    /// it passed through moves with it. A family changes places with the strongest one, in strength and in share.
    pub fn apply(&self, vector: &SessionVector) -> SessionVector {
        let mut corrected = *vector;
        if let Some(quadrant) = self.quadrant {
            let pleasant = matches!(quadrant, Quadrant::HighPleasant | Quadrant::LowPleasant);
            let high = matches!(quadrant, Quadrant::HighUnpleasant | Quadrant::HighPleasant);
            let valence = shift(vector.affect.valence, pleasant);
            let arousal = shift(vector.affect.arousal, high);
            corrected.affect.valence = moved(vector.affect.valence, valence);
            corrected.affect.arousal = moved(vector.affect.arousal, arousal);
            for place in [&mut corrected.first, &mut corrected.peak, &mut corrected.end] {
                *place = Place { valence: moved(place.valence, valence), arousal: moved(place.arousal, arousal) };
            }
            corrected.valence_pairs = moved_pairs(&vector.valence_pairs, valence);
            corrected.arousal_pairs = moved_pairs(&vector.arousal_pairs, arousal);
        }
        if let Some(family) = self.family {
            exchange_strength(&mut corrected.affect.emotions, family);
            exchange_share(&mut corrected.mixture, family);
        }
        corrected
    }

    /// Whether the member chose what was measured: they agree.
    pub fn agrees_with(&self, vector: &SessionVector) -> bool {
        self.quadrant.is_none_or(|quadrant| quadrant == vector.affect.quadrant())
            && self.family.is_none_or(|family| strongest(&vector.affect.emotions) == Some(family))
    }
}

/// The family that shows most; the first of two that show alike.
pub fn strongest(emotions: &[Milli; EMOTIONS]) -> Option<Family> {
    let foremost = Family::ALL.into_iter().min_by_key(|family| std::cmp::Reverse(strength(emotions, *family)));
    foremost.filter(|family| strength(emotions, *family).0 > 0)
}

/// How far a figure has to go to lie on that side of the axis; nowhere if it lies there.
fn shift(figure: Milli, above: bool) -> i16 {
    if (figure.0 >= 0) == above {
        return 0;
    }
    let target = figure.0.abs().max(CLEARLY);
    (if above { target } else { -target }) - figure.0
}

fn moved(figure: Milli, by: i16) -> Milli {
    Milli((figure.0 + by).clamp(-1000, 1000))
}

/// The sums over pairs whose every figure has moved by so much.
const fn moved_pairs(sums: &PairSums, by: i16) -> PairSums {
    let by = by as i64;
    PairSums {
        pairs: sums.pairs,
        before: sums.before + sums.pairs * by,
        after: sums.after + sums.pairs * by,
        before_squares: sums.before_squares + 2 * by * sums.before + sums.pairs * by * by,
        after_squares: sums.after_squares + 2 * by * sums.after + sums.pairs * by * by,
        products: sums.products + by * (sums.before + sums.after) + sums.pairs * by * by,
    }
}

fn of_family(family: Family) -> impl Iterator<Item = usize> {
    (0..EMOTIONS).filter(move |index| Family::of_emotion(*index) == Some(family))
}

fn strength(figures: &[Milli; EMOTIONS], family: Family) -> Milli {
    of_family(family).map(|index| figures[index]).max().unwrap_or_default()
}

/// The emotion of a family that shows most; the first of those that show alike.
fn foremost(figures: &[Milli; EMOTIONS], family: Family) -> Option<usize> {
    of_family(family).min_by_key(|index| std::cmp::Reverse(figures[*index]))
}

/// The chosen family shows as strongly as the strongest did, and that one as weakly as the chosen did.
fn exchange_strength(emotions: &mut [Milli; EMOTIONS], chosen: Family) {
    let Some(strong) = strongest(emotions).filter(|strong| *strong != chosen) else {
        if let Some(index) = foremost(emotions, chosen) {
            emotions[index] = emotions[index].max(PRESENT_FROM);
        }
        return;
    };
    let (high, low) = (strength(emotions, strong), strength(emotions, chosen));
    for index in of_family(strong) {
        emotions[index] = emotions[index].min(low);
    }
    if let Some(index) = foremost(emotions, chosen) {
        emotions[index] = high.max(PRESENT_FROM);
    }
}

/// The two families' shares of the session change places; the whole stays what it was.
fn exchange_share(mixture: &mut [Milli; EMOTIONS], chosen: Family) {
    let share = |mixture: &[Milli; EMOTIONS], family| of_family(family).map(|index| mixture[index].0).sum::<i16>();
    let largest = Family::ALL.into_iter().min_by_key(|family| std::cmp::Reverse(share(mixture, *family)));
    let Some(large) = largest.filter(|large| share(mixture, *large) > share(mixture, chosen)) else { return };
    let mut left = share(mixture, large) - share(mixture, chosen);
    let Some(to) = foremost(mixture, chosen) else { return };
    mixture[to].0 += left;
    // Taken from the larger emotions first, so that none goes below nothing.
    let mut from: Vec<usize> = of_family(large).collect();
    from.sort_by_key(|index| std::cmp::Reverse(mixture[*index]));
    for index in from {
        let taken = left.min(mixture[index].0);
        mixture[index].0 -= taken;
        left -= taken;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{affect::AffectVector, displacement::Displacements, measure::Coverage};

    fn vectors() -> impl Strategy<Value = SessionVector> {
        let milli = || (-1000_i16..=1000).prop_map(Milli);
        let emotions = || proptest::array::uniform28((0_i16..=1000).prop_map(Milli));
        let shares = proptest::array::uniform28((0_i16..=35).prop_map(Milli));
        (emotions(), shares, milli(), milli(), proptest::collection::vec(milli(), 0..6)).prop_map(
            |(emotions, mixture, valence, arousal, series)| SessionVector {
                affect: AffectVector { emotions, valence, arousal, dominance: Milli(5) },
                mixture,
                first: Place { valence, arousal },
                peak: Place { valence, arousal },
                end: Place { valence, arousal },
                valence_pairs: PairSums::of_series(&series),
                arousal_pairs: PairSums::of_series(&series),
                valence_spread: Milli(40),
                arousal_spread: Milli(50),
                displacements: Displacements { episodes: 2, ..Displacements::default() },
                coverage: Coverage { turns: 4, words: 90, not_measured: [1, 0, 0, 0] },
            },
        )
    }

    fn corrections() -> impl Strategy<Value = Correction> {
        let quadrant = proptest::option::of(proptest::sample::select(Quadrant::ALL.to_vec()));
        let family = proptest::option::of(proptest::sample::select(Family::ALL.to_vec()));
        (quadrant, family).prop_filter_map("says something", |(quadrant, family)| Correction::of(quadrant, family))
    }

    proptest! {
        #[test]
        fn what_was_chosen_is_what_the_measure_then_says(vector in vectors(), correction in corrections()) {
            let corrected = correction.apply(&vector);
            if let Some(quadrant) = correction.quadrant {
                prop_assert_eq!(corrected.affect.quadrant(), quadrant);
            }
            if let Some(family) = correction.family {
                // Two may show alike; then the chosen one is among the strongest.
                let shows = corrected.affect.family(family);
                prop_assert!(shows >= PRESENT_FROM);
                prop_assert!(Family::ALL.into_iter().all(|other| corrected.affect.family(other) <= shows));
            }
            for figure in corrected.affect.emotions.iter().chain(&corrected.mixture) {
                prop_assert!((0..=1000).contains(&figure.0));
            }
            let whole = |mixture: &[Milli; EMOTIONS]| mixture.iter().map(|share| i32::from(share.0)).sum::<i32>();
            prop_assert_eq!(whole(&corrected.mixture), whole(&vector.mixture));
            prop_assert_eq!(corrected.coverage, vector.coverage);
            prop_assert_eq!(corrected.displacements, vector.displacements);
        }

        #[test]
        fn a_series_that_moves_as_one_has_the_sums_of_the_moved_series(
            series in proptest::collection::vec(-400_i16..=400, 0..8),
            by in -500_i16..=500,
        ) {
            let before: Vec<Milli> = series.iter().copied().map(Milli).collect();
            let after: Vec<Milli> = series.iter().map(|figure| Milli(figure + by)).collect();
            prop_assert_eq!(moved_pairs(&PairSums::of_series(&before), by), PairSums::of_series(&after));
        }

        #[test]
        fn who_says_what_was_measured_changes_nothing_of_the_place(vector in vectors()) {
            let same = Correction { quadrant: Some(vector.affect.quadrant()), family: None };
            prop_assert_eq!(same.apply(&vector), vector);
            prop_assert!(same.agrees_with(&vector));
        }
    }
}
