//! The design tokens as `style/tokens.css` has them, read so that the style guide shows what is true of the sheet and a test can
//! hold it against WCAG 2.2.

use std::collections::BTreeMap;

/// The sheet itself.
const SHEET: &str = include_str!("../../../../style/tokens.css");

/// The conditions and selectors of the sheet's themes.
const ROOT: &str = ":root";
const NOT_LIGHT: &str = ":root:not([data-theme=\"light\"])";
const DARK: &str = "@media (prefers-color-scheme: dark)";
const MORE: &str = "@media (prefers-contrast: more)";
const MORE_DARK: &str = "@media (prefers-contrast: more) and (prefers-color-scheme: dark)";

/// What text lies on.
pub const GROUNDS: [&str; 4] = ["surface", "ground", "sunken", "accent-soft"];
/// What is read on each of the grounds.
pub const READ: [&str; 3] = ["ink", "ink-soft", "accent"];
/// What marks, and the edges of fields, lie on.
pub const LIES_ON: [&str; 2] = ["surface", "ground"];
/// What has to be seen on each of those.
pub const SEEN: [&str; 5] = ["edge", "affect-hu", "affect-hp", "affect-lp", "affect-lu"];

/// One declaration of a token.
#[derive(Debug)]
struct Declared {
    media: String,
    selector: String,
    name: String,
    value: String,
}

/// The sheet's declarations, in order. It knows as much of CSS as the sheet needs.
fn declarations() -> Vec<Declared> {
    let mut found = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut text = String::new();
    let code: String =
        SHEET.split("/*").map(|piece| piece.split_once("*/").map_or(piece, |(_, after)| after)).collect();
    for c in code.chars() {
        match c {
            '{' => open.push(std::mem::take(&mut text).split_whitespace().collect::<Vec<_>>().join(" ")),
            '}' => {
                open.pop();
            }
            ';' => {
                let declaration = std::mem::take(&mut text);
                if let (Some((name, value)), Some(selector)) = (declaration.split_once(':'), open.last())
                    && let Some(name) = name.trim().strip_prefix("--")
                {
                    let media = open.iter().find(|prelude| prelude.starts_with("@media")).cloned().unwrap_or_default();
                    let (name, value) = (name.to_owned(), value.trim().to_owned());
                    found.push(Declared { media, selector: selector.clone(), name, value });
                }
            }
            c => text.push(c),
        }
    }
    found
}

/// A theme: every token with the value that it has there.
#[derive(Debug)]
pub struct Theme {
    /// What the style guide calls it.
    pub name: &'static str,
    /// The least contrast of text, and of marks.
    pub least: (f64, f64),
    values: BTreeMap<String, String>,
}

impl Theme {
    /// What a token is there, as the sheet writes it.
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).map(String::as_str).unwrap_or_default()
    }

    /// A colour.
    pub fn colour(&self, name: &str) -> Option<Colour> {
        Colour::parse(self.value(name))
    }

    /// The contrast of two tokens.
    pub fn contrast(&self, name: &str, on: &str) -> Option<f64> {
        Some(self.colour(name)?.contrast(self.colour(on)?))
    }

    /// The tokens whose names begin like this, in the order of their names.
    pub fn named(&self, beginning: &str) -> Vec<(&str, &str)> {
        let all = self.values.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        all.filter(|(name, _)| name.starts_with(beginning)).collect()
    }
}

/// The four themes in which colours are ours to say.
pub fn themes() -> [Theme; 4] {
    let declared = declarations();
    let theme = |name, least, layers: &[(&str, &str)]| {
        let mut values = BTreeMap::new();
        for (media, selector) in layers {
            let layer = declared.iter().filter(|d| d.media == *media && d.selector == *selector);
            values.extend(layer.map(|d| (d.name.clone(), d.value.clone())));
        }
        Theme { name, least, values }
    };
    let (plain, more) = ((4.5, 3.0), (7.0, 4.5));
    // As the cascade has them: the dark ones are more specific than the light one with more contrast.
    [
        theme("Light", plain, &[("", ROOT)]),
        theme("Dark", plain, &[("", ROOT), (DARK, NOT_LIGHT)]),
        theme("Light, more contrast", more, &[("", ROOT), (MORE, ROOT)]),
        theme("Dark, more contrast", more, &[("", ROOT), (MORE, ROOT), (DARK, NOT_LIGHT), (MORE_DARK, NOT_LIGHT)]),
    ]
}

/// A colour of the sheet, its three parts 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Colour([f64; 3]);

