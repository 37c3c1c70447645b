//! What Apple's answers mean: its documented reasons, each with what is done about it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::{
    outcome::{Answer, Outcome},
    transport::Reply,
};

/// The token is too old; told apart because a new one may be made at once.
pub(super) const EXPIRED_TOKEN: &str = "ExpiredProviderToken";

/// After an error of Apple's own, which it asks to be left for so long.
const PAUSE: Duration = Duration::from_mins(15);
/// After too many messages to one device, where no time is named.
const SLOWER: Duration = Duration::from_mins(1);
/// Before a token may be replaced.
const TOKENS: Duration = Duration::from_mins(20);

/// What is done about a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Means {
    /// The device has no such app any more.
    Gone,
    /// Not an address, or one of Apple's other server, or of another app.
    Unknown,
    Wrong,
    Never,
    After(Duration),
}

/// Every documented reason ("Handling notification responses from APNs").
const REASONS: &[(&str, Means)] = &[
    ("BadCollapseId", Means::Never),
    ("BadDeviceToken", Means::Unknown),
    ("BadExpirationDate", Means::Never),
    ("BadMessageId", Means::Never),
    ("BadPriority", Means::Never),
    ("BadTopic", Means::Wrong),
    // Of another app, or our topic is wrong: one phone must not be able to stop all.
    ("DeviceTokenNotForTopic", Means::Unknown),
    ("DuplicateHeaders", Means::Never),
    ("IdleTimeout", Means::After(SLOWER)),
    ("InvalidPushType", Means::Never),
    ("MissingDeviceToken", Means::Never),
    ("MissingTopic", Means::Wrong),
    ("PayloadEmpty", Means::Never),
    ("TopicDisallowed", Means::Wrong),
    ("BadCertificate", Means::Wrong),
    ("BadCertificateEnvironment", Means::Wrong),
    ("BadEnvironmentKeyIdInToken", Means::Wrong),
    (EXPIRED_TOKEN, Means::After(TOKENS)),
    ("Forbidden", Means::Wrong),
    ("InvalidProviderToken", Means::Wrong),
    ("MissingProviderToken", Means::Wrong),
    ("UnrelatedKeyIdInToken", Means::Wrong),
    ("BadPath", Means::Never),
    ("MethodNotAllowed", Means::Never),
    ("ExpiredToken", Means::Gone),
    ("Unregistered", Means::Gone),
    ("PayloadTooLarge", Means::Never),
    ("TooManyProviderTokenUpdates", Means::After(TOKENS)),
    ("TooManyRequests", Means::After(SLOWER)),
    ("InternalServerError", Means::After(PAUSE)),
    ("ServiceUnavailable", Means::After(PAUSE)),
    ("Shutdown", Means::After(PAUSE)),
];

#[derive(Deserialize)]
struct Body {
    reason: String,
    /// Milliseconds: when Apple was sure that the token was dead.
    timestamp: Option<i64>,
}

/// What an answer other than 200 means.
pub(super) fn answer(reply: &Reply, now: DateTime<Utc>) -> Answer {
    let body: Option<Body> = serde_json::from_slice(&reply.body).ok();
    let known = body.as_ref().and_then(|body| REASONS.iter().find(|(word, _)| *word == body.reason));
    let (reason, means) = known.copied().unwrap_or(("other", by_status(reply.status)));
    let since = body.and_then(|body| DateTime::from_timestamp_millis(body.timestamp?));
    let outcome = match means {
        Means::Gone => Outcome::Gone { since, certain: true },
        Means::Unknown => Outcome::Gone { since, certain: false },
        Means::Wrong => Outcome::Misconfigured,
        Means::Never => Outcome::Refused,
        Means::After(least) => Outcome::Retry { after: reply.retry_after(now).unwrap_or_default().max(least) },
    };
    Answer { outcome, status: Some(reply.status), reason }
}

/// Where the reason is none that we know, or there was no body.
const fn by_status(status: u16) -> Means {
    match status {
        // APNs redirects nobody: whoever does is not APNs.
        300..=399 | 401 | 403 => Means::Wrong,
        410 => Means::Unknown,
        429 => Means::After(SLOWER),
        500..=599 => Means::After(PAUSE),
        _ => Means::Never,
    }
}

