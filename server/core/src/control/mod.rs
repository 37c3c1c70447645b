//! The member's controls: each takes effect in the same request.

pub mod correct_session;
pub mod erase_member;
pub mod exclude;
pub mod exclude_session;
pub mod settings;
