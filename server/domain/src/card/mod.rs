//! Cards: a finding in words, with the receipt that says where its numbers come from.
//!
//! A template or a model writes the words; both keep the same contract: [`Words`] say nothing that the finding does not, and
//! the [`Receipt`] goes with them wherever they are shown.

mod catalogue;
mod explain;
mod figure;
mod narrate;
mod said;
mod write;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

pub use self::{
    explain::explain,
    narrate::narrate,
    write::{TEMPLATES, write},
};
use crate::{finding::Finding, rollup::Tier};

/// How long a period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    /// A week of the member's.
    Week,
    /// A calendar month.
    Month,
}

impl Grain {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Week, Self::Month];

    /// The name in the database and on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// The grain with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grain| grain.name() == name)
    }
}

/// A language that cards are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[serde(rename = "en")]
    English,
    /// German.
    #[serde(rename = "de")]
    German,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// The primary subtag (BCP 47).
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// The language for a member's language tag: English where there is none of ours.
    pub fn of_tag(tag: &str) -> Self {
        Self::ALL.into_iter().find(|language| language.is_of(tag)).unwrap_or(Self::English)
    }

    /// Whether a language tag is of a language of ours.
    pub fn knows(tag: &str) -> bool {
        Self::ALL.into_iter().any(|language| language.is_of(tag))
    }

    fn is_of(self, tag: &str) -> bool {
        tag.split('-').next().unwrap_or_default().eq_ignore_ascii_case(self.tag())
    }
}

/// What a card says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// One short sentence.
    pub headline: String,
    /// One to three sentences: counts before adjectives.
    pub body: String,
}

/// Who chose the words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Generator {
    /// A template of this revision.
    Template {
        /// Name and number, such as `cards@1`.
        revision: String,
    },
    /// A model, by a prompt of this revision.
    Model {
        /// The model's name at its provider.
        model: String,
        /// Name, number and hash of the prompt, such as `weekly@1#0123456789abcdef`.
        prompt: String,
    },
}

impl Generator {
    /// A template's revision, or a prompt's name and number without its hash: a number is never given to other bytes.
    pub fn revision(&self) -> &str {
        match self {
            Self::Template { revision } => revision,
            Self::Model { prompt, .. } => prompt.split('#').next().unwrap_or(prompt),
        }
    }
}

/// What a card rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// Sessions of the period that were counted.
    pub sessions: i32,
    /// Turns in them.
    pub turns: i32,
    /// Days with a session.
    pub days: i32,
    /// What the period has enough sessions to say.
    pub tier: Tier,
    /// The sums it was computed from, the period's own first.
    pub rollups: Vec<RollupRef>,
    /// Who chose the words.
    pub generator: Generator,
    /// When.
    pub generated_at: DateTime<Utc>,
}

/// Sums of a period at a version of the member's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollupRef {
    /// How long the period is.
    pub grain: Grain,
    /// Its first day.
    pub period: NaiveDate,
    /// The member's data version at which the sums were last written.
    pub version: i64,
}

/// A card.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// What is said, in numbers.
    pub finding: Finding,
    /// What is said, in words.
    pub words: Words,
    /// What it rests on.
    pub receipt: Receipt,
}

/// What a member thinks of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It told them something.
    Useful,
    /// It does not fit quite.
    NotQuite,
    /// It is wrong.
    Wrong,
}

impl Verdict {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Useful, Self::NotQuite, Self::Wrong];

    /// The name in the database and on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Useful => "useful",
            Self::NotQuite => "not_quite",
            Self::Wrong => "wrong",
        }
    }

    /// The verdict with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.name() == name)
    }
}

/// A month in words: what stood out, in sections, and one question that may be answered with no.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Narrative {
    /// Sections in their order; at most 250 words in all.
    pub sections: Vec<Section>,
    /// One question, never advice.
    pub question: String,
}

/// A section of a month's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// What it is about.
    pub heading: String,
    /// What it says.
    pub text: String,
}

#[cfg(test)]
mod catalogue_tests;
#[cfg(test)]
mod checker;
#[cfg(test)]
mod voice_tests;
