//! The parts of a span beside each other: the middle of each with its interval, and how many sessions it rests on.

use spectrum_domain::rollup::Estimate;

use super::{
    WIDTH,
    drawing::{Anchor, Chart, Pen, Scale},
};

const HEIGHT: u16 = 214;
const GUTTER: f64 = 82.0;
const Y: Scale = Scale { from: 164.0, to: 12.0 };

/// One part.
#[derive(Debug)]
pub struct Step {
    /// What stands under it; nothing where the names of its neighbours take the room.
    pub name: String,
    /// Its middle; nothing below the floor.
    pub middle: Option<Estimate>,
    /// Its sessions.
    pub n: i32,
}

/// Draws the parts; `ends` name the ends of the scale, `sessions` the row of counts.
pub fn steps(parts: &[Step], ends: [&str; 3], sessions: &str) -> Chart {
    let mut pen = Pen::new(HEIGHT);
    let [pleasant, between, unpleasant] = ends;
    for (figure, text, class) in [(1.0, pleasant, "grid"), (0.0, between, "axis"), (-1.0, unpleasant, "grid")] {
        pen.line(class, (GUTTER, Y.at(figure)), (WIDTH, Y.at(figure)));
        pen.text("scale", (GUTTER - 8.0, Y.at(figure) + 4.0), Anchor::End, text);
    }
    pen.text("scale", (GUTTER - 8.0, 206.0), Anchor::End, sessions);
    let wide = (WIDTH - GUTTER) / f64::from(u16::try_from(parts.len().max(1)).unwrap_or(1));
    let mut x = GUTTER + wide / 2.0;
    for part in parts {
        if let Some(Estimate { mean, half_width, .. }) = part.middle {
            let (low, high) = ((mean - half_width).max(-1.0), (mean + half_width).min(1.0));
            pen.line("whisker", (x, Y.at(low)), (x, Y.at(high)));
            pen.circle("point", (x, Y.at(mean)), 4.0);
        } else {
            pen.line("none", (x - 3.0, Y.at(0.0)), (x + 3.0, Y.at(0.0)));
        }
        pen.text("day", (x, 186.0), Anchor::Middle, &part.name);
        let n = if part.n > 0 { part.n.to_string() } else { "–".to_owned() };
        pen.text(if part.n > 0 { "figure" } else { "figure none" }, (x, 206.0), Anchor::Middle, &n);
        x += wide;
    }
    pen.finish()
}
