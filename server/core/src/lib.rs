//! What can be done in Spectrum. Folders are the stages of the data's way; a file in them is one use case with its SQL.
//!
//! [`Services`] is the one handle that pages, forms, REST handlers, jobs and the command line call. Each of its methods
//! opens the transaction its use case needs, as the role and for the member it needs, and finishes it even when the
//! caller goes away.

pub mod access;
pub mod ambient;
pub mod analysis;
pub mod answers;
pub mod control;
pub mod db;
mod error;
pub mod ingest;
pub mod insight;
pub mod product;
pub mod push;
pub mod queue;
pub mod rollup;
pub mod schedule;
mod services;
pub mod trace;

pub use access::{
    link::{Destination, Link},
    secret::Secret,
    web_session::{Arrival, Caller, SignedIn},
};
pub use error::ServiceError;
pub use queue::depth::{Pipeline, QueueDepth};
pub use services::{Flushed, InUse, Services, Whom};
