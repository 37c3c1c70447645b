//! What Google's answers mean: by the code in their details, and by the HTTP status only where there is none.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::{
    message::Mode,
    outcome::{Answer, Outcome},
    transport::Reply,
};

/// After too many messages, where no time is named.
const QUOTA: Duration = Duration::from_mins(1);
/// The least after an error of Google's own.
const PAUSE: Duration = Duration::from_secs(10);
/// Our token is not, or no longer, believed.
const UNAUTHENTICATED: &str = "UNAUTHENTICATED";
/// Where an address stands in a request.
const ADDRESSES: &[&str] = &["message.token", "message.fid", "token", "fid"];
/// Longest name of a message that is kept.
const LONGEST_NAME: usize = 256;

#[derive(Deserialize, Default)]
struct Body {
    #[serde(default)]
    error: Problem,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Problem {
    status: String,
    details: Vec<Detail>,
}

/// One of several kinds of detail; what a kind lacks is empty.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Detail {
    #[serde(rename = "@type")]
    kind: String,
    error_code: String,
    field_violations: Vec<Violation>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Violation {
    field: String,
}

#[derive(Deserialize)]
struct Sent {
    name: String,
}

/// What an answer means.
pub(super) fn read(reply: &Reply, now: DateTime<Utc>, mode: Mode) -> Answer {
    if reply.status == 200 {
        return match mode {
            Mode::DryRun => Answer { status: Some(200), ..Answer::dry_run() },
            Mode::Live => {
                let outcome = Outcome::Delivered { provider_id: name(&reply.body) };
                Answer { outcome, status: Some(200), reason: "ok" }
            }
        };
    }
    let Problem { status, details } = serde_json::from_slice::<Body>(&reply.body).unwrap_or_default().error;
    let code = details
        .iter()
        .find(|detail| detail.kind.ends_with("google.firebase.fcm.v1.FcmError"))
        .map_or("", |detail| detail.error_code.as_str());
    let names_address = || {
        let mut fields = details.iter().flat_map(|detail| &detail.field_violations);
        fields.any(|violation| ADDRESSES.contains(&violation.field.as_str()))
    };
    let wait = |least: Duration| reply.retry_after(now).unwrap_or_default().max(least);
    let gone = |certain| Outcome::Gone { since: None, certain };

    let (reason, outcome) = match (code, reply.status) {
        ("UNREGISTERED", _) => ("UNREGISTERED", gone(true)),
        // Of another project, or our account is: one phone must not be able to stop all.
        ("SENDER_ID_MISMATCH", _) => ("SENDER_ID_MISMATCH", gone(false)),
        ("THIRD_PARTY_AUTH_ERROR", _) => ("THIRD_PARTY_AUTH_ERROR", Outcome::Misconfigured),
        ("QUOTA_EXCEEDED", _) | (_, 429) => {
            ("QUOTA_EXCEEDED", Outcome::Retry { after: reply.retry_after(now).unwrap_or(QUOTA) })
        }
        ("UNAVAILABLE", _) | (_, 503) => ("UNAVAILABLE", Outcome::Retry { after: wait(PAUSE) }),
        ("INTERNAL", _) | (_, 500) => ("INTERNAL", Outcome::Retry { after: wait(PAUSE) }),
        (_, 408 | 501..=599) => ("server", Outcome::Retry { after: wait(PAUSE) }),
        ("INVALID_ARGUMENT", _) | (_, 400) if names_address() => ("INVALID_ARGUMENT", gone(false)),
        ("INVALID_ARGUMENT", _) | (_, 400) => ("INVALID_ARGUMENT", Outcome::Refused),
        (_, 401) => (UNAUTHENTICATED, Outcome::Misconfigured),
        (_, 403) => ("PERMISSION_DENIED", Outcome::Misconfigured),
        // Without a code it may as well be the project that nobody knows.
        (_, 404) if status == "NOT_FOUND" || status.is_empty() => ("NOT_FOUND", gone(false)),
        (_, 413) => ("too_large", Outcome::Refused),
        // FCM redirects nobody: whoever does is not FCM.
        (_, 300..=399) => ("redirect", Outcome::Misconfigured),
        _ => ("other", Outcome::Refused),
    };
    Answer { outcome, status: Some(reply.status), reason }
}

/// Whether a new token may help.
pub(super) fn is_unauthenticated(answer: &Answer) -> bool {
    answer.reason == UNAUTHENTICATED
}

fn name(body: &[u8]) -> Option<String> {
    let name = serde_json::from_slice::<Sent>(body).ok()?.name;
    let fits = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'/' | b'-' | b'_' | b':' | b'.' | b'%');
    (name.len() <= LONGEST_NAME && name.bytes().all(fits)).then_some(name)
}

#[cfg(test)]
mod tests {
    use hyper::{HeaderMap, body::Bytes, header::HeaderValue};
    use serde_json::json;

    use super::*;

