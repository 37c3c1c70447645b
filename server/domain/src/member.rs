//! Who a member is to Spectrum: the host's reference, the plan, and what they agreed to.

use std::{fmt, str::FromStr};

use chrono::Weekday;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::id::MemberId;

/// The host's own name for a member: 1 to 128 visible ASCII characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ExternalRef(String);

/// The text can't be a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 128 visible ASCII characters")]
pub struct BadReference;

impl ExternalRef {
    /// Longest reference, in bytes.
    pub const MAX: usize = 128;

    /// The reference as the host sent it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ExternalRef {
    type Err = BadReference;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = (1..=Self::MAX).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        fits.then(|| Self(text.to_owned())).ok_or(BadReference)
    }
}

impl fmt::Display for ExternalRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the member pays for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Plan {
    /// The week page.
    Free,
    /// Everything.
    Paid,
}

impl Plan {
    /// The name on the wire and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Paid => "paid",
        }
    }
}

/// The text names no plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be free or paid")]
pub struct UnknownPlan;

impl FromStr for Plan {
    type Err = UnknownPlan;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "free" => Ok(Self::Free),
            "paid" => Ok(Self::Paid),
            _ => Err(UnknownPlan),
        }
    }
}

/// What the member agreed to. Without `analysis` their sessions are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is agreed to by itself")]
pub struct Consent {
    /// Sessions may be measured.
    pub analysis: bool,
    /// A language model may rephrase findings.
    pub model: bool,
    /// Content-free product events may be counted.
    pub analytics: bool,
    /// What the member writes may be sent to a model outside, to be measured there. More than `model`, which sends
    /// findings and never a word of theirs, so it is asked for by itself.
    #[serde(default)]
    pub outside: bool,
}

impl Default for Consent {
    /// A host that sends a session says by doing so that its member agreed to the analysis; nothing more is assumed.
    fn default() -> Self {
        Self { analysis: true, model: false, analytics: false, outside: false }
    }
}

/// The member as a page knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Whose data this is.
    pub member_id: MemberId,
    /// The zone now in force; the past keeps the zone it was lived in.
    pub zone: Tz,
    /// The first day of the member's weeks.
    pub week_start: Weekday,
    /// Language tag (BCP 47).
    pub locale: String,
    /// What they pay for.
    pub plan: Plan,
    /// Raised by every change to derived data or exclusions.
    pub data_version: i64,
    /// How they use Spectrum may be counted.
    pub counted: bool,
}

/// Whether this has the form of a language tag (BCP 47): letters, digits and hyphens, 2 to 35 of them.
pub fn is_language_tag(text: &str) -> bool {
    (2..=35).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// A weekday from its English name in lower case, as the API and the database write it.
pub fn weekday_from_name(name: &str) -> Option<Weekday> {
    const DAYS: [Weekday; 7] =
        [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
    DAYS.into_iter().find(|day| weekday_name(*day) == name)
}

/// The English name of a weekday in lower case, as the API and the database write it.
pub const fn weekday_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "monday",
        Weekday::Tue => "tuesday",
        Weekday::Wed => "wednesday",
        Weekday::Thu => "thursday",
        Weekday::Fri => "friday",
        Weekday::Sat => "saturday",
        Weekday::Sun => "sunday",
    }
}

/// A weekday in a payload, by its English name in lower case.
pub mod weekday_as_name {
    use chrono::Weekday;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    /// Writes the name.
    pub fn serialize<S: Serializer>(day: &Weekday, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(super::weekday_name(*day))
    }

    /// Reads the name.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Weekday, D::Error> {
        let name = String::deserialize(deserializer)?;
        super::weekday_from_name(&name).ok_or_else(|| D::Error::custom("not the name of a weekday"))
    }
}
