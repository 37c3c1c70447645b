//! The parts of the `spectrum` binary.

pub mod analyzer;
pub mod demo;
pub mod replay;
