//! The weekly push: on which devices (`devices`), when and whether (`preferences`), planned with a week's cards (`plan_week`), taken
//! up when due (`claim_due`) and settled with what the provider said (`settle`). `channels` has the switches, `open` what a tap and
//! a glance at a page mean, `ask_test` a push to see whether it works. docs/push.md has the whole.

pub mod ask_test;
pub mod channels;
pub mod claim_due;
pub mod devices;
pub mod open;
pub mod plan_week;
pub mod preferences;
pub mod settle;
