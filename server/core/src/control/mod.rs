//! The member's controls: each takes effect in the same request. And what shows that it did: receipts, and the record of
//! who did what.

pub mod archive;
pub mod audit;
pub mod canonical_json;
pub mod check_receipt;
pub mod correct_session;
mod counting_delete;
pub mod erase_member;
pub mod exclude;
pub mod exclude_session;
pub mod find_traces;
pub mod gather_export;
pub mod import_member;
pub mod issue_receipt;
pub mod load_erasure;
pub mod look_at_erasures;
pub mod open_export;
pub mod replay_tombstones;
pub mod request_export;
pub mod reset;
pub mod rotate_keys;
pub mod settings;
