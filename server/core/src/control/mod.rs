//! The member's controls: each takes effect in the same request.

pub mod erase_member;
pub mod exclude_session;