    fn given(status: u16, body: &str, retry_after: Option<&'static str>) -> Answer {
        let mut headers = HeaderMap::new();
        if let Some(asked) = retry_after {
            headers.insert("retry-after", HeaderValue::from_static(asked));
        }
        let now = "2026-11-26T11:00:00Z".parse().expect("a time");
        read(&Reply { status, headers, body: Bytes::copy_from_slice(body.as_bytes()) }, now, Mode::Live)
    }

    fn coded(status: u16, code: &str, field: Option<&str>) -> Answer {
        let mut details =
            vec![json!({ "@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": code })];
        if let Some(field) = field {
            details.push(json!({
                "@type": "type.googleapis.com/google.rpc.BadRequest",
                "fieldViolations": [{ "field": field, "description": "Invalid registration token" }],
            }));
        }
        let error = json!({ "code": status, "message": "words", "status": "ANY", "details": details });
        given(status, &json!({ "error": error }).to_string(), None)
    }

    const GONE: Outcome = Outcome::Gone { since: None, certain: true };
    const MAYBE: Outcome = Outcome::Gone { since: None, certain: false };

    #[test]
    fn the_code_in_the_details_decides() {
        let retry = |seconds| Outcome::Retry { after: Duration::from_secs(seconds) };
        for (status, code, field, outcome) in [
            (404, "UNREGISTERED", None, GONE),
            (400, "INVALID_ARGUMENT", Some("message.token"), MAYBE),
            (400, "INVALID_ARGUMENT", Some("message.fid"), MAYBE),
            (400, "INVALID_ARGUMENT", Some("message.android.ttl"), Outcome::Refused),
            (400, "INVALID_ARGUMENT", Some("message.data"), Outcome::Refused),
            (400, "INVALID_ARGUMENT", None, Outcome::Refused),
            (403, "SENDER_ID_MISMATCH", None, MAYBE),
            (401, "THIRD_PARTY_AUTH_ERROR", None, Outcome::Misconfigured),
            (429, "QUOTA_EXCEEDED", None, retry(60)),
            (503, "UNAVAILABLE", None, retry(10)),
            (500, "INTERNAL", None, retry(10)),
        ] {
            let expected = Answer { outcome, status: Some(status), reason: code };
            assert_eq!(coded(status, code, field), expected, "{code} {field:?}");
        }
        assert!(!is_unauthenticated(&coded(401, "THIRD_PARTY_AUTH_ERROR", None)));
    }

    #[test]
    fn without_a_code_the_status_decides_and_no_address_is_surely_gone() {
        for body in ["", "<html><body>502 Bad Gateway</body></html>", "{}", r#"{"error":null}"#, "[1]", "{\"error\":{"]
        {
            for (status, reason, outcome) in [
                (302, "redirect", Outcome::Misconfigured),
                (400, "INVALID_ARGUMENT", Outcome::Refused),
                (401, "UNAUTHENTICATED", Outcome::Misconfigured),
                (403, "PERMISSION_DENIED", Outcome::Misconfigured),
                (404, "NOT_FOUND", Outcome::Gone { since: None, certain: false }),
                (413, "too_large", Outcome::Refused),
                (418, "other", Outcome::Refused),
                (429, "QUOTA_EXCEEDED", Outcome::Retry { after: Duration::from_mins(1) }),
                (500, "INTERNAL", Outcome::Retry { after: Duration::from_secs(10) }),
                (502, "server", Outcome::Retry { after: Duration::from_secs(10) }),
                (503, "UNAVAILABLE", Outcome::Retry { after: Duration::from_secs(10) }),
            ] {
                assert_eq!(given(status, body, None), Answer { outcome, status: Some(status), reason }, "{body}");
            }
        }
        let not_found = r#"{"error":{"code":404,"message":"Requested entity was not found.","status":"NOT_FOUND"}}"#;
        assert_eq!(given(404, not_found, None).outcome, Outcome::Gone { since: None, certain: false });
    }

    #[test]
    fn googles_own_time_is_kept() {
        let after = |answer: Answer| match answer.outcome {
            Outcome::Retry { after } => after.as_secs(),
            other => panic!("{other:?}"),
        };
        assert_eq!(after(given(429, "", Some("7"))), 7);
        assert_eq!(after(given(429, "", Some("Thu, 26 Nov 2026 11:02:00 GMT"))), 120);
        assert_eq!(after(given(503, "", Some("300"))), 300);
        assert_eq!(after(given(503, "", Some("3"))), 10, "never sooner than ten seconds");
    }

    #[test]
    fn what_was_taken_is_named_and_a_name_is_no_text() {
        let taken =
            given(200, r#"{"name":"projects/spectrum-test/messages/0:1500415314455276%31bd1c9631bd1c96"}"#, None);
        let id = "projects/spectrum-test/messages/0:1500415314455276%31bd1c9631bd1c96".to_owned();
        assert_eq!(taken.outcome, Outcome::Delivered { provider_id: Some(id) });
        for body in ["", "{}", r#"{"name":"I felt sad"}"#] {
            assert_eq!(given(200, body, None).outcome, Outcome::Delivered { provider_id: None });
        }
    }
}
