//! What is measured of a session: its member turns' readings, and the session vector they add up to.
//!
//! Sums are taken in whole thousandths and divided once, so the order of turns changes no mean and no spread.

use crate::{
    affect::{AffectVector, EMOTIONS, Milli},
    displacement::Displacements,
    impact::{HomeBase, MeasurementBand},
};

/// A language by its ISO 639-3 code, such as `eng`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(&'static str);

impl Language {
    /// English.
    pub const ENGLISH: Self = Self("eng");
    /// A language that could not be told, but is written in letters other than English has.
    pub const UNDETERMINED: Self = Self("und");

    /// The language with this code.
    pub const fn of_code(code: &'static str) -> Self {
        Self(code)
    }

    /// Its code.
    pub const fn code(self) -> &'static str {
        self.0
    }
}

/// Why a member turn, or a session all of whose turns are so, has no measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WhyNot {
    /// Nothing, or nothing but signs, figures and pictures.
    NoWords,
    /// In a language that the model doesn't know.
    Language,
    /// Pasted logs, code, addresses: words of nobody.
    NotProse,
    /// Retention has dropped the text.
    TextGone,
}

/// How many reasons there are.
pub const WHY_NOTS: usize = 4;

impl WhyNot {
    /// All reasons, in the order in which coverage counts them.
    pub const ALL: [Self; WHY_NOTS] = [Self::NoWords, Self::Language, Self::NotProse, Self::TextGone];

    /// Place in [`Self::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoWords => "no_words",
            Self::Language => "language",
            Self::NotProse => "not_prose",
            Self::TextGone => "text_gone",
        }
    }

    /// The reason with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.name() == name)
    }
}

/// What came of reading one member turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It has a measurement.
    Measured(AffectVector),
    /// It has none, and this is why.
    NotMeasured(WhyNot),
}

/// What an analyzer says of one member turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The measurement, or why there is none.
    pub outcome: Outcome,
    /// The turn speaks of acute danger: its session is withheld from everything that is said.
    pub crisis: bool,
}

/// A turn of a session in the order of the conversation, as far as measures need it.
#[derive(Clone, Copy, Debug)]
pub struct ReadTurn {
    /// Place in the session.
    pub index: i32,
    /// Words of the turn.
    pub words: i32,
    /// What came of reading it; nothing for a turn of the assistant's, which is counted and never measured.
    pub outcome: Option<Outcome>,
}

/// A member turn with its measurement.
#[derive(Clone, Copy, Debug)]
pub struct MeasuredTurn {
    /// Place in the session.
    pub index: i32,
    /// Words of the turn.
    pub words: i32,
    /// What was measured.
    pub affect: AffectVector,
    /// Turns of the assistant's since the measured turn before, or since the beginning.
    pub assistant_before: i32,
    /// Member turns without a measurement since then.
    pub unmeasured_before: i32,
}

/// From this many words on a turn weighs no more: one long turn must not drown the others.
pub const MOST_WEIGHT: i32 = 60;

impl MeasuredTurn {
    /// The measured ones among the turns of a session.
    pub fn among(turns: &[ReadTurn]) -> Vec<Self> {
        let mut measured = Vec::with_capacity(turns.len());
        let (mut assistant_before, mut unmeasured_before) = (0, 0);
        for turn in turns {
            match turn.outcome {
                None => assistant_before += 1,
                Some(Outcome::NotMeasured(_)) => unmeasured_before += 1,
                Some(Outcome::Measured(affect)) => {
                    let (index, words) = (turn.index, turn.words);
                    measured.push(Self { index, words, affect, assistant_before, unmeasured_before });
                    (assistant_before, unmeasured_before) = (0, 0);
                }
            }
        }
        measured
    }

    /// What the turn counts for in means: its words, at least one and at most [`MOST_WEIGHT`].
    pub fn weight(&self) -> i64 {
        i64::from(self.words.clamp(1, MOST_WEIGHT))
    }
}

/// How many of a session's member turns were measured, and why the others were not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Member turns measured.
    pub turns: i32,
    /// Words in them.
    pub words: i32,
    /// Member turns that were not, by [`WhyNot::index`].
    pub not_measured: [i32; WHY_NOTS],
}

