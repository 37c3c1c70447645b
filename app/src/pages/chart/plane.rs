//! The mood-meter plane: pleasantness from left to right, energy from low to high, one mark a session.

use spectrum_domain::{affect::Quadrant, rollup::Estimate};

use super::{
    WIDTH,
    drawing::{Anchor, Chart, Pen, Scale},
    mark::{mark_class, mark_symbol},
};
use crate::pages::language::Words;

const HEIGHT: u16 = 318;
const LEFT: f64 = 22.0;
const TOP: f64 = 1.0;
const BOTTOM: f64 = 294.0;
const RIGHT: f64 = WIDTH - 1.0;
/// So that a mark at the end of a scale is drawn whole.
const MARGIN: f64 = 10.0;
const X: Scale = Scale { from: LEFT + MARGIN, to: RIGHT - MARGIN };
const Y: Scale = Scale { from: BOTTOM - MARGIN, to: TOP + MARGIN };
/// Mean width of a letter and height of a line of a label, for placing it.
const LETTER: f64 = 6.3;
const LINE: f64 = 13.0;
const STEP: f64 = 12.0;

/// One session.
#[derive(Debug)]
pub struct Dot {
    /// Pleasantness and energy.
    pub at: (f64, f64),
    /// Which shape and colour.
    pub quadrant: Quadrant,
    /// Written beside it, where there are few enough.
    pub label: Option<String>,
}

/// Where a period's mean lies, with its interval.
#[derive(Clone, Copy, Debug)]
pub struct Middle {
    /// Pleasantness.
    pub valence: Estimate,
    /// Energy.
    pub arousal: Estimate,
}

/// What the plane shows.
#[derive(Debug, Default)]
pub struct Plane {
    /// The sessions that count.
    pub dots: Vec<Dot>,
    /// The middle of the span, where there are enough sessions for one.
    pub middle: Option<Middle>,
    /// The middle of the span before.
    pub before: Option<Middle>,
    /// What the two are called.
    pub names: [String; 2],
    /// The middles of the span's parts, in order; nothing for a part without one.
    pub path: Vec<Option<(f64, f64)>>,
    /// What the first and the last of those are called.
    pub ends: [String; 2],
}

type Point = (f64, f64);

/// Draws the plane. `id` tells two planes of one page apart.
pub fn plane(words: Words, id: &str, plane: &Plane) -> Chart {
    let mut pen = Pen::new(HEIGHT);
    ground(words, &mut pen, id);
    let dots: Vec<Point> = plane.dots.iter().map(|dot| point(dot.at)).collect();
    let middle = plane.middle.map(|m| (m, point((m.valence.mean, m.arousal.mean))));
    let before = plane.before.map(|m| point((m.valence.mean, m.arousal.mean)));
    let mut taken: Vec<Box> = dots.iter().chain(&before).map(|at| Box::around(*at, 7.0)).collect();
    let (centre_x, centre_y) = (X.at(0.0), Y.at(0.0));
    taken.push(Box { left: LEFT, top: centre_y - 0.5, right: RIGHT, bottom: centre_y + 0.5 });
    taken.push(Box { left: centre_x - 0.5, top: TOP, right: centre_x + 0.5, bottom: BOTTOM });
    if let Some((middle, at)) = middle {
        let reach = (X.length(middle.valence.half_width), Y.length(middle.arousal.half_width));
        pen.clipped(&format!("{id}-clip"), (LEFT, TOP), (RIGHT - LEFT, BOTTOM - TOP), 12.0, |pen| {
            pen.ellipse("reach", at, reach);
        });
        let arms = arms(at, reach);
        pen.line("cross", (arms.left, at.1), (arms.right, at.1));
        pen.line("cross", (at.0, arms.top), (at.0, arms.bottom));
        taken.push(Box { top: at.1 - 4.0, bottom: at.1 + 4.0, ..arms });
        taken.push(Box { left: at.0 - 4.0, right: at.0 + 4.0, ..arms });
    }
    for (dot, at) in plane.dots.iter().zip(&dots) {
        pen.symbol(mark_class(dot.quadrant), mark_symbol(dot.quadrant), *at);
    }
    let path: Vec<Option<Point>> = plane.path.iter().map(|at| at.map(point)).collect();
    taken.extend(path.iter().flatten().map(|at| Box::around(*at, 4.0)));
    draw_path(&mut pen, &path);
    if let Some(at) = before {
        pen.circle("ghost", at, 7.0);
    }
    if let Some((_, at)) = middle {
        pen.circle("middle", at, 6.5);
    }
    label_all(&mut pen, plane, (&dots, &path), [middle.map(|(_, at)| at), before], taken);
    pen.finish()
}

