//! JSON Web Tokens (RFC 7519), read with all the care of RFC 8725: the algorithm is one of ours and fits the key, the issuer
//! and whom the token is for are compared whole, and it has an end.

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{
    Algorithm, DecodingKey, Validation, dangerous,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk},
};
use serde::Deserialize;

/// How far clocks may be apart.
const SKEW: TimeDelta = TimeDelta::seconds(60);

/// Longest token that is looked at, in bytes.
const LONGEST: usize = 8 * 1024;

/// Why a token does not count. PRIVACY: nothing of what is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It is no token, or lacks what every token needs.
    #[error("the token can't be read, or lacks one of `iss`, `sub`, `aud` and `exp`")]
    Unreadable,
    /// Nobody's word counts who issued it.
    #[error("the token's issuer is not known here")]
    UnknownIssuer,
    /// It is signed in a way that is not taken.
    #[error("the token's algorithm is none of RS256, PS256, ES256, ES384 and EdDSA, or does not fit the key")]
    Algorithm,
    /// The issuer has no such key.
    #[error("the token's key is not among its issuer's")]
    UnknownKey,
    /// The issuer's keys could not be fetched.
    #[error("the issuer's keys could not be read")]
    NoKeys,
    /// The signature is wrong.
    #[error("the token's signature is wrong")]
    Signature,
    /// It was made for another.
    #[error("the token was made out for another audience or by another issuer")]
    Audience,
    /// Its time is over.
    #[error("the token has run out")]
    Expired,
    /// Its time has not come.
    #[error("the token counts only later, or for too long")]
    NotYet,
    /// It answers another question.
    #[error("the token was made for another sign-in")]
    Nonce,
    /// Whom it means is not here.
    #[error("the token's subject is not known here")]
    UnknownSubject,
}

impl TokenError {
    /// Whether the same token may count a moment later.
    pub const fn may_pass(self) -> bool {
        matches!(self, Self::NoKeys)
    }
}

/// What a token's head says.
#[derive(Clone, Debug)]
pub struct Head {
    pub(super) algorithm: Algorithm,
    pub(super) key_id: Option<String>,
}

/// What a token must say.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// Who issued it.
    pub issuer: &'a str,
    /// For whom.
    pub audience: &'a str,
    /// What time it is.
    pub now: DateTime<Utc>,
    /// How far its end may be from now.
    pub longest_life: TimeDelta,
}

/// What a token says.
#[derive(Clone, Debug, Deserialize)]
pub struct Claims {
    /// Of whom it speaks.
    pub sub: String,
    exp: i64,
    #[serde(default)]
    nbf: Option<i64>,
    /// For which sign-in it was made.
    #[serde(default)]
    pub nonce: Option<String>,
    /// To whom it was given, where that is not whom it is for.
    #[serde(default)]
    pub azp: Option<String>,
    /// The subject's address.
    #[serde(default)]
    pub email: Option<String>,
    /// Whether the address is known to be theirs.
    #[serde(default)]
    pub email_verified: bool,
}

/// Who says to have issued it. Nothing is known of a token by this: it only says whose key to try.
pub fn issuer_of(text: &str) -> Result<String, TokenError> {
    #[derive(Deserialize)]
    struct Unproven {
        iss: String,
    }
    if text.len() > LONGEST {
        return Err(TokenError::Unreadable);
    }
    let data = dangerous::insecure_decode::<Unproven>(text).map_err(|_| TokenError::Unreadable)?;
    Ok(data.claims.iss)
}

/// What the head says. Extensions that must be understood are refused: none is.
pub fn head_of(text: &str) -> Result<Head, TokenError> {
    use Algorithm::{ES256, ES384, EdDSA, PS256, RS256};

    if text.len() > LONGEST {
        return Err(TokenError::Unreadable);
    }
    let header = jsonwebtoken::decode_header(text).map_err(|_| TokenError::Unreadable)?;
    if ![RS256, PS256, ES256, ES384, EdDSA].contains(&header.alg) {
        return Err(TokenError::Algorithm);
    }
    if header.crit.is_some() {
        return Err(TokenError::Unreadable);
    }
    Ok(Head { algorithm: header.alg, key_id: header.kid })
}

/// Whether a key may be used with an algorithm. A key that says so itself is taken at its word.
pub fn fits(key: &Jwk, algorithm: Algorithm) -> bool {
    let said = key.common.key_algorithm.is_none_or(|said| said.to_string() == format!("{algorithm:?}"));
    let kind = match (&key.algorithm, algorithm) {
        (AlgorithmParameters::RSA(_), Algorithm::RS256 | Algorithm::PS256) => true,
        (AlgorithmParameters::EllipticCurve(curve), Algorithm::ES256) => curve.curve == EllipticCurve::P256,
        (AlgorithmParameters::EllipticCurve(curve), Algorithm::ES384) => curve.curve == EllipticCurve::P384,
        (AlgorithmParameters::OctetKeyPair(pair), Algorithm::EdDSA) => pair.curve == EllipticCurve::Ed25519,
        _ => false,
    };
    said && kind
}

/// What the token says, if all of it counts.
pub fn verify(text: &str, head: &Head, key: &Jwk, expected: &Expected<'_>) -> Result<Claims, TokenError> {
    let key = DecodingKey::from_jwk(key).map_err(|_| TokenError::UnknownKey)?;
    let mut validation = Validation::new(head.algorithm);
    validation.set_issuer(&[expected.issuer]);
    validation.set_audience(&[expected.audience]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    // By the clock of the house, below.
    validation.validate_exp = false;
    let data = jsonwebtoken::decode::<Claims>(text, &key, &validation).map_err(|error| {
        use jsonwebtoken::errors::ErrorKind;
        match error.kind() {
            ErrorKind::InvalidSignature => TokenError::Signature,
            ErrorKind::InvalidAudience | ErrorKind::InvalidIssuer => TokenError::Audience,
            ErrorKind::InvalidAlgorithm | ErrorKind::InvalidKeyFormat => TokenError::Algorithm,
            _ => TokenError::Unreadable,
        }
    })?;
    let claims = data.claims;
    let (now, skew) = (expected.now.timestamp(), SKEW.num_seconds());
    if claims.exp.saturating_add(skew) <= now {
        return Err(TokenError::Expired);
    }
    let latest = now + expected.longest_life.num_seconds() + skew;
    if claims.exp > latest || claims.nbf.is_some_and(|from| from.saturating_sub(skew) > now) {
        return Err(TokenError::NotYet);
    }
    Ok(claims)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn tokens_of_any_shape_never_panic(text in ".{0,300}", parts in prop::collection::vec("[A-Za-z0-9_-]{0,80}", 0..5)) {
            for text in [text, parts.join(".")] {
                let _ = issuer_of(&text);
                let _ = head_of(&text);
            }
        }
    }

    #[test]
    fn an_unsigned_token_and_one_under_a_shared_secret_have_no_head_that_counts() {
        // {"alg":"none"}, {"alg":"HS256"}, {"alg":"RS256","crit":["exp"],"exp":1}; each with {"iss":"a"}.
        for head in
            ["eyJhbGciOiJub25lIn0", "eyJhbGciOiJIUzI1NiJ9", "eyJhbGciOiJSUzI1NiIsImNyaXQiOlsiZXhwIl0sImV4cCI6MX0"]
        {
            assert!(head_of(&format!("{head}.eyJpc3MiOiJhIn0.")).is_err(), "{head}");
        }
        assert!(head_of("eyJhbGciOiJFUzI1NiIsImtpZCI6IjEifQ.eyJpc3MiOiJhIn0.").is_ok());
    }
}
