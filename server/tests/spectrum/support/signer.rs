//! A host that signs tokens for its members, with its public keys at an address of its own.

use std::sync::{Arc, Mutex};

use axum::{Json, Router, extract::State, routing::get};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _},
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// A key that signs.
pub enum Key {
    Ed25519(Ed25519KeyPair),
    P256(EcdsaKeyPair),
}

/// A key with its name.
pub struct Signer {
    pub id: &'static str,
    pub key: Key,
}

/// Text as it stands in tokens.
pub fn encoded(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Signer {
    pub fn ed25519(id: &'static str) -> Self {
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("a key");
        Self { id, key: Key::Ed25519(Ed25519KeyPair::from_pkcs8(document.as_ref()).expect("a key")) }
    }

    pub fn p256(id: &'static str) -> Self {
        let (random, algorithm) = (SystemRandom::new(), &ECDSA_P256_SHA256_FIXED_SIGNING);
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("a key");
        Self { id, key: Key::P256(EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).expect("a key")) }
    }

    pub const fn algorithm(&self) -> &'static str {
        match self.key {
            Key::Ed25519(_) => "EdDSA",
            Key::P256(_) => "ES256",
        }
    }

    /// The public key, as a key set has it.
    pub fn public(&self) -> Value {
        match &self.key {
            Key::Ed25519(key) => {
                json!({ "kty": "OKP", "crv": "Ed25519", "kid": self.id, "use": "sig", "x": encoded(key.public_key()) })
            }
            Key::P256(key) => {
                let point = key.public_key().as_ref();
                json!({
                    "kty": "EC", "crv": "P-256", "kid": self.id, "alg": "ES256",
                    "x": encoded(&point[1..33]), "y": encoded(&point[33..]),
                })
            }
        }
    }

    /// A token with these claims.
    pub fn token(&self, claims: &Value) -> String {
        self.token_with(&json!({ "alg": self.algorithm(), "kid": self.id, "typ": "JWT" }), claims)
    }

    /// The same with another head.
    pub fn token_with(&self, head: &Value, claims: &Value) -> String {
        let signed = format!("{}.{}", encoded(head.to_string()), encoded(claims.to_string()));
        let signature = match &self.key {
            Key::Ed25519(key) => encoded(key.sign(signed.as_bytes())),
            Key::P256(key) => encoded(key.sign(&SystemRandom::new(), signed.as_bytes()).expect("a signature")),
        };
        format!("{signed}.{signature}")
    }
}

/// Public keys at an address, and how often they were asked for.
#[derive(Clone)]
pub struct KeyServer {
    pub url: String,
    state: Arc<Mutex<(Value, usize)>>,
}

impl KeyServer {
    pub async fn start(signers: &[&Signer]) -> Self {
        let state = Arc::new(Mutex::new((set(signers), 0)));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/keys", listener.local_addr().expect("an address"));
        let answer = async |State(state): State<Arc<Mutex<(Value, usize)>>>| {
            let mut state = state.lock().expect("no panic");
            state.1 += 1;
            Json(state.0.clone())
        };
        let router = Router::new().route("/keys", get(answer)).with_state(Arc::clone(&state));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, state }
    }

    pub fn publish(&self, signers: &[&Signer]) {
        self.state.lock().expect("no panic").0 = set(signers);
    }

    pub fn asked(&self) -> usize {
        self.state.lock().expect("no panic").1
    }
}

/// A key set of these keys.
pub fn set(signers: &[&Signer]) -> Value {
    json!({ "keys": signers.iter().map(|signer| signer.public()).collect::<Vec<_>>() })
}