impl Coverage {
    /// Of all turns of a session.
    pub fn of(turns: &[ReadTurn]) -> Self {
        let mut coverage = Self::default();
        for turn in turns {
            match turn.outcome {
                None => {}
                Some(Outcome::Measured(_)) => {
                    coverage.turns += 1;
                    coverage.words = coverage.words.saturating_add(turn.words);
                }
                Some(Outcome::NotMeasured(why)) => coverage.not_measured[why.index()] += 1,
            }
        }
        coverage
    }

    /// Why a session has no vector: the reason that holds for most of its member turns; the one that could be mended
    /// (another language) wins a tie, and a session without member turns has no words.
    pub fn why_not(&self) -> Option<WhyNot> {
        const BY_RANK: [WhyNot; WHY_NOTS] = [WhyNot::Language, WhyNot::NotProse, WhyNot::TextGone, WhyNot::NoWords];
        let most = self.not_measured.iter().copied().max().unwrap_or_default();
        let why = BY_RANK.into_iter().find(|why| self.not_measured[why.index()] == most);
        if most == 0 { Some(WhyNot::NoWords) } else { why }.filter(|_| self.turns == 0)
    }
}

/// A place on the plane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Unpleasant to pleasant.
    pub valence: Milli,
    /// Low to high energy.
    pub arousal: Milli,
}

impl Place {
    /// Where a measurement lies.
    pub const fn of(affect: &AffectVector) -> Self {
        Self { valence: affect.valence, arousal: affect.arousal }
    }
}

/// Sums over pairs of consecutive member turns within sessions, in thousandths: from these inertia and instability are
/// read for any period, without reading a text again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PairSums {
    /// Pairs.
    pub pairs: i64,
    /// Sum of the figure at the earlier turns.
    pub before: i64,
    /// Sum of the figure at the later turns.
    pub after: i64,
    /// Sum of its squares at the earlier turns.
    pub before_squares: i64,
    /// Sum of its squares at the later turns.
    pub after_squares: i64,
    /// Sum of the products of both.
    pub products: i64,
}

impl PairSums {
    /// The sums of a figure over the pairs of a session. A member turn without measurement parts its neighbours.
    pub fn of(turns: &[MeasuredTurn], figure: fn(&AffectVector) -> Milli) -> Self {
        let mut sums = Self::default();
        for pair in turns.windows(2).filter(|pair| pair[1].unmeasured_before == 0) {
            sums.add(figure(&pair[0].affect), figure(&pair[1].affect));
        }
        sums
    }

    /// The sums over neighbours of a series, such as a period's sessions in the order they were held.
    pub fn of_series(series: &[Milli]) -> Self {
        let mut sums = Self::default();
        for pair in series.windows(2) {
            sums.add(pair[0], pair[1]);
        }
        sums
    }

    fn add(&mut self, before: Milli, after: Milli) {
        let (before, after) = (i64::from(before.0), i64::from(after.0));
        self.pairs += 1;
        self.before += before;
        self.after += after;
        self.before_squares += before * before;
        self.after_squares += after * after;
        self.products += before * after;
    }

    /// Adds another period's sums.
    pub const fn merge(&mut self, other: &Self) {
        self.pairs += other.pairs;
        self.before += other.before;
        self.after += other.after;
        self.before_squares += other.before_squares;
        self.after_squares += other.after_squares;
        self.products += other.products;
    }

    /// The sums as the database keeps them.
    pub const fn columns(&self) -> [i64; 6] {
        [self.pairs, self.before, self.after, self.before_squares, self.after_squares, self.products]
    }

    /// The sums from the database.
    pub const fn from_columns(columns: [i64; 6]) -> Self {
        let [pairs, before, after, before_squares, after_squares, products] = columns;
        Self { pairs, before, after, before_squares, after_squares, products }
    }
}

