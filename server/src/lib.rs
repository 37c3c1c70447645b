//! The `spectrum` server: every role, its adapters and its command line.

/// Pages are many small strings made and dropped on several threads, which this allocator does in less time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

pub mod analyzer;
pub mod archive;
pub mod command;
pub mod compose;
pub mod config;
pub mod demo;
pub mod drafts;
pub mod embedded;
pub mod http;
pub mod identity;
pub mod lifecycle;
pub mod listen;
pub mod metrics;
pub mod noted;
pub mod open_metrics;
pub mod outbound;
pub mod push;
pub mod rephraser;
pub mod replay;
pub mod serve;
pub mod simulated;
pub mod telemetry;
pub mod worker;
