//! The ways in over HTTP: the API for hosts and clients, the pages, and what an operator's tools ask.

mod archive;
mod at_hand;
mod body;
mod etag;
mod extract;
mod figures;
mod guard;
mod limits;
mod observe;
mod ops;
mod problem;
mod receipts;
mod recognise;
mod repeat;
mod router;
mod signed;
mod staff;
mod tables;
mod v1;
mod web;

pub use ops::metrics_router;
pub use receipts::public_key;
pub use router::{AppState, PublicUrl, Subscriptions, router, router_with};
pub use signed::{SIGNATURE, signed_text};
pub use v1::openapi;
