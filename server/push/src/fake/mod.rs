//! The servers of APNs and of FCM with its OAuth on this machine, strictly: for tests of this crate and of those who use it.
//!
//! One server over TLS plays both, chosen by path. It refuses every request whose token, headers, fields or size are not as the
//! protocol asks, in the provider's own words, and keeps why. It can be told what it thinks of an address, to fail, to hang, to
//! end a connection in the middle, and to do so by chance. Clients nobody here wrote speak with it in `peers/`.

mod answer;
mod apns;
mod aps;
mod control;
mod fcm;
mod fcm_fields;
mod keys;
mod oauth;
mod server;
mod stream;
#[cfg(test)]
mod tests;
mod told;
mod trouble;
mod wire;

pub use self::{
    server::{Fake, Options},
    told::{Clock, Counts, Seen},
    trouble::{RetryAfter, State, Trouble},
};

/// What the APNs key is called.
pub const KEY_ID: &str = "ABC123DEFG";
/// Whose it is.
pub const TEAM_ID: &str = "DEF123GHIJ";
/// The app.
pub const TOPIC: &str = "example.spectrum";
/// The project of Firebase.
pub const PROJECT: &str = "spectrum-test";
/// Who the service account is.
pub const SERVICE_EMAIL: &str = "push@spectrum-test.iam.gserviceaccount.com";
