//! Jobs: claimed queue by queue, run by kind within their time, and ended in the transaction of their result.
//!
//! One worker a process. `runner` takes jobs and gives them to their handlers, `settle` does what follows from how a try
//! ended, `pulse` keeps the worker's lease alive and cuts it off where that fails, `tally` counts. What kinds there are and
//! what they do is the handlers': [`jobs`] has Spectrum's own.

pub mod jobs;
mod policy;
mod pulse;
mod runner;
mod schedule;
mod settle;
mod tally;
mod wake;

pub use policy::{Handlers, JobError, Outcome, Policy, Tried};
pub use pulse::Pace;
pub use runner::{QueueSettings, Worker};
pub use schedule::{ScheduleError, start as start_schedule};
pub use settle::run_due_jobs;
pub use wake::tell_workers;
