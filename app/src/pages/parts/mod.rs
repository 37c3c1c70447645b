//! What several screens share: the figure around a chart, the line that says what a form did, the foot of a page.

mod figure;
mod foot;
mod notice;

pub use figure::{Figure, figure};
pub use foot::{ESTIMATES, foot};
pub use notice::{Step, notice};
