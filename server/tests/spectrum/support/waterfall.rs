//! Spans as they were received, drawn: a line a span, one below the other in the order of their tree, by when they began and ended.

use std::fmt::Write as _;

use super::receiver::Received;

const NAMES: f64 = 330.0;
const TIMES: f64 = 560.0;
const LINE: f64 = 22.0;
const TOP: f64 = 64.0;

/// A part of the picture: a heading, and the traces below it.
pub struct Part<'a> {
    pub heading: &'a str,
    pub spans: Vec<&'a Received>,
}

/// The spans of a tree, each after its parent, with how deep it lies.
fn in_order<'a>(spans: &[&'a Received]) -> Vec<(usize, &'a Received)> {
    fn below<'a>(spans: &[&'a Received], parent: &Received, depth: usize, found: &mut Vec<(usize, &'a Received)>) {
        for span in spans.iter().filter(|span| span.parent.as_ref() == Some(&parent.id)) {
            found.push((depth, span));
            below(spans, span, depth + 1, found);
        }
    }
    let known = |id: &String| spans.iter().any(|span| span.id == *id);
    let mut found = Vec::new();
    for root in spans.iter().filter(|span| !span.parent.as_ref().is_some_and(known)) {
        found.push((0, *root));
        below(spans, root, 1, &mut found);
    }
    found
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of a picture")]
fn millis(nanos: u64) -> f64 {
    nanos as f64 / 1e6
}

/// The picture, in the colours that a reader's page has in its light or its dark.
pub fn draw(title: &str, parts: &[Part<'_>]) -> String {
    let lines: usize = parts.iter().map(|part| part.spans.len() + 2).sum();
    let height = TOP + LINE * f64::from(u32::try_from(lines).expect("few"));
    let width = NAMES + TIMES + 90.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{title}\">\n\
         <style>text{{font:13px system-ui,sans-serif;fill:#222}}.h{{font-weight:600}}.q{{fill:#666}}rect{{fill:#3b6ea5}}\
         .p{{fill:#8a5a9e}}.s{{fill:#4b8a5c}}.l{{stroke:#ddd}}svg{{background:#fff}}\
         @media(prefers-color-scheme:dark){{text{{fill:#eee}}.q{{fill:#aaa}}.l{{stroke:#444}}svg{{background:#161616}}}}</style>\n\
         <text class=\"h\" x=\"12\" y=\"28\" style=\"font-size:16px\">{title}</text>\n"
    );
    let mut y = TOP;
    for part in parts {
        let from = part.spans.iter().map(|span| span.from).min().unwrap_or(0);
        let whole = millis(part.spans.iter().map(|span| span.until).max().unwrap_or(0) - from).max(0.001);
        let _ = writeln!(
            svg,
            "<text class=\"h\" x=\"12\" y=\"{y:.0}\">{}</text><text class=\"q\" x=\"{NAMES}\" y=\"{y:.0}\">0</text>\
             <text class=\"q\" x=\"{:.0}\" y=\"{y:.0}\" text-anchor=\"end\">{whole:.0} ms</text>",
            part.heading,
            NAMES + TIMES
        );
        y += LINE;
        for (depth, span) in in_order(&part.spans) {
            let at = NAMES + TIMES * millis(span.from - from) / whole;
            let long = (TIMES * millis(span.until - span.from) / whole).max(1.5);
            let class = match span.name.split(' ').next() {
                Some("process") => "p",
                Some("send") => "s",
                _ => "r",
            };
            let indent = 12.0 + 14.0 * f64::from(u32::try_from(depth).expect("few"));
            let points = if span.links.is_empty() { "" } else { " →" };
            let _ = writeln!(
                svg,
                "<line class=\"l\" x1=\"{NAMES}\" x2=\"{:.0}\" y1=\"{:.1}\" y2=\"{:.1}\"/>\
                 <text x=\"{indent}\" y=\"{y:.0}\">{}{points}</text>\
                 <rect class=\"{class}\" x=\"{at:.1}\" y=\"{:.1}\" width=\"{long:.1}\" height=\"12\" rx=\"2\"/>\
                 <text class=\"q\" x=\"{:.1}\" y=\"{y:.0}\">{:.1} ms</text>",
                NAMES + TIMES,
                y + 5.0,
                y + 5.0,
                span.name,
                y - 11.0,
                (at + long + 5.0).min(NAMES + TIMES + 5.0),
                millis(span.until - span.from)
            );
            y += LINE;
        }
        y += LINE;
    }
    svg.push_str("</svg>\n");
    svg
}