#[cfg(test)]
mod tests {
    use hyper::{HeaderMap, body::Bytes, header::HeaderValue};

    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_000_000, 0).expect("a time")
    }

    fn given(status: u16, body: &str, retry_after: Option<&'static str>) -> Answer {
        let mut headers = HeaderMap::new();
        if let Some(asked) = retry_after {
            headers.insert("retry-after", HeaderValue::from_static(asked));
        }
        answer(&Reply { status, headers, body: Bytes::copy_from_slice(body.as_bytes()) }, now())
    }

    fn because(status: u16, reason: &str) -> Outcome {
        let answer = given(status, &format!(r#"{{"reason":"{reason}"}}"#), None);
        assert_eq!((answer.reason, answer.status), (reason, Some(status)));
        answer.outcome
    }

    #[test]
    fn a_dead_token_is_told_with_the_time_of_its_death() {
        for reason in ["Unregistered", "ExpiredToken"] {
            let body = format!(r#"{{"reason":"{reason}","timestamp":1794990000123}}"#);
            let since = DateTime::from_timestamp_millis(1_794_990_000_123);
            assert_eq!(given(410, &body, None).outcome, Outcome::Gone { since, certain: true });
            assert_eq!(because(410, reason), Outcome::Gone { since: None, certain: true });
        }
        for reason in ["BadDeviceToken", "DeviceTokenNotForTopic"] {
            assert_eq!(because(400, reason), Outcome::Gone { since: None, certain: false });
        }
    }

    #[test]
    fn every_reason_has_its_outcome() {
        for reason in [
            "BadTopic",
            "MissingTopic",
            "TopicDisallowed",
            "BadCertificate",
            "BadCertificateEnvironment",
            "BadEnvironmentKeyIdInToken",
            "Forbidden",
            "InvalidProviderToken",
            "MissingProviderToken",
            "UnrelatedKeyIdInToken",
        ] {
            assert_eq!(because(403, reason), Outcome::Misconfigured, "{reason}");
        }
        for reason in [
            "BadCollapseId",
            "BadExpirationDate",
            "BadMessageId",
            "BadPriority",
            "DuplicateHeaders",
            "InvalidPushType",
            "MissingDeviceToken",
            "PayloadEmpty",
            "BadPath",
            "MethodNotAllowed",
            "PayloadTooLarge",
        ] {
            assert_eq!(because(400, reason), Outcome::Refused, "{reason}");
        }
        for reason in ["InternalServerError", "ServiceUnavailable", "Shutdown"] {
            assert_eq!(because(503, reason), Outcome::Retry { after: Duration::from_mins(15) }, "{reason}");
        }
        for reason in ["TooManyProviderTokenUpdates", EXPIRED_TOKEN] {
            assert_eq!(because(429, reason), Outcome::Retry { after: Duration::from_mins(20) }, "{reason}");
        }
        assert_eq!(because(429, "TooManyRequests"), Outcome::Retry { after: Duration::from_mins(1) });
        assert_eq!(because(400, "IdleTimeout"), Outcome::Retry { after: Duration::from_mins(1) });
        assert_eq!(REASONS.len(), 32, "the list is Apple's");
    }

    #[test]
    fn apples_own_time_is_kept_where_it_is_longer() {
        let body = r#"{"reason":"TooManyRequests"}"#;
        assert_eq!(given(429, body, Some("300")).outcome, Outcome::Retry { after: Duration::from_mins(5) });
        assert_eq!(given(429, body, Some("3")).outcome, Outcome::Retry { after: Duration::from_mins(1) });
    }

    #[test]
    fn what_is_not_understood_goes_by_its_status_and_leaves_no_text() {
        for body in ["", "<html>", r#"{"reason":"SomethingNew"}"#, r#"{"reason":7}"#, "null", "[]"] {
            for (status, outcome) in [
                (302, Outcome::Misconfigured),
                (400, Outcome::Refused),
                (403, Outcome::Misconfigured),
                (404, Outcome::Refused),
                (410, Outcome::Gone { since: None, certain: false }),
                (413, Outcome::Refused),
                (429, Outcome::Retry { after: Duration::from_mins(1) }),
                (500, Outcome::Retry { after: Duration::from_mins(15) }),
                (503, Outcome::Retry { after: Duration::from_mins(15) }),
            ] {
                assert_eq!(given(status, body, None), Answer { outcome, status: Some(status), reason: "other" });
            }
        }
    }
}