impl Colour {
    /// From `#rrggbb`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        Some(Self([red, green, blue].map(|part| f64::from(part) / 255.0)))
    }

    /// This colour with so much of another in it, as `color-mix(in srgb, …)` mixes.
    #[cfg(test)]
    fn with(self, share: f64, other: Self) -> Self {
        let mut mixed = self.0;
        for (part, other) in mixed.iter_mut().zip(other.0) {
            *part = *part * (1.0 - share) + other * share;
        }
        Self(mixed)
    }

    /// Relative luminance (WCAG 2.2).
    fn luminance(self) -> f64 {
        let [red, green, blue] =
            self.0.map(|part| if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// Contrast ratio (WCAG 2.2), 1 to 21.
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn layer(media: &str, selector: &str) -> BTreeMap<String, String> {
        let found = declarations().into_iter().filter(|d| d.media == media && d.selector == selector);
        found.map(|d| (d.name, d.value)).collect()
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        let colour = |text| Colour::parse(text).expect("a colour");
        assert!((colour("#000000").contrast(colour("#ffffff")) - 21.0).abs() < 1e-9);
        assert!((colour("#777777").contrast(colour("#ffffff")) - 4.48).abs() < 0.005);
        assert_eq!([Colour::parse("#fff"), Colour::parse("Canvas"), Colour::parse("")], [None; 3]);
    }

    #[test]
    fn whatever_is_read_or_has_to_be_seen_stands_out_in_every_theme() {
        for theme in themes() {
            let (text, marks) = theme.least;
            let held = |name: &str, on: &str, least: f64| {
                let found = theme.contrast(name, on).unwrap_or_else(|| panic!("{}: {name} on {on}", theme.name));
                assert!(found >= least, "{}: {name} on {on} is {found:.2}:1, not {least}:1", theme.name);
            };
            for on in GROUNDS {
                for name in READ {
                    held(name, on, text);
                }
            }
            held("accent-ink", "accent", text);
            for on in LIES_ON {
                for name in SEEN {
                    held(name, on, marks);
                }
            }
            // Fields and buttons lie on what was just said, too; what has the focus is ringed with the accent everywhere.
            for on in GROUNDS {
                held("edge", on, 3.0);
            }
            // A button under the pointer is a little darker.
            let of = |name| theme.colour(name).expect("a colour");
            let pressed = of("accent").with(0.12, of("ink"));
            assert!(of("accent-ink").contrast(pressed) >= text, "{}: a button under the pointer", theme.name);
            // Labels of the plane stand on the tinted quarters.
            let tint = theme.value("tint").trim_end_matches('%').parse::<f64>().expect("a share") / 100.0;
            for affect in ["affect-hu", "affect-hp", "affect-lp", "affect-lu"] {
                let quarter = of("ground").with(tint, of(affect));
                for name in ["ink", "ink-soft"] {
                    let found = of(name).contrast(quarter);
                    assert!(found >= text, "{}: {name} on the quarter of {affect} is {found:.2}:1", theme.name);
                }
            }
        }
    }

    #[test]
    fn a_theme_that_the_host_says_is_the_one_the_system_would_say() {
        assert_eq!(layer(DARK, NOT_LIGHT), layer("", ":root[data-theme=\"dark\"]"));
        assert_eq!(layer(MORE_DARK, NOT_LIGHT), layer(MORE, ":root[data-theme=\"dark\"]"));
        // Nothing of the light one with more contrast may be left over in the dark.
        let names = |layer: BTreeMap<String, String>| layer.into_keys().collect::<BTreeSet<_>>();
        assert!(names(layer(MORE_DARK, NOT_LIGHT)).is_superset(&names(layer(MORE, ROOT))));
    }

    #[test]
    fn with_forced_colours_every_colour_is_the_readers() {
        let forced = "@media (forced-colors: active)";
        let selectors = ":root, :root[data-theme], :root:not([data-theme=\"light\"])";
        let theirs = layer(forced, selectors);
        for (name, value) in layer("", ROOT).into_iter().chain(layer(MORE, ROOT)) {
            if Colour::parse(&value).is_some() {
                let value = theirs.get(&name).unwrap_or_else(|| panic!("{name} is ours with forced colours"));
                assert!(["Canvas", "CanvasText", "LinkText"].contains(&value.as_str()), "{name}: {value}");
            }
        }
    }

    #[test]
    fn affect_is_the_same_in_light_and_dark() {
        let [light, dark, ..] = themes();
        assert_eq!(light.named("affect-"), dark.named("affect-"));
        assert_eq!(light.named("affect-").len(), 4);
    }

    /// Text that was made larger grows, and none is smaller than 12 px.
    #[test]
    fn every_size_of_text_grows_with_the_readers() {
        let [light, ..] = themes();
        let sizes = light.named("text-");
        assert_eq!(sizes.len(), 6);
        for (name, value) in sizes {
            let first = value.trim_start_matches("clamp(").split("rem").next().and_then(|size| size.parse().ok());
            let least: f64 = first.unwrap_or_else(|| panic!("{name} is {value}"));
            assert!(least >= 0.75, "{name}: {value}");
        }
    }
}
