//! The four marks: a shape and a colour for each quadrant, so that neither has to be told by colour alone.
//!
//! High energy has corners that point, low energy lies flat or round.

use leptos::prelude::*;
use spectrum_domain::affect::Quadrant;

/// The shapes and the pattern, by their ids.
pub const SHAPES: &str = r#"<path id="m-hu" d="M0-6.2 6 4.6H-6Z"></path><path id="m-hp" d="M0-6.6 6.6 0 0 6.6-6.6 0Z"></path><circle id="m-lp" r="5.3"></circle><rect id="m-lu" x="-4.9" y="-4.9" width="9.8" height="9.8" rx="1.2"></rect><pattern id="few" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="few" d="M1.25 0V5"></path></pattern>"#;

/// The shapes, defined once a page; `use` elements name them.
pub fn symbols() -> impl IntoView {
    view! { <svg class="symbols" aria-hidden="true" width="0" height="0" inner_html=SHAPES></svg> }
}

/// The class that colours a mark.
pub const fn mark_class(quadrant: Quadrant) -> &'static str {
    match quadrant {
        Quadrant::HighUnpleasant => "mark hu",
        Quadrant::HighPleasant => "mark hp",
        Quadrant::LowPleasant => "mark lp",
        Quadrant::LowUnpleasant => "mark lu",
    }
}

/// The class that fills with a quadrant's colour.
pub const fn bar_class(quadrant: Quadrant) -> &'static str {
    match quadrant {
        Quadrant::HighUnpleasant => "bar hu",
        Quadrant::HighPleasant => "bar hp",
        Quadrant::LowPleasant => "bar lp",
        Quadrant::LowUnpleasant => "bar lu",
    }
}

/// The class that draws a line in a quadrant's colour.
pub const fn line_class(quadrant: Quadrant) -> &'static str {
    match quadrant {
        Quadrant::HighUnpleasant => "line hu",
        Quadrant::HighPleasant => "line hp",
        Quadrant::LowPleasant => "line lp",
        Quadrant::LowUnpleasant => "line lu",
    }
}

/// The class of a point on such a line.
pub const fn spot_class(quadrant: Quadrant) -> &'static str {
    match quadrant {
        Quadrant::HighUnpleasant => "spot hu",
        Quadrant::HighPleasant => "spot hp",
        Quadrant::LowPleasant => "spot lp",
        Quadrant::LowUnpleasant => "spot lu",
    }
}

/// The id of a quadrant's shape.
pub const fn mark_symbol(quadrant: Quadrant) -> &'static str {
    match quadrant {
        Quadrant::HighUnpleasant => "m-hu",
        Quadrant::HighPleasant => "m-hp",
        Quadrant::LowPleasant => "m-lp",
        Quadrant::LowUnpleasant => "m-lu",
    }
}

/// A mark by itself, beside words that say the same; a hollow ring for what does not count.
pub fn mark_icon(quadrant: Option<Quadrant>) -> impl IntoView {
    let content = quadrant.map_or_else(
        || r#"<circle class="hollow" r="4.5"/>"#.to_owned(),
        |quadrant| format!(r##"<use class="{}" href="#{}"/>"##, mark_class(quadrant), mark_symbol(quadrant)),
    );
    view! { <svg class="icon" aria-hidden="true" viewBox="-8 -8 16 16" inner_html=content></svg> }
}
