//! From an ended session to its measure, and anew when another model has come. The measuring itself is the server's
//! analyzer; here its input is opened and its result is kept.

pub(crate) mod budget;
mod load_home;
pub mod load_turns;
pub mod reanalyze;
pub mod record_analysis;
