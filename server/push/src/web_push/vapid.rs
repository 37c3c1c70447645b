//! Who sends, said to each push service apart (VAPID, RFC 8292).

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use hyper::{Uri, header::HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use crate::{
    channel::Setup,
    jwt::{self, Es256},
    transport,
};

/// How long a signature is good for; a day is the most.
const LASTS: TimeDelta = TimeDelta::hours(12);
/// When a new one is made. Apple wants no more than one in an hour.
const RENEWED: TimeDelta = TimeDelta::hours(6);
/// How far ahead of the clock one may have been made: more says that the clock was set back.
const AHEAD: TimeDelta = TimeDelta::minutes(-1);
/// How many services are kept. Their names come from browsers, so there is an end to them.
const MOST: usize = 256;

#[derive(Debug)]
pub(super) struct Vapid {
    signer: Es256,
    public: String,
    subject: String,
    made: Mutex<HashMap<String, (DateTime<Utc>, HeaderValue)>>,
}

#[derive(Serialize)]
struct Claims<'a> {
    aud: &'a str,
    exp: i64,
    sub: &'a str,
}

impl Vapid {
    pub(super) fn new(key: &SecretString, subject: &str) -> Result<Self, Setup> {
        let named = |end: &str| !end.is_empty() && end.bytes().all(|c| c.is_ascii_graphic());
        if !["mailto:", "https://"].iter().any(|scheme| subject.strip_prefix(scheme).is_some_and(named)) {
            return Err(Setup::Setting("Web Push's subject", "an address that begins with mailto: or https://"));
        }
        let key = key.expose_secret();
        let signer = Es256::from_pem(key)
            .or_else(|| Es256::from_raw(key))
            .ok_or(Setup::Key("Web Push's key", "a private key of P-256, in PEM or its 32 bytes in base64url"))?;
        let public = signer.public();
        Ok(Self { signer, public, subject: subject.to_owned(), made: Mutex::default() })
    }

    pub(super) fn public(&self) -> &str {
        &self.public
    }

    /// What stands in `authorization`, the same for hours.
    pub(super) fn authorization(&self, endpoint: &Uri, now: DateTime<Utc>) -> Option<HeaderValue> {
        let origin = origin(endpoint)?;
        // Whole entries are put in and taken out: nothing in here is ever left half-done.
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((since, header)) = made.get(&origin)
            && (AHEAD..RENEWED).contains(&(now - *since))
        {
            return Some(header.clone());
        }
        let claims = Claims { aud: &origin, exp: (now + LASTS).timestamp(), sub: &self.subject };
        let token = jwt::signed(&self.signer, None, &claims).ok()?;
        let header = transport::secret(&format!("vapid t={token}, k={}", self.public))?;
        if made.len() >= MOST {
            made.clear();
        }
        made.insert(origin, (now, header.clone()));
        Some(header)
    }
}

/// Scheme and authority, without the port that the scheme has anyway (RFC 6454, 6.2).
fn origin(endpoint: &Uri) -> Option<String> {
    let (scheme, host) = (endpoint.scheme_str()?, endpoint.host()?.to_ascii_lowercase());
    Some(match endpoint.port_u16() {
        Some(port) if (scheme, port) != ("https", 443) && (scheme, port) != ("http", 80) => {
            format!("{scheme}://{host}:{port}")
        }
        _ => format!("{scheme}://{host}"),
    })
}

#[cfg(test)]
mod tests {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    use serde_json::{Value, json};

    use super::*;
    use crate::{jwt::tests::ec, message::tests::monday};

    fn vapid() -> Vapid {
        Vapid::new(&ec().into(), "mailto:push@spectrum.example").expect("a key")
    }

    fn header(vapid: &Vapid, endpoint: &str, now: DateTime<Utc>) -> String {
        let header = vapid.authorization(&endpoint.parse().expect("an address"), now).expect("a header");
        assert!(header.is_sensitive());
        header.to_str().expect("text").to_owned()
    }

    #[test]
    fn it_says_who_sends_to_whom_and_until_when() {
        let vapid = vapid();
        let header = header(&vapid, "https://updates.push.services.mozilla.com:443/wpush/v2/x", monday());
        let (token, key) = header.strip_prefix("vapid t=").and_then(|rest| rest.split_once(", k=")).expect("both");
        assert_eq!(key, vapid.public());
        let claims = token.split('.').nth(1).expect("claims");
        let claims: Value =
            serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(claims).expect("base64url")).expect("JSON");
        let exp = (monday() + TimeDelta::hours(12)).timestamp();
        let aud = "https://updates.push.services.mozilla.com";
        assert_eq!(claims, json!({ "aud": aud, "exp": exp, "sub": "mailto:push@spectrum.example" }));
    }

    #[test]
    fn each_service_is_told_the_same_for_hours_and_no_two_the_same() {
        let vapid = vapid();
        let first = header(&vapid, "https://web.push.apple.com/a", monday());
        assert_eq!(first, header(&vapid, "https://web.push.apple.com/b", monday() + TimeDelta::hours(5)));
        assert_ne!(first, header(&vapid, "https://web.push.apple.com/b", monday() + TimeDelta::hours(6)));
        assert_ne!(first, header(&vapid, "https://fcm.googleapis.com/b", monday()));
        for n in 0..1000 {
            header(&vapid, &format!("https://n{n}.notify.windows.com/"), monday());
        }
        assert!(vapid.made.lock().expect("a map").len() <= MOST);
    }

    #[test]
    fn a_subject_is_someone_to_turn_to() {
        for subject in ["", "push@spectrum.example", "mailto:", "https://", "http://spectrum.example", "mailto:a b"] {
            assert!(Vapid::new(&ec().into(), subject).is_err(), "{subject}");
        }
        assert!(Vapid::new(&"none".into(), "https://spectrum.example").is_err());
    }
}
