//! The cards' catalogues. A message of a card has several wordings, as attributes `headline-1`, `body-1`, `headline-2` and
//! so on.

use std::sync::LazyLock;

use super::Language;
pub(super) use crate::words::Catalogue;

/// The text of the files of a language.
pub(super) const fn files(language: Language) -> [&'static str; 3] {
    match language {
        Language::English => [
            include_str!("../../words/en/cards.ftl"),
            include_str!("../../words/en/month.ftl"),
            include_str!("../../words/en/why.ftl"),
        ],
        Language::German => [
            include_str!("../../words/de/cards.ftl"),
            include_str!("../../words/de/month.ftl"),
            include_str!("../../words/de/why.ftl"),
        ],
    }
}

/// The messages of a language; they are read once.
pub(super) fn catalogue(language: Language) -> &'static Catalogue {
    static ENGLISH: LazyLock<Catalogue> =
        LazyLock::new(|| Catalogue::read(Language::English, &files(Language::English)));
    static GERMAN: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::read(Language::German, &files(Language::German)));
    match language {
        Language::English => &ENGLISH,
        Language::German => &GERMAN,
    }
}
