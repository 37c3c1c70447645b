//! The team's way in: `OpenID Connect`'s authorization-code flow with PKCE (`OpenID Connect` Core 1.0, RFC 7636, RFC 9700).
//!
//! Nothing is kept here between the two halves of a sign-in. The browser keeps one secret in a cookie of its own; state, nonce
//! and code verifier follow from it, so a callback that comes without that cookie, or in another browser, leads nowhere.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Url;
use ring::{digest, hmac};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use tokio::{sync::Mutex, time::Instant};

use super::{
    key_set::KeySets,
    token::{self, Expected, TokenError},
};
use crate::{config, outbound};

/// Longest answer that is read, in bytes.
const LONGEST: usize = 256 * 1024;
/// How long the provider's description counts.
const FRESH: std::time::Duration = std::time::Duration::from_hours(1);
/// How far the end of an identity token may be: it is used at once.
const LONGEST_LIFE: TimeDelta = TimeDelta::hours(24);

/// Why somebody could not be signed in. PRIVACY: nothing of a token or an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OidcError {
    /// It does not answer, or not as the standard says.
    #[error("the provider of identities did not answer as it should")]
    Unreachable,
    /// The callback belongs to no sign-in of this browser.
    #[error("the answer belongs to no sign-in that this browser began")]
    ForeignAnswer,
    /// The code was used, has run out or is another client's.
    #[error("the provider did not take the code")]
    Code,
    /// The identity token does not count.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The address is not known to be theirs.
    #[error("the provider names no address of the account, or has not verified it")]
    NoAddress,
}

/// The account that somebody has proved to be theirs.
#[derive(Debug)]
pub struct Account {
    /// The provider.
    pub issuer: String,
    /// The account there.
    pub subject: String,
    /// Its verified address.
    pub email: String,
}

/// A provider of identities.
#[derive(Debug)]
pub struct Provider {
    settings: config::Provider,
    callback: String,
    key_sets: Arc<KeySets>,
    endpoints: Mutex<Option<(Endpoints, Instant)>>,
}

/// What the provider says of itself (`OpenID Connect` Discovery 1.0).
#[derive(Clone, Debug, Deserialize)]
struct Endpoints {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    userinfo_endpoint: Option<String>,
    jwks_uri: String,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    access_token: SecretString,
}

#[derive(Deserialize)]
struct UserInfo {
    sub: String,
    email: Option<String>,
    #[serde(default)]
    email_verified: bool,
}

/// What follows from a browser's secret.
struct Derived<'a>(&'a str);

impl Derived<'_> {
    fn text(&self, what: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.0.as_bytes());
        base64_url(hmac::sign(&key, what.as_bytes()).as_ref())
    }

    fn state(&self) -> String {
        self.text("state")
    }

    /// Whether this is the state, compared in a time that says nothing.
    fn began(&self, state: &str) -> bool {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.0.as_bytes());
        URL_SAFE_NO_PAD.decode(state).is_ok_and(|state| hmac::verify(&key, b"state", &state).is_ok())
    }

    fn nonce(&self) -> String {
        self.text("nonce")
    }

    /// 43 characters, as RFC 7636 wants them.
    fn verifier(&self) -> String {
        self.text("verifier")
    }

    fn challenge(&self) -> String {
        base64_url(digest::digest(&digest::SHA256, self.verifier().as_bytes()).as_ref())
    }
}

impl Provider {
    pub(super) fn new(settings: config::Provider, public_url: &str, key_sets: Arc<KeySets>) -> Self {
        Self { settings, callback: format!("{public_url}/staff/callback"), key_sets, endpoints: Mutex::default() }
    }

    /// Where the browser that keeps this secret goes to sign in.
    pub async fn start(&self, secret: &str) -> Result<String, OidcError> {
        let endpoints = self.endpoints().await?;
        let mut location = Url::parse(&endpoints.authorization_endpoint).map_err(|_| OidcError::Unreachable)?;
        let derived = Derived(secret);
        location
            .query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", &self.callback)
            .append_pair("scope", "openid email")
            .append_pair("state", &derived.state())
            .append_pair("nonce", &derived.nonce())
            .append_pair("code_challenge", &derived.challenge())
            .append_pair("code_challenge_method", "S256");
        Ok(location.into())
    }

