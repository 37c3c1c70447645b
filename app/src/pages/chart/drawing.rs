//! The pen: appends SVG elements to one text.

use std::fmt::Write as _;

use leptos::prelude::*;

use super::{WIDTH, mark::SHAPES};
use crate::islands::readout::Readout;

/// The style of a picture by itself: that of the pages in the light, in the colours themselves.
const STYLE: &str = include_str!("document.css");

/// A finished picture, to be put into a figure.
#[derive(Debug)]
pub struct Chart {
    height: u16,
    content: String,
    hint: Option<String>,
}

impl Chart {
    /// The same, whose marks can be touched: a line below it says what the table says of them, and as long as none is, this.
    pub fn touched(self, hint: String) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// The picture as an image with a name and a description, both ids of elements on the page.
    pub fn view(self, labelled_by: &'static str, described_by: &'static str) -> AnyView {
        let view_box = format!("0 0 {WIDTH} {}", self.height);
        let picture = view! {
            <svg
                class="chart"
                role="img"
                aria-labelledby=labelled_by
                aria-describedby=described_by
                viewBox=view_box
                inner_html=self.content
            ></svg>
        };
        match self.hint {
            Some(hint) => {
                view! { <Readout>{picture}<p class="readout" aria-hidden="true" data-hint=hint></p></Readout> }
                    .into_any()
            }
            None => picture.into_any(),
        }
    }
}

impl Chart {
    /// The picture as a document of its own: with its name, what it shows, the shapes it uses and colours for a light ground.
    pub fn document(self, title: &str, description: &str) -> String {
        // Air around it, as the page would give it; below it stands what the page says above.
        let (width, height) = (WIDTH + 32.0, f64::from(self.height) + 32.0);
        let mut out = String::with_capacity(self.content.len() + 4096);
        _ = write!(
            out,
            r#"<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" width="{width}" height="{height}" viewBox="-16 -16 {width} {height}"><title>"#
        );
        escape(&mut out, title);
        out.push_str("</title><desc>");
        escape(&mut out, description);
        _ = write!(out, "</desc><style>{STYLE}</style><defs>{SHAPES}</defs>");
        _ = write!(
            out,
            r#"<rect class="paper" x="-16" y="-16" width="{width}" height="{height}"/>{}</svg>"#,
            self.content
        );
        out
    }
}

/// Where a text stands at its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Begins there.
    Start,
    /// Is centred there.
    Middle,
    /// Ends there.
    End,
}

/// Draws one chart. Coordinates are rounded to a tenth of a pixel.
#[derive(Debug)]
pub struct Pen {
    height: u16,
    out: String,
}

/// A coordinate, rounded to a tenth and without a needless `.0`.
struct At(f64);

impl std::fmt::Display for At {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let tenths = (self.0 * 10.0).round() / 10.0;
        // Negative zero would be written with its sign.
        let tenths = if tenths == 0.0 { 0.0 } else { tenths };
        write!(f, "{tenths}")
    }
}

// Writing to a String can't fail, hence the discarded results below.
impl Pen {
    pub fn new(height: u16) -> Self {
        Self { height, out: String::with_capacity(4096) }
    }

    pub fn finish(self) -> Chart {
        Chart { height: self.height, content: self.out, hint: None }
    }

