//! Who may come in: hosts by key, members and staff by one-time link and then by cookie.

pub mod host_key;
pub mod link;
pub mod secret;
pub mod staff;
pub mod web_session;
