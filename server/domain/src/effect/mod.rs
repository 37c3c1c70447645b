//! Whether a feature changed what people do, and how surely that is known. Pure counts in, rates with intervals out; no clock,
//! no I/O, nobody's name. `docs/effect.md` pins the definitions and tells what was measured.
//!
//! The order of the modules is the way to an answer: who is in which arm (`experiment`) and whether the arms came out as designed
//! (`sample_ratio`); a share (`rate`), what two shares differ by (`difference`) and what so many people could show at all
//! (`power`); what may be said of it (`refusal`, `small_cell`); teaser to upgrade (`funnel`, `impact`); coming back
//! (`retention`, by random arm) and, where nobody was drawn by lot, `observed` (with `tally`) of who is `followed`. `simulated` makes people up whose
//! truth is known, `summary` gathers what Spectrum says of them, `coverage` how often it is right, and `grid` holds figures against which
//! another implementation is held.

pub mod coverage;
pub mod difference;
pub mod experiment;
pub mod followed;
pub mod funnel;
pub mod grid;
pub mod impact;
mod normal;
pub mod observed;
pub mod power;
pub mod rate;
pub mod refusal;
pub mod retention;
pub mod sample_ratio;
pub mod simulated;
#[cfg(test)]
mod simulation_tests;
pub mod small_cell;
pub mod summary;
pub mod tally;

pub use difference::Difference;
pub use rate::{Estimate, Interval, Rate};
pub use refusal::Refusal;
pub use sample_ratio::SampleRatio;
pub use small_cell::{Cell, FEWEST_PEOPLE};

/// A count as a number to reckon with.
#[expect(clippy::cast_precision_loss, reason = "a count of people, far below 2^52")]
pub(crate) fn number(count: u64) -> f64 {
    count as f64
}
