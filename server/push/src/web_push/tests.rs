//! What is sent to browsers, read as a browser reads it; and what a service's answers mean.

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use web_push_native::{
    decrypt,
    p256::{SecretKey, elliptic_curve::sec1::ToEncodedPoint},
};

use super::*;
use crate::{
    jwt::tests::ec,
    message::tests::{monday, weekly},
};

fn channel() -> WebPush {
    let settings = Settings {
        key: ec().into(),
        subject: "mailto:push@spectrum.example".into(),
        services: AllowList::default(),
        extra_root: None,
        connections: 1,
        timeout: Duration::from_secs(5),
    };
    WebPush::new(&settings, Arc::new(|| monday() + TimeDelta::hours(9))).expect("a channel")
}

/// The browser of RFC 8291, section 5: its private key, its public key and its secret.
const PRIVATE: &str = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94";
const P256DH: &str = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";

fn browser(endpoint: &str) -> Address {
    Address::WebPush { endpoint: endpoint.into(), p256dh: P256DH.into(), auth: AUTH.into() }
}

#[test]
fn a_browser_reads_what_was_written() {
    let private = SecretKey::from_slice(&unpadded(PRIVATE).expect("base64url")).expect("a key");
    let (public, secret) = keys(P256DH, AUTH).expect("keys");
    assert_eq!(private.public_key(), public);
    let sealed = encrypt(content(&weekly()).expect("content"), &public, &secret).expect("a body");
    let opened: Value = serde_json::from_slice(&decrypt(sealed, &private, &secret).expect("opened")).expect("JSON");
    assert_eq!(
        opened,
        json!({
            "title": "Your week is ready",
            "body": "Have a look when it suits you.",
            "url": "/week/2026-W47",
            "tag": "weekly-2026-W47",
            "delivery": "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
            "stop": "Fewer of these",
        })
    );
}

#[test]
fn the_largest_content_is_taken_by_every_service() {
    let fill = LARGEST - content(&weekly()).expect("content").len();
    let message = Message { body: weekly().body + &"x".repeat(fill), ..weekly() };
    let (public, secret) = keys(P256DH, AUTH).expect("keys");
    let sealed = encrypt(content(&message).expect("content"), &public, &secret).expect("a body");
    assert!((4000..=4096).contains(&sealed.len()), "{}", sealed.len());
    let larger = Message { body: message.body + "x", ..weekly() };
    assert_eq!(content(&larger), Err("too_large"));
}

#[test]
fn the_headers_say_what_it_replaces_and_for_how_long_it_is_kept() {
    let made = headers(&weekly(), TimeDelta::hours(15)).expect("headers");
    for (name, value) in [
        ("ttl", "54000"),
        ("urgency", "low"),
        ("topic", "weekly-2026-W47"),
        ("content-encoding", "aes128gcm"),
        ("content-type", "application/octet-stream"),
    ] {
        assert_eq!(made.get(name).expect(name), value);
    }
    for collapse in ["", "a b", "weekly/2026", &"x".repeat(33)] {
        assert!(headers(&Message { collapse: collapse.into(), ..weekly() }, TimeDelta::hours(1)).is_none());
    }
}

#[test]
fn keys_that_are_none_are_told_before_they_are_kept() {
    assert!(are_keys(P256DH, AUTH));
    assert!(are_keys(&format!("{P256DH}="), &format!("{AUTH}==")), "some libraries pad");
    let private = SecretKey::from_slice(&unpadded(PRIVATE).expect("base64url")).expect("a key");
    let short = BASE64_URL_SAFE_NO_PAD.encode(private.public_key().to_encoded_point(true));
    let nowhere = BASE64_URL_SAFE_NO_PAD.encode([4; 65]);
    for (p256dh, auth) in
        [("", AUTH), (P256DH, ""), (P256DH, "BTBZMqHH6r4Tts7J_aSI"), (&short, AUTH), (&nowhere, AUTH), ("?", AUTH)]
    {
        assert!(!are_keys(p256dh, auth), "{p256dh} {auth}");
    }
}

#[tokio::test]
async fn what_may_not_be_sent_is_refused_before_anyone_is_asked() {
    let channel = channel();
    let good = browser("https://web.push.apple.com/QGuQyavXutnMH");
    assert_eq!(channel.send(&good, &weekly(), Mode::DryRun).await, Answer::dry_run());

    let elsewhere = browser("https://169.254.169.254/latest/meta-data");
    let unkeyed =
        Address::WebPush { endpoint: "https://web.push.apple.com/x".into(), p256dh: "BCVx".into(), auth: AUTH.into() };
    let late = Message { expires_at: monday(), ..weekly() };
    let large = Message { body: "x".repeat(LARGEST), ..weekly() };
    for (to, message, reason) in [
        (&elsewhere, &weekly(), "endpoint"),
        (&unkeyed, &weekly(), "keys"),
        (&Address::FcmToken("a".into()), &weekly(), "address_kind"),
        (&good, &late, "expired"),
        (&good, &large, "too_large"),
    ] {
        assert_eq!(channel.send(to, message, Mode::Live).await, Answer::ours(Outcome::Refused, reason));
    }
}

#[test]
fn every_answer_has_its_outcome() {
    let channel = channel();
    let given = |status, asked: Option<&'static str>| {
        let mut headers = HeaderMap::new();
        if let Some(asked) = asked {
            headers.insert("retry-after", HeaderValue::from_static(asked));
        }
        channel.read(&Reply { status, headers, body: Bytes::new() }).outcome
    };
    let after = |seconds| Outcome::Retry { after: Duration::from_secs(seconds) };
    for status in [200, 201, 202, 204] {
        assert_eq!(given(status, None), Outcome::Delivered { provider_id: None });
    }
    for status in [404, 410] {
        assert_eq!(given(status, None), Outcome::Gone { since: None, certain: true });
    }
    for status in [307, 400, 405, 413] {
        assert_eq!(given(status, None), Outcome::Refused);
    }
    assert_eq!(given(401, None), Outcome::Misconfigured);
    assert_eq!(given(403, None), Outcome::Gone { since: None, certain: false }, "made with another key than ours");
    assert_eq!((given(429, None), given(429, Some("5"))), (after(60), after(5)));
    assert_eq!((given(503, None), given(500, Some("120"))), (after(30), after(120)));
}
