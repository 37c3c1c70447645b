//! The receipt of what was deleted: a signed JSON document that names nobody, each with the hash of the one before it, so
//! that none can be taken out or changed unseen.

use chrono::{DateTime, Days, SecondsFormat, Utc};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use spectrum_domain::erasure::AskedBy;
use sqlx::PgConnection;
use uuid::Uuid;

use super::canonical_json::canonical;
use crate::{
    db::keyring::{Ledger, hex},
    error::ServiceError,
};

/// What is written into receipts as the format.
pub const FORMAT: &str = "spectrum-receipt/1";

/// The version of docs/erasure.md that a receipt goes by.
pub const POLICY: &str = "2026-11";

/// Which lock serialises the chain: any number that nothing else uses.
const CHAIN: i64 = 0x5350_4543_5245_4345;

/// What receipts promise of copies elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErasurePolicy {
    /// Days after which the last backup with the deleted rows is gone.
    pub backup_days: u32,
    /// Days after which the last copy of a destroyed key is gone.
    pub key_backup_days: u32,
}

impl Default for ErasurePolicy {
    fn default() -> Self {
        Self { backup_days: 35, key_backup_days: 2 }
    }
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Everything about a member.
    Erasure,
    /// Everything derived from what a member said.
    Reset,
}

impl Kind {
    /// The name in the database and in receipts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Erasure => "erasure",
            Self::Reset => "reset",
        }
    }
}

/// What was found and deleted in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreCount {
    /// Where.
    pub store: String,
    /// Rows found.
    pub found: i64,
    /// Rows deleted.
    pub deleted: i64,
    /// Rows found afterwards.
    pub left: i64,
    /// A keyed hash over the rows as they were; none of places that hold no content.
    pub commitment: Option<Vec<u8>>,
}

/// What a receipt is about.
#[derive(Clone, Debug)]
pub struct Deed {
    /// Its number: the erasure's, or the reset's.
    pub id: Uuid,
    /// What was done.
    pub kind: Kind,
    /// Who asked for it.
    pub asked_by: AskedBy,
    /// The member, by keyed hash.
    pub member_hash: Vec<u8>,
    /// The host's reference, by keyed hash.
    pub reference_hash: Vec<u8>,
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
    /// When it was done.
    pub done_at: DateTime<Utc>,
    /// What was found and deleted, place by place.
    pub stores: Vec<StoreCount>,
    /// Fingerprints of the keys that were destroyed.
    pub keys: Vec<Vec<u8>>,
}

/// A receipt as it is handed out: what was signed and the signature, in its one spelling.
pub fn document(body: &str, signature: &[u8]) -> String {
    format!(r#"{{"receipt":{body},"signature":"{}"}}"#, hex(signature))
}

/// What stands for a receipt in the one after it.
pub fn hash_of(document: &str) -> String {
    hex(&Sha256::digest(document.as_bytes()))
}

/// Signs a receipt, hangs it onto the chain in the caller's transaction, and gives its number.
pub async fn issue(
    connection: &mut PgConnection,
    ledger: &Ledger,
    policy: ErasurePolicy,
    deed: &Deed,
) -> Result<i64, ServiceError> {
    // Held to the end of the transaction: the next receipt sees this one, or that it never was.
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(CHAIN).execute(&mut *connection).await?;
    // A backup may bring back an erasure that was under way and whose receipt was put back from the ledger's copy.
    let issued = sqlx::query_scalar!("SELECT number FROM receipt WHERE deed_id = $1", deed.id)
        .fetch_optional(&mut *connection)
        .await?;
    if let Some(number) = issued {
        return Ok(number);
    }
    let last = sqlx::query!("SELECT number, body, signature FROM receipt ORDER BY number DESC LIMIT 1")
        .fetch_optional(&mut *connection)
        .await?;
    let (number, previous) = match last {
        Some(last) => (last.number + 1, hash_of(&document(&last.body, &last.signature))),
        None => (1, hex(&[0; 32])),
    };
    let body = canonical(&words(ledger, policy, deed, number, &previous))
        .ok_or(ServiceError::Inconsistent { table: "receipt", column: "body" })?;
    sqlx::query!(
        "INSERT INTO receipt (number, deed_id, kind, body, signature, issued_at) VALUES ($1, $2, $3, $4, $5, $6)",
        number,
        deed.id,
        deed.kind.name(),
        body,
        ledger.sign(body.as_bytes()),
        deed.done_at
    )
    .execute(connection)
    .await?;
    Ok(number)
}

fn words(ledger: &Ledger, policy: ErasurePolicy, deed: &Deed, number: i64, previous: &str) -> Value {
    let instant = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Micros, true);
    let gone_by = |days: u32| {
        let day = deed.done_at.date_naive();
        day.checked_add_days(Days::new(u64::from(days))).unwrap_or(day).to_string()
    };
    let stores: Vec<Value> = deed
        .stores
        .iter()
        .map(|StoreCount { store, found, deleted, left, commitment }| {
            let mut line = json!({ "store": store, "found": found, "deleted": deleted, "left": left });
            if let Some(commitment) = commitment {
                line["commitment"] = hex(commitment).into();
            }
            line
        })
        .collect();
    json!({
        "format": FORMAT,
        "policy": POLICY,
        "number": number,
        "previous": previous,
        "id": deed.id.to_string(),
        "kind": deed.kind.name(),
        "asked_by": deed.asked_by.name(),
        "member": hex(&deed.member_hash),
        "reference": hex(&deed.reference_hash),
        "requested_at": instant(deed.requested_at),
        "done_at": instant(deed.done_at),
        "stores": stores,
        "keys_destroyed": deed.keys.iter().map(|key| hex(key)).collect::<Vec<_>>(),
        "copies": {
            "rows_gone_by": gone_by(policy.backup_days),
            "keys_gone_by": gone_by(policy.key_backup_days),
            "until_then": "Sealed text in backups can't be read without the destroyed key. Figures and times in backups \
                           are not sealed; they go with the backup.",
        },
        "signed_by": ledger.key_id(),
    })
}
