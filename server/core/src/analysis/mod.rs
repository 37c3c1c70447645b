//! From an ended session to its measure. The measuring itself is the server's analyzer; here its input is opened and
//! its result is kept.

pub mod load_turns;
pub mod record_analysis;
