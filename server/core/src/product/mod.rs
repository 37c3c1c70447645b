//! What the product is judged by: how it is used, of those who agree to be counted.

pub(crate) mod buffer;
pub mod experiments;
pub mod load_use;
pub(crate) mod log_exposures;
pub(crate) mod record_event;
pub mod sum_arms;
pub mod sum_exposures;
pub(crate) mod sum_night;
pub mod sum_opened;
pub(crate) mod sum_told;
pub(crate) mod sum_use;
pub mod upgrade;

pub use buffer::ROOM;
pub use record_event::properties;
