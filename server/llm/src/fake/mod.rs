//! A provider on this machine that speaks both protocols over TLS, strictly: for tests of this crate and of those who use it.
//!
//! It refuses every call whose headers, body, schema or size is not what the protocol asks, and every input that holds a
//! string outside the closed vocabulary. It counts tokens by a rule of its own, answers honestly in both languages, and can be
//! told to lie, to fail and to be slow.

mod batch;
mod honest;
mod lies;
pub mod samples;
mod server;
mod spoken;
mod strict;
pub mod vocabulary;

pub use self::{
    honest::answer as honest_answer,
    lies::{CANARY, Lie},
    server::{Fake, KEY, Trouble},
};
