//! What several screens share: the figure around a chart, the help panel, the foot of a page.

mod figure;
mod foot;
mod help;
mod notice;

pub use figure::{Figure, figure};
pub use foot::{foot, own_foot};
pub use help::help;
pub use notice::{Step, notice};
