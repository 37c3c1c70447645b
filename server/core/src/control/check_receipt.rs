//! Reading a receipt as a stranger would: its form, its one spelling, its signature. Nothing here is shared with what
//! erases.

use serde_json::Value;
use uuid::Uuid;

use super::{
    canonical_json::canonical,
    issue_receipt::{FORMAT, hash_of},
};
use crate::db::keyring::{key_id, signature_holds, unhex};

/// Why a receipt is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoReceipt {
    /// Not JSON, or a field is missing or something else.
    #[error("it is not of the form {FORMAT}")]
    Form,
    /// Spelled otherwise than it was signed: changed, if only in its spaces.
    #[error("it is not spelled as it was issued")]
    Spelling,
    /// Signed with another key.
    #[error("it names another key ({0}) than the one given")]
    OtherKey(String),
    /// The signature is not over this.
    #[error("the signature does not hold")]
    Signature,
    /// It says itself that something is left.
    #[error("it says that rows are left in {0}")]
    Left(String),
}

/// A receipt whose signature holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Its place in the chain.
    pub number: i64,
    /// The erasure's number.
    pub id: Uuid,
    /// What was done.
    pub kind: String,
    /// The member, by keyed hash.
    pub member_hash: Vec<u8>,
    /// The host's reference, by keyed hash.
    pub reference_hash: Vec<u8>,
    /// When it was done.
    pub done_at: chrono::DateTime<chrono::Utc>,
    /// The hash of the receipt before it.
    pub previous: String,
    /// Its own hash.
    pub hash: String,
    /// Rows deleted, all places together.
    pub deleted: i64,
    /// Places that it lists.
    pub stores: usize,
}

/// Reads a receipt and checks its signature with this key.
pub fn check(text: &str, public_key: &[u8; 32]) -> Result<Checked, NoReceipt> {
    let text = text.trim_end();
    let value: Value = serde_json::from_str(text).map_err(|_| NoReceipt::Form)?;
    if canonical(&value).as_deref() != Some(text) {
        return Err(NoReceipt::Spelling);
    }
    let receipt = value.get("receipt").ok_or(NoReceipt::Form)?;
    let word = |name: &str| receipt.get(name).and_then(Value::as_str).ok_or(NoReceipt::Form);
    if word("format")? != FORMAT {
        return Err(NoReceipt::Form);
    }
    if word("signed_by")? != key_id(public_key) {
        return Err(NoReceipt::OtherKey(word("signed_by")?.to_owned()));
    }
    let signature = value.get("signature").and_then(Value::as_str).and_then(unhex).ok_or(NoReceipt::Form)?;
    let body = canonical(receipt).ok_or(NoReceipt::Form)?;
    if !signature_holds(public_key, body.as_bytes(), &signature) {
        return Err(NoReceipt::Signature);
    }
    let stores = receipt.get("stores").and_then(Value::as_array).ok_or(NoReceipt::Form)?;
    let mut deleted = 0;
    for store in stores {
        let number = |name: &str| store.get(name).and_then(Value::as_i64).ok_or(NoReceipt::Form);
        let name = store.get("store").and_then(Value::as_str).ok_or(NoReceipt::Form)?;
        if number("left")? != 0 || number("found")? != number("deleted")? {
            return Err(NoReceipt::Left(name.to_owned()));
        }
        deleted += number("deleted")?;
    }
    Ok(Checked {
        number: receipt.get("number").and_then(Value::as_i64).ok_or(NoReceipt::Form)?,
        id: word("id")?.parse().map_err(|_| NoReceipt::Form)?,
        kind: word("kind")?.to_owned(),
        member_hash: unhex(word("member")?).ok_or(NoReceipt::Form)?,
        reference_hash: unhex(word("reference")?).ok_or(NoReceipt::Form)?,
        done_at: word("done_at")?.parse().map_err(|_| NoReceipt::Form)?,
        previous: word("previous")?.to_owned(),
        hash: hash_of(text),
        deleted,
        stores: stores.len(),
    })
}
