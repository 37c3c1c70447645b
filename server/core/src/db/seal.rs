//! Sealing: a member's text under the member's own key, and that key under the master key.
//!
//! XChaCha20-Poly1305 with random 192-bit nonces, so that no counter has to be kept. What a ciphertext belongs to is
//! authenticated with it: moved to another member, session or turn it no longer opens.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use spectrum_domain::{
    id::{DeviceId, ExportId, MemberId, SessionId},
    private::Private,
};
use zeroize::Zeroizing;

use crate::ambient::Ambient;

/// Text or a key could not be sealed or opened: the wrong key, or bytes that are not what was sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Wrong key, or changed or misplaced bytes.
    #[error("the sealed bytes do not open with this key in this place")]
    DoesNotOpen,
    /// The cipher refused to seal.
    #[error("the bytes could not be sealed")]
    DoesNotSeal,
    /// The key was wrapped by another master key.
    #[error("the member's key was wrapped by a master key that is not configured")]
    UnknownMasterKey,
}

/// The key that wraps members' keys. It comes from the configuration and never reaches the database.
#[derive(Clone)]
pub struct MasterKey {
    id: String,
    key: Zeroizing<[u8; 32]>,
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MasterKey({})", self.id)
    }
}

/// One member's key, open. It lives as long as the use case that needs it.
pub struct MemberKey {
    member: MemberId,
    version: i16,
    cipher: XChaCha20Poly1305,
}

impl std::fmt::Debug for MemberKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MemberKey({} version {})", self.member, self.version)
    }
}

/// A sealed text, as it lies in the database.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// Ciphertext with its tag.
    pub ciphertext: Vec<u8>,
    /// Nonce.
    pub nonce: Vec<u8>,
    /// Version of the member's key.
    pub key_version: i16,
}

/// Bytes of a nonce.
const NONCE: usize = 24;

impl MasterKey {
    /// A master key and the name it is known by, which the database keeps beside each wrapped key.
    pub fn new(id: impl Into<String>, key: impl Into<Zeroizing<[u8; 32]>>) -> Self {
        Self { id: id.into(), key: key.into() }
    }

    /// The name.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Draws a new key for a member. Gives the wrapped form, for the database, and the open one.
    pub fn draw(&self, ambient: &Ambient, member: MemberId, version: i16) -> Result<(Vec<u8>, MemberKey), SealError> {
        let key = Zeroizing::new(ambient.bytes::<32>());
        let wrapped = self.wrap(ambient, member, version, key.as_slice())?;
        Ok((wrapped, MemberKey::open(member, version, key.as_slice())?))
    }

    /// Wraps a member's key under this master key.
    pub(super) fn wrap(
        &self,
        ambient: &Ambient,
        member: MemberId,
        version: i16,
        key: &[u8],
    ) -> Result<Vec<u8>, SealError> {
        let nonce = ambient.bytes::<NONCE>();
        let place = self.place(member, version);
        let sealed = self
            .cipher()?
            .encrypt(&XNonce::from(nonce), Payload { msg: key, aad: place.as_bytes() })
            .map_err(|_| SealError::DoesNotSeal)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens a member's wrapped key.
    pub fn unwrap(
        &self,
        member: MemberId,
        version: i16,
        master_key_id: &str,
        wrapped: &[u8],
    ) -> Result<MemberKey, SealError> {
        if master_key_id != self.id {
            return Err(SealError::UnknownMasterKey);
        }
        MemberKey::open(member, version, &self.open(member, version, wrapped)?)
    }

    /// The bytes of a member's wrapped key.
    pub(super) fn open(&self, member: MemberId, version: i16, wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (nonce, sealed) = wrapped.split_at_checked(NONCE).ok_or(SealError::DoesNotOpen)?;
        let place = self.place(member, version);
        self.cipher()?
            .decrypt(&nonce_of(nonce)?, Payload { msg: sealed, aad: place.as_bytes() })
            .map(Zeroizing::new)
            .map_err(|_| SealError::DoesNotOpen)
    }

    /// The bytes, for what is derived from them.
    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.key
    }

    /// The fingerprint as it was before there was a ledger key: under the master key itself.
    pub(super) fn first_fingerprint(&self, parts: &[&[u8]]) -> [u8; 32] {
        keyed_hash(self.key.as_slice(), parts)
    }

    fn cipher(&self) -> Result<XChaCha20Poly1305, SealError> {
        XChaCha20Poly1305::new_from_slice(self.key.as_slice()).map_err(|_| SealError::DoesNotOpen)
    }

    fn place(&self, member: MemberId, version: i16) -> String {
        format!("member_key|{member}|{version}|{}", self.id)
    }
}

