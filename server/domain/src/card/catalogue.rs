//! The message catalogues: what can be said in each language, read from the Fluent files that are compiled in.
//!
//! A message of a card has several wordings, as attributes `headline-1`, `body-1`, `headline-2` and so on. That every
//! message is there in every language, with the same wordings and the same arguments, the tests hold; so a lookup that
//! finds nothing is no case that a member meets, and says nothing.

use std::sync::LazyLock;

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};

use super::Language;

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

/// The messages of one language.
pub(super) struct Catalogue(FluentBundle<FluentResource>);

impl Catalogue {
    /// Those of a language; they are read once.
    pub fn of(language: Language) -> &'static Self {
        static ENGLISH: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::read(Language::English));
        static GERMAN: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::read(Language::German));
        match language {
            Language::English => &ENGLISH,
            Language::German => &GERMAN,
        }
    }

    fn read(language: Language) -> Self {
        let mut bundle = FluentBundle::new_concurrent(language.tag().parse().into_iter().collect());
        // Marks around what is put in serve texts that mix directions of writing; ours do not.
        bundle.set_use_isolating(false);
        for file in files(language) {
            // What could be read is used; that everything can is a test.
            let resource = FluentResource::try_new(file.to_owned()).unwrap_or_else(|(readable, _)| readable);
            bundle.add_resource_overriding(resource);
        }
        Self(bundle)
    }

    /// How many wordings a message has: attributes whose name begins so.
    pub fn wordings(&self, message: &str, prefix: &str) -> u64 {
        let attributes = self.0.get_message(message).into_iter().flat_map(|found| found.attributes());
        attributes.map(|attribute| u64::from(attribute.id().starts_with(prefix))).sum()
    }

    /// The value of a message.
    pub fn say(&self, message: &str, args: &FluentArgs<'_>) -> String {
        self.find_and_say(message, None, args)
    }

    /// An attribute of a message.
    pub fn say_part(&self, message: &str, attribute: &str, args: &FluentArgs<'_>) -> String {
        self.find_and_say(message, Some(attribute), args)
    }

    fn find_and_say(&self, message: &str, attribute: Option<&str>, args: &FluentArgs<'_>) -> String {
        let found = self.0.get_message(message).and_then(|found| match attribute {
            None => found.value(),
            Some(name) => found.get_attribute(name).map(|attribute| attribute.value()),
        });
        let Some(pattern) = found else { return String::new() };
        let mut problems = Vec::new();
        let text = self.0.format_pattern(pattern, Some(args), &mut problems).into_owned();
        debug_assert!(problems.is_empty(), "{message}: {text}: {problems:?}");
        text
    }
}
