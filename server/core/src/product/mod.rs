//! What the product is judged by: how it is used, of those who agree to be counted.

pub(crate) mod buffer;
pub mod load_use;
pub(crate) mod record_event;
pub mod sum_exposures;
pub(crate) mod sum_use;
pub mod upgrade;

pub use buffer::ROOM;