/// A hash of the parts under a key. PRIVACY: a plain hash of a short text or of a reference could be found by guessing;
/// without the key this one can't.
#[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
pub(super) fn keyed_hash(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn nonce_of(bytes: &[u8]) -> Result<XNonce, SealError> {
    XNonce::try_from(bytes).map_err(|_| SealError::DoesNotOpen)
}

impl MemberKey {
    fn open(member: MemberId, version: i16, key: &[u8]) -> Result<Self, SealError> {
        let cipher = XChaCha20Poly1305::new_from_slice(key).map_err(|_| SealError::DoesNotOpen)?;
        Ok(Self { member, version, cipher })
    }

    /// Seals the text of one turn.
    pub fn seal(
        &self,
        ambient: &Ambient,
        session: SessionId,
        index: i32,
        text: &Private<String>,
    ) -> Result<Sealed, SealError> {
        self.seal_in(ambient, &self.place(session, index), text.expose().as_bytes())
    }

    /// Opens the text of one turn.
    pub fn unseal(&self, session: SessionId, index: i32, sealed: &Sealed) -> Result<Private<String>, SealError> {
        let text = self.unseal_in(&self.place(session, index), sealed)?;
        String::from_utf8(text).map(Private::new).map_err(|_| SealError::DoesNotOpen)
    }

    /// Seals a part of what was gathered for a member.
    pub fn seal_part(&self, ambient: &Ambient, export: ExportId, part: i32, bytes: &[u8]) -> Result<Sealed, SealError> {
        self.seal_in(ambient, &self.place_of_part(export, part), bytes)
    }

    /// Opens a part of what was gathered for a member.
    pub fn unseal_part(&self, export: ExportId, part: i32, sealed: &Sealed) -> Result<Vec<u8>, SealError> {
        self.unseal_in(&self.place_of_part(export, part), sealed)
    }

    /// Seals where a device is reached.
    pub fn seal_address(&self, ambient: &Ambient, device: DeviceId, address: &[u8]) -> Result<Sealed, SealError> {
        self.seal_in(ambient, &self.place_of_device(device), address)
    }

    /// Opens where a device is reached.
    pub fn unseal_address(&self, device: DeviceId, sealed: &Sealed) -> Result<Vec<u8>, SealError> {
        self.unseal_in(&self.place_of_device(device), sealed)
    }

    fn seal_in(&self, ambient: &Ambient, place: &str, bytes: &[u8]) -> Result<Sealed, SealError> {
        let nonce = ambient.bytes::<NONCE>();
        let ciphertext = self
            .cipher
            .encrypt(&XNonce::from(nonce), Payload { msg: bytes, aad: place.as_bytes() })
            .map_err(|_| SealError::DoesNotSeal)?;
        Ok(Sealed { ciphertext, nonce: nonce.to_vec(), key_version: self.version })
    }

    fn unseal_in(&self, place: &str, sealed: &Sealed) -> Result<Vec<u8>, SealError> {
        self.cipher
            .decrypt(&nonce_of(&sealed.nonce)?, Payload { msg: &sealed.ciphertext, aad: place.as_bytes() })
            .map_err(|_| SealError::DoesNotOpen)
    }

    /// Which version of the member's keys this is.
    pub const fn version(&self) -> i16 {
        self.version
    }

    fn place_of_part(&self, export: ExportId, part: i32) -> String {
        format!("export_part|{}|{export}|{part}|{}", self.member, self.version)
    }

    fn place_of_device(&self, device: DeviceId) -> String {
        format!("device|{}|{device}|{}", self.member, self.version)
    }

    fn place(&self, session: SessionId, index: i32) -> String {
        format!("turn_text|{}|{session}|{index}|{}", self.member, self.version)
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use uuid::Uuid;

    use super::*;
    use crate::ambient::{Clock, Entropy};

    struct Still;
    impl Clock for Still {
        fn now(&self) -> DateTime<Utc> {
            DateTime::UNIX_EPOCH
        }
    }
    struct Counting(std::sync::atomic::AtomicU8);
    impl Entropy for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        }
    }

    #[test]
    fn text_opens_only_in_its_place_with_its_members_key() {
        let ambient = Ambient::new(Still, Counting(1.into()));
        let master = MasterKey::new("one", [7; 32]);
        let (mine, theirs) = (MemberId(Uuid::from_u128(1)), MemberId(Uuid::from_u128(2)));
        let session = SessionId(Uuid::from_u128(3));
        let (wrapped, key) = master.draw(&ambient, mine, 1).expect("a key");
        let text = Private::new("a hard evening".to_owned());
        let sealed = key.seal(&ambient, session, 4, &text).expect("sealed");
        assert!(!sealed.ciphertext.windows(4).any(|w| w == b"hard"));

        let again = master.unwrap(mine, 1, "one", &wrapped).expect("the same key");
        assert_eq!(again.unseal(session, 4, &sealed), Ok(text));
        assert_eq!(again.unseal(session, 5, &sealed), Err(SealError::DoesNotOpen), "another turn");
        assert_eq!(master.unwrap(theirs, 1, "one", &wrapped).err(), Some(SealError::DoesNotOpen), "another member");
        let other = MasterKey::new("one", [8; 32]);
        assert_eq!(other.unwrap(mine, 1, "one", &wrapped).err(), Some(SealError::DoesNotOpen), "another master key");
        let (_, their_key) = master.draw(&ambient, theirs, 1).expect("a key");
        assert_eq!(their_key.unseal(session, 4, &sealed), Err(SealError::DoesNotOpen), "another member's key");
    }
}
