//! The signed tokens that providers know us by: ES256 for APNs and Web Push, RS256 for Google.

use base64::{
    Engine,
    prelude::{BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD},
};
use ring::{
    rand::SystemRandom,
    signature::{RSA_PKCS1_SHA256, RsaKeyPair},
};
use rustls::pki_types::{PrivatePkcs8KeyDer, pem::PemObject};
use serde::Serialize;
use web_push_native::p256::{
    ecdsa::{Signature, SigningKey, signature::Signer as _},
    pkcs8::DecodePrivateKey as _,
};
use zeroize::Zeroizing;

/// A token could not be signed: the machine gave no random bytes.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the token could not be signed")]
pub(crate) struct Unsigned;

/// A key that signs.
pub(crate) trait Signs {
    /// The name of its way of signing.
    const ALGORITHM: &'static str;

    fn sign(&self, text: &[u8]) -> Result<Vec<u8>, Unsigned>;
}

/// ECDSA on P-256 with SHA-256; the signature is r and s, one after the other (RFC 7518, 3.4).
///
/// Without chance (RFC 6979), which `ring` does not offer: of the same claims every process makes the same token, and APNs, which
/// takes many tokens within twenty minutes amiss, sees one, however many workers there are and however often they start.
#[derive(Debug)]
pub(crate) struct Es256 {
    key: SigningKey,
}

/// RSA with SHA-256 (RFC 7518, 3.3).
#[derive(Debug)]
pub(crate) struct Rs256 {
    key: RsaKeyPair,
    random: SystemRandom,
}

impl Es256 {
    /// Of a PKCS#8 key in PEM, which is what Apple hands out.
    pub(crate) fn from_pem(pem: &str) -> Option<Self> {
        let der = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).ok()?;
        let der = Zeroizing::new(der.secret_pkcs8_der().to_vec());
        Some(Self { key: SigningKey::from_pkcs8_der(&der).ok()? })
    }

    /// Of the 32 bytes alone in base64url, which is what makers of VAPID keys hand out.
    pub(crate) fn from_raw(text: &str) -> Option<Self> {
        let private = Zeroizing::new(unpadded(text.trim())?);
        // Fewer would be taken for a number with zeros before it.
        (private.len() == 32).then(|| SigningKey::from_slice(&private).ok())?.map(|key| Self { key })
    }

    /// The public key: a point, uncompressed, in base64url.
    pub(crate) fn public(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.key.verifying_key().to_encoded_point(false))
    }
}

impl Signs for Es256 {
    const ALGORITHM: &'static str = "ES256";

    fn sign(&self, text: &[u8]) -> Result<Vec<u8>, Unsigned> {
        let signature: Signature = self.key.try_sign(text).map_err(|_| Unsigned)?;
        Ok(signature.to_bytes().to_vec())
    }
}

impl Rs256 {
    /// Of a PKCS#8 key in PEM, which is what stands in a service account.
    pub(crate) fn from_pem(pem: &str) -> Option<Self> {
        let der = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).ok()?;
        let der = Zeroizing::new(der.secret_pkcs8_der().to_vec());
        Some(Self { key: RsaKeyPair::from_pkcs8(&der).ok()?, random: SystemRandom::new() })
    }
}

impl Signs for Rs256 {
    const ALGORITHM: &'static str = "RS256";

    fn sign(&self, text: &[u8]) -> Result<Vec<u8>, Unsigned> {
        let mut signature = vec![0; self.key.public().modulus_len()];
        self.key.sign(&RSA_PKCS1_SHA256, &self.random, text, &mut signature).map_err(|_| Unsigned)?;
        Ok(signature)
    }
}

#[derive(Serialize)]
struct Header<'a> {
    alg: &'static str,
    typ: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'a str>,
}

