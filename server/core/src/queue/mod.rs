//! The queue: jobs in, jobs out, each once. It knows no job's meaning.

pub mod claim;
pub mod depth;
pub mod enqueue;
pub mod finish;
