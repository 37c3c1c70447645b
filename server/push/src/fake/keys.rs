//! The fake's keys, and how it reads what clients sign with them: JSON Web Tokens in the one spelling that RFC 7515 allows.

use std::io;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PublicKeyData as _};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey,
    VerificationAlgorithm,
};
use serde_json::{Map, Value, json};

use super::{PROJECT, SERVICE_EMAIL};

/// A key of no account, committed because `ring` makes no RSA keys; its file says so.
const RSA: &str = include_str!("service_account.pem");
/// What the service account's key is called.
const RSA_ID: &str = "0123456789abcdef0123456789abcdef01234567";

/// The fake's keys. The private ones are what a client is given.
#[derive(Debug)]
pub(super) struct Keys {
    /// PKCS#8 PEM, as Apple gives them out.
    pub(super) apns: String,
    apns_public: Vec<u8>,
    rsa_public: Vec<u8>,
}

impl Keys {
    pub(super) fn new() -> io::Result<Self> {
        let apns = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(io::Error::other)?;
        let text: String = service_key().lines().filter(|line| !line.starts_with("-----")).collect();
        let der = STANDARD.decode(text).map_err(io::Error::other)?;
        let rsa = RsaKeyPair::from_pkcs8(&der).map_err(io::Error::other)?;
        let (apns_public, rsa_public) = (apns.der_bytes().to_vec(), rsa.public_key().as_ref().to_vec());
        Ok(Self { apns: apns.serialize_pem(), apns_public, rsa_public })
    }

    /// A token that was signed with the APNs key.
    pub(super) fn of_apple(&self, token: &str) -> Result<Token, &'static str> {
        read(token, "ES256", &ECDSA_P256_SHA256_FIXED, &self.apns_public)
    }

    /// A token that was signed with the service account's key.
    pub(super) fn of_google(&self, token: &str) -> Result<Token, &'static str> {
        read(token, "RS256", &RSA_PKCS1_2048_8192_SHA256, &self.rsa_public)
    }
}

/// The file that Google gives out for a service account, whose tokens come from this address.
pub(super) fn service_account(url: &str) -> String {
    json!({
        "type": "service_account",
        "project_id": PROJECT,
        "private_key_id": RSA_ID,
        "private_key": service_key(),
        "client_email": SERVICE_EMAIL,
        "client_id": "100000000000000000001",
        "auth_uri": format!("{url}/auth"),
        "token_uri": format!("{url}/token"),
        "universe_domain": "googleapis.com",
    })
    .to_string()
}

/// The PEM without the words before it.
fn service_key() -> &'static str {
    RSA.find("-----BEGIN").map_or("", |at| &RSA[at..])
}

/// What a signed token says.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) head: Map<String, Value>,
    pub(super) claims: Map<String, Value>,
}

fn read(
    token: &str,
    algorithm: &str,
    verify: &'static dyn VerificationAlgorithm,
    key: &[u8],
) -> Result<Token, &'static str> {
    let (signed, signature) = token.rsplit_once('.').ok_or("the token has no three parts")?;
    let (head, claims) = signed.split_once('.').ok_or("the token has no three parts")?;
    let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| "a part of the token is no unpadded base64url");
    let object = |part: &str| {
        serde_json::from_slice::<Map<String, Value>>(&bytes(part)?).map_err(|_| "a part of the token is no JSON object")
    };
    let read = Token { head: object(head)?, claims: object(claims)? };
    if read.head.get("alg").is_none_or(|named| named != algorithm) {
        return Err("the token names another algorithm");
    }
    let signature = bytes(signature)?;
    UnparsedPublicKey::new(verify, key)
        .verify(signed.as_bytes(), &signature)
        .map_err(|_| "the token's signature does not hold")?;
    Ok(read)
}
