//! What the product is judged by: how it is used, of those who agree to be counted.

pub(crate) mod buffer;
pub mod load_use;
pub(crate) mod record_event;
pub(crate) mod sum_use;

pub use buffer::ROOM;
