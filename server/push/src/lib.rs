//! The channels of the weekly push: APNs, FCM and Web Push behind one trait with one outcome.
//!
//! A `message` says what is sent and to which address, a `channel` sends it and says what came of it (`outcome`). `apns`, `fcm`
//! and `web_push` write the request of their protocol and read its answer; all three go over one HTTP/2 `transport`, signed by
//! `jwt` and `token`. Nothing here knows a database: what an outcome means for a device is decided by whoever asked.
//! docs/push.md has the whole.

pub mod allow;
pub mod apns;
pub mod channel;
#[cfg(feature = "fake")]
pub mod fake;
pub mod fcm;
mod jwt;
pub mod message;
pub mod outcome;
mod pace;
mod token;
mod transport;
pub mod web_push;

pub use channel::{Channel, Clock, Setup};
