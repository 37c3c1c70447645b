//! Message catalogues: what is said in a language, read once from Fluent files that are compiled in.
//!
//! That every message is there in every language, with the same arguments, is held by tests wherever there is a catalogue;
//! so a lookup that finds nothing is no case that a member meets, and says nothing.

pub use fluent_bundle::{FluentArgs as Args, FluentValue as Value};
use fluent_bundle::{FluentResource, concurrent::FluentBundle};

use crate::card::Language;

/// The messages of one language.
pub struct Catalogue(FluentBundle<FluentResource>);

impl std::fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Catalogue").field(&self.0.locales).finish()
    }
}

impl Catalogue {
    /// The messages of these files.
    pub fn read(language: Language, files: &[&str]) -> Self {
        let mut bundle = FluentBundle::new_concurrent(language.tag().parse().into_iter().collect());
        // Marks around what is put in serve texts that mix directions of writing; ours do not.
        bundle.set_use_isolating(false);
        for file in files {
            // What could be read is used; that everything can is a test.
            let resource = FluentResource::try_new((*file).to_owned()).unwrap_or_else(|(readable, _)| readable);
            bundle.add_resource_overriding(resource);
        }
        Self(bundle)
    }

    /// Whether a file can be read without a problem.
    pub fn is_readable(file: &str) -> bool {
        FluentResource::try_new(file.to_owned()).is_ok()
    }

    /// Whether there is such a message.
    pub fn has(&self, message: &str) -> bool {
        self.0.has_message(message)
    }

    /// How many wordings a message has: attributes whose name begins so.
    pub fn wordings(&self, message: &str, prefix: &str) -> u64 {
        let attributes = self.0.get_message(message).into_iter().flat_map(|found| found.attributes());
        attributes.map(|attribute| u64::from(attribute.id().starts_with(prefix))).sum()
    }

    /// The value of a message.
    pub fn say(&self, message: &str, args: &Args<'_>) -> String {
        self.find_and_say(message, None, args)
    }

    /// An attribute of a message.
    pub fn say_part(&self, message: &str, attribute: &str, args: &Args<'_>) -> String {
        self.find_and_say(message, Some(attribute), args)
    }

    fn find_and_say(&self, message: &str, attribute: Option<&str>, args: &Args<'_>) -> String {
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
