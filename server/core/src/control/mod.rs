//! The member's controls: each takes effect in the same request.

pub mod exclude_session;