    /// Ends it: whose account it is, from what the provider sent the browser back with. `issuer` is the answer's own word
    /// on who gave it (RFC 9207), where there is one.
    pub async fn finish(
        &self,
        secret: &str,
        state: &str,
        code: &str,
        issuer: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<Account, OidcError> {
        let derived = Derived(secret);
        if !derived.began(state) || issuer.is_some_and(|issuer| issuer != self.settings.issuer) {
            return Err(OidcError::ForeignAnswer);
        }
        let endpoints = self.endpoints().await?;
        let tokens = self.exchange(&endpoints, code, &derived.verifier()).await?;
        let head = token::head_of(&tokens.id_token)?;
        let key = self.key_sets.find(&endpoints.jwks_uri, &head, now).await?;
        let (issuer, audience) = (self.settings.issuer.as_str(), self.settings.client_id.as_str());
        let claims = token::verify(
            &tokens.id_token,
            &head,
            &key,
            &Expected { issuer, audience, now, longest_life: LONGEST_LIFE },
        )?;
        if claims.azp.as_deref().is_some_and(|to| to != audience) {
            return Err(TokenError::Audience.into());
        }
        if claims.nonce.as_deref() != Some(derived.nonce().as_str()) {
            return Err(TokenError::Nonce.into());
        }
        let email = match claims.email.filter(|_| claims.email_verified) {
            Some(email) => email,
            None => self.ask_address(&endpoints, &tokens.access_token, &claims.sub).await?,
        };
        Ok(Account { issuer: issuer.to_owned(), subject: claims.sub, email })
    }

    async fn exchange(&self, endpoints: &Endpoints, code: &str, verifier: &str) -> Result<Tokens, OidcError> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.callback),
            ("code_verifier", verifier),
        ];
        // Name and secret are form-encoded before they become a basic credential (RFC 6749, section 2.3.1).
        let encoded = |text: &str| form_urlencoded(text);
        let answer = outbound::client(&endpoints.token_endpoint)
            .map_err(|_| OidcError::Unreachable)?
            .post(&endpoints.token_endpoint)
            .basic_auth(encoded(&self.settings.client_id), Some(encoded(self.settings.client_secret.expose_secret())))
            .form(&form)
            .send()
            .await
            .map_err(|_| OidcError::Unreachable)?;
        let refused = answer.status().is_client_error();
        let body = outbound::read(answer, LONGEST).await;
        let body = body.ok_or(if refused { OidcError::Code } else { OidcError::Unreachable })?;
        serde_json::from_slice(&body).map_err(|_| OidcError::Unreachable)
    }

    /// The account's address, where the token does not have it.
    async fn ask_address(
        &self,
        endpoints: &Endpoints,
        access_token: &SecretString,
        subject: &str,
    ) -> Result<String, OidcError> {
        let url = endpoints.userinfo_endpoint.as_deref().ok_or(OidcError::NoAddress)?;
        let answer = outbound::client(url)
            .map_err(|_| OidcError::Unreachable)?
            .get(url)
            .bearer_auth(access_token.expose_secret())
            .send()
            .await
            .map_err(|_| OidcError::Unreachable)?;
        let body = outbound::read(answer, LONGEST).await.ok_or(OidcError::Unreachable)?;
        let info: UserInfo = serde_json::from_slice(&body).map_err(|_| OidcError::Unreachable)?;
        // An answer about somebody else must not be taken for this one (OpenID Connect Core, section 5.3.2).
        if info.sub != subject {
            return Err(OidcError::ForeignAnswer);
        }
        info.email.filter(|_| info.email_verified).ok_or(OidcError::NoAddress)
    }

    async fn endpoints(&self) -> Result<Endpoints, OidcError> {
        let mut kept = self.endpoints.lock().await;
        if let Some((endpoints, since)) = kept.as_ref()
            && since.elapsed() < FRESH
        {
            return Ok(endpoints.clone());
        }
        let url = format!("{}/.well-known/openid-configuration", self.settings.issuer.trim_end_matches('/'));
        let client = outbound::client(&url).map_err(|_| OidcError::Unreachable)?;
        let answer = client.get(url).send().await.map_err(|_| OidcError::Unreachable)?;
        let body = outbound::read(answer, LONGEST).await.ok_or(OidcError::Unreachable)?;
        let endpoints: Endpoints = serde_json::from_slice(&body).map_err(|_| OidcError::Unreachable)?;
        let Endpoints { issuer, authorization_endpoint, token_endpoint, userinfo_endpoint, jwks_uri } = &endpoints;
        let addresses = [authorization_endpoint, token_endpoint, jwks_uri].into_iter().chain(userinfo_endpoint);
        if *issuer != self.settings.issuer || !addresses.into_iter().all(|url| config::is_sealed_or_here(url)) {
            return Err(OidcError::Unreachable);
        }
        *kept = Some((endpoints.clone(), Instant::now()));
        Ok(endpoints)
    }
}

fn form_urlencoded(text: &str) -> String {
    let mut url = Url::parse("http://x").map(|mut url| {
        url.query_pairs_mut().append_key_only(text);
        url
    });
    url.as_mut().ok().and_then(|url| url.query()).unwrap_or_default().to_owned()
}

/// Base64 as it stands in addresses, without padding (RFC 4648, section 5).
fn base64_url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_from_a_secret_says_nothing_of_the_rest_and_is_as_long_as_the_standard_wants() {
        let (one, other) = (Derived("one"), Derived("other"));
        let all = [one.state(), one.nonce(), one.verifier(), one.challenge(), other.state()];
        assert!(all.iter().all(|text| text.len() == 43));
        assert!((1..5).all(|n| !all[..n].contains(&all[n])));
        assert!(one.began(&one.state()) && !one.began(&other.state()) && !one.began(&one.nonce()) && !one.began(""));
    }

    #[test]
    fn a_challenge_is_the_hash_of_its_verifier() {
        // RFC 7636, appendix B.
        let hash = digest::digest(&digest::SHA256, b"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(base64_url(hash.as_ref()), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn a_client_secret_is_encoded_before_it_is_sent() {
        assert_eq!(form_urlencoded("a b:c/é"), "a+b%3Ac%2F%C3%A9");
    }
}
