//! The message as FCM takes it, in the words of Google's discovery document (`fcm.v1.json`).

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use hyper::body::Bytes;
use secrecy::ExposeSecret;
use serde::Serialize;
use uuid::Uuid;

use crate::message::{Address, Message, Mode};

/// Largest content of a message.
const LARGEST: usize = 4096;
/// Longest that FCM keeps a message for a device.
const LONGEST: TimeDelta = TimeDelta::weeks(4);
/// What the app shows it under, and what FCM counts it as.
const WEEKLY: &str = "weekly";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Request<'a> {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    validate_only: bool,
    message: Wire<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'a> {
    #[serde(flatten)]
    to: To<'a>,
    notification: Notification<'a>,
    data: BTreeMap<&'static str, String>,
    android: Android<'a>,
    fcm_options: Options,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum To<'a> {
    Fid(&'a str),
    Token(&'a str),
}

#[derive(Serialize)]
struct Notification<'a> {
    title: &'a str,
    body: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Android<'a> {
    collapse_key: &'a str,
    priority: &'static str,
    ttl: String,
    notification: Shown<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    tag: &'a str,
    channel_id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Options {
    analytics_label: &'static str,
}

/// The body of a request, or why it is never taken.
pub(super) fn body(to: &Address, message: &Message, now: DateTime<Utc>, mode: Mode) -> Result<Bytes, &'static str> {
    let to = match to {
        Address::FcmFid(fid) => To::Fid(fid.expose_secret()),
        Address::FcmToken(token) => To::Token(token.expose_secret()),
        Address::Apns { .. } | Address::WebPush { .. } => return Err("address_kind"),
    };
    let left = message.expires_at - now;
    if left <= TimeDelta::zero() {
        return Err("expired");
    }
    let data = BTreeMap::from([
        ("link", message.path.clone()),
        ("delivery", Uuid::to_string(&message.delivery)),
        ("kind", message.thread.to_owned()),
    ]);
    let content = data.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>();
    if content + message.title.len() + message.body.len() > LARGEST {
        return Err("too_large");
    }
    let request = Request {
        validate_only: mode == Mode::DryRun,
        message: Wire {
            to,
            notification: Notification { title: &message.title, body: &message.body },
            data,
            android: Android {
                collapse_key: &message.collapse,
                priority: "NORMAL",
                ttl: format!("{}s", left.min(LONGEST).num_seconds()),
                notification: Shown { tag: &message.collapse, channel_id: WEEKLY },
            },
            fcm_options: Options { analytics_label: WEEKLY },
        },
    };
    serde_json::to_vec(&request).map(Bytes::from).map_err(|_| "payload")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::message::tests::{monday, weekly};

    fn made(to: &Address, message: &Message, mode: Mode) -> Result<Value, &'static str> {
        body(to, message, monday() + TimeDelta::hours(9), mode).map(|body| serde_json::from_slice(&body).expect("JSON"))
    }

    #[test]
    fn the_body_is_what_google_documents_and_no_more() {
        let expected = json!({
            "message": {
                "fid": "cGxhY2Vob2xkZXI",
                "notification": { "title": "Your week is ready", "body": "Have a look when it suits you." },
                "data": {
                    "link": "/week/2026-W47",
                    "delivery": "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
                    "kind": "weekly-summary",
                },
                "android": {
                    "collapseKey": "weekly-2026-W47",
                    "priority": "NORMAL",
                    "ttl": "54000s",
                    "notification": { "tag": "weekly-2026-W47", "channelId": "weekly" },
                },
                "fcmOptions": { "analyticsLabel": "weekly" },
            },
        });
        let fid = Address::FcmFid("cGxhY2Vob2xkZXI".into());
        assert_eq!(made(&fid, &weekly(), Mode::Live), Ok(expected));
        let dry = made(&Address::FcmToken("a:b".into()), &weekly(), Mode::DryRun).expect("a body");
        assert_eq!((&dry["validateOnly"], &dry["message"]["token"]), (&json!(true), &json!("a:b")));
        assert_eq!(dry["message"].get("fid"), None);
    }

    #[test]
    fn what_is_never_taken_is_not_sent() {
        let to = Address::FcmToken("a:b".into());
        let late = Message { expires_at: monday(), ..weekly() };
        assert_eq!(made(&to, &late, Mode::Live), Err("expired"));
        let large = Message { body: "x".repeat(LARGEST), ..weekly() };
        assert_eq!(made(&to, &large, Mode::Live), Err("too_large"));
        let patient = Message { expires_at: monday() + TimeDelta::weeks(9), ..weekly() };
        assert_eq!(made(&to, &patient, Mode::Live).expect("a body")["message"]["android"]["ttl"], "2419200s");
    }
}
