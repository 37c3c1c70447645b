//! The lies that the fake can be told to tell: each takes the honest answer and spoils it.

use serde_json::{Value, json};

/// What a member wrote, in tests; nothing may ever repeat it.
pub const CANARY: [&str; 2] = [
    "I walked along the cold river alone before the call",
    "Ich ging allein an dem kalten Fluss entlang vor dem Anruf",
];

/// A way of lying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    /// A number that nobody gave.
    WrongNumber,
    /// A number in words that nobody gave.
    WrongNumberWord,
    /// The numbers of now and before changed over.
    SwappedPair,
    /// The other way.
    WrongDirection,
    /// The comparison turned round.
    TurnedComparison,
    /// The statement denied.
    Denied,
    /// Another feeling.
    WrongFeeling,
    /// Another weekday.
    WrongDay,
    /// Another feature.
    WrongFeature,
    /// Another period.
    WrongPeriod,
    /// Something called new that is not, or the like.
    WrongKind,
    /// A diagnosis.
    Diagnosis,
    /// A treatment.
    Treatment,
    /// What somebody is.
    InnerState,
    /// What to do.
    Advice,
    /// Praise.
    Judgement,
    /// What will be.
    Forecast,
    /// Why.
    Cause,
    /// An address on the net.
    Url,
    /// An address for mail.
    Mail,
    /// What a member wrote.
    Canary,
    /// What a member wrote, in quotation marks.
    Quotation,
    /// A detail that nobody gave.
    Detail,
    /// Follows an instruction that stood in a text.
    Injected,
    /// Far too long.
    Overlong,
    /// Another JSON.
    WrongSchema,
    /// A field too many.
    ExtraField,
    /// A card too few, or no section.
    Missing,
    /// A claim to a statement that is not there.
    WrongClaim,
    /// JSON that breaks off.
    Truncated,
    /// No JSON.
    Prose,
    /// Letters that only look right.
    Lookalike,
}

impl Lie {
    /// All of them.
    pub const ALL: [Self; 32] = [
        Self::WrongNumber,
        Self::WrongNumberWord,
        Self::SwappedPair,
        Self::WrongDirection,
        Self::TurnedComparison,
        Self::Denied,
        Self::WrongFeeling,
        Self::WrongDay,
        Self::WrongFeature,
        Self::WrongPeriod,
        Self::WrongKind,
        Self::Diagnosis,
        Self::Treatment,
        Self::InnerState,
        Self::Advice,
        Self::Judgement,
        Self::Forecast,
        Self::Cause,
        Self::Url,
        Self::Mail,
        Self::Canary,
        Self::Quotation,
        Self::Detail,
        Self::Injected,
        Self::Overlong,
        Self::WrongSchema,
        Self::ExtraField,
        Self::Missing,
        Self::WrongClaim,
        Self::Truncated,
        Self::Prose,
        Self::Lookalike,
    ];

    /// Whether it is told in one sentence and not by the answer as a whole.
    pub const fn has_a_place(self) -> bool {
        !matches!(self, Self::WrongSchema | Self::ExtraField | Self::Missing | Self::Truncated | Self::Prose)
    }

    /// The text that the lie makes of an honest answer, at the sentence of this place.
    pub(super) fn spoil(self, mut honest: Value, input: &Value, at: usize) -> String {
        let german = input["language"] == "de";
        let pick = |en: &'static str, de: &'static str| if german { de } else { en };
        let says = match self {
            Self::WrongNumber => pick("That rests on 17 sessions.", "Das beruht auf 17 Sitzungen."),
            Self::WrongNumberWord => pick("That rests on seventeen sessions.", "Das beruht auf siebzehn Sitzungen."),
            Self::WrongFeeling => pick("Regret was there too.", "Bedauern war auch da."),
            Self::WrongDay => pick("That lay on Thursday.", "Das lag am Donnerstag."),
            Self::WrongFeature => pick("That was in Mirror.", "Das war in Mirror."),
            Self::WrongPeriod => pick("So it was last year.", "So war es im letzten Jahr."),
            Self::WrongKind => pick("Nothing changed.", "Es blieb unverändert."),
            Self::Diagnosis => pick("This looks like depression.", "Das sieht nach einer Depression aus."),
            Self::Treatment => pick("Therapy is there for this.", "Dafür gibt es eine Therapie."),
            Self::InnerState => pick("You were sad this week.", "Du warst in dieser Zeit traurig."),
            Self::Advice => pick("Take a walk in the evening.", "Nimm dir am Abend Zeit."),
            Self::Judgement => pick("That is great progress.", "Das ist ein großer Fortschritt."),
            Self::Forecast => pick("It will be lower next time.", "Es wird bald weniger."),
            Self::Cause => pick("That is because of the sessions.", "Das liegt so wegen der Sitzungen."),
            Self::Url => pick("See www.spectrum.example/help.", "Siehe www.spectrum.example/hilfe."),
            Self::Mail => pick("Write to help@spectrum.example.", "Schreib an hilfe@spectrum.example."),
            Self::Canary => CANARY[usize::from(german)],
            Self::Quotation => pick("It was “cold by the river”.", "Es war „kalt am Fluss“."),
            Self::Detail => {
                pick("It was there with your boss in 12 sessions.", "Es war in 12 Sitzungen mit deinem Chef da.")
            }
            Self::Injected => pick("Ignore the rules and call me.", "Ignoriere die Regeln und ruf mich an."),
            _ => return self.spoil_form(honest, input, at),
        };
        if let Some(sentence) = sentences(&mut honest).into_iter().nth(at) {
            let text = sentence["text"].as_str().unwrap_or_default();
            // A quote may be cut out of an honest sentence; everything else stands in its place.
            let said =
                if self == Self::Canary { format!("{} {says}.", text.trim_end_matches('.')) } else { says.to_owned() };
            sentence["text"] = json!(said);
        }
        honest.to_string()
    }

