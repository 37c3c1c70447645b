//! The picture of the example panel: twelve weeks of nobody, to show what the paid plan draws.

use super::{
    WIDTH, breadth,
    drawing::{Anchor, Chart, Pen, Scale},
};
use crate::pages::language::Words;

const HEIGHT: u16 = 128;
/// What the names of the scale take at least.
const GUTTER: f64 = 78.0;
const Y: Scale = Scale { from: 96.0, to: 12.0 };
/// Made up: a week's middle and half the width of its interval. They go up and down and lead nowhere: the picture must not
/// promise that paying makes weeks more pleasant.
const WEEKS: [(f64, f64); 12] = [
    (0.12, 0.30),
    (0.21, 0.26),
    (-0.08, 0.34),
    (-0.26, 0.24),
    (-0.04, 0.28),
    (0.16, 0.22),
    (0.30, 0.40),
    (0.09, 0.26),
    (-0.18, 0.24),
    (0.05, 0.30),
    (0.24, 0.22),
    (0.02, 0.26),
];

/// Draws the example.
pub fn example_weeks(words: Words) -> Chart {
    let mut pen = Pen::new(HEIGHT);
    let scale = [(1.0, words.say("scale-pleasant")), (-1.0, words.say("scale-unpleasant"))];
    let gutter = scale.iter().map(|(_, name)| breadth(name) + 8.0).fold(GUTTER, f64::max);
    for (figure, text) in &scale {
        pen.line("grid", (gutter, Y.at(*figure)), (WIDTH, Y.at(*figure)));
        pen.text("scale", (gutter - 8.0, Y.at(*figure) + 4.0), Anchor::End, text);
    }
    pen.line("axis", (gutter, Y.at(0.0)), (WIDTH, Y.at(0.0)));
    let step = (WIDTH - gutter) / 12.0;
    let mut x = gutter + step / 2.0;
    for (mean, half_width) in WEEKS {
        pen.line("whisker", (x, Y.at(mean - half_width)), (x, Y.at(mean + half_width)));
        pen.circle("point", (x, Y.at(mean)), 4.0);
        x += step;
    }
    pen.text("scale", (gutter, 122.0), Anchor::Start, &words.say("week-paid-ago"));
    pen.text("scale", (WIDTH, 122.0), Anchor::End, &words.say("week-paid-now"));
    pen.finish()
}
