//! From session vectors to day, week and month, and from there to the screens.

pub mod load_week;
pub mod refresh_periods;
pub mod rows;
