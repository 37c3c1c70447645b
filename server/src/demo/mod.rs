//! The demo's people: who they are, how their weeks go, what they write, and filling a running Spectrum with it.

pub mod fill;
mod mood;
pub mod people;
mod sentences;
pub mod sessions;

pub use fill::{DemoMember, DemoPeople, fill};
pub use people::{Person, Shows};