/// The session's affect vector with its spread and what it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionVector {
    /// Strongest showing of each emotion over the turns; weighted mean of valence, arousal and dominance.
    pub affect: AffectVector,
    /// Weighted mean of each emotion's probability over the turns.
    pub mixture: [Milli; EMOTIONS],
    /// Weighted standard deviation of valence over the turns.
    pub valence_spread: Milli,
    /// Weighted standard deviation of arousal over the turns.
    pub arousal_spread: Milli,
    /// Where the first measured turn lay.
    pub first: Place,
    /// Where the turn lay whose valence was farthest from the member's home base; the first of several.
    pub peak: Place,
    /// Where the last measured turn lay.
    pub end: Place,
    /// Valence over pairs of consecutive turns.
    pub valence_pairs: PairSums,
    /// Arousal over pairs of consecutive turns.
    pub arousal_pairs: PairSums,
    /// How valence left the session's own middle and came back.
    pub displacements: Displacements,
    /// What it rests on.
    pub coverage: Coverage,
}

impl SessionVector {
    /// What the measured turns add up to; nothing when there is none. `band` is that of the model that measured them.
    pub fn of(turns: &[MeasuredTurn], coverage: Coverage, home: &HomeBase, band: MeasurementBand) -> Option<Self> {
        let (first, last) = (turns.first()?, turns.last()?);
        let mut emotions = [Milli::default(); EMOTIONS];
        for turn in turns {
            for (most, here) in emotions.iter_mut().zip(turn.affect.emotions) {
                *most = (*most).max(here);
            }
        }
        let weighted = |figure: &dyn Fn(&AffectVector) -> Milli| Weighted::of(turns, figure);
        let distance = |turn: &MeasuredTurn| i32::from(turn.affect.valence.0).abs_diff(i32::from(home.valence.0));
        // `max_by_key` keeps the last of several; turned round it is the first.
        let peak = turns.iter().rev().max_by_key(|turn| distance(turn)).unwrap_or(first);
        let (valence, arousal) = (weighted(&|a| a.valence), weighted(&|a| a.arousal));
        Some(Self {
            affect: AffectVector {
                emotions,
                valence: valence.mean(),
                arousal: arousal.mean(),
                dominance: weighted(&|a| a.dominance).mean(),
            },
            mixture: std::array::from_fn(|emotion| weighted(&|a| a.emotions[emotion]).mean()),
            valence_spread: valence.spread(),
            arousal_spread: arousal.spread(),
            first: Place::of(&first.affect),
            peak: Place::of(&peak.affect),
            end: Place::of(&last.affect),
            valence_pairs: PairSums::of(turns, |a| a.valence),
            arousal_pairs: PairSums::of(turns, |a| a.arousal),
            displacements: Displacements::of(turns, valence.mean(), valence.spread().max(band.valence)),
            coverage,
        })
    }
}

/// Weighted sums of one figure over the turns of a session, exact.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weighted {
    pub(crate) weight: i64,
    pub(crate) sum: i64,
    squares: i64,
}

impl Weighted {
    pub(crate) fn of(turns: &[MeasuredTurn], figure: &dyn Fn(&AffectVector) -> Milli) -> Self {
        let mut sums = Self { weight: 0, sum: 0, squares: 0 };
        for turn in turns {
            let (weight, value) = (turn.weight(), i64::from(figure(&turn.affect).0));
            sums.weight += weight;
            sums.sum += weight * value;
            sums.squares += weight * value * value;
        }
        sums
    }

    fn mean(&self) -> Milli {
        Milli::of(ratio(self.sum, self.weight) / 1000.0)
    }

    #[expect(clippy::cast_precision_loss, reason = "sums of thousandths stay far below 2^52")]
    fn spread(&self) -> Milli {
        // W·Σwx² − (Σwx)² is exact in whole numbers, so equal figures give a spread of exactly zero.
        let scatter = i128::from(self.weight) * i128::from(self.squares) - i128::from(self.sum) * i128::from(self.sum);
        Milli::of((scatter as f64).sqrt() / self.weight as f64 / 1000.0)
    }
}

/// A quotient of whole numbers; zero where there is nothing to divide by.
#[expect(clippy::cast_precision_loss, reason = "sums of thousandths stay far below 2^52")]
pub(crate) fn ratio(sum: i64, by: i64) -> f64 {
    if by == 0 { 0.0 } else { sum as f64 / by as f64 }
}

#[cfg(test)]
#[path = "measure_tests.rs"]
pub(crate) mod tests;
