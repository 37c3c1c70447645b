//! The fields of a message to FCM and their types: a closed set, by Google's discovery document `fcm.v1.json` (revision 20261023).
//!
//! Left out is `androidV2`, which nothing here sends.

use serde_json::{Map, Value};

/// What a field holds.
enum Kind {
    Text,
    Texts,
    /// Text by text.
    TextMap,
    /// Whatever, by text.
    AnyMap,
    Flag,
    Whole,
    Number,
    /// Seconds with an `s`.
    Duration,
    Durations,
    /// A moment, as RFC 3339 has it.
    Moment,
    One(&'static [&'static str]),
    Fields(Fields),
}

type Fields = &'static [(&'static str, Kind)];

/// What is wrong, and with which field.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Violation {
    pub(super) field: String,
    pub(super) what: String,
}

const LABEL: Fields = &[("analyticsLabel", Kind::Text)];
const COLOUR: Fields =
    &[("alpha", Kind::Number), ("blue", Kind::Number), ("green", Kind::Number), ("red", Kind::Number)];
const LIGHT: Fields =
    &[("color", Kind::Fields(COLOUR)), ("lightOffDuration", Kind::Duration), ("lightOnDuration", Kind::Duration)];
const ANDROID_NOTIFICATION: Fields = &[
    ("body", Kind::Text),
    ("bodyLocArgs", Kind::Texts),
    ("bodyLocKey", Kind::Text),
    ("bypassProxyNotification", Kind::Flag),
    ("channelId", Kind::Text),
    ("clickAction", Kind::Text),
    ("color", Kind::Text),
    ("defaultLightSettings", Kind::Flag),
    ("defaultSound", Kind::Flag),
    ("defaultVibrateTimings", Kind::Flag),
    ("eventTime", Kind::Moment),
    ("icon", Kind::Text),
    ("image", Kind::Text),
    ("lightSettings", Kind::Fields(LIGHT)),
    ("localOnly", Kind::Flag),
    ("notificationCount", Kind::Whole),
    (
        "notificationPriority",
        Kind::One(&[
            "PRIORITY_UNSPECIFIED",
            "PRIORITY_MIN",
            "PRIORITY_LOW",
            "PRIORITY_DEFAULT",
            "PRIORITY_HIGH",
            "PRIORITY_MAX",
        ]),
    ),
    ("proxy", Kind::One(&["PROXY_UNSPECIFIED", "ALLOW", "DENY", "IF_PRIORITY_LOWERED"])),
    ("sound", Kind::Text),
    ("sticky", Kind::Flag),
    ("tag", Kind::Text),
    ("ticker", Kind::Text),
    ("title", Kind::Text),
    ("titleLocArgs", Kind::Texts),
    ("titleLocKey", Kind::Text),
    ("vibrateTimings", Kind::Durations),
    ("visibility", Kind::One(&["VISIBILITY_UNSPECIFIED", "PRIVATE", "PUBLIC", "SECRET"])),
];
const ANDROID: Fields = &[
    ("bandwidthConstrainedOk", Kind::Flag),
    ("collapseKey", Kind::Text),
    ("data", Kind::TextMap),
    ("directBootOk", Kind::Flag),
    ("fcmOptions", Kind::Fields(LABEL)),
    ("notification", Kind::Fields(ANDROID_NOTIFICATION)),
    ("priority", Kind::One(&["NORMAL", "HIGH"])),
    ("restrictedPackageName", Kind::Text),
    ("restrictedSatelliteOk", Kind::Flag),
    ("ttl", Kind::Duration),
];
const APNS: Fields = &[
    ("fcmOptions", Kind::Fields(&[("analyticsLabel", Kind::Text), ("image", Kind::Text)])),
    ("headers", Kind::TextMap),
    ("liveActivityToken", Kind::Text),
    ("payload", Kind::AnyMap),
];
const WEB: Fields = &[
    ("data", Kind::TextMap),
    ("fcmOptions", Kind::Fields(&[("analyticsLabel", Kind::Text), ("link", Kind::Text)])),
    ("headers", Kind::TextMap),
    ("notification", Kind::AnyMap),
];
const MESSAGE: Fields = &[
    ("android", Kind::Fields(ANDROID)),
    ("apns", Kind::Fields(APNS)),
    ("condition", Kind::Text),
    ("data", Kind::TextMap),
    ("fcmOptions", Kind::Fields(LABEL)),
    ("fid", Kind::Text),
    ("name", Kind::Text),
    ("notification", Kind::Fields(&[("body", Kind::Text), ("image", Kind::Text), ("title", Kind::Text)])),
    ("token", Kind::Text),
    ("topic", Kind::Text),
    ("webpush", Kind::Fields(WEB)),
];
const REQUEST: Fields = &[("message", Kind::Fields(MESSAGE)), ("validateOnly", Kind::Flag)];

