//! Google's OAuth server: an access token for a service account that signs for itself (RFC 7523).

use std::{collections::HashMap, time::Duration};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use hyper::Method;
use ring::rand::{SecureRandom as _, SystemRandom};
use serde_json::{Value, json};

use super::{
    SERVICE_EMAIL,
    answer::{Call, Fate, Reply, Verdict, Words, hinder},
    told::Told,
};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// Those that `messages:send` takes, by the discovery document.
const SCOPES: [&str; 2] =
    ["https://www.googleapis.com/auth/firebase.messaging", "https://www.googleapis.com/auth/cloud-platform"];
/// Google's own client names this whatever the key file says.
const GOOGLES: &str = "https://oauth2.googleapis.com/token";

/// OAuth's words.
struct Plain;

impl Words for Plain {
    fn error(&self, code: u16, reason: &str) -> Reply {
        Reply::json(code, &json!({ "error": reason, "error_description": "So it was told." }))
    }

    fn too_many(&self) -> Reply {
        self.error(429, "rate_limit_exceeded")
    }

    fn expired(&self) -> Reply {
        self.error(400, "invalid_grant")
    }
}

pub(super) fn answer(told: &mut Told, call: &Call) -> Verdict {
    let fate = if let Err((reason, why)) = granted(told, call) {
        told.refuse(format!("oauth: {why}"));
        let body = json!({ "error": reason, "error_description": why });
        Fate::Answer(Reply::json(400, &body), Duration::ZERO)
    } else {
        let trouble = told.token_troubles.pop_front();
        hinder(told, trouble, &Plain, give)
    };
    Verdict { fate, known: false }
}

fn give(told: &mut Told) -> Reply {
    let mut secret = [0; 32];
    if SystemRandom::new().fill(&mut secret).is_err() {
        return Reply::empty(500);
    }
    let token = format!("ya29.{}", URL_SAFE_NO_PAD.encode(secret));
    let ends = told.now() + TimeDelta::seconds(told.expires_in);
    told.access_tokens.insert(token.clone(), ends);
    told.counts.access_tokens += 1;
    Reply::json(200, &json!({ "access_token": token, "expires_in": told.expires_in, "token_type": "Bearer" }))
}

fn granted(told: &Told, call: &Call) -> Result<(), (&'static str, String)> {
    let request = |why: &str| ("invalid_request", why.to_owned());
    let grant = |why: &str| ("invalid_grant", why.to_owned());
    if call.method != Method::POST {
        return Err(request("method"));
    }
    if call.header("content-type").is_none_or(|kind| !kind.starts_with("application/x-www-form-urlencoded")) {
        return Err(request("content-type is no form"));
    }
    let form = form(&call.body).ok_or_else(|| request("the body is no form"))?;
    if form.get("grant_type").is_none_or(|kind| kind != GRANT) {
        return Err(("unsupported_grant_type", "grant_type".to_owned()));
    }
    if form.len() != 2 {
        return Err(request("the form has fields of no use"));
    }
    let token = form.get("assertion").ok_or_else(|| request("no assertion"))?;
    let token = told.keys.of_google(token).map_err(grant)?;
    if token.claims.keys().any(|name| !["iss", "scope", "aud", "iat", "exp", "sub"].contains(&name.as_str())) {
        return Err(grant("a claim of no use"));
    }
    let text = |name: &str| token.claims.get(name).and_then(Value::as_str).unwrap_or_default();
    let time =
        |name: &str| token.claims.get(name).and_then(Value::as_i64).ok_or_else(|| grant("iat or exp is no number"));
    if text("iss") != SERVICE_EMAIL {
        return Err(grant("another account"));
    }
    if ![&format!("{}/token", told.url), GOOGLES].contains(&text("aud")) {
        return Err(grant("the assertion is for another server"));
    }
    if !text("scope").split(' ').any(|scope| SCOPES.contains(&scope)) {
        return Err(("invalid_scope", "no scope that sends messages".to_owned()));
    }
    let (now, issued, ends) = (told.now().timestamp(), time("iat")?, time("exp")?);
    // Clocks differ a little.
    if issued > now + 60 || ends <= now - 60 || ends <= issued || ends - issued > 3600 {
        return Err(grant("the assertion is not of this hour"));
    }
    Ok(())
}

/// The fields of a form, none of them twice.
fn form(body: &[u8]) -> Option<HashMap<String, String>> {
    let mut fields = HashMap::new();
    for field in std::str::from_utf8(body).ok()?.split('&') {
        let (name, value) = field.split_once('=')?;
        if fields.insert(decoded(name)?, decoded(value)?).is_some() {
            return None;
        }
    }
    Some(fields)
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => u8::try_from(digit(rest.next())? * 16 + digit(rest.next())?).ok()?,
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_as_browsers_write_it() {
        let fields = form(b"grant_type=urn%3Aietf%3aparams&assertion=a.b_c-d&x=a+b").unwrap();
        assert_eq!((fields["grant_type"].as_str(), fields["x"].as_str()), ("urn:ietf:params", "a b"));
        assert_eq!(form(b"a=1&a=2"), None);
        assert_eq!(form(b"a=%4"), None);
        assert_eq!(form(b"a"), None);
    }
}
