//! Tests of the checker itself: a true text in which one thing was made false has to be caught, whichever thing it is.

use super::{histories::history, of_language, periods, tokens, verdict::check};
use crate::{
    card::{Grain, Language},
    finding::{History, detect},
};

/// Words that can be taken for each other, and then say something else; of each line any for any.
const ENGLISH: [&[&str]; 16] = [
    &["Joy", "Interest", "Hope", "Warmth", "Calm", "Worry", "Anger", "Sadness", "Regret"],
    &["joy", "interest", "hope", "warmth", "calm", "worry", "anger", "sadness", "regret"],
    &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    &["night", "morning", "afternoon", "evening"],
    &["Night", "Morning", "Afternoon", "Evening"],
    &["Mirror", "Turn", "Lens"],
    &["more pleasant", "less pleasant"],
    &["higher", "lower"],
    &["more often", "less often"],
    &["leaned pleasant", "leaned unpleasant"],
    &["the pleasant side", "the unpleasant side"],
    &["towards high energy", "towards low energy"],
    &["towards pleasant", "towards unpleasant"],
    &["rise", "fall"],
    &["faster", "slower"],
    &["last four", "last twelve"],
];
const GERMAN: [&[&str]; 16] = [
    &["Freude", "Interesse", "Hoffnung", "Wärme", "Ruhe", "Sorge", "Ärger", "Traurigkeit", "Bedauern"],
    &["montags", "dienstags", "mittwochs", "donnerstags", "freitags", "samstags", "sonntags"],
    &["Montags", "Dienstags", "Mittwochs", "Donnerstags", "Freitags", "Samstags", "Sonntags"],
    &["nachts", "vormittags", "nachmittags", "abends"],
    &["Nachts", "Vormittags", "Nachmittags", "Abends"],
    &["Mirror", "Turn", "Lens"],
    &["angenehmer", "weniger angenehm"],
    &["höher", "tiefer"],
    &["öfter", "seltener"],
    &["zum Angenehmen", "zum Unangenehmen"],
    &["der angenehmen", "der unangenehmen"],
    &["mehr Energie", "weniger Energie"],
    &["hoher Energie", "niedriger Energie"],
    &["stieg", "sank"],
    &["schneller", "langsamer"],
    &["letzten vier", "letzten zwölf"],
];
const PERIODS: [(&str, &str); 6] = [
    ("weeks", "months"),
    ("week", "month"),
    ("Wochen", "Monate"),
    ("Woche", "Monat"),
    ("months", "weeks"),
    ("month", "week"),
];

/// The text with each of its numbers, one after the other, made another.
fn with_other_numbers(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let mut falsified = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        let digit = |i: usize| letters.get(i).is_some_and(char::is_ascii_digit);
        if !digit(at) {
            at += 1;
            continue;
        }
        let start = at;
        while digit(at) || (letters.get(at).is_some_and(|l| ".,".contains(*l)) && digit(at + 1)) {
            at += 1;
        }
        let number: String = letters[start..at].iter().collect();
        let (head, tail): (String, String) = (letters[..start].iter().collect(), letters[at..].iter().collect());
        let others = if let Some((whole, decimals)) = number.split_once(['.', ',']) {
            let mark = if number.contains(',') { "," } else { "." };
            let width = decimals.len();
            let up = (decimals.parse::<u32>().expect("digits") + 3) % 10_u32.pow(u32::try_from(width).expect("few"));
            vec![format!("{whole}{mark}{up:0width$}")]
        } else {
            let n: u32 = number.parse().expect("digits");
            vec![(n + 1).to_string(), (n * 10 + 7).to_string()]
        };
        falsified.extend(others.into_iter().map(|other| format!("{head}{other}{tail}")));
    }
    falsified
}

/// The text with one word or phrase taken for another of its line, everywhere.
fn with_other_words(text: &str, lines: &[&[&str]]) -> Vec<String> {
    let mut falsified = Vec::new();
    for line in lines {
        for from in *line {
            let others = line.iter().filter(|to| *to != from);
            falsified.extend(others.filter_map(|to| tokens::replaced(text, from, to)));
        }
    }
    falsified
}

fn with_another_period(text: &str) -> Vec<String> {
    PERIODS.iter().filter_map(|(from, to)| tokens::replaced(text, from, to)).collect()
}

/// Whether two families were in as many sessions, in the period or the one before: then either name is true.
fn alike(history: &History, one: usize, other: usize) -> bool {
    let mut periods = std::iter::once(&history.period).chain(history.before.first());
    periods.any(|rollup| rollup.families[one] == rollup.families[other])
}

/// Falsified texts that were made and that were caught, by kind of falsehood; those that were not.
fn caught(language: Language, falsify: impl Fn(&str, &History) -> Vec<String>) -> (usize, Vec<String>) {
    let (mut made, mut missed) = (0, Vec::new());
    for seed in 0..100 {
        let grain = if seed % 2 == 0 { Grain::Week } else { Grain::Month };
        let history = history(seed);
        let findings = detect(&history);
        for text in of_language(&findings, |_| true, &history, (grain, language), seed) {
            for falsified in falsify(&text, &history) {
                made += 1;
                if check(&falsified, grain, &periods(&history)).is_ok() {
                    missed.push(format!("{seed}: {falsified}"));
                }
            }
        }
    }
    (made, missed)
}

fn every_one_is_caught(what: &str, falsify: impl Fn(&str, &History) -> Vec<String> + Copy) {
    for language in Language::ALL {
        let (made, missed) = caught(language, falsify);
        println!("{what}, {language:?}: {made} falsified, {} missed", missed.len());
        assert!(
            made > 100 && missed.is_empty(),
            "{} of {made}:\n{}",
            missed.len(),
            missed[..missed.len().min(20)].join("\n")
        );
    }
}

#[test]
fn a_wrong_number_is_caught() {
    every_one_is_caught("numbers", |text, _| with_other_numbers(text));
}

#[test]
fn a_wrong_direction_or_weekday_is_caught() {
    every_one_is_caught("directions and places", |text, _| {
        with_other_words(text, &[&ENGLISH[2..], &GERMAN[1..]].concat())
    });
}

#[test]
fn a_wrong_feeling_is_caught() {
    every_one_is_caught("feelings", |text, history| {
        let mut falsified = Vec::new();
        for names in [ENGLISH[0], ENGLISH[1], GERMAN[0]] {
            for (one, from) in names.iter().enumerate() {
                let others =
                    names.iter().enumerate().filter(|(other, _)| *other != one && !alike(history, one, *other));
                falsified.extend(others.filter_map(|(_, to)| tokens::replaced(text, from, to)));
            }
        }
        falsified
    });
}

#[test]
fn a_wrong_period_is_caught() {
    every_one_is_caught("periods", |text, _| with_another_period(text));
}