/// The request with every field in camel case, if each is one that Google knows and holds what it should.
pub(super) fn check(request: &Value) -> Result<Value, Violation> {
    object(request, REQUEST, "")
}

fn object(value: &Value, fields: Fields, at: &str) -> Result<Value, Violation> {
    let given = value.as_object().ok_or_else(|| wrong(at, "TYPE_MESSAGE", value))?;
    let mut checked = Map::new();
    for (name, value) in given {
        let Some((known, kind)) = fields.iter().find(|(known, _)| *known == camel(name)) else {
            let place = if at.is_empty() { String::new() } else { format!(" at '{at}'") };
            let what = format!("Invalid JSON payload received. Unknown name \"{name}\"{place}: Cannot find field.");
            return Err(Violation { field: at.to_owned(), what });
        };
        let at = if at.is_empty() { (*known).to_owned() } else { format!("{at}.{known}") };
        let value = held(value, kind, &at)?;
        if checked.insert((*known).to_owned(), value).is_some() {
            return Err(Violation { what: format!("Invalid value at '{at}': it is there twice"), field: at });
        }
    }
    Ok(Value::Object(checked))
}

fn held(value: &Value, kind: &Kind, at: &str) -> Result<Value, Violation> {
    let (holds, called) = match kind {
        Kind::Fields(fields) => return object(value, fields, at),
        // Google's own libraries write these in lower case, and are understood.
        Kind::One(words) => {
            let word = value.as_str().unwrap_or_default().to_ascii_uppercase();
            let known = words.contains(&word.as_str());
            return if known { Ok(word.into()) } else { Err(wrong(at, "TYPE_ENUM", value)) };
        }
        Kind::Text => (value.is_string(), "TYPE_STRING"),
        Kind::Texts => (all(value, Value::is_string), "TYPE_STRING"),
        Kind::TextMap => (value.as_object().is_some_and(|map| map.values().all(Value::is_string)), "TYPE_STRING"),
        Kind::AnyMap => (value.is_object(), "Map"),
        Kind::Flag => (value.is_boolean(), "TYPE_BOOL"),
        Kind::Whole => (value.as_i64().is_some_and(|whole| i32::try_from(whole).is_ok()), "TYPE_INT32"),
        Kind::Number => (value.is_number(), "TYPE_FLOAT"),
        Kind::Duration => (seconds(value).is_some(), "type.googleapis.com/google.protobuf.Duration"),
        Kind::Durations => (all(value, |item| seconds(item).is_some()), "type.googleapis.com/google.protobuf.Duration"),
        Kind::Moment => (
            value.as_str().is_some_and(|text| chrono::DateTime::parse_from_rfc3339(text).is_ok()),
            "type.googleapis.com/google.protobuf.Timestamp",
        ),
    };
    if holds { Ok(value.clone()) } else { Err(wrong(at, called, value)) }
}

fn all(value: &Value, holds: impl Fn(&Value) -> bool) -> bool {
    value.as_array().is_some_and(|items| items.iter().all(holds))
}

/// A duration in whole seconds.
pub(super) fn seconds(value: &Value) -> Option<u64> {
    let text = value.as_str()?.strip_suffix('s')?;
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (digits(whole) && digits(part) && part.len() <= 9).then(|| whole.parse().ok()).flatten()
}

fn wrong(at: &str, called: &str, value: &Value) -> Violation {
    let what = format!("Invalid value at '{at}' ({called}), {value}");
    Violation { field: at.to_owned(), what }
}

/// `collapse_key` is `collapseKey`, as in every API of Google's.
fn camel(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    let mut up = false;
    for letter in name.chars() {
        if letter == '_' {
            up = true;
        } else {
            camel.push(if std::mem::take(&mut up) { letter.to_ascii_uppercase() } else { letter });
        }
    }
    camel
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_spellings_are_one_and_anything_else_is_named() {
        let request = json!({ "validate_only": true, "message": { "fid": "f", "android": {
            "collapse_key": "w", "priority": "normal", "ttl": "72000s", "notification": { "channelId": "c" } } } });
        let wanted = json!({ "validateOnly": true, "message": { "fid": "f", "android": {
            "collapseKey": "w", "priority": "NORMAL", "ttl": "72000s", "notification": { "channelId": "c" } } } });
        assert_eq!(check(&request), Ok(wanted));
        for (field, bad) in [
            ("message", json!({ "message": { "toke": "t" } })),
            ("message.android", json!({ "message": { "android": { "tag": "t" } } })),
            ("message.android.ttl", json!({ "message": { "android": { "ttl": "1 day" } } })),
            ("message.data", json!({ "message": { "data": { "week": 47 } } })),
            ("message.notification.title", json!({ "message": { "notification": { "title": 1 } } })),
            (
                "message.android.collapseKey",
                json!({ "message": { "android": { "collapse_key": "a", "collapseKey": "b" } } }),
            ),
        ] {
            assert_eq!(check(&bad).unwrap_err().field, field, "{bad}");
        }
    }
}
