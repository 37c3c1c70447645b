//! The catalogues are whole: every message is in every language, with the same wordings and the same arguments, is used, and
//! says something.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    catalogue::{Catalogue, catalogue, files},
    checker::histories,
    *,
};
use crate::finding::detect;

/// Names of messages with, of each wording or of the value, the arguments it takes with those of the messages it refers to.
type Shape = BTreeMap<String, BTreeSet<String>>;

/// The parts of a file: what begins at the start of a line with a name and an equals sign.
fn messages(language: Language) -> BTreeMap<String, String> {
    let mut messages: BTreeMap<String, String> = BTreeMap::new();
    let mut name = String::new();
    for line in files(language).into_iter().flat_map(str::lines).filter(|line| !line.starts_with('#')) {
        if let Some((head, value)) = line.split_once('=').filter(|_| !line.starts_with([' ', '}'])) {
            head.trim().clone_into(&mut name);
            let twice = messages.insert(name.clone(), value.to_owned());
            assert!(twice.is_none(), "{name} is there twice in {language:?}");
        } else if let Some(text) = messages.get_mut(&name) {
            text.push('\n');
            text.push_str(line);
        }
    }
    messages
}

/// Everything that stands in braces: arguments with a dollar sign, other messages without.
fn inside_braces(text: &str) -> BTreeSet<String> {
    let names = text.split('{').skip(1).map(|rest| {
        let end =
            rest.find(|letter: char| !(letter.is_alphanumeric() || "$-_ ".contains(letter))).unwrap_or(rest.len());
        rest[..end].trim().trim_end_matches('-').trim().to_owned()
    });
    names.filter(|name| !name.is_empty()).collect()
}

fn arguments(name: &str, messages: &BTreeMap<String, String>, text: &str) -> BTreeSet<String> {
    let mut arguments = BTreeSet::new();
    for inside in inside_braces(text) {
        if let Some(argument) = inside.strip_prefix('$') {
            arguments.insert(argument.to_owned());
        } else {
            let next = messages.get(&inside).unwrap_or_else(|| panic!("{name} refers to {inside}, which is not there"));
            arguments.extend(self::arguments(&inside, messages, next));
        }
    }
    arguments
}

fn shape(language: Language) -> Shape {
    let messages = messages(language);
    let mut shape = Shape::new();
    for (name, text) in &messages {
        shape.insert(name.clone(), BTreeSet::new());
        let mut parts = text.split("\n    .");
        let value = parts.next().unwrap_or_default();
        if !value.trim().is_empty() {
            shape.insert(name.clone(), arguments(name, &messages, value));
        }
        for part in parts {
            let (attribute, text) = part.split_once('=').expect("a wording");
            shape.insert(format!("{name}.{}", attribute.trim()), arguments(name, &messages, text));
        }
    }
    shape
}

/// Parts that only one language has: articles and cases.
fn own_part(name: &str, all: &BTreeMap<String, String>) -> bool {
    let text = &all[name];
    !text.contains("\n    .") && !name.contains('.') && all.values().any(|other| inside_braces(other).contains(name))
}

#[test]
fn every_message_is_there_in_every_language_with_the_same_arguments() {
    let (english, german) = (messages(Language::English), messages(Language::German));
    let (in_english, in_german) = (shape(Language::English), shape(Language::German));
    for (name, _) in in_english.iter().filter(|(name, _)| !in_german.contains_key(*name)) {
        assert!(own_part(name, &english), "{name} is missing in German");
    }
    for (name, _) in in_german.iter().filter(|(name, _)| !in_english.contains_key(*name)) {
        assert!(own_part(name, &german), "{name} is missing in English");
    }
    // `grain` is in whatever names the period, which a language may leave to the context.
    let essential = |arguments: &BTreeSet<String>| {
        arguments.iter().filter(|name| *name != "grain").cloned().collect::<BTreeSet<String>>()
    };
    for (name, arguments) in in_english.iter().filter(|(name, _)| !own_part_of_either(name, &english, &german)) {
        assert_eq!(essential(arguments), essential(&in_german[name]), "{name}");
    }
}

