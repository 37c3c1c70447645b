//! Dots with their intervals below each other, on one scale from unpleasant to pleasant or from low to high energy.

use spectrum_domain::rollup::Estimate;

use super::{
    WIDTH,
    drawing::{Anchor, Chart, Pen, Scale},
};

const ROW: f64 = 36.0;
/// The words below a group, and air.
const TAIL: f64 = 32.0;
const LEFT: f64 = 96.0;
const RIGHT: f64 = WIDTH - 40.0;
const X: Scale = Scale { from: LEFT, to: RIGHT };

/// One row.
#[derive(Debug)]
pub struct DotRow {
    /// What it is about.
    pub name: String,
    /// The mean with its interval; nothing below the floor.
    pub figure: Option<Estimate>,
    /// How many sessions it rests on.
    pub n: i32,
    /// It is of the span before: drawn hollow.
    pub before: bool,
}

/// The rows of one scale.
#[derive(Debug)]
pub struct Dots {
    /// What the ends of the scale are called.
    pub ends: [String; 2],
    /// The rows.
    pub rows: Vec<DotRow>,
}

/// Draws groups of rows; `too_few` stands where there is no figure.
pub fn dots(groups: &[Dots], too_few: &str) -> Chart {
    let height: u16 = groups
        .iter()
        .map(|group| 32_u16.saturating_add(u16::try_from(group.rows.len()).unwrap_or(0).saturating_mul(36)))
        .sum();
    let mut pen = Pen::new(height);
    let mut top = 0.0;
    for Dots { ends: [low, high], rows } in groups {
        let mut y = top + ROW / 2.0;
        for row in rows {
            pen.text("name", (0.0, y + 4.5), Anchor::Start, &row.name);
            pen.text("figure soft", (WIDTH, y + 4.0), Anchor::End, &row.n.to_string());
            pen.line("grid", (LEFT, y), (RIGHT, y));
            if let Some(Estimate { mean, half_width, .. }) = row.figure {
                let (low, high) = ((mean - half_width).max(-1.0), (mean + half_width).min(1.0));
                pen.line("whisker", (X.at(low), y), (X.at(high), y));
                pen.circle(if row.before { "point then" } else { "point" }, (X.at(mean), y), 5.0);
            } else if row.n > 0 {
                pen.text("label", (X.at(0.0), y + 4.0), Anchor::Middle, too_few);
            }
            y += ROW;
        }
        let bottom = y - ROW / 2.0;
        pen.line("axis", (X.at(0.0), top + 2.0), (X.at(0.0), bottom));
        pen.text("scale", (LEFT, bottom + 18.0), Anchor::Start, low);
        pen.text("scale", (RIGHT, bottom + 18.0), Anchor::End, high);
        top = bottom + TAIL;
    }
    pen.finish()
}
