//! Secrets that are handed out once: drawn here, kept only as a hash.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::ambient::Ambient;

/// A secret on its way to whom it is for. It can't be logged by accident.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Draws a secret of 256 bits. The prefix says what it is, for people and for secret scanners.
    pub fn draw(ambient: &Ambient, prefix: &str) -> Self {
        Self::of(prefix, &ambient.bytes::<32>())
    }

    /// Writes these 256 bits out.
    pub(crate) fn of(prefix: &str, bytes: &[u8; 32]) -> Self {
        use std::fmt::Write as _;
        let mut secret = String::from(prefix);
        for byte in bytes {
            // Writing to a String does not fail.
            let _ = write!(secret, "{byte:02x}");
        }
        Self(secret)
    }

    /// The secret itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What is kept of a secret. It has 256 bits of chance, so a plain hash can't be guessed back.
pub(crate) fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}
