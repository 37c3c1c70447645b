//! Jobs: claimed from the queue, run by kind, and ended in the transaction of their result.

pub mod jobs;
mod runner;
mod schedule;

pub use runner::{Worker, run_due_jobs};
pub use schedule::{ScheduleError, start as start_schedule};
