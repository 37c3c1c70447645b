//! One measurement of feeling: a probability for each of 28 emotions, and valence, arousal and dominance.
//!
//! The labels are those of GoEmotions (Demszky et al., ACL 2020). All figures are whole thousandths, so that sums are
//! exact, do not depend on the order of adding, and come back identical when a session is left out and taken in again.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A figure in thousandths: 0 to 1000 for a probability, −1000 to 1000 for valence, arousal and dominance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Milli(pub i16);

impl Milli {
    /// The nearest thousandth of a figure, held within −1 to 1.
    #[expect(clippy::cast_possible_truncation, reason = "clamped to ±1000 first")]
    pub fn of(figure: f64) -> Self {
        Self((figure.clamp(-1.0, 1.0) * 1000.0).round() as i16)
    }

    /// The figure as a fraction.
    pub fn as_f64(self) -> f64 {
        f64::from(self.0) / 1000.0
    }
}

/// How many emotions are told apart.
pub const EMOTIONS: usize = 28;

/// The GoEmotions label of each column of an affect vector, in the order of the data set.
pub const EMOTION_NAMES: [&str; EMOTIONS] = [
    "admiration",
    "amusement",
    "anger",
    "annoyance",
    "approval",
    "caring",
    "confusion",
    "curiosity",
    "desire",
    "disappointment",
    "disapproval",
    "disgust",
    "embarrassment",
    "excitement",
    "fear",
    "gratitude",
    "grief",
    "joy",
    "love",
    "nervousness",
    "optimism",
    "pride",
    "realization",
    "relief",
    "remorse",
    "sadness",
    "surprise",
    "neutral",
];

/// A quarter of the mood-meter plane: pleasantness by energy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quadrant {
    /// High energy, unpleasant.
    HighUnpleasant,
    /// High energy, pleasant.
    HighPleasant,
    /// Low energy, pleasant.
    LowPleasant,
    /// Low energy, unpleasant.
    LowUnpleasant,
}

impl Quadrant {
    /// All quadrants, in the order in which rollups count them.
    pub const ALL: [Self; 4] = [Self::HighUnpleasant, Self::HighPleasant, Self::LowPleasant, Self::LowUnpleasant];

    /// The quadrant of a point. The axes belong to the pleasant and to the high-energy side.
    pub const fn of(valence: Milli, arousal: Milli) -> Self {
        match (valence.0 >= 0, arousal.0 >= 0) {
            (false, true) => Self::HighUnpleasant,
            (true, true) => Self::HighPleasant,
            (true, false) => Self::LowPleasant,
            (false, false) => Self::LowUnpleasant,
        }
    }

    /// Place in [`Self::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The name on the wire and in style classes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::HighUnpleasant => "high_unpleasant",
            Self::HighPleasant => "high_pleasant",
            Self::LowPleasant => "low_pleasant",
            Self::LowUnpleasant => "low_unpleasant",
        }
    }

    /// The quadrant with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|quadrant| quadrant.name() == name)
    }

    /// The words members read.
    pub const fn title(self) -> &'static str {
        match self {
            Self::HighUnpleasant => "high energy, unpleasant",
            Self::HighPleasant => "high energy, pleasant",
            Self::LowPleasant => "low energy, pleasant",
            Self::LowUnpleasant => "low energy, unpleasant",
        }
    }
}

/// A family of emotions, as members see them: nine, each at home in one quadrant. `docs/decisions.md` says why these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// joy, amusement, excitement, pride
    Joy,
    /// curiosity, realization, surprise
    Interest,
    /// optimism, desire
    Hope,
    /// love, caring, gratitude, admiration
    Warmth,
    /// relief, approval
    Calm,
    /// fear, nervousness, confusion
    Worry,
    /// anger, annoyance, disapproval, disgust
    Anger,
    /// sadness, grief, disappointment
    Sadness,
    /// remorse, embarrassment
    Regret,
}

/// How many families there are.
pub const FAMILIES: usize = 9;

