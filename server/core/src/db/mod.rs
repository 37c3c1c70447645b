//! The database as use cases see it: pools by duty, transactions that carry a member, sealed text and its keys.

pub mod classes;
pub mod keyring;
pub(crate) mod keys;
pub mod look;
pub mod migrate;
pub mod pool;
pub mod scope;
pub mod seal;
pub mod shield;
