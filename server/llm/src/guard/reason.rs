//! Why a text was refused: closed words, so that they can be counted, kept and sent back to a model without a part of the
//! text.

use serde::{Deserialize, Serialize};

/// Why a text was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It is not the JSON that was asked for, or not a sentence for each that was asked for.
    Schema,
    /// It was cut off at the most tokens.
    CutOff,
    /// The model declined.
    Declined,
    /// It has characters that no card has: quotation marks, exclamation marks, other scripts.
    Characters,
    /// A sentence claims nothing, several statements at once, or what the statement does not have.
    Claims,
    /// A number is not one of those given for what is claimed.
    Number,
    /// A direction is not the one given.
    Direction,
    /// A period or window is not the one given.
    Period,
    /// A weekday or part of the day is not the one given.
    Time,
    /// A feature is not the one given.
    Feature,
    /// A feeling is not the one given.
    Feeling,
    /// It says that something is new, back or steady where the finding does not, or turns a statement round.
    Kind,
    /// A sentence says nothing that is given.
    Nothing,
    /// It names an illness or a symptom.
    Diagnosis,
    /// It names a treatment.
    Treatment,
    /// It knows what the person is or feels.
    InnerState,
    /// It says that something was so where it only leaned so.
    Unhedged,
    /// It tells them what to do.
    Advice,
    /// It judges.
    Judgement,
    /// It says what will be.
    Forecast,
    /// It says why.
    Cause,
    /// It speaks of what was said.
    Quotation,
    /// It has an address.
    Link,
    /// It speaks of itself or of its task.
    Meta,
    /// It has words that are in no list of the guard.
    Words,
    /// It is too long, or empty.
    Length,
    /// It is too hard to read.
    Reading,
    /// It holds five words in a row that the member wrote.
    Leak,
    /// The safety check refused it.
    Unsafe,
    /// The safety check could not be asked.
    SafetyMissing,
    /// The provider did not answer.
    Provider,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 31] = [
        Self::Schema,
        Self::CutOff,
        Self::Declined,
        Self::Characters,
        Self::Claims,
        Self::Number,
        Self::Direction,
        Self::Period,
        Self::Time,
        Self::Feature,
        Self::Feeling,
        Self::Kind,
        Self::Nothing,
        Self::Diagnosis,
        Self::Treatment,
        Self::InnerState,
        Self::Unhedged,
        Self::Advice,
        Self::Judgement,
        Self::Forecast,
        Self::Cause,
        Self::Quotation,
        Self::Link,
        Self::Meta,
        Self::Words,
        Self::Length,
        Self::Reading,
        Self::Leak,
        Self::Unsafe,
        Self::SafetyMissing,
        Self::Provider,
    ];

    /// The name in the ledger and in metrics; never changed.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::CutOff => "cut_off",
            Self::Declined => "declined",
            Self::Characters => "characters",
            Self::Claims => "claims",
            Self::Number => "number",
            Self::Direction => "direction",
            Self::Period => "period",
            Self::Time => "time",
            Self::Feature => "feature",
            Self::Feeling => "feeling",
            Self::Kind => "kind",
            Self::Nothing => "nothing",
            Self::Diagnosis => "diagnosis",
            Self::Treatment => "treatment",
            Self::InnerState => "inner_state",
            Self::Unhedged => "unhedged",
            Self::Advice => "advice",
            Self::Judgement => "judgement",
            Self::Forecast => "forecast",
            Self::Cause => "cause",
            Self::Quotation => "quotation",
            Self::Link => "link",
            Self::Meta => "meta",
            Self::Words => "words",
            Self::Length => "length",
            Self::Reading => "reading",
            Self::Leak => "leak",
            Self::Unsafe => "unsafe",
            Self::SafetyMissing => "safety_missing",
            Self::Provider => "provider",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_wire() {
        for reason in Reason::ALL {
            assert_eq!(serde_json::to_value(reason).expect("a name"), reason.name());
        }
    }
}
