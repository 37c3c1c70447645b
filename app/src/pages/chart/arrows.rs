//! Arrows from where sessions began to where they ended, on the mean, with the interval of that.

use spectrum_domain::rollup::Estimate;

use super::{
    WIDTH,
    drawing::{Anchor, Chart, Pen, Scale},
};

const ROW: f64 = 36.0;
/// Heading of a group, and the words below it.
const HEAD: f64 = 26.0;
const TAIL: f64 = 26.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = WIDTH - 84.0;
const SHORTEST: f64 = 11.0;
/// How far the words below stand out to either side: two of them have to fit where the text is large.
const AIR: f64 = 34.0;
/// Reaches of the scale to choose from: the least that holds every interval.
const REACHES: [f64; 4] = [0.25, 0.5, 1.0, 2.0];

/// One row.
#[derive(Debug)]
pub struct Arrow {
    /// Whose way it is.
    pub name: String,
    /// The mean way with its interval; nothing below the floor.
    pub way: Option<Estimate>,
    /// The same in words, `+0.21`.
    pub figure: String,
    /// How many sessions it rests on.
    pub n: i32,
}

/// The rows of one axis.
#[derive(Debug)]
pub struct Arrows {
    /// What the axis is.
    pub heading: String,
    /// What its directions and its beginning are called: less, as it began, more.
    pub scale: [String; 3],
    /// The rows.
    pub rows: Vec<Arrow>,
}

/// Draws groups of arrows on one scale; `too_few` stands where there is no figure.
pub fn arrows(groups: &[Arrows], too_few: &str) -> Chart {
    let ways = groups.iter().flat_map(|group| &group.rows).filter_map(|row| row.way);
    let farthest = ways.map(|way| way.mean.abs() + way.half_width).fold(0.0, f64::max);
    let reach = REACHES.into_iter().find(|reach| farthest <= *reach).unwrap_or(REACHES[3]);
    let x = |figure: f64| Scale { from: LEFT, to: RIGHT }.at((figure / reach).clamp(-1.0, 1.0));
    let height: u16 = groups
        .iter()
        .map(|group| 52_u16.saturating_add(u16::try_from(group.rows.len()).unwrap_or(0).saturating_mul(36)))
        .sum();
    let mut pen = Pen::new(height);
    let mut top = 0.0;
    for group in groups {
        pen.text("strong", (0.0, top + 15.0), Anchor::Start, &group.heading);
        let first = top + HEAD;
        let mut y = first + ROW / 2.0;
        for row in &group.rows {
            pen.text("name", (0.0, y + 4.5), Anchor::Start, &row.name);
            pen.line("grid", (LEFT, y), (RIGHT, y));
            pen.text("figure", (WIDTH - 30.0, y + 4.0), Anchor::End, &row.figure);
            pen.text("figure soft", (WIDTH, y + 4.0), Anchor::End, &row.n.to_string());
            if let Some(Estimate { mean, half_width, .. }) = row.way {
                pen.line("whisker", (x(mean - half_width), y + 8.0), (x(mean + half_width), y + 8.0));
                // Shorter than its head and the ring, an arrow would point nowhere.
                if (x(mean) - x(0.0)).abs() >= SHORTEST {
                    pen.arrow("arrow", (x(0.0), y), x(mean));
                } else {
                    pen.line("arrow", (x(mean), y - 5.0), (x(mean), y + 5.0));
                }
                pen.circle("point then", (x(0.0), y), 4.0);
            } else if row.n > 0 {
                pen.text("label", (x(0.0), y + 4.0), Anchor::Middle, too_few);
            }
            y += ROW;
        }
        let bottom = y - ROW / 2.0;
        pen.line("axis", (x(0.0), first), (x(0.0), bottom));
        let [less, began, more] = &group.scale;
        // Above the line that all begin at: below it there is room for the two ends only.
        pen.text("scale", (x(0.0), top + 15.0), Anchor::Middle, began);
        pen.text("scale", (LEFT - AIR, bottom + 16.0), Anchor::Start, less);
        pen.text("scale", (RIGHT + AIR, bottom + 16.0), Anchor::End, more);
        top = bottom + TAIL;
    }
    pen.finish()
}
