//! The signatures of tokens, checked by the library that the rest of the house uses. The token library leaves that open; the
//! sets it offers would bring a second one, and one of them an advisory (docs/dependencies.md). Tokens are only read here.

use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey, DecodingKeyKind,
    crypto::{CryptoProvider, JwtVerifier, KeyUtils},
    errors::{ErrorKind, Result},
    signature::{Error, Verifier},
};
use ring::signature as ring_signature;

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |_, _| Err(ErrorKind::InvalidAlgorithm.into()),
    verifier_factory: verifier,
    key_utils: KeyUtils::new_unimplemented(),
};

/// Has tokens checked here, in all of the process.
pub fn install() {
    // An error says that it was done before, which is all that is wanted.
    let _ = PROVIDER.install_default();
}

struct Check {
    key: DecodingKey,
    algorithm: Algorithm,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the library calls it so")]
fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    use Algorithm::{ES256, ES384, EdDSA, PS256, RS256};
    let family = match algorithm {
        RS256 | PS256 => AlgorithmFamily::Rsa,
        ES256 | ES384 => AlgorithmFamily::Ec,
        EdDSA => AlgorithmFamily::Ed,
        _ => return Err(ErrorKind::InvalidAlgorithm.into()),
    };
    if key.family() != family {
        return Err(ErrorKind::InvalidKeyFormat.into());
    }
    Ok(Box::new(Check { key: key.clone(), algorithm: *algorithm }))
}

impl Verifier<Vec<u8>> for Check {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        let wrong = |_| Error::new();
        match (self.key.kind(), self.algorithm) {
            (DecodingKeyKind::RsaModulusExponent { n, e }, algorithm) => {
                // Below 2048 bits a key is refused.
                let parameters = if algorithm == Algorithm::PS256 {
                    &ring_signature::RSA_PSS_2048_8192_SHA256
                } else {
                    &ring_signature::RSA_PKCS1_2048_8192_SHA256
                };
                ring_signature::RsaPublicKeyComponents { n, e }.verify(parameters, message, signature).map_err(wrong)
            }
            (DecodingKeyKind::SecretOrDer(bytes), algorithm) => {
                let algorithm: &dyn ring_signature::VerificationAlgorithm = match algorithm {
                    Algorithm::ES256 => &ring_signature::ECDSA_P256_SHA256_FIXED,
                    Algorithm::ES384 => &ring_signature::ECDSA_P384_SHA384_FIXED,
                    Algorithm::EdDSA => &ring_signature::ED25519,
                    _ => return Err(Error::new()),
                };
                ring_signature::UnparsedPublicKey::new(algorithm, bytes).verify(message, signature).map_err(wrong)
            }
        }
    }
}

impl JwtVerifier for Check {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}
