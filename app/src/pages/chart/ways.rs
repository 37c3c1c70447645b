//! Small multiples: one line a family over the parts of a span, all on one scale. Where too little was counted there is a gap.

use spectrum_domain::affect::Quadrant;

use super::{
    WIDTH,
    drawing::{Anchor, Chart, Pen},
    mark::{line_class, mark_class, mark_symbol, spot_class},
};

const ROW: f64 = 88.0;
const GUTTER: f64 = 46.0;
const RIGHT: f64 = WIDTH - 6.0;
/// Where a share of none lies in its row, and how far above it all of the sessions.
const BASE: f64 = 74.0;
const HIGH: f64 = 42.0;

/// One family.
#[derive(Debug)]
pub struct Way {
    /// Its name.
    pub name: String,
    /// Which shape and colour.
    pub quadrant: Quadrant,
    /// How often over the whole span, `40 of 61`.
    pub count: String,
    /// Its share of each part, 0 to 1; nothing where a part has too few sessions.
    pub shares: Vec<Option<f64>>,
}

/// Draws the families below each other; `scale` names none and all of the sessions, `ends` the first and the last part.
pub fn ways(rows: &[Way], scale: &[String; 2], ends: [&str; 2]) -> Chart {
    let count = u16::try_from(rows.len()).unwrap_or(1);
    let mut pen = Pen::new(count.saturating_mul(88).saturating_add(20));
    let mut top = 0.0;
    for row in rows {
        let at = |share: f64| top + BASE - HIGH * share;
        pen.symbol(mark_class(row.quadrant), mark_symbol(row.quadrant), (8.0, top + 10.0));
        pen.text("name", (22.0, top + 14.5), Anchor::Start, &row.name);
        pen.text("figure", (WIDTH, top + 14.0), Anchor::End, &row.count);
        for (share, text) in [(0.0, &scale[0]), (1.0, &scale[1])] {
            pen.line("grid", (GUTTER, at(share)), (WIDTH, at(share)));
            pen.text("scale", (GUTTER - 6.0, at(share) + 4.0), Anchor::End, text);
        }
        let steps = f64::from(u16::try_from(row.shares.len().saturating_sub(1).max(1)).unwrap_or(1));
        let mut points = Vec::with_capacity(row.shares.len());
        let mut step = 0.0;
        for share in &row.shares {
            let x = GUTTER + 6.0 + (RIGHT - GUTTER - 6.0) * step / steps;
            points.push(share.map(|share| (x, at(share))));
            step += 1.0;
        }
        for pair in points.windows(2) {
            if let [Some(from), Some(to)] = pair {
                pen.line(line_class(row.quadrant), *from, *to);
            }
        }
        for point in points.into_iter().flatten() {
            pen.circle(spot_class(row.quadrant), point, 3.0);
        }
        top += ROW;
    }
    let [first, last] = ends;
    pen.text("scale", (GUTTER, top + 14.0), Anchor::Start, first);
    pen.text("scale", (WIDTH, top + 14.0), Anchor::End, last);
    pen.finish()
}
