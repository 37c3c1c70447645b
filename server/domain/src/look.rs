//! How a host shows its member's pages: inside its own app or not, in which theme, and how large.

use std::str::FromStr;

/// How pages are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Look {
    /// Inside the host's own app, which is spoken to and has its own ways out.
    pub webview: bool,
    /// In which theme.
    pub theme: Theme,
    /// How large the letters are.
    pub font: FontScale,
}

/// A theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Theme {
    /// What the device says.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// The text is no theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be light, dark or system")]
pub struct BadTheme;

impl FromStr for Theme {
    type Err = BadTheme;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::System, Self::Light, Self::Dark].into_iter().find(|theme| theme.name() == text).ok_or(BadTheme)
    }
}

/// How large letters are, in whole per cent of the browser's own size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FontScale(u8);

impl Default for FontScale {
    fn default() -> Self {
        Self(100)
    }
}

/// The figure is no size of letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be between 0.8 and 2.0")]
pub struct BadFontScale;

impl FontScale {
    /// So many per cent.
    pub fn of_percent(percent: i16) -> Result<Self, BadFontScale> {
        u8::try_from(percent).ok().filter(|percent| (80..=200).contains(percent)).map(Self).ok_or(BadFontScale)
    }

    /// So many times the usual size, to the nearest per cent.
    pub fn of_factor(factor: f64) -> Result<Self, BadFontScale> {
        let percent = (factor * 100.0).round();
        // Compared first: what is no number is none of these either.
        if (80.0..=200.0).contains(&percent) {
            #[expect(clippy::cast_possible_truncation, reason = "a whole number between 80 and 200")]
            return Self::of_percent(percent as i16);
        }
        Err(BadFontScale)
    }

    /// In per cent.
    pub const fn percent(self) -> u8 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_is_taken_only_as_what_it_is() {
        for (factor, percent) in [(0.8, 80), (1.0, 100), (1.299, 130), (2.0, 200)] {
            assert_eq!(FontScale::of_factor(factor).map(FontScale::percent), Ok(percent), "{factor}");
        }
        for factor in [0.79, 2.01, 0.0, -1.0, f64::NAN, f64::INFINITY, 1e300] {
            assert_eq!(FontScale::of_factor(factor), Err(BadFontScale), "{factor}");
        }
        assert_eq!(FontScale::of_percent(256), Err(BadFontScale));
        for theme in [Theme::System, Theme::Light, Theme::Dark] {
            assert_eq!(theme.name().parse(), Ok(theme));
        }
        assert_eq!("Dark".parse::<Theme>(), Err(BadTheme));
    }
}
