//! Reading events: whatever is sent, each is kept or refused with a field and words of ours, and nothing of it comes back.

use proptest::prelude::*;

use super::*;

/// JSON of any shape, with the canary in every piece of text.
fn value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        "\\PC{0,12}".prop_map(|text| format!("{text}xqzcanary").into()),
        "[0-9T:.Z+-]{0,30}".prop_map(Into::into),
        prop::sample::select(vec![
            "session.started",
            "turn.added",
            "session.ended",
            "mirror",
            "member",
            "assistant",
            "Europe/London",
            "2026-11-20T20:00:00Z",
            "+262142-12-31T23:59:59.999999999Z",
            "-262143-01-01T00:00:00+23:59",
            "0b64a1de-3c1c-4b0e-9d6f-0c7a2f1e5a01",
            "\u{0}",
            "\u{202e}",
        ])
        .prop_map(Into::into),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::btree_map("\\PC{0,4}", inner, 0..4).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

/// An object with fields of an event, and sometimes another.
fn object() -> impl Strategy<Value = serde_json::Value> {
    let name = prop_oneof![9 => prop::sample::select(FIELDS.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,8}"];
    prop::collection::btree_map(name, value(), 0..11).prop_map(|map| map.into_iter().collect())
}

fn read(text: &str) -> Option<Result<Event, Wrong>> {
    let raw: &RawValue = serde_json::from_str(text).ok()?;
    Some(Fields::of(raw).and_then(|fields| fields.event(DateTime::UNIX_EPOCH)))
}

proptest! {
    #[test]
    fn events_of_any_shape_never_panic_and_never_come_back(event in prop_oneof![object(), value()]) {
        if let Some(Err(Wrong(field, detail))) = read(&event.to_string()) {
            prop_assert!(FIELDS.contains(&field) || field == "events");
            prop_assert!(!detail.contains("xqzcanary"), "{detail}");
        }
    }

    #[test]
    fn events_of_any_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(text) = std::str::from_utf8(&bytes) {
            read(text);
        }
    }
}

#[test]
fn a_whole_event_is_read() {
    let text = r#"{"event_id":"0b64a1de-3c1c-4b0e-9d6f-0c7a2f1e5a01","type":"turn.added","member":"m","session_id":"s",
                   "feature":"mirror","occurred_at":"1969-11-20T20:00:00Z","time_zone":"Europe/London","index":0,
                   "role":"member","text":"well"}"#;
    assert!(read(text).is_some_and(|event| event.is_ok()), "or the others show nothing");
}
