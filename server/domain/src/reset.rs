//! Starting afresh: what goes, and of which days.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// How deep a reset goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Depth {
    /// What was measured.
    Derived,
    /// That, and the words and sessions themselves.
    DerivedAndRaw,
}

impl Depth {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Derived, Self::DerivedAndRaw];

    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Derived => "derived",
            Self::DerivedAndRaw => "derived_and_raw",
        }
    }

    /// The depth with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|depth| depth.name() == name)
    }
}

/// A reset, as the member wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reset {
    /// How deep.
    pub depth: Depth,
    /// Of the days before this one; of all, where there is none.
    pub before: Option<NaiveDate>,
    /// What is left out stays left out, as far as it names no session that is gone.
    pub keep_exclusions: bool,
}
