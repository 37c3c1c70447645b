//! Headers that every answer carries unless it says otherwise: nothing of it may run, be framed, be guessed at or be kept.

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};

use crate::config::Config;

/// What a page of ours asks of the machine: nothing.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), \
                           display-capture=(), encrypted-media=(), fullscreen=(self), geolocation=(), gyroscope=(), \
                           hid=(), idle-detection=(), magnetometer=(), microphone=(), midi=(), payment=(), \
                           publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()";

/// The headers for these settings.
#[derive(Clone, Debug)]
pub struct Hardening {
    policy: HeaderValue,
    /// For browsers that know no `frame-ancestors`; they know no list of origins either.
    frame: Option<HeaderValue>,
    strict_transport: Option<HeaderValue>,
}

impl Hardening {
    /// For these settings.
    pub fn new(config: &Config) -> Self {
        let ancestors = &config.doors.embed_origins;
        let policy = format!("default-src 'none'; frame-ancestors {}", ancestors.as_sources());
        Self {
            policy: HeaderValue::from_str(&policy)
                .unwrap_or(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")),
            frame: ancestors.is_empty().then_some(HeaderValue::from_static("DENY")),
            strict_transport: config
                .secure()
                .then_some(HeaderValue::from_static("max-age=63072000; includeSubDomains")),
        }
    }

    /// Puts them on an answer.
    pub fn apply(&self, mut response: Response) -> Response {
        // A browser lays the headers of such an answer over those it has: the page's own policy stays.
        let at_hand = response.status() == StatusCode::NOT_MODIFIED;
        let headers = response.headers_mut();
        if !at_hand {
            headers.entry(header::CONTENT_SECURITY_POLICY).or_insert_with(|| self.policy.clone());
        }
        for (name, value) in [
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::REFERRER_POLICY, "same-origin"),
            (header::CACHE_CONTROL, "no-store"),
            (HeaderName::from_static("permissions-policy"), PERMISSIONS),
            (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
            (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        ] {
            headers.entry(name).or_insert(HeaderValue::from_static(value));
        }
        insert(headers, header::X_FRAME_OPTIONS, self.frame.as_ref());
        insert(headers, header::STRICT_TRANSPORT_SECURITY, self.strict_transport.as_ref());
        response
    }
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: Option<&HeaderValue>) {
    if let Some(value) = value {
        headers.insert(name, value.clone());
    }
}
