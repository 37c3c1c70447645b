//! Events in: what hosts send becomes sessions, turns and sealed text, each event once.

pub mod accept_events;
pub mod close_idle_session;
pub(crate) mod follow_up;
pub mod load_member_status;
pub mod merge;
pub mod put_member;
pub mod write_batch;