/// A token in its compact form (RFC 7515, 3.1).
pub(crate) fn signed<S: Signs>(signer: &S, kid: Option<&str>, claims: &impl Serialize) -> Result<String, Unsigned> {
    let part = |json: serde_json::Result<Vec<u8>>| json.map(|json| BASE64_URL_SAFE_NO_PAD.encode(json));
    let header = part(serde_json::to_vec(&Header { alg: S::ALGORITHM, typ: "JWT", kid })).map_err(|_| Unsigned)?;
    let claims = part(serde_json::to_vec(claims)).map_err(|_| Unsigned)?;
    let mut token = format!("{header}.{claims}");
    let signature = signer.sign(token.as_bytes())?;
    token.push('.');
    BASE64_URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(token)
}

/// The bytes of a base64url text, with padding or without: browsers give none, some libraries do.
pub(crate) fn unpadded(text: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(text).or_else(|_| BASE64_URL_SAFE.decode(text)).ok()
}

#[cfg(test)]
pub(crate) mod tests {
    use base64::prelude::BASE64_STANDARD;
    use ring::signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_2048_8192_SHA256,
        UnparsedPublicKey,
    };
    use serde_json::{Value, json};

    use super::*;

    /// A key of no account.
    pub(crate) const RSA: &str = include_str!("fake/service_account.pem");

    /// A new key of P-256.
    pub(crate) fn ec() -> String {
        let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).expect("a key");
        format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", BASE64_STANDARD.encode(der))
    }

    fn parts(token: &str) -> (String, Value, Value, Vec<u8>) {
        let parts: Vec<_> = token.split('.').collect();
        let [header, claims, signature] = parts[..] else { panic!("three parts: {token}") };
        let json = |part: &str| -> Value {
            serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).expect("base64url")).expect("JSON")
        };
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).expect("base64url without padding");
        (format!("{}.{}", parts[0], parts[1]), json(header), json(claims), signature)
    }

    #[test]
    fn es256_is_what_a_verifier_expects() {
        let signer = Es256::from_pem(&ec()).expect("a key");
        for n in 0..64 {
            let claims = json!({ "iss": "DEF123GHIJ", "iat": n, "say": "subjects?ü>" });
            let token = signed(&signer, Some("ABC123DEFG"), &claims).expect("a token");
            let (text, header, back, signature) = parts(&token);
            assert_eq!(header, json!({ "alg": "ES256", "typ": "JWT", "kid": "ABC123DEFG" }));
            assert_eq!(back, claims);
            assert_eq!(signature.len(), 64, "r and s, not DER");
            let public = signer.key.verifying_key().to_encoded_point(false);
            UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, public.as_bytes())
                .verify(text.as_bytes(), &signature)
                .expect("a true signature");
            assert_eq!(signed(&signer, Some("ABC123DEFG"), &claims).expect("a token"), token, "and the same again");
            assert!(!token.contains(['=', '+', '/']), "{token}");
        }
    }

    #[test]
    fn rs256_is_what_a_verifier_expects() {
        let signer = Rs256::from_pem(RSA).expect("a key");
        let token = signed(&signer, None, &json!({ "aud": "https://oauth2.example/token" })).expect("a token");
        let (text, header, _, signature) = parts(&token);
        assert_eq!(header, json!({ "alg": "RS256", "typ": "JWT" }));
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, signer.key.public().as_ref())
            .verify(text.as_bytes(), &signature)
            .expect("a true signature");
    }

    #[test]
    fn a_key_of_32_bytes_is_taken_too() {
        // The key pair of RFC 8291, section 5.
        let signer = Es256::from_raw("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw").expect("a key");
        let public = "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8";
        assert_eq!(signer.public(), public);
        assert!(Es256::from_raw("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oQ").is_none(), "too short");
        assert!(Es256::from_raw("no key").is_none() && Es256::from_raw("").is_none());
    }

    #[test]
    fn a_key_of_the_wrong_kind_is_none() {
        assert!(Es256::from_pem(RSA).is_none() && Rs256::from_pem(&ec()).is_none());
        assert!(Es256::from_pem("").is_none() && Rs256::from_pem("-----BEGIN PRIVATE KEY-----").is_none());
    }
}