/// The way of the parts' middles. Where a part has none the line is broken: nothing is known of what lay between.
fn draw_path(pen: &mut Pen, path: &[Option<Point>]) {
    for pair in path.windows(2) {
        if let [Some(from), Some(to)] = pair {
            pen.line("way", *from, *to);
        }
    }
    for at in path.iter().flatten() {
        pen.circle("step", *at, 3.2);
    }
}

/// How far the interval reaches from the middle, within the plane.
fn arms(at: Point, reach: Point) -> Box {
    Box {
        left: f64::max(at.0 - reach.0, LEFT),
        top: f64::max(at.1 - reach.1, TOP),
        right: f64::min(at.0 + reach.0, RIGHT),
        bottom: f64::min(at.1 + reach.1, BOTTOM),
    }
}

fn ground(words: Words, pen: &mut Pen, id: &str) {
    let (centre_x, centre_y) = (X.at(0.0), Y.at(0.0));
    pen.clipped(&format!("{id}-ground"), (LEFT, TOP), (RIGHT - LEFT, BOTTOM - TOP), 12.0, |pen| {
        pen.rect("field hu", (LEFT, TOP), (centre_x - LEFT, centre_y - TOP), 0.0);
        pen.rect("field hp", (centre_x, TOP), (RIGHT - centre_x, centre_y - TOP), 0.0);
        pen.rect("field lu", (LEFT, centre_y), (centre_x - LEFT, BOTTOM - centre_y), 0.0);
        pen.rect("field lp", (centre_x, centre_y), (RIGHT - centre_x, BOTTOM - centre_y), 0.0);
    });
    pen.rect("frame", (LEFT, TOP), (RIGHT - LEFT, BOTTOM - TOP), 12.0);
    pen.line("axis", (LEFT, centre_y), (RIGHT, centre_y));
    pen.line("axis", (centre_x, TOP), (centre_x, BOTTOM));
    pen.upright_text("scale", (13.0, Y.at(0.5)), &words.say("scale-high-energy"));
    pen.upright_text("scale", (13.0, Y.at(-0.5)), &words.say("scale-low-energy"));
    pen.text("scale", (X.at(-0.5), 312.0), Anchor::Middle, &words.say("scale-unpleasant"));
    pen.text("scale", (X.at(0.5), 312.0), Anchor::Middle, &words.say("scale-pleasant"));
}

fn label_all(
    pen: &mut Pen,
    plane: &Plane,
    (dots, path): (&[Point], &[Option<Point>]),
    [middle, before]: [Option<Point>; 2],
    mut taken: Vec<Box>,
) {
    let named = plane.dots.iter().zip(dots).filter_map(|(dot, at)| Some((*at, "label", dot.label.as_deref()?)));
    let ([now, then], [first, last]) = (&plane.names, &plane.ends);
    let way: Vec<Point> = path.iter().flatten().copied().collect();
    // A way of one step has no two ends.
    let ends = if way.len() > 1 { [way.first().copied(), way.last().copied()] } else { [None, None] };
    let others = [
        (middle, "label strong", now.as_str()),
        (before, "label", then.as_str()),
        (ends[0], "label", first.as_str()),
        (ends[1], "label", last.as_str()),
    ];
    let others = others.into_iter().filter_map(|(at, class, text)| Some((at?, class, text)));
    for (at, class, text) in named.chain(others).filter(|(.., text)| !text.is_empty()) {
        let (stand, anchor, covered) = place(at, text, &taken);
        pen.text(class, stand, anchor, text);
        taken.push(covered);
    }
}

