//! From session vectors to day, week and month, and from there to the screens.

pub mod aggregate_periods;
mod columns;
pub mod list_sessions;
pub mod load_dynamics;
pub mod load_landscape;
pub mod load_patterns;
pub mod load_session;
mod load_stretch;
pub mod load_week;
pub mod refresh_periods;
pub(crate) mod rows;
