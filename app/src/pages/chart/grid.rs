//! The weekday by daypart grid: in each cell how pleasant its sessions lay, and how many they were.

use super::{
    WIDTH,
    drawing::{Anchor, Chart, Pen, Scale},
};

const HEIGHT: u16 = 238;
const GUTTER: f64 = 70.0;
const TOP: f64 = 20.0;
const ROW: f64 = 54.0;
const STEP: f64 = (WIDTH - GUTTER) / 7.0;
/// Between cells.
const AIR: f64 = 3.0;
/// From how many sessions on a cell is drawn full; below it is hatched.
const FULL_FROM: i32 = 3;

/// One cell.
#[derive(Clone, Copy, Debug, Default)]
pub struct GridCell {
    /// Sessions begun in it.
    pub sessions: i32,
    /// Their mean pleasantness; nothing below the floor.
    pub mean: Option<f64>,
}

/// How far a bar reaches that fills half its cell: the least of these that holds every mean.
pub fn reach(cells: &[[GridCell; 7]; 4]) -> f64 {
    let farthest = cells.iter().flatten().filter_map(|cell| cell.mean).map(f64::abs).fold(0.0, f64::max);
    [0.25, 0.5, 1.0].into_iter().find(|reach| farthest <= *reach).unwrap_or(1.0)
}

/// Draws the grid: one row a daypart, one column a weekday.
pub fn grid(days: &[String; 7], dayparts: &[String; 4], cells: &[[GridCell; 7]; 4]) -> Chart {
    let mut pen = Pen::new(HEIGHT);
    let reach = reach(cells);
    let left = |column: f64| GUTTER + STEP * column;
    let mut column = 0.0;
    for day in days {
        pen.text("scale", (left(column) + STEP / 2.0, 12.0), Anchor::Middle, day);
        column += 1.0;
    }
    let mut top = TOP;
    for (daypart, row) in dayparts.iter().zip(cells) {
        pen.text("scale", (0.0, top + ROW / 2.0 + 4.0), Anchor::Start, daypart);
        let (at, size) = (top + AIR / 2.0, (STEP - AIR, ROW - AIR));
        let y = Scale { from: at + size.1 - 4.0, to: at + 4.0 };
        let mut column = 0.0;
        for cell in row {
            let x = left(column) + AIR / 2.0;
            let class = match cell.sessions {
                ..=0 => "cell empty",
                1..FULL_FROM => "cell few",
                _ => "cell",
            };
            pen.rect(class, (x, at), size, 6.0);
            if let Some(mean) = cell.mean {
                pen.line("grid", (x + 5.0, y.at(0.0)), (x + 21.0, y.at(0.0)));
                // At least as tall as a line: a middle of exactly nothing is there too.
                let (from, to) = (y.at(0.0), y.at(mean / reach));
                let tall = (from - to).abs().max(2.0);
                pen.rect("lean", (x + 7.0, f64::midpoint(from, to) - tall / 2.0), (12.0, tall), 2.0);
                pen.text("figure", (x + size.0 - 4.0, at + size.1 - 6.0), Anchor::End, &cell.sessions.to_string());
            } else if cell.sessions > 0 {
                let middle = (x + size.0 / 2.0, at + size.1 / 2.0 + 4.0);
                pen.text("label strong", middle, Anchor::Middle, &cell.sessions.to_string());
            }
            column += 1.0;
        }
        top += ROW;
    }
    pen.finish()
}
