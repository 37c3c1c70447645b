//! One count a period beside each other: columns from zero, each with its number above it.

use super::{
    WIDTH,
    drawing::{Anchor, Chart, Pen, Scale},
};

const HEIGHT: u16 = 196;
const Y: Scale = Scale { from: 152.0, to: 26.0 };

/// One period.
#[derive(Debug)]
pub struct Count {
    /// What stands under it; nothing where the names of its neighbours take the room.
    pub name: String,
    /// How many; nothing where that is not shown.
    pub n: Option<u64>,
}

/// Draws the counts.
pub fn series(counts: &[Count]) -> Chart {
    let mut pen = Pen::new(HEIGHT);
    let most = counts.iter().filter_map(|count| count.n).max().unwrap_or(1).max(1);
    let step = WIDTH / f64::from(u16::try_from(counts.len().max(1)).unwrap_or(1));
    pen.line("axis", (0.0, Y.from), (WIDTH, Y.from));
    let mut x = step / 2.0;
    for Count { name, n } in counts {
        if let Some(n) = n {
            #[expect(clippy::cast_precision_loss, reason = "a length of a picture")]
            let reach = Y.length(*n as f64 / most as f64).max(1.0);
            let wide = (step - 6.0).min(34.0);
            pen.rect("count", (x - wide / 2.0, Y.from - reach), (wide, reach), 2.0);
            pen.text("figure", (x, Y.from - reach - 7.0), Anchor::Middle, &short(*n));
        } else {
            pen.text("figure none", (x, Y.from - 7.0), Anchor::Middle, "–");
        }
        pen.text("day", (x, 176.0), Anchor::Middle, name);
        x += step;
    }
    pen.finish()
}

/// A count that has room over a column: `934`, `1.3k`, `12k`, `3.4M`.
fn short(n: u64) -> String {
    match n {
        ..1_000 => n.to_string(),
        1_000..10_000 => format!("{}.{}k", n / 1_000, n / 100 % 10),
        10_000..1_000_000 => format!("{}k", n / 1_000),
        _ => format!("{}.{}M", n / 1_000_000, n / 100_000 % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_stay_short() {
        assert_eq!([0, 999, 1_344, 45_678, 1_234_567].map(short), ["0", "999", "1.3k", "45k", "1.2M"]);
    }

    #[test]
    fn what_is_not_shown_has_no_column() {
        let counts = [Some(12), None, Some(40)].map(|n| Count { name: "16".to_owned(), n });
        let document = series(&counts).document("a", "b");
        assert_eq!(document.matches("class=\"count\"").count(), 2);
    }
}
