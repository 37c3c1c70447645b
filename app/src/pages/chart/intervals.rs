//! Differences with their intervals beside each other, and the line on which there would be none.

use super::{
    WIDTH,
    drawing::{Anchor, Chart, Pen, Scale},
};

const HEIGHT: u16 = 212;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 168.0;

/// One difference.
#[derive(Debug)]
pub struct Gap {
    /// What stands under it.
    pub name: String,
    /// The difference and both ends of its interval, fractions; nothing where it is not shown.
    pub gap: Option<(f64, f64, f64)>,
}

/// Draws the differences, in points.
pub fn intervals(gaps: &[Gap]) -> Chart {
    let mut pen = Pen::new(HEIGHT);
    let ends = gaps.iter().filter_map(|gap| gap.gap).flat_map(|(_, low, high)| [low.abs(), high.abs()]);
    // Whole steps of five points, so that pictures of one experiment are of one scale for weeks.
    let reach = (ends.fold(0.05, f64::max) * 20.0).ceil() / 20.0;
    let y = Scale { from: BOTTOM, to: TOP };
    let at = |fraction: f64| y.at(fraction / reach);
    for (class, fraction) in [("grid", reach), ("axis", 0.0), ("grid", -reach)] {
        pen.line(class, (34.0, at(fraction)), (WIDTH, at(fraction)));
        let points = (fraction * 100.0).round() + 0.0;
        let sign = if points > 0.0 {
            "+"
        } else if points < 0.0 {
            "−"
        } else {
            ""
        };
        pen.text("day", (28.0, at(fraction) + 4.0), Anchor::End, &format!("{sign}{:.0}", points.abs()));
    }
    let step = (WIDTH - 40.0) / f64::from(u16::try_from(gaps.len().max(1)).unwrap_or(1));
    let mut x = 40.0 + step / 2.0;
    for Gap { name, gap } in gaps {
        if let Some((difference, low, high)) = gap {
            pen.line("whisker", (x, at(*low)), (x, at(*high)));
            pen.circle("count", (x, at(*difference)), 4.5);
        } else {
            pen.text("figure none", (x, at(0.0) - 7.0), Anchor::Middle, "–");
        }
        pen.text("day", (x, 192.0), Anchor::Middle, name);
        x += step;
    }
    pen.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_difference_has_its_interval_and_what_is_not_shown_has_neither() {
        let gaps = [Some((0.04, -0.01, 0.09)), None].map(|gap| Gap { name: "1".to_owned(), gap });
        let document = intervals(&gaps).document("a", "b");
        assert_eq!(document.matches("class=\"whisker\"").count(), 1);
        assert_eq!(document.matches("class=\"count\"").count(), 1);
        assert!(document.contains("+10<") && document.contains("−10<"), "{document}");
    }
}
