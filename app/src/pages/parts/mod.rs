//! What several screens share: the figure around a chart, the help panel, the foot of a page with the bar of places.

mod figure;
mod filed;
mod foot;
mod help;
mod notice;
mod places;
mod teaser;

pub use figure::{Figure, figure};
pub use filed::{Filed, Files, NONE, file_links, filed, mark_row, table_head, table_row};
pub use foot::{foot, noted_foot, own_foot, own_foot_at};
pub use help::help;
pub use notice::{Step, notice};
pub use places::Here;
pub use teaser::{Surface, behind, count_teaser, teaser};
