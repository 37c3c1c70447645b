//! From session vectors to day, week and month, and from there to the screens.

pub mod aggregate_periods;
mod columns;
pub mod load_dynamics;
pub mod load_session;
pub mod load_week;
pub mod refresh_periods;
pub(crate) mod rows;
