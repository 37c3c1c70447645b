//! Signed requests: a key alone, read from somewhere, is then not enough to speak as the host, and a request that was heard
//! on its way can't be sent again (docs/access.md has the format).

use axum::http::{HeaderName, request::Parts};
use chrono::DateTime;
use ring::{digest, hmac};
use spectrum_core::{Services, access::host_key::SIGNATURE_WINDOW};
use spectrum_domain::id::HostKeyId;

use super::problem::Problem;

/// `t=SECONDS,n=NAME,v1=HEX`.
pub const SIGNATURE: HeaderName = HeaderName::from_static("spectrum-signature");

/// Longest name of a request.
const LONGEST_NAME: usize = 64;

/// What the header says.
#[derive(Debug, PartialEq, Eq)]
struct Signature<'a> {
    /// When it was signed, in seconds since 1970.
    seconds: i64,
    /// The request's own name, never used twice.
    name: &'a str,
    /// HMAC-SHA256.
    mac: [u8; 32],
}

impl<'a> Signature<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let (mut seconds, mut name, mut mac) = (None, None, None);
        for part in text.split(',') {
            match part.trim().split_once('=')? {
                ("t", value) if seconds.is_none() => seconds = Some(value.parse().ok()?),
                ("n", value) if name.is_none() => name = Some(value),
                ("v1", value) if mac.is_none() => mac = Some(crate::config::hex(value)?),
                _ => return None,
            }
        }
        let fits = |name: &&str| {
            (1..=LONGEST_NAME).contains(&name.len())
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        };
        Some(Self { seconds: seconds?, name: name.filter(fits)?, mac: mac? })
    }
}

/// What is signed: all that makes the request what it is, each part on a line of its own.
pub fn signed_text(seconds: i64, name: &str, method: &str, path_and_query: &str, content: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = format!("v1\n{seconds}\n{name}\n{method}\n{path_and_query}\n");
    for byte in digest::digest(&digest::SHA256, content).as_ref() {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Whether the request is signed as it should be, now and for the first time.
pub async fn check(services: &Services, key: HostKeyId, parts: &Parts, content: &[u8]) -> Result<(), Problem> {
    let mut values = parts.headers.get_all(SIGNATURE).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return Err(Problem::unsigned()) };
    let signature = value.to_str().ok().and_then(Signature::read).ok_or_else(Problem::unsigned)?;
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let text = signed_text(signature.seconds, signature.name, parts.method.as_str(), path, content);
    let secret = services.request_key(key);
    let mac = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
    hmac::verify(&mac, text.as_bytes(), &signature.mac).map_err(|_| Problem::wrong_signature())?;
    let age = DateTime::from_timestamp(signature.seconds, 0).map(|signed| services.ambient().now() - signed);
    if age.is_none_or(|age| age.abs() > SIGNATURE_WINDOW) {
        return Err(Problem::stale_signature(SIGNATURE_WINDOW.num_seconds()));
    }
    if services.take_nonce(key, signature.name).await? { Ok(()) } else { Err(Problem::replayed()) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_signature_has_its_three_parts_once_each_in_any_order() {
        let mac = "ab".repeat(32);
        let read = |text: String| Signature::read(&text).map(|s| (s.seconds, s.name.to_owned(), s.mac[0]));
        assert_eq!(read(format!("t=7,n=a-1,v1={mac}")), Some((7, "a-1".to_owned(), 0xab)));
        assert_eq!(read(format!("v1={mac}, n=a-1, t=7")), Some((7, "a-1".to_owned(), 0xab)));
        for wrong in [
            format!("t=7,n=a,v1={mac},v2=x"),
            format!("t=7,t=7,n=a,v1={mac}"),
            format!("t=7,n=,v1={mac}"),
            format!("t=7,n=a b,v1={mac}"),
            format!("t=7,n={},v1={mac}", "a".repeat(65)),
            format!("n=a,v1={mac}"),
            "t=7,n=a,v1=ab".to_owned(),
        ] {
            assert_eq!(read(wrong.clone()), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn signatures_of_any_shape_never_panic(text in ".{0,200}") {
            let _ = Signature::read(&text);
        }
    }
}
