//! The `spectrum` server: every role, its adapters and its command line.

pub mod embedded;
