//! A year as twelve rows of days: the quarter of the plane in which most of each day's sessions lay.

use spectrum_domain::affect::Quadrant;

use super::{
    WIDTH,
    drawing::{Anchor, Chart, Pen},
    mark::{mark_class, mark_symbol},
};

const HEIGHT: u16 = 266;
const GUTTER: f64 = 34.0;
const TOP: f64 = 20.0;
const ROW: f64 = 20.5;
const STEP: f64 = (WIDTH - GUTTER) / 31.0;
/// How much smaller a mark is than elsewhere.
const SMALL: f64 = 0.72;

/// A day of the year.
#[derive(Clone, Copy, Debug)]
pub struct YearDay {
    /// Its month, from 0.
    pub month: u32,
    /// Its day of the month, from 1.
    pub day: u32,
    /// Sessions that count.
    pub sessions: i32,
    /// Where most of them lay; nothing where two quarters hold as many.
    pub quadrant: Option<Quadrant>,
}

/// Draws the days that have been.
pub fn year(months: &[String; 12], days: &[YearDay]) -> Chart {
    let mut pen = Pen::new(HEIGHT);
    let at = |month: u32, day: u32| (GUTTER + STEP * (f64::from(day) - 0.5), TOP + ROW * (f64::from(month) + 0.5));
    for day in [1, 10, 20, 31] {
        pen.text("scale", (at(0, day).0, 12.0), Anchor::Middle, &day.to_string());
    }
    let mut y = TOP + ROW / 2.0;
    for name in months {
        pen.text("scale", (0.0, y + 4.0), Anchor::Start, name);
        y += ROW;
    }
    for day in days {
        let place = at(day.month, day.day);
        match (day.sessions, day.quadrant) {
            (..=0, _) => pen.circle("none", place, 1.3),
            (_, Some(quadrant)) => pen.scaled_symbol(mark_class(quadrant), mark_symbol(quadrant), place, SMALL),
            (_, None) => pen.circle("hollow", place, 3.0),
        }
    }
    pen.finish()
}
