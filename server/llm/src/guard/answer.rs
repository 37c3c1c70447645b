//! What a model must answer: sentences, each with what in it rests on which statement; and the JSON schemas that say so.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::prompts::Form;

/// What of a statement a sentence uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Counts of the period, or of all periods where they are taken together.
    Counts,
    /// Counts or a share of the periods before.
    Before,
    /// The figure, in percent.
    Share,
    /// Which way.
    Direction,
    /// Which periods it is held against.
    Window,
    /// What the period rests on.
    Coverage,
    /// What it is about.
    Subject,
}

impl What {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Counts, Self::Before, Self::Share, Self::Direction, Self::Window, Self::Coverage, Self::Subject];

    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Counts => "counts",
            Self::Before => "before",
            Self::Share => "share",
            Self::Direction => "direction",
            Self::Window => "window",
            Self::Coverage => "coverage",
            Self::Subject => "subject",
        }
    }
}

/// That a sentence rests on something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// The statement's index in the input.
    pub index: u8,
    /// What of it.
    pub what: What,
}

/// A sentence and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sentence {
    /// The sentence.
    pub text: String,
    /// At least one, all of one statement.
    pub claims: Vec<Claim>,
}

/// A card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardAnswer {
    /// The statement that it tells.
    pub index: u8,
    /// Its headline.
    pub headline: Sentence,
    /// One or two sentences.
    pub body: Vec<Sentence>,
}

/// The answer for a week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeekAnswer {
    /// One for each statement.
    pub cards: Vec<CardAnswer>,
}

/// A section of a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionAnswer {
    /// Its heading.
    pub heading: Sentence,
    /// One to five sentences.
    pub body: Vec<Sentence>,
}

/// The answer for a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MonthAnswer {
    /// Two to five.
    pub sections: Vec<SectionAnswer>,
    /// That can be answered with no.
    pub question: Sentence,
}

/// What a safety check found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It may be shown.
    Safe,
    /// It may not.
    Unsafe,
}

/// Why it may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hazard {
    /// There is nothing against it.
    None,
    /// It speaks of suicide or self-harm.
    SelfHarm,
    /// It speaks of violence or abuse.
    Violence,
    /// It names or hints at an illness.
    Diagnosis,
    /// It advises or urges.
    Advice,
    /// It blames, shames, praises or belittles.
    Judgement,
    /// It states what the person is or feels.
    Certainty,
    /// It holds what only the person's own words could have told.
    Private,
    /// It would harm in another way.
    Other,
}

/// The answer of a safety check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SafetyAnswer {
    /// Whether it may be shown.
    pub verdict: Verdict,
    /// Why not.
    pub category: Hazard,
}

/// An object with exactly these fields.
fn closed(properties: &Value) -> Value {
    let names: Vec<&str> = properties.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
    json!({ "type": "object", "additionalProperties": false, "required": names, "properties": properties })
}

fn list(items: &Value) -> Value {
    json!({ "type": "array", "items": items })
}

/// The name and JSON schema of an answer, in the part of the language that both providers take: lengths and ranges are the
/// guard's to check.
pub fn schema(form: Form) -> (&'static str, Value) {
    let index = json!({ "type": "integer" });
    let what = json!({ "type": "string", "enum": What::ALL.map(What::name) });
    let claims = list(&closed(&json!({ "index": index, "what": what })));
    let sentence = closed(&json!({ "text": { "type": "string" }, "claims": claims }));
    match form {
        Form::Week => {
            let card = closed(&json!({ "index": index, "headline": sentence, "body": list(&sentence) }));
            ("week", closed(&json!({ "cards": list(&card) })))
        }
        Form::Month => {
            let section = closed(&json!({ "heading": sentence, "body": list(&sentence) }));
            ("month", closed(&json!({ "sections": list(&section), "question": sentence })))
        }
        Form::Safety => {
            let categories =
                ["none", "self_harm", "violence", "diagnosis", "advice", "judgement", "certainty", "private", "other"];
            let verdict = json!({ "type": "string", "enum": ["safe", "unsafe"] });
            let category = json!({ "type": "string", "enum": categories });
            ("safety", closed(&json!({ "verdict": verdict, "category": category })))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_can_be_read() {
        for what in What::ALL {
            assert_eq!(serde_json::to_value(what).expect("a name"), what.name());
        }
        let (_, safety) = schema(Form::Safety);
        for category in safety["properties"]["category"]["enum"].as_array().expect("a list") {
            let answer = json!({ "verdict": "unsafe", "category": category });
            assert!(serde_json::from_value::<SafetyAnswer>(answer).is_ok(), "{category}");
        }
        assert_eq!(schema(Form::Month).1["required"], json!(["question", "sections"]));
    }

    #[test]
    fn unknown_fields_are_refused() {
        let claim = |more: &str| format!(r#"{{"index":0,"what":"counts"{more}}}"#);
        assert!(serde_json::from_str::<Claim>(&claim("")).is_ok());
        assert!(serde_json::from_str::<Claim>(&claim(r#","note":"x""#)).is_err());
        assert!(serde_json::from_str::<Claim>(r#"{"index":-1,"what":"counts"}"#).is_err());
        assert!(serde_json::from_str::<Claim>(r#"{"index":0,"what":"diary"}"#).is_err());
    }
}
