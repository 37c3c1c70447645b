//! Headers and addresses as strangers write them: whatever they hold, reading them ends, and in nothing but what it may.

use app::CookiePolicy;
use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, header},
};
use proptest::prelude::*;
use spectrum_domain::{calendar::WeekLabel, event::SessionRef, member::ExternalRef};

use super::{address::Addresses, people::asks_for_a_page};
use crate::http::repeat::{IDEMPOTENCY_KEY, Key};

/// Bytes that a header may hold.
fn line() -> impl Strategy<Value = HeaderValue> {
    let byte = prop_oneof![
        8 => prop::sample::select(b"0123456789abcdef:.,;= /%[]\"".to_vec()),
        1 => 32_u8..=126,
        1 => 128_u8..=255
    ];
    prop::collection::vec(byte, 0..300).prop_map(|bytes| HeaderValue::from_bytes(&bytes).expect("visible bytes"))
}

fn headers(name: &header::HeaderName, lines: Vec<HeaderValue>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append(name, line);
    }
    headers
}

fn lines() -> impl Strategy<Value = Vec<HeaderValue>> {
    prop::collection::vec(line(), 0..4)
}

proptest! {
    #[test]
    fn keys_of_any_bytes_never_panic_and_are_taken_only_if_visible(lines in lines()) {
        let fits = lines.len() == 1 && (1..=255).contains(&lines[0].len())
            && lines[0].as_bytes().iter().all(u8::is_ascii_graphic);
        match Key::of(&headers(&IDEMPOTENCY_KEY, lines.clone())) {
            Ok(None) => prop_assert!(lines.is_empty()),
            Ok(Some(_)) => prop_assert!(fits),
            Err(problem) => prop_assert!(!fits && problem.status == 400),
        }
    }

    #[test]
    fn forwarded_addresses_of_any_bytes_never_panic(lines in lines(), trusted in any::<bool>()) {
        let mut request = Request::new(Body::empty());
        *request.headers_mut() = headers(&header::HeaderName::from_static("x-forwarded-for"), lines);
        let proxies = if trusted { "0.0.0.0/0, ::/0" } else { "" };
        Addresses::new(proxies.parse().expect("networks")).of(&request);
    }

    #[test]
    fn cookies_and_accepts_of_any_bytes_never_panic(lines in lines()) {
        CookiePolicy { secure: true }.token(&headers(&header::COOKIE, lines.clone()));
        asks_for_a_page(&headers(&header::ACCEPT, lines));
    }

    #[test]
    fn names_and_weeks_of_any_text_never_panic_and_come_back_as_they_were(text in "\\PC{0,140}|[0-9W+-]{0,10}") {
        if let Ok(name) = text.parse::<ExternalRef>() {
            prop_assert_eq!(name.as_str(), &text);
        }
        if let Ok(name) = text.parse::<SessionRef>() {
            prop_assert_eq!(name.as_str(), &text);
        }
        if let Ok(week) = text.parse::<WeekLabel>() {
            prop_assert_eq!(week.to_string(), text);
        }
    }
}
