//! What a push says: a line and another from a catalogue, the same for everybody who reads that language.

use std::sync::LazyLock;

use super::PushKind;
use crate::{
    card::Language,
    words::{Args, Catalogue},
};

/// The words of a push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The first line.
    pub title: String,
    /// The second line.
    pub body: String,
    /// What the way to fewer of these is called.
    pub stop: String,
}

const fn file(language: Language) -> &'static str {
    match language {
        Language::English => include_str!("../../words/en/push.ftl"),
        Language::German => include_str!("../../words/de/push.ftl"),
    }
}

/// What a push of this kind says in a language.
pub fn words(kind: PushKind, language: Language) -> Words {
    static ENGLISH: LazyLock<Catalogue> =
        LazyLock::new(|| Catalogue::read(Language::English, &[file(Language::English)]));
    static GERMAN: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::read(Language::German, &[file(Language::German)]));
    let catalogue = match language {
        Language::English => &ENGLISH,
        Language::German => &GERMAN,
    };
    let say = |part: &str| catalogue.say(&format!("push-{}-{part}", kind.name()), &Args::new());
    Words { title: say("title"), body: say("body"), stop: catalogue.say("push-stop", &Args::new()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::affect::{EMOTION_NAMES, Family, Quadrant};

    #[test]
    fn every_push_has_its_words_in_every_language() {
        for language in Language::ALL {
            assert!(Catalogue::is_readable(file(language)));
            for kind in PushKind::ALL {
                let Words { title, body, stop } = words(*kind, language);
                for text in [&title, &body, &stop] {
                    assert!(!text.is_empty() && text.chars().count() <= 60, "{language:?} {kind:?}: {text}");
                    assert!(!text.contains('!'), "{text}");
                }
            }
        }
    }

    /// PRIVACY: whoever sees a phone on a table learns that it has Spectrum, and nothing else.
    #[test]
    fn no_push_holds_a_number_or_a_word_of_feeling() {
        let mut feelings: Vec<String> = EMOTION_NAMES.iter().map(|emotion| (*emotion).to_owned()).collect();
        feelings.extend(Family::ALL.iter().map(|family| family.name().to_owned()));
        feelings.extend(Quadrant::ALL.iter().flat_map(|quadrant| quadrant.name().split('_').map(str::to_owned)));
        feelings.extend(
            [
                "pleasant",
                "unpleasant",
                "energy",
                "mood",
                "feel",
                "feeling",
                "emotion",
                "gefühl",
                "stimmung",
                "angenehm",
                "freude",
                "angst",
                "wut",
                "trauer",
                "sorge",
            ]
            .map(str::to_owned),
        );
        for language in Language::ALL {
            for kind in PushKind::ALL {
                let Words { title, body, stop } = words(*kind, language);
                let text = format!("{title} {body} {stop}").to_lowercase();
                assert!(!text.chars().any(|c| c.is_ascii_digit()), "{text}");
                for word in text.split(|c: char| !c.is_alphanumeric()) {
                    assert!(!feelings.iter().any(|feeling| feeling == word), "{word} in {text}");
                }
            }
        }
    }
}
