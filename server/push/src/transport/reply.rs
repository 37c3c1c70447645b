//! A provider's answer, and the time after which it wants to be asked again.

use std::time::Duration;

use chrono::{DateTime, Utc};
use hyper::{
    HeaderMap,
    body::Bytes,
    header::{DATE, RETRY_AFTER},
};

/// Longest time that a provider's word is taken for.
const LONGEST: Duration = Duration::from_hours(24);

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    /// Empty where it was too long or broke off: the status says what matters.
    pub(crate) body: Bytes,
}

impl Reply {
    /// Seconds, or a date (RFC 9110, 10.2.3); a date is taken against the answer's own, which the provider's clock wrote too,
    /// and against `now` only where there is none.
    pub(crate) fn retry_after(&self, now: DateTime<Utc>) -> Option<Duration> {
        let asked = self.headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
        let wait = match asked.parse() {
            Ok(seconds) => Duration::from_secs(seconds),
            Err(_) => (date(asked)? - self.date().unwrap_or(now)).to_std().unwrap_or_default(),
        };
        Some(wait.min(LONGEST))
    }

    fn date(&self) -> Option<DateTime<Utc>> {
        date(self.headers.get(DATE)?.to_str().ok()?)
    }
}

fn date(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc2822(text).ok().map(|date| date.to_utc())
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    fn asked(after: &'static str, dated: Option<&'static str>) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static(after));
        if let Some(dated) = dated {
            headers.insert(DATE, HeaderValue::from_static(dated));
        }
        let now = date("Thu, 26 Nov 2026 10:59:00 GMT").expect("a date");
        Reply { status: 429, headers, body: Bytes::new() }.retry_after(now)
    }

    #[test]
    fn a_time_to_come_again_is_seconds_or_a_date() {
        let dated = Some("Thu, 26 Nov 2026 11:00:00 GMT");
        assert_eq!(asked("7", dated), Some(Duration::from_secs(7)));
        assert_eq!(asked(" 120 ", None), Some(Duration::from_mins(2)));
        assert_eq!(asked("Thu, 26 Nov 2026 11:00:30 GMT", dated), Some(Duration::from_secs(30)));
        assert_eq!(asked("Thu, 26 Nov 2026 11:00:30 GMT", None), Some(Duration::from_secs(90)));
        assert_eq!(asked("Thu, 26 Nov 2026 10:00:00 GMT", dated), Some(Duration::ZERO));
        for nothing in ["soon", "", "-1", "1.5"] {
            assert_eq!(asked(nothing, dated), None, "{nothing}");
        }
    }

    #[test]
    fn no_provider_puts_a_push_off_for_more_than_a_day() {
        assert_eq!(asked("99999999999", None), Some(LONGEST));
        assert_eq!(asked("Thu, 26 Nov 2099 11:00:30 GMT", None), Some(LONGEST));
    }
}
