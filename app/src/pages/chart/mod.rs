//! Charts, drawn on the server as SVG. They are written as text in one go: hundreds of marks as views would cost the page
//! more than everything else on it. What is written are numbers and our own words, never anything a member wrote.
//!
//! One unit is one CSS pixel on a phone of 390; sizes of text come from the style sheet.

mod arrows;
mod bars;
mod columns;
mod csv;
mod dots;
mod drawing;
mod example;
mod grid;
mod intervals;
mod mark;
mod plane;
mod series;
mod steps;
mod ways;
mod year;

pub use arrows::{Arrow, Arrows, arrows};
pub use bars::{Bar, bars};
pub use columns::columns;
pub use csv::{Csv, estimate as csv_estimate, figure as csv_figure};
pub use dots::{DotRow, Dots, dots};
pub use drawing::Chart;
pub use example::example_weeks;
pub use grid::{GridCell, grid, reach as grid_reach};
pub use intervals::{Gap, intervals};
pub use mark::{mark_icon, symbols};
pub use plane::{Dot, Middle, Plane, plane};
pub use series::{Count, series};
pub use steps::{Step, steps};
pub use ways::{Way, ways};
pub use year::{YearDay, year};

/// Width of every chart: a phone of 390 less its gutters of 16.
pub const WIDTH: f64 = 358.0;

/// About how broad a text of a scale is where windows are narrow and letters large.
fn breadth(text: &str) -> f64 {
    let letter = |letter: char| match letter {
        'm' | 'w' => 1.5,
        'f' | 'i' | 'j' | 'l' | 't' => 0.5,
        _ => 1.0,
    };
    text.chars().map(letter).sum::<f64>() * 7.7
}