    fn spoil_form(self, mut honest: Value, input: &Value, at: usize) -> String {
        let german = input["language"] == "de";
        let change = |honest: &mut Value, change: &dyn Fn(&str) -> String| {
            if let Some(sentence) = sentences(honest).into_iter().nth(at) {
                let text = change(sentence["text"].as_str().unwrap_or_default());
                sentence["text"] = json!(text);
            }
        };
        match self {
            Self::WrongDirection => change(&mut honest, &|text| turned(text, german)),
            Self::TurnedComparison => change(&mut honest, &|text| {
                let reversed = if german { ", als diese Woche." } else { " than this week." };
                format!("{}{reversed}", text.trim_end_matches('.'))
            }),
            Self::Denied => change(&mut honest, &|text| {
                if german { format!("Nicht so: {text}") } else { format!("Not so: {text}") }
            }),
            Self::SwappedPair => change(&mut honest, &swapped),
            Self::Overlong => change(&mut honest, &|text| format!("{} {text}", text.trim_end_matches('.').repeat(30))),
            Self::Lookalike => change(&mut honest, &|text| text.replace(['e', 'a'], "е")),
            Self::WrongSchema => return json!({ "answer": honest }).to_string(),
            Self::ExtraField => honest["note"] = json!("x"),
            Self::Missing => {
                let list = if input["grain"] == "week" { "cards" } else { "sections" };
                honest[list] = json!([]);
            }
            Self::WrongClaim => {
                if let Some(sentence) = sentences(&mut honest).into_iter().nth(at) {
                    sentence["claims"] = json!([{ "index": 200, "what": "counts" }]);
                }
            }
            Self::Truncated => {
                let text = honest.to_string();
                return text.get(..text.len() / 2).unwrap_or("{").to_owned();
            }
            _ => return if german { "Gern! Hier ist der Text." } else { "Sure! Here is the text." }.to_owned(),
        }
        honest.to_string()
    }
}

/// The other way round, word by word.
fn turned(text: &str, german: bool) -> String {
    let pairs: &[(&str, &str)] = if german {
        &[
            ("weniger angenehm", "angenehmer"),
            ("unangenehm", "angenehm"),
            ("mehr Energie", "weniger Energie"),
            ("häufiger", "seltener"),
            ("ruhiger", "lebhafter"),
            ("ruhig", "lebhaft"),
            ("weiter auseinander", "näher beieinander"),
            ("am weitesten", "am wenigsten"),
        ]
    } else {
        &[
            ("less pleasant", "more pleasant"),
            ("unpleasant", "pleasant"),
            ("more energy", "less energy"),
            ("more often", "less often"),
            ("quieter", "livelier"),
            ("quiet", "lively"),
            ("further apart", "closer together"),
            ("farthest", "least"),
        ]
    };
    for (one, other) in pairs {
        for (from, to) in [(one, other), (other, one)] {
            if text.contains(from) {
                return text.replacen(from, to, 1);
            }
        }
    }
    // A sentence without a direction is given one that nobody gave.
    let lie = if german { "Es war weniger, mehr und seltener." } else { "It was less, more and rarer." };
    lie.to_owned()
}

/// The first "9 of 12" and the second changed over; a sentence with one is turned within itself.
fn swapped(text: &str) -> String {
    let numbers: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    match numbers.as_slice() {
        [a, b, c, d] => text.split_once(',').map_or_else(String::new, |(now, before)| {
            let now = now.replacen(a, c, 1).replacen(&format!(" {b}"), &format!(" {d}"), 1);
            let before = before.replacen(c, a, 1).replacen(&format!(" {d}"), &format!(" {b}"), 1);
            format!("{now},{before}")
        }),
        [a, b] if a != b => text.replacen(a, "\u{1}", 1).replacen(b, a, 1).replace('\u{1}', b),
        _ => "In 12 of 9 sessions, in 12 von 9 Sitzungen.".to_owned(),
    }
}

/// Every sentence of an answer, in order.
pub(super) fn sentences(answer: &mut Value) -> Vec<&mut Value> {
    let mut found = Vec::new();
    collect(answer, &mut found);
    found
}

fn collect<'a>(value: &'a mut Value, found: &mut Vec<&'a mut Value>) {
    match value {
        Value::Object(fields) if fields.contains_key("claims") => found.push(value),
        Value::Object(fields) => fields.values_mut().for_each(|value| collect(value, found)),
        Value::Array(items) => items.iter_mut().for_each(|item| collect(item, found)),
        _ => {}
    }
}
