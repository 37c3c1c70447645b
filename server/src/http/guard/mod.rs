//! What stands before every handler and goes for every answer: how often one may ask, that a form comes from our own page,
//! which headers an answer carries, and how a refusal looks to a person.

mod address;
mod bucket;
mod headers;
mod origin;
mod people;
mod rate;
mod read_only;

#[cfg(test)]
mod outside_tests;

pub use address::Addresses;
pub use headers::Hardening;
pub use origin::require_proof;
pub use people::show_people;
pub use rate::{Limiter, limit};
pub use read_only::{ReadOnly, refuse_changes};
