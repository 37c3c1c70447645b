//! The ways in over HTTP: the API for hosts and clients, the pages, and what an operator's tools ask.

mod extract;
mod limits;
mod observe;
mod ops;
mod problem;
mod receipts;
mod router;
mod v1;
mod web;

pub use ops::metrics_router;
pub use receipts::public_key;
pub use router::{AppState, PublicUrl, router};
pub use v1::openapi;