    pub fn rect(&mut self, class: &str, (x, y): (f64, f64), (width, height): (f64, f64), radius: f64) {
        let (x, y, width, height) = (At(x), At(y), At(width), At(height));
        _ = write!(self.out, r#"<rect class="{class}" x="{x}" y="{y}" width="{width}" height="{height}""#);
        if radius > 0.0 {
            _ = write!(self.out, r#" rx="{}""#, At(radius));
        }
        self.out.push_str("/>");
    }

    pub fn line(&mut self, class: &str, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
        let (x1, y1, x2, y2) = (At(x1), At(y1), At(x2), At(y2));
        _ = write!(self.out, r#"<path class="{class}" d="M{x1} {y1}L{x2} {y2}"/>"#);
    }

    pub fn circle(&mut self, class: &str, (x, y): (f64, f64), radius: f64) {
        let (x, y, radius) = (At(x), At(y), At(radius));
        _ = write!(self.out, r#"<circle class="{class}" cx="{x}" cy="{y}" r="{radius}"/>"#);
    }

    pub fn ellipse(&mut self, class: &str, (x, y): (f64, f64), (rx, ry): (f64, f64)) {
        let (x, y, rx, ry) = (At(x), At(y), At(rx), At(ry));
        _ = write!(self.out, r#"<ellipse class="{class}" cx="{x}" cy="{y}" rx="{rx}" ry="{ry}"/>"#);
    }

    /// One of the page's symbols, its middle at the point.
    pub fn symbol(&mut self, class: &str, symbol: &str, (x, y): (f64, f64)) {
        let (x, y) = (At(x), At(y));
        _ = write!(self.out, r##"<use class="{class}" href="#{symbol}" x="{x}" y="{y}"/>"##);
    }

    pub fn text(&mut self, class: &str, (x, y): (f64, f64), anchor: Anchor, text: &str) {
        let (x, y) = (At(x), At(y));
        self.open_text(class, anchor);
        _ = write!(self.out, r#" x="{x}" y="{y}">"#);
        self.close_text(text);
    }

    /// The same, drawn smaller or larger.
    pub fn scaled_symbol(&mut self, class: &str, symbol: &str, (x, y): (f64, f64), scale: f64) {
        let (x, y) = (At(x), At(y));
        _ = write!(
            self.out,
            r##"<use class="{class}" href="#{symbol}" transform="translate({x} {y})scale({scale})"/>"##
        );
    }

    /// An arrow from one point to another on the same height, its head at the second.
    pub fn arrow(&mut self, class: &str, (x1, y): (f64, f64), x2: f64) {
        let back = if x2 < x1 { 5.0 } else { -5.0 };
        let (x1, x2, back, y, up, down) = (At(x1), At(x2), At(x2 + back), At(y), At(y - 4.5), At(y + 4.5));
        _ = write!(self.out, r#"<path class="{class}" d="M{x1} {y}H{x2}M{back} {up}L{x2} {y}L{back} {down}"/>"#);
    }

    /// A text that reads from bottom to top, centred at the point.
    pub fn upright_text(&mut self, class: &str, (x, y): (f64, f64), text: &str) {
        let (x, y) = (At(x), At(y));
        self.open_text(class, Anchor::Middle);
        _ = write!(self.out, r#" transform="translate({x} {y})rotate(-90)">"#);
        self.close_text(text);
    }

    /// Draws only within a rectangle what `draw` draws.
    pub fn clipped(&mut self, id: &str, at: (f64, f64), size: (f64, f64), radius: f64, draw: impl FnOnce(&mut Self)) {
        _ = write!(self.out, r#"<clipPath id="{id}">"#);
        self.rect("", at, size, radius);
        _ = write!(self.out, r#"</clipPath><g clip-path="url(#{id})">"#);
        draw(self);
        self.out.push_str("</g>");
    }

    fn open_text(&mut self, class: &str, anchor: Anchor) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        _ = write!(self.out, r#"<text class="{class}"{anchor}"#);
    }

    fn close_text(&mut self, text: &str) {
        escape(&mut self.out, text);
        self.out.push_str("</text>");
    }
}

/// Appends a text so that it is one in a document too.
fn escape(out: &mut String, text: &str) {
    for part in text.chars() {
        match part {
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            other => out.push(other),
        }
    }
}

/// Maps −1…1 to a run of pixels.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    pub from: f64,
    pub to: f64,
}

impl Scale {
    pub fn at(self, figure: f64) -> f64 {
        f64::midpoint(self.from, self.to) + figure / 2.0 * (self.to - self.from)
    }

    /// How many pixels a distance takes.
    pub fn length(self, distance: f64) -> f64 {
        (distance / 2.0 * (self.to - self.from)).abs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_short_and_text_is_escaped() {
        let mut pen = Pen::new(10);
        pen.line("axis", (-0.01, 1.0), (2.25, 3.333));
        pen.text("", (1.0, 2.0), Anchor::End, "a < b & c");
        assert_eq!(
            pen.finish().content,
            r#"<path class="axis" d="M0 1L2.3 3.3"/><text class="" text-anchor="end" x="1" y="2">a &lt; b &amp; c</text>"#
        );
    }

    #[test]
    fn a_document_stands_by_itself() {
        let mut pen = Pen::new(10);
        pen.arrow("arrow", (1.0, 5.0), 9.0);
        let document = pen.finish().document("This & that", "3 of 4 < 5");
        assert!(document.starts_with(r#"<svg xmlns="http://www.w3.org/2000/svg""#) && document.ends_with("</svg>"));
        assert!(document.contains("<title>This &amp; that</title><desc>3 of 4 &lt; 5</desc>"));
        assert!(!document.contains("var("), "colours that only a page has");
    }

    #[test]
    fn a_scale_may_run_upwards() {
        let energy = Scale { from: 100.0, to: 0.0 };
        assert!((energy.at(1.0) - 0.0).abs() < 1e-9 && (energy.at(-0.5) - 75.0).abs() < 1e-9);
        assert!((energy.length(0.5) - 25.0).abs() < 1e-9);
    }
}
