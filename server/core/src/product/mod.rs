//! What the product is judged by: how it is used, of those who agree to be counted.

pub(crate) mod buffer;
pub(crate) mod record_event;

pub use buffer::ROOM;
