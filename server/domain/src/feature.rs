//! The three features a session can come from.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Where a session was held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    /// An open reflective conversation.
    Mirror,
    /// A reframing exercise: the same situation, looked at again.
    Turn,
    /// A situation viewed through a chosen perspective.
    Lens,
}

impl Feature {
    /// All features, in the order in which rollups count them.
    pub const ALL: [Self; 3] = [Self::Mirror, Self::Turn, Self::Lens];

    /// The name on the wire and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mirror => "mirror",
            Self::Turn => "turn",
            Self::Lens => "lens",
        }
    }

    /// The name members read.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Mirror => "Mirror",
            Self::Turn => "Turn",
            Self::Lens => "Lens",
        }
    }

    /// Place in [`Self::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The text names none of the three features.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be one of mirror, turn, lens")]
pub struct UnknownFeature;

impl FromStr for Feature {
    type Err = UnknownFeature;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|feature| feature.name() == text).ok_or(UnknownFeature)
    }
}
