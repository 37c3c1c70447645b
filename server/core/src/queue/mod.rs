//! The queue: jobs in, jobs out, each once in effect. It knows no job's meaning; `docs/queue.md` has its shape and reasons.

pub mod claim;
pub mod depth;
pub mod enqueue;
pub mod finish;
pub mod forget;
pub mod liveness;
pub mod operate;
pub mod pace;
pub mod pick;
pub mod stat;
pub mod story;
pub mod vitals;
pub mod wake;
pub mod workers;
