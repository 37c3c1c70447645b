//! The closed lists that every string of a model's input comes from, written down a second time: the fake provider refuses
//! whatever is not in them, so that a new free field can't slip in unseen.

use serde_json::Value;

/// Names of fields.
const FIELDS: &[&str] = &[
    "input",
    "refused",
    "grain",
    "language",
    "coverage",
    "sessions",
    "turns",
    "days",
    "tier",
    "statements",
    "index",
    "kind",
    "about",
    "window",
    "periods",
    "direction",
    "figure",
    "unit",
    "value",
    "reference",
    "evidence",
    "cell",
    "span",
    "n",
    "feature",
    "axis",
    "movement",
    "level",
    "spread",
];

/// Names of values, and of the one field that names its kind.
const VALUES: &[&str] = &[
    "week",
    "month",
    "en",
    "de",
    "empty",
    "few",
    "some",
    "enough", // grain, language, tier
    "low_data",
    "coverage",
    "baseline_short",
    "level",
    "mix",
    "variability",
    "recovery",
    "changed",
    "first_time",
    "returned",
    "steady",
    "nothing_new",
    "weekday_pattern",
    "daypart_pattern",
    "feature_shift",
    "feature_contrast",
    "moved_most", // kind
    "period",
    "family",
    "quadrant",
    "weekday",
    "daypart",
    "returns", // subject and cell
    "valence",
    "arousal",
    "mirror",
    "turn",
    "lens", // axis, feature
    "joy",
    "interest",
    "hope",
    "warmth",
    "calm",
    "worry",
    "anger",
    "sadness",
    "regret", // family
    "high_unpleasant",
    "high_pleasant",
    "low_pleasant",
    "low_unpleasant", // quadrant
    "Mon",
    "Tue",
    "Wed",
    "Thu",
    "Fri",
    "Sat",
    "Sun",
    "night",
    "morning",
    "afternoon",
    "evening", // when
    "higher",
    "lower",
    "neither", // direction
    "against_four",
    "against_twelve",
    "against_all",
    "together",
    "now",
    "before", // window, span
    "points",
    "percent",
    "periods",
    "tests",
    "sessions", // unit
];

/// Whether the string is in one of the lists.
pub fn is_closed(text: &str) -> bool {
    FIELDS.contains(&text)
        || VALUES.contains(&text)
        || crate::guard::Reason::ALL.iter().any(|reason| reason.name() == text)
}

/// Whether every string of an input is of the lists, names of fields among them, and every number whole.
pub fn all_closed(input: &Value) -> bool {
    match input {
        Value::String(text) => is_closed(text),
        Value::Array(items) => items.iter().all(all_closed),
        Value::Object(fields) => fields.iter().all(|(name, value)| is_closed(name) && all_closed(value)),
        Value::Number(number) => number.is_i64(),
        Value::Bool(_) | Value::Null => true,
    }
}