fn own_part_of_either(name: &str, english: &BTreeMap<String, String>, german: &BTreeMap<String, String>) -> bool {
    let message = name.split('.').next().unwrap_or(name);
    let alone =
        |all: &BTreeMap<String, String>| !name.contains('.') && all.contains_key(message) && own_part(message, all);
    alone(english) || alone(german)
}

#[test]
fn every_file_is_read_without_a_problem() {
    for language in Language::ALL {
        for file in files(language) {
            assert!(Catalogue::is_readable(file), "{language:?}");
        }
    }
}

#[test]
fn every_message_is_used() {
    let code = [include_str!("said.rs"), include_str!("narrate.rs"), include_str!("explain.rs")].concat();
    for language in Language::ALL {
        let all = messages(language);
        for name in all.keys() {
            let by_code = code.contains(&format!("\"{name}\""));
            let by_others = all.values().any(|other| inside_braces(other).contains(name));
            assert!(by_code || by_others, "{name} is not used in {language:?}");
        }
    }
}

#[test]
fn every_wording_has_a_headline_and_a_body_and_there_are_enough() {
    for language in Language::ALL {
        for name in messages(language).keys() {
            let catalogue = catalogue(language);
            let (headlines, bodies) = (catalogue.wordings(name, "headline-"), catalogue.wordings(name, "body-"));
            assert_eq!(headlines, bodies, "{name}");
            let common = ["level-", "mix-", "changed-valence", "changed-arousal", "steady-", "nothing-new"];
            let by_counts = ["changed-family-higher", "changed-family-lower"].contains(&name.as_str());
            let least = if common.iter().any(|kind| name.starts_with(kind)) || by_counts { 3 } else { 2 };
            assert!(headlines == 0 || headlines >= least || name == said::COUNTED, "{name}: {headlines}");
        }
    }
}

/// Lookups that find nothing are silent, so a text without a hole is the proof that all were found.
#[test]
fn every_message_that_histories_lead_to_says_something() {
    let mut met = BTreeSet::new();
    for seed in 0..1_000 {
        for finding in detect(&histories::history(seed)) {
            met.insert(said::message(&finding));
            let words = write(&finding, Grain::Week, Language::German, seed);
            assert!(!words.headline.is_empty() && !words.body.is_empty(), "{finding:?}");
        }
    }
    let cards = include_str!("../../words/en/cards.ftl");
    let all = cards.lines().filter_map(|line| line.strip_suffix(" =")).filter(|name| !name.starts_with([' ', '#']));
    let unmet: Vec<&str> = all.filter(|name| !met.contains(name)).collect();
    println!("not met: {unmet:?}");
    assert!(!met.contains(said::COUNTED));
}

/// A few periods with many sessions can make all sessions together point the other way than the periods one by one. No
/// history of the tests does, so it is made by hand.
#[test]
fn counts_that_would_seem_to_say_the_opposite_are_not_given() {
    let mut found = (0..).flat_map(|seed| detect(&histories::history(seed)));
    let finding =
        found.find(|finding| said::message(finding) == "changed-family-higher").expect("a change of a family");
    let mut turned = finding.clone();
    let crate::finding::Subject::Family(family) = finding.subject else { panic!("of a family") };
    for of in turned.evidence.iter_mut().filter(|of| of.ago == 1) {
        of.n = if of.cell == crate::finding::CellPath::Family(family) { 9_999 } else { 10_000 };
    }
    assert_eq!(said::message(&turned), "changed-family-higher-by-period");
    for (language, opposite) in [(Language::English, "against"), (Language::German, "gegenüber")] {
        for seed in 0..9 {
            let body = write(&turned, Grain::Week, language, seed).body;
            assert!(!body.contains("9999") && !body.contains(opposite), "{body}");
        }
    }
}

/// FNV-1a (Fowler, Noll & Vo).
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

/// Receipts name the revision, so the same name has to stand for the same words for ever. Where this fails, the number in
/// `TEMPLATES` is raised and both are written here.
#[test]
fn a_changed_wording_has_another_revision() {
    let all: String = Language::ALL.into_iter().flat_map(files).collect();
    assert_eq!((TEMPLATES, hash(&all)), ("cards@1", 0x5D8C_1AB3_4D10_458B));
}
