//! Sorted bars: in how many of the sessions something was there.

use spectrum_domain::affect::Quadrant;

use super::{
    WIDTH,
    drawing::{Anchor, Chart, Pen},
    mark::{bar_class, mark_class, mark_symbol},
};

const ROW: u16 = 30;
/// Where bars begin and end, unless names or counts are long.
const LEFT: f64 = 94.0;
const RIGHT: f64 = WIDTH - 104.0;
/// Where names begin and counts end, and how much a letter of each takes.
const NAME: f64 = 22.0;
const NAME_LETTER: f64 = 6.8;
const COUNT: f64 = WIDTH - 47.0;
const COUNT_LETTER: f64 = 6.1;
const BAR: f64 = 12.0;

/// One bar.
#[derive(Debug)]
pub struct Bar {
    /// Its name.
    pub name: String,
    /// Which shape and colour.
    pub quadrant: Quadrant,
    /// How many of all, 0 to 1.
    pub share: f64,
    /// The same as a count, `9 of 12`.
    pub count: String,
    /// The same as a share, `75 %`.
    pub percent: String,
    /// The share in the span before, where the two are shown beside each other.
    pub before: Option<f64>,
}

/// Draws the bars in the order given.
pub fn bars(rows: &[Bar]) -> Chart {
    let height = u16::try_from(rows.len()).unwrap_or(1).saturating_mul(ROW);
    let mut pen = Pen::new(height);
    let left = LEFT.max(NAME + longest(rows.iter().map(|row| row.name.as_str())) * NAME_LETTER + 8.0);
    let right = RIGHT.min(COUNT - longest(rows.iter().map(|row| row.count.as_str())) * COUNT_LETTER - 8.0);
    let mut middle = f64::from(ROW) / 2.0;
    for row in rows {
        let top = middle - BAR / 2.0;
        pen.symbol(mark_class(row.quadrant), mark_symbol(row.quadrant), (8.0, middle));
        pen.text("name", (NAME, middle + 4.5), Anchor::Start, &row.name);
        // As thin as a line: a filled track would leave some bars below 3:1 against it.
        pen.rect("track", (left, middle - 1.0), (right - left, 2.0), 1.0);
        pen.rect(bar_class(row.quadrant), (left, top), ((right - left) * row.share, BAR), 4.0);
        if let Some(before) = row.before {
            let at = left + (right - left) * before;
            pen.line("then", (at, top - 4.0), (at, top + BAR + 4.0));
        }
        pen.text("figure", (COUNT, middle + 4.0), Anchor::End, &row.count);
        pen.text("figure soft", (WIDTH, middle + 4.0), Anchor::End, &row.percent);
        middle += f64::from(ROW);
    }
    pen.finish()
}

/// Letters of the longest text.
#[expect(clippy::cast_precision_loss, reason = "a few letters")]
fn longest<'a>(texts: impl Iterator<Item = &'a str>) -> f64 {
    texts.map(|text| text.chars().count()).max().unwrap_or_default() as f64
}
