//! Five minutes in five small columns, and the same in words for who does not see them.

use std::fmt::Write as _;

use leptos::prelude::*;
use spectrum_core::queue::pace::MINUTES;

const WIDTH: f64 = 60.0;
const HEIGHT: f64 = 20.0;
const GAP: f64 = 2.0;

/// What ended in each minute, oldest first.
pub fn spark(ended: &[i64; MINUTES]) -> AnyView {
    let columns = columns(ended);
    let label = said(ended);
    view! {
        <svg class="spark" role="img" aria-label=label viewBox=format!("0 0 {WIDTH} {HEIGHT}") inner_html=columns></svg>
    }
    .into_any()
}

/// The picture in words.
fn said(ended: &[i64; MINUTES]) -> String {
    let figures: Vec<String> = ended.iter().map(ToString::to_string).collect();
    format!("Ended in each of the last five minutes: {}", figures.join(", "))
}

/// Its columns as SVG; a minute in which nothing ended has a line at the ground.
fn columns(ended: &[i64; MINUTES]) -> String {
    let most = ended.iter().copied().max().unwrap_or_default().max(1);
    #[expect(clippy::cast_precision_loss, reason = "pixels")]
    let step = (WIDTH + GAP) / MINUTES as f64;
    let mut out = String::new();
    let mut x = 0.0;
    for n in ended {
        #[expect(clippy::cast_precision_loss, reason = "pixels")]
        let share = *n as f64 / most as f64;
        let height = (share * HEIGHT).max(1.0);
        // Writing to a String can't fail.
        _ = write!(
            out,
            r#"<rect x="{x:.1}" y="{:.1}" width="{:.1}" height="{height:.1}"/>"#,
            HEIGHT - height,
            step - GAP
        );
        x += step;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tallest_fills_the_picture_and_none_is_a_line() {
        let drawn = columns(&[0, 5, 10, 0, 1]);
        assert_eq!(drawn.matches("<rect").count(), MINUTES);
        assert!(
            drawn.contains(r#"y="0.0" width="10.4" height="20.0""#) && drawn.contains(r#"height="1.0""#),
            "{drawn}"
        );
        assert!(columns(&[0; MINUTES]).contains(r#"y="19.0""#));
        assert_eq!(said(&[1, 2, 3, 4, 5]), "Ended in each of the last five minutes: 1, 2, 3, 4, 5");
    }
}