/// What a label or a mark covers.
#[derive(Clone, Copy, Debug)]
struct Box {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Box {
    fn around((x, y): Point, radius: f64) -> Self {
        Self { left: x - radius, top: y - radius, right: x + radius, bottom: y + radius }
    }

    fn overlap(&self, other: &Self) -> f64 {
        let width = self.right.min(other.right) - self.left.max(other.left);
        let height = self.bottom.min(other.bottom) - self.top.max(other.top);
        width.max(0.0) * height.max(0.0)
    }

    /// How much of it lies outside the plane.
    fn outside(&self) -> f64 {
        (LEFT + 4.0 - self.left).max(0.0)
            + (self.right - RIGHT + 4.0).max(0.0)
            + (TOP + 2.0 - self.top).max(0.0)
            + (self.bottom - BOTTOM + 2.0).max(0.0)
    }
}

/// The place beside a point where a label covers least of what is there already; the earlier of equals.
fn place(at: Point, text: &str, taken: &[Box]) -> (Point, Anchor, Box) {
    #[expect(clippy::cast_precision_loss, reason = "a few letters")]
    let width = text.chars().count() as f64 * LETTER;
    let own = Box::around(at, 7.0);
    let places = [
        (13.0, 4.0, Anchor::Start),
        (-13.0, 4.0, Anchor::End),
        (0.0, -12.0, Anchor::Middle),
        (0.0, 20.0, Anchor::Middle),
        (9.0, -9.0, Anchor::Start),
        (-9.0, -9.0, Anchor::End),
        (9.0, 17.0, Anchor::Start),
        (-9.0, 17.0, Anchor::End),
        (14.0, -24.0, Anchor::Start),
        (-14.0, -24.0, Anchor::End),
        (14.0, 32.0, Anchor::Start),
        (-14.0, 32.0, Anchor::End),
    ];
    let mut best: Option<(f64, Point, Anchor, Box)> = None;
    // Every step down the list costs as much as crossing an axis: a label far off would seem to name another mark.
    let mut distance = 0.0;
    for (dx, dy, anchor) in places {
        let (x, y) = (at.0 + dx, at.1 + dy);
        let left = match anchor {
            Anchor::Start => x,
            Anchor::Middle => x - width / 2.0,
            Anchor::End => x - width,
        };
        let covered = Box { left, top: y - LINE + 3.0, right: left + width, bottom: y + 3.0 };
        let cost = taken.iter().map(|b| b.overlap(&covered)).sum::<f64>() - own.overlap(&covered)
            + 100.0 * covered.outside()
            + distance;
        distance += STEP;
        if best.as_ref().is_none_or(|(least, ..)| cost < *least - 0.01) {
            best = Some((cost, (x, y), anchor, covered));
        }
    }
    best.map_or((at, Anchor::Middle, own), |(_, point, anchor, covered)| (point, anchor, covered))
}

fn point((valence, arousal): (f64, f64)) -> Point {
    (X.at(valence), Y.at(arousal))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_keep_clear_of_marks_and_edges() {
        let beside = Box::around((120.0, 100.0), 7.0);
        let (_, anchor, covered) = place((100.0, 100.0), "this week", &[Box::around((100.0, 100.0), 7.0), beside]);
        assert_eq!(anchor, Anchor::End);
        assert!(covered.overlap(&beside) < 0.01);
        let (_, _, covered) = place((RIGHT - 12.0, TOP + 12.0), "week before", &[]);
        assert!(covered.outside() < 0.01, "{covered:?}");
    }
}
