//! The database as use cases see it: pools by duty, transactions that carry a member, and sealed text.

pub mod migrate;
pub mod pool;
pub mod scope;
pub mod seal;
pub mod shield;
