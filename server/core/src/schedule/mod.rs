//! What is done by the calendar: planned once for each period, given out page by page, and looked after every day.

pub mod look;
pub mod plan_due;
pub mod purge_expired;
pub mod reconcile_members;
pub mod retention;
pub mod spread_period;
