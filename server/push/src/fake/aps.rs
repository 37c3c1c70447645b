//! An APNs payload's closed schema, from Apple's "Generating a remote notification".

use serde_json::{Map, Value};

type Check = fn(&Value) -> bool;

fn text(value: &Value) -> bool {
    value.is_string()
}

fn texts(value: &Value) -> bool {
    value.as_array().is_some_and(|items| items.iter().all(Value::is_string))
}

fn one(value: &Value) -> bool {
    value.as_u64() == Some(1)
}

fn flag(value: &Value) -> bool {
    value.as_u64().is_some_and(|flag| flag <= 1)
}

fn share(value: &Value) -> bool {
    value.as_f64().is_some_and(|share| (0.0..=1.0).contains(&share))
}

const ALERT: [(&str, Check); 10] = [
    ("title", text),
    ("subtitle", text),
    ("body", text),
    ("launch-image", text),
    ("title-loc-key", text),
    ("title-loc-args", texts),
    ("subtitle-loc-key", text),
    ("subtitle-loc-args", texts),
    ("loc-key", text),
    ("loc-args", texts),
];
const SOUND: [(&str, Check); 3] = [("critical", flag), ("name", text), ("volume", share)];
const APS: [(&str, Check); 11] = [
    ("alert", |alert| text(alert) || fields(alert, &ALERT).is_ok()),
    ("badge", |badge| badge.is_u64()),
    ("sound", |sound| text(sound) || fields(sound, &SOUND).is_ok()),
    ("thread-id", text),
    ("category", text),
    ("content-available", one),
    ("mutable-content", one),
    ("target-content-id", text),
    ("interruption-level", |level| {
        level.as_str().is_some_and(|level| ["passive", "active", "time-sensitive", "critical"].contains(&level))
    }),
    ("relevance-score", share),
    ("filter-criteria", text),
];

fn fields<'a>(value: &'a Value, known: &[(&str, Check)]) -> Result<&'a Map<String, Value>, String> {
    let object = value.as_object().ok_or("aps is no object")?;
    for (name, value) in object {
        let (_, check) = known.iter().find(|(known, _)| known == name).ok_or_else(|| format!("unknown key {name}"))?;
        if !check(value) {
            return Err(format!("aps.{name} is not as Apple wants it"));
        }
    }
    Ok(object)
}

/// Whether this is a payload, and one for this `apns-push-type` and `apns-priority`.
pub(super) fn check(payload: &Value, kind: &str, priority: Option<&str>) -> Result<(), String> {
    let aps = fields(payload.get("aps").ok_or("the payload has no aps")?, &APS)?;
    let shows = ["alert", "badge", "sound"].iter().any(|name| aps.contains_key(*name));
    if kind == "alert" && !shows {
        return Err("apns-push-type is alert, and there is nothing to show".to_owned());
    }
    if kind == "background" && (shows || !aps.contains_key("content-available") || priority != Some("5")) {
        return Err(
            "apns-push-type is background, and content-available alone with priority 5 is not what came".to_owned()
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_apple_names_is_taken_and_nothing_else() {
        let good = json!({ "aps": { "alert": { "title": "a", "body": "b" }, "thread-id": "c", "relevance-score": 0.4,
            "interruption-level": "passive" }, "own": { "any": 1 } });
        assert_eq!(check(&good, "alert", Some("5")), Ok(()));
        assert!(check(&good, "background", Some("5")).is_err());
        assert_eq!(check(&json!({ "aps": { "content-available": 1 } }), "background", Some("5")), Ok(()));
        for (name, value) in [
            ("threadId", json!("c")),
            ("interruption-level", json!("loud")),
            ("relevance-score", json!(1.5)),
            ("badge", json!("1")),
            ("content-available", json!(true)),
            ("alert", json!({ "titel": "a" })),
        ] {
            let mut bad = good.clone();
            bad["aps"][name] = value;
            assert!(check(&bad, "alert", None).is_err(), "{bad}");
        }
        assert!(check(&json!({ "alert": "a" }), "alert", None).is_err());
    }
}
