//! Seven columns, one a day: how far the day's sessions reached between unpleasant and pleasant, and their middle.

use spectrum_domain::week::DayColumn;

use super::{
    WIDTH, breadth,
    drawing::{Anchor, Chart, Pen, Scale},
};
use crate::pages::language::Words;

const HEIGHT: u16 = 214;
/// What the names of the scale take at least.
const GUTTER: f64 = 82.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 164.0;
const Y: Scale = Scale { from: BOTTOM, to: TOP };
/// From how many sessions on a day's range is drawn full; below it is hatched.
const FULL_FROM: usize = 3;

/// Draws the columns.
pub fn columns(words: Words, days: &[DayColumn; 7]) -> Chart {
    let mut pen = Pen::new(HEIGHT);
    let scale = [
        (1.0, "grid", words.say("scale-pleasant")),
        (0.0, "axis", words.say("scale-between")),
        (-1.0, "grid", words.say("scale-unpleasant")),
    ];
    let gutter = scale.iter().map(|(.., name)| breadth(name) + 8.0).fold(GUTTER, f64::max);
    let step = (WIDTH - gutter) / 7.0;
    let zero = Y.at(0.0);
    for (figure, class, text) in &scale {
        pen.line(class, (gutter, Y.at(*figure)), (WIDTH, Y.at(*figure)));
        pen.text("scale", (gutter - 8.0, Y.at(*figure) + 4.0), Anchor::End, text);
    }
    pen.text("scale", (gutter - 8.0, 206.0), Anchor::End, &words.say("scale-sessions"));
    let mut x = gutter + step / 2.0;
    for day in days {
        if let Some((least, middle, most)) = day.range {
            let (least, middle, most) = (Y.at(least.as_f64()), Y.at(middle.as_f64()), Y.at(most.as_f64()));
            if day.sessions > 1 {
                let class = if day.sessions < FULL_FROM { "range few" } else { "range" };
                // At least as tall as it is round.
                let reach = (least - most).max(10.0);
                pen.rect(class, (x - 6.0, f64::midpoint(least, most) - reach / 2.0), (12.0, reach), 6.0);
            }
            pen.rect("tick", (x - 11.0, middle - 2.0), (22.0, 4.0), 2.0);
            pen.text("figure", (x, 206.0), Anchor::Middle, &day.sessions.to_string());
        } else {
            pen.line("none", (x - 4.0, zero), (x + 4.0, zero));
            pen.text("figure none", (x, 206.0), Anchor::Middle, "–");
        }
        let class = if day.range.is_some() { "day" } else { "day none" };
        pen.text(class, (x, 186.0), Anchor::Middle, &words.weekday_short(day.date));
        x += step;
    }
    pen.finish()
}
