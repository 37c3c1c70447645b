//! Who may come in: hosts by key, members by one-time link and then by cookie or by a token of their host's, and the team by
//! a provider of identities.

pub mod host_key;
pub mod issuer;
pub mod link;
pub mod secret;
pub mod staff;
pub mod web_session;
