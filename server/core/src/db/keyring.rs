//! The keys of a deployment: the master key that wraps members' keys, others that only open (the next and the last),
//! and the ledger's, for what must stay the same when master keys change: keyed hashes and the signature of receipts.

use hkdf::Hkdf;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use sha2::{Digest as _, Sha256};
use spectrum_domain::id::{DeliveryId, DeviceId, HostId, HostKeyId, MemberId};
use zeroize::Zeroizing;

use super::seal::{MasterKey, MemberKey, SealError, keyed_hash};
use crate::{access::secret::Secret, ambient::Ambient};

/// All keys of a deployment.
#[derive(Clone, Debug)]
pub struct Keyring {
    current: MasterKey,
    others: Vec<MasterKey>,
    ledger: Ledger,
}

impl Keyring {
    /// The master key that wraps, those that only open, and the ledger's root. Without a root of its own the
    /// ledger takes one that follows from the master key and does not lead back to it.
    pub fn new(current: MasterKey, others: Vec<MasterKey>, ledger: Option<Zeroizing<[u8; 32]>>) -> Self {
        let root = ledger.unwrap_or_else(|| ledger_root(&current));
        Self { ledger: Ledger::new(&root), current, others }
    }

    /// The name of the master key that wraps.
    pub fn id(&self) -> &str {
        self.current.id()
    }

    /// The names of all master keys, the current one first.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.current.id()).chain(self.others.iter().map(MasterKey::id))
    }

    /// What keyed hashes and signatures are made with.
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Draws a new key for a member. Gives the wrapped form, for the database, and the open one.
    pub fn draw(&self, ambient: &Ambient, member: MemberId, version: i16) -> Result<(Vec<u8>, MemberKey), SealError> {
        self.current.draw(ambient, member, version)
    }

    /// Opens a member's wrapped key.
    pub fn unwrap(
        &self,
        member: MemberId,
        version: i16,
        master_key_id: &str,
        wrapped: &[u8],
    ) -> Result<MemberKey, SealError> {
        self.master(master_key_id)?.unwrap(member, version, master_key_id, wrapped)
    }

    /// A member's key, wrapped anew under the current master key.
    pub(crate) fn rewrap(
        &self,
        ambient: &Ambient,
        member: MemberId,
        version: i16,
        master_key_id: &str,
        wrapped: &[u8],
    ) -> Result<Vec<u8>, SealError> {
        let key = self.master(master_key_id)?.open(member, version, wrapped)?;
        self.current.wrap(ambient, member, version, &key)
    }

    /// Whether this is the fingerprint of the parts as it was made before there was a ledger key. Receipts of events live
    /// for thirty days; after that this answers for nothing any more.
    pub(crate) fn was_fingerprint(&self, parts: &[&[u8]], fingerprint: &[u8; 32]) -> bool {
        std::iter::once(&self.current).chain(&self.others).any(|master| master.first_fingerprint(parts) == *fingerprint)
    }

    fn master(&self, id: &str) -> Result<&MasterKey, SealError> {
        std::iter::once(&self.current)
            .chain(&self.others)
            .find(|master| master.id() == id)
            .ok_or(SealError::UnknownMasterKey)
    }
}

impl From<MasterKey> for Keyring {
    fn from(master: MasterKey) -> Self {
        Self::new(master, Vec::new(), None)
    }
}

/// The ledger's root that follows from a master key: what has to be kept as a setting before that key goes.
pub fn ledger_root(master: &MasterKey) -> Zeroizing<[u8; 32]> {
    derive(master.bytes(), "ledger root")
}

/// A key for one purpose. Keys under different labels say nothing of each other, nor of what they come from (RFC 5869).
#[expect(clippy::expect_used, reason = "32 bytes are within what HKDF may give")]
fn derive(root: &[u8; 32], label: &str) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(Some(b"spectrum/1"), root).expand(label.as_bytes(), key.as_mut_slice()).expect("32 bytes");
    key
}

/// The keys that outlive every master key.
#[derive(Clone)]
pub struct Ledger {
    fingerprint: Zeroizing<[u8; 32]>,
    pseudonym: Zeroizing<[u8; 32]>,
    commitment: Zeroizing<[u8; 32]>,
    signing: Zeroizing<[u8; 32]>,
    requests: Zeroizing<[u8; 32]>,
}

impl std::fmt::Debug for Ledger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Ledger({})", self.key_id())
    }
}

impl Ledger {
    fn new(root: &[u8; 32]) -> Self {
        Self {
            fingerprint: derive(root, "event fingerprint"),
            pseudonym: derive(root, "pseudonym"),
            commitment: derive(root, "row commitment"),
            signing: derive(root, "receipt signature"),
            requests: derive(root, "host requests"),
        }
    }

    /// What tells "the same event again" from another body.
    pub(crate) fn fingerprint(&self, parts: &[&[u8]]) -> [u8; 32] {
        keyed_hash(self.fingerprint.as_slice(), parts)
    }

    /// What a host signs its requests with. It follows from the key's name, so it is kept nowhere.
    pub(crate) fn request_key(&self, key: HostKeyId) -> Secret {
        Secret::of("sp_sign_", &keyed_hash(self.requests.as_slice(), &[b"request key", key.0.as_bytes()]))
    }

    /// What stands for a member where they are not to be named.
    pub fn member_hash(&self, member: MemberId) -> [u8; 32] {
        keyed_hash(self.pseudonym.as_slice(), &[b"member", member.0.as_bytes()])
    }

    /// What stands for the address of a device. PRIVACY: with it one can tell that two are the same, and nothing else.
    pub(crate) fn address_hash(&self, kind: &str, address: &str) -> [u8; 32] {
        keyed_hash(self.pseudonym.as_slice(), &[b"address", kind.as_bytes(), address.as_bytes()])
    }