impl Family {
    /// All families, in the order in which rollups count them.
    pub const ALL: [Self; FAMILIES] = [
        Self::Joy,
        Self::Interest,
        Self::Hope,
        Self::Warmth,
        Self::Calm,
        Self::Worry,
        Self::Anger,
        Self::Sadness,
        Self::Regret,
    ];

    /// Place in [`Self::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Joy => "joy",
            Self::Interest => "interest",
            Self::Hope => "hope",
            Self::Warmth => "warmth",
            Self::Calm => "calm",
            Self::Worry => "worry",
            Self::Anger => "anger",
            Self::Sadness => "sadness",
            Self::Regret => "regret",
        }
    }

    /// The family with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|family| family.name() == name)
    }

    /// The word members read.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Joy => "Joy",
            Self::Interest => "Interest",
            Self::Hope => "Hope",
            Self::Warmth => "Warmth",
            Self::Calm => "Calm",
            Self::Worry => "Worry",
            Self::Anger => "Anger",
            Self::Sadness => "Sadness",
            Self::Regret => "Regret",
        }
    }

    /// Where the family is at home on the plane.
    pub const fn quadrant(self) -> Quadrant {
        match self {
            Self::Joy | Self::Interest | Self::Hope => Quadrant::HighPleasant,
            Self::Warmth | Self::Calm => Quadrant::LowPleasant,
            Self::Worry | Self::Anger => Quadrant::HighUnpleasant,
            Self::Sadness | Self::Regret => Quadrant::LowUnpleasant,
        }
    }

    /// The family of an emotion by its place in [`EMOTION_NAMES`]; `neutral` has none.
    pub const fn of_emotion(index: usize) -> Option<Self> {
        Some(match index {
            1 | 13 | 17 | 21 => Self::Joy,
            7 | 22 | 26 => Self::Interest,
            8 | 20 => Self::Hope,
            0 | 5 | 15 | 18 => Self::Warmth,
            4 | 23 => Self::Calm,
            6 | 14 | 19 => Self::Worry,
            2 | 3 | 10 | 11 => Self::Anger,
            9 | 16 | 25 => Self::Sadness,
            12 | 24 => Self::Regret,
            _ => return None,
        })
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title())
    }
}

/// A family counts as present in a session from this strength on.
pub const PRESENT_FROM: Milli = Milli(300);

/// One measurement of a turn or a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AffectVector {
    /// Probability of each emotion, in the order of [`EMOTION_NAMES`].
    pub emotions: [Milli; EMOTIONS],
    /// Unpleasant (−1) to pleasant (1).
    pub valence: Milli,
    /// Low energy (−1) to high energy (1).
    pub arousal: Milli,
    /// Controlled (−1) to in control (1).
    pub dominance: Milli,
}

impl AffectVector {
    /// How strongly a family shows: the strongest of its emotions.
    pub fn family(&self, family: Family) -> Milli {
        self.emotions
            .iter()
            .enumerate()
            .filter(|(index, _)| Family::of_emotion(*index) == Some(family))
            .map(|(_, strength)| *strength)
            .max()
            .unwrap_or_default()
    }

    /// The families that show, strongest first.
    pub fn present_families(&self) -> Vec<Family> {
        let mut present: Vec<_> = Family::ALL.into_iter().filter(|f| self.family(*f) >= PRESENT_FROM).collect();
        present.sort_by_key(|family| std::cmp::Reverse(self.family(*family)));
        present
    }

    /// Where on the plane the measurement lies.
    pub const fn quadrant(&self) -> Quadrant {
        Quadrant::of(self.valence, self.arousal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_emotion_but_neutral_has_one_family() {
        for (index, name) in EMOTION_NAMES.iter().enumerate() {
            assert_eq!(Family::of_emotion(index).is_none(), *name == "neutral", "{name}");
        }
        for family in Family::ALL {
            assert!((0..EMOTIONS).any(|index| Family::of_emotion(index) == Some(family)), "{family}");
        }
    }

    #[test]
    fn thousandths_round_and_stay_in_range() {
        assert_eq!([Milli::of(0.1234), Milli::of(-7.0), Milli::of(f64::NAN)].map(|m| m.0), [123, -1000, 0]);
    }
}
