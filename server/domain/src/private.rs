//! The wrapper that keeps a member's words from being shown, logged or serialised by accident.

use std::fmt;

use serde::Deserialize;

/// PRIVACY: holds what a member wrote. It can be read from JSON but never written to it, and its `Debug` and
/// `Display` say only how long it is. Reaching the words takes a call to [`Private::expose`], which can be searched for.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Private<T>(T);

/// PRIVACY: what a member or the assistant wrote. Modules that handle it forbid themselves the plain `String`
/// (`clippy::disallowed_types`), so this is the only text they can hold.
pub type PrivateText = Private<String>;

impl<T> Private<T> {
    /// Wraps what must stay private.
    pub const fn new(inner: T) -> Self {
        Self(inner)
    }

    /// The words themselves: only for the analyzer and the sealing of text.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl PrivateText {
    /// One text of several, with a line's end between.
    pub fn joined<'a>(parts: impl IntoIterator<Item = &'a str>) -> Self {
        Self(parts.into_iter().collect::<Vec<_>>().join("\n"))
    }
}

impl<T: AsRef<str>> Private<T> {
    /// Length in bytes of UTF-8.
    pub fn bytes(&self) -> usize {
        self.0.as_ref().len()
    }

    /// How many words there are, split at white space.
    pub fn words(&self) -> usize {
        self.0.as_ref().split_whitespace().count()
    }
}

impl<T: AsRef<str>> fmt::Debug for Private<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<T: AsRef<str>> fmt::Display for Private<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} bytes]", self.bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_a_length_and_nothing_else() {
        let text = Private::new("I was afraid".to_owned());
        assert_eq!(format!("{text} {text:?}"), "[12 bytes] [12 bytes]");
        assert_eq!(text.words(), 3);
    }
}