    /// The name of a push: the same for the same member, device and what it is about, and guessed by nobody, for whoever has it
    /// may say that the push was opened or that no more are wanted.
    pub(crate) fn delivery(&self, member: MemberId, device: DeviceId, about: &str) -> DeliveryId {
        let parts: [&[u8]; 4] = [b"delivery", member.0.as_bytes(), device.0.as_bytes(), about.as_bytes()];
        let hash = keyed_hash(self.pseudonym.as_slice(), &parts);
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash[..16]);
        uuid::Builder::from_custom_bytes(bytes).into_uuid().into()
    }

    /// A number that is the member's own and evenly spread, for one purpose.
    pub(crate) fn spread(&self, member: MemberId, purpose: &str) -> u64 {
        let hash = keyed_hash(self.pseudonym.as_slice(), &[b"spread", purpose.as_bytes(), member.0.as_bytes()]);
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&hash[..8]);
        u64::from_le_bytes(bytes)
    }

    /// What stands for a host's reference.
    pub fn reference_hash(&self, host: HostId, reference: &str) -> [u8; 32] {
        keyed_hash(self.pseudonym.as_slice(), &[b"reference", host.0.as_bytes(), reference.as_bytes()])
    }

    /// What binds a receipt to the rows that were deleted.
    pub(crate) fn commitment(&self, parts: &[&[u8]]) -> [u8; 32] {
        keyed_hash(self.commitment.as_slice(), parts)
    }

    /// Signs with Ed25519.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.pair().sign(message).as_ref().to_vec()
    }

    /// The key that signatures are checked with.
    pub fn public_key(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(self.pair().public_key().as_ref());
        bytes
    }

    /// The short name of the public key.
    pub fn key_id(&self) -> String {
        key_id(&self.public_key())
    }

    #[expect(clippy::expect_used, reason = "every 32 bytes are a seed")]
    fn pair(&self) -> Ed25519KeyPair {
        Ed25519KeyPair::from_seed_unchecked(self.signing.as_slice()).expect("32 bytes are a seed")
    }
}

/// The short name of a public key: the beginning of its hash.
pub fn key_id(public_key: &[u8; 32]) -> String {
    hex(&Sha256::digest(public_key)[..8])
}

/// Whether the signature was made over the message with the private half of this key.
pub(crate) fn signature_holds(public_key: &[u8; 32], message: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&ED25519, public_key).verify(message, signature).is_ok()
}

/// Bytes as hex digits.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Bytes from hex digits; nothing where the text is anything else.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.is_ascii() && text.len().is_multiple_of(2);
    digits.then(|| (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect())?
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use spectrum_domain::{id::SessionId, private::Private};
    use uuid::Uuid;

    use super::*;
    use crate::ambient::{Clock, Entropy};

    struct Still;
    impl Clock for Still {
        fn now(&self) -> DateTime<Utc> {
            DateTime::UNIX_EPOCH
        }
    }
    impl Entropy for Still {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(5);
        }
    }

    fn master(id: &str, byte: u8) -> MasterKey {
        MasterKey::new(id, [byte; 32])
    }

    #[test]
    fn a_key_wrapped_anew_opens_the_same_text_and_the_old_master_key_is_needed_no_more() {
        let ambient = Ambient::new(Still, Still);
        let member = MemberId(Uuid::from_u128(1));
        let before = Keyring::from(master("one", 1));
        let (wrapped, key) = before.draw(&ambient, member, 1).expect("a key");
        let session = SessionId(Uuid::from_u128(2));
        let text = Private::new("a hard evening".to_owned());
        let sealed = key.seal(&ambient, session, 0, &text).expect("sealed");

        let root = ledger_root(&master("one", 1));
        let both = Keyring::new(master("two", 2), vec![master("one", 1)], Some(root.clone()));
        let anew = both.rewrap(&ambient, member, 1, "one", &wrapped).expect("wrapped anew");
        let after = Keyring::new(master("two", 2), Vec::new(), Some(root));
        let again = after.unwrap(member, 1, "two", &anew).expect("the same key");
        assert_eq!(again.unseal(session, 0, &sealed), Ok(text));
        assert_eq!(after.unwrap(member, 1, "one", &wrapped).err(), Some(SealError::UnknownMasterKey));
        assert_eq!(after.unwrap(member, 1, "two", &wrapped).err(), Some(SealError::DoesNotOpen));
        // What must stay the same stays the same.
        assert_eq!(before.ledger().public_key(), after.ledger().public_key());
        assert_eq!(before.ledger().fingerprint(&[b"x"]), after.ledger().fingerprint(&[b"x"]));
        assert!(both.was_fingerprint(&[b"x"], &master("one", 1).first_fingerprint(&[b"x"])));
        assert!(!after.was_fingerprint(&[b"x"], &master("one", 1).first_fingerprint(&[b"x"])));
    }

    #[test]
    fn a_signature_holds_for_its_message_and_its_key() {
        let keyring = Keyring::from(master("one", 1));
        let signature = keyring.ledger().sign(b"gone");
        let key = keyring.ledger().public_key();
        assert!(signature_holds(&key, b"gone", &signature));
        assert!(!signature_holds(&key, b"done", &signature));
        assert!(!signature_holds(&Keyring::from(master("one", 2)).ledger().public_key(), b"gone", &signature));
        assert_eq!(unhex(&hex(&key)).as_deref(), Some(key.as_slice()));
        assert_eq!((unhex("0"), unhex("zz"), unhex("é")), (None, None, None));
    }
}
