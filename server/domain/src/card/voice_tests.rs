//! How cards and months sound: lengths, words that are never said, reading level, and that weeks do not repeat.

use super::{checker::histories, *};
use crate::finding::{History, detect, select};

const HISTORIES: u64 = 300;

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

fn grain(seed: u64) -> Grain {
    if seed.is_multiple_of(2) { Grain::Week } else { Grain::Month }
}

fn each_card(language: Language, mut see: impl FnMut(&Finding, Words)) {
    for seed in 0..HISTORIES {
        for finding in detect(&histories::history(seed)) {
            for wording in 0..4 {
                see(&finding, write(&finding, grain(seed), language, seed + wording));
            }
        }
    }
}

fn narrative(history: &History, language: Language, seed: u64) -> Narrative {
    narrate(&detect(history), &history.period, &history.before, language, seed)
}

fn whole(narrative: &Narrative) -> String {
    let sections = narrative.sections.iter().map(|section| format!("{}. {}", section.heading, section.text));
    sections.chain([narrative.question.clone()]).collect::<Vec<_>>().join(" ")
}

#[test]
fn headlines_and_bodies_are_short() {
    for language in Language::ALL {
        each_card(language, |finding, said| {
            let letters = said.headline.chars().count();
            assert!((1..=60).contains(&letters), "{letters}: {}", said.headline);
            assert!((1..=45).contains(&words(&said.body)), "{}", said.body);
            assert!(!said.headline.contains("  ") && !said.body.contains('{'), "{said:?}");
            assert!(said.headline.chars().next().is_some_and(|l| l.is_uppercase() || l.is_numeric()), "{said:?}");
            assert_ne!(said::message(finding), said::COUNTED, "{finding:?}");
        });
    }
}

#[test]
fn five_cards_are_read_in_a_minute() {
    for language in Language::ALL {
        let mut all = Vec::new();
        for seed in 0..HISTORIES {
            let findings = detect(&histories::history(seed));
            let feed = select(&findings);
            let cards = feed.iter().zip(seed..).map(|(finding, seed)| write(finding, Grain::Week, language, seed));
            let count: usize = cards.map(|said| words(&said.headline) + words(&said.body)).sum();
            if feed.len() == 5 {
                all.push(count);
            }
        }
        let mean = all.iter().sum::<usize>() / all.len();
        let most = all.iter().max().copied().unwrap_or_default();
        println!("{language:?}: five cards have {mean} words on average, {most} at most");
        // Members of these histories have far more patterns than are usual, and patterns take the most words.
        assert!(mean <= 115 && most <= 135, "{mean} {most}");
    }
}

#[test]
fn a_month_is_told_in_three_to_five_sections_and_one_question() {
    let mut told = 0;
    for seed in 0..HISTORIES {
        for language in Language::ALL {
            let history = histories::history(seed);
            let said = narrative(&history, language, seed);
            if history.period.tier() < Tier::Enough {
                assert_eq!((said.sections.len(), said.question.as_str()), (0, ""));
                continue;
            }
            told += 1;
            assert!((3..=5).contains(&said.sections.len()), "{said:?}");
            assert!(said.question.ends_with('?') && said.question.matches('?').count() == 1, "{}", said.question);
            assert!(!said.sections.iter().any(|section| section.text.contains('?') || section.text.is_empty()));
            let count = words(&whole(&said));
            assert!(count <= 250, "{count}: {said:?}");
        }
    }
    assert!(told > 200, "{told}");
}

/// Diagnoses, treatment, certainty about inner states, advice, praise, judgement, forecasts.
fn forbidden(language: Language) -> &'static [&'static str] {
    match language {
        Language::English => &[
            "you are",
            "you were",
            "you felt",
            "you feel",
            "you will",
            "you should",
            "should",
            "must",
            "try",
            "need to",
            "remember to",
            "depress",
            "anxi",
            "bipolar",
            "adhd",
            "trauma",
            "disorder",
            "symptom",
            "therap",
            "diagnos",
            "treat",
            "healthy",
            "unhealthy",
            "great",
            "well done",
            "good",
            "bad",
            "worse",
            "worst",
            "better",
            "best",
            "positive",
            "negative",
            "congrat",
            "proud",
            "amazing",
            "wonderful",
            "journey",
            "will be",
            "going to",
            "progress",
            "improv",
            "fail",
            "because",
            "caused",
            "thanks to",
            "!",
            "problem",
            "warning",
            "normal",
        ],
        Language::German => &[
            "du bist",
            "du warst",
            "du fühlst",
            "du fühltest",
            "du wirst",
            "du solltest",
            "sollte",
            "musst",
            "versuch",
            "depress",
            "bipolar",
            "adhs",
            "trauma",
            "störung",
            "symptom",
            "therap",
            "diagnos",
            "behandl",
            "gesund",
            "großartig",
            "gut gemacht",
            "schlecht",
            "schlimm",
            "besser",
            "am besten",
            "positiv",
            "negativ",
            "glückwunsch",
            "stolz auf",
            "reise",
            "wird sein",
            "fortschritt",
            "verbesser",
            "scheiter",
            "verursacht",
            "!",
            "problem",
            "warnung",
            "normal",
        ],
    }
}

#[test]
fn some_words_are_never_said() {
    let mut all: Vec<(Language, String)> = Vec::new();
    for language in Language::ALL {
        for file in catalogue::files(language) {
            let lines = file.lines().filter(|line| !line.starts_with('#'));
            all.extend(lines.map(|line| (language, line.to_lowercase())));
        }
    }
    for (language, line) in all {
        for word in forbidden(language) {
            let begins = line.match_indices(word).any(|(at, _)| !line[..at].ends_with(char::is_alphabetic));
            assert!(!begins, "{word}: {line}");
        }
    }
}

#[test]
fn the_same_seed_says_the_same_and_weeks_do_not_repeat() {
    for language in Language::ALL {
        let finding = detect(&histories::usual(1)).into_iter().find(|f| f.kind == crate::finding::Kind::Level);
        let finding = finding.expect("a level");
        let said = |seed| write(&finding, Grain::Week, language, seed);
        assert_eq!(said(7), said(7));
        let seeds = 3_000_u64;
        let alike = (0..seeds).filter(|seed| said(*seed) == said(seed + 1)).count();
        let share = f64::from(u32::try_from(alike).expect("few")) / 3_000.0;
        println!("{language:?}: the same wording in {:.1} % of neighbouring seeds", share * 100.0);
        // Three wordings: a third by chance; ± 0.03 are more than three standard errors.
        assert!(share < 1.0 / 3.0 + 0.03, "{share}");
    }
}

/// The grade of Flesch and Kincaid (Kincaid et al. 1975) of an English text.
fn grade(text: &str) -> f64 {
    let count = |n: usize| f64::from(u32::try_from(n).expect("few"));
    let sentences = text.matches(['.', '?', ':', ';']).count().saturating_sub(text.matches("0.").count()).max(1);
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let syllables: usize = words.iter().map(|word| syllables(word)).sum();
    0.39 * count(words.len()) / count(sentences) + 11.8 * count(syllables) / count(words.len()) - 15.59
}

/// Groups of vowels, without a silent e at the end; a number is as many as it has digits.
fn syllables(word: &str) -> usize {
    let letters: Vec<char> = word.chars().filter(|letter| letter.is_alphanumeric()).collect();
    let digits = letters.iter().filter(|letter| letter.is_ascii_digit()).count();
    let vowel = |letter: &char| "aeiouy".contains(*letter);
    let mut groups = 0;
    for (at, letter) in letters.iter().enumerate() {
        groups += usize::from(vowel(letter) && (at == 0 || !vowel(&letters[at - 1])));
    }
    let silent = letters.len() > 2 && letters.ends_with(&['e']) && !letters.ends_with(&['l', 'e']);
    (digits + groups - usize::from(silent && groups > 1)).max(1)
}

#[test]
fn a_child_of_twelve_can_read_it() {
    let (mut sum, mut n) = (0.0, 0.0);
    each_card(Language::English, |_, said| {
        sum += grade(&format!("{} {}", said.headline, said.body));
        n += 1.0;
    });
    let cards = sum / n;
    let months = (0..HISTORIES).map(|seed| narrative(&histories::history(seed), Language::English, seed));
    let grades: Vec<f64> = months.filter(|said| !said.sections.is_empty()).map(|said| grade(&whole(&said))).collect();
    let month = grades.iter().sum::<f64>() / f64::from(u32::try_from(grades.len()).expect("few"));
    println!("Flesch-Kincaid grade: cards {cards:.1}, months {month:.1}");
    assert!(cards <= 8.0 && month <= 8.0, "{cards} {month}");
}

#[test]
fn why_a_card_is_shown_is_said_in_whole_sentences() {
    let rollups = vec![];
    let generated_at = DateTime::UNIX_EPOCH;
    let by = [
        Generator::Template { revision: TEMPLATES.to_owned() },
        Generator::Model { model: "small".to_owned(), prompt: "weekly@1#0123456789abcdef".to_owned() },
    ];
    for seed in 0..200 {
        let history = histories::history(seed);
        let own = &history.period;
        let receipt = Receipt {
            sessions: own.sessions,
            turns: own.turns,
            days: own.days,
            tier: own.tier(),
            rollups: rollups.clone(),
            generator: by[usize::from(seed % 3 == 0)].clone(),
            generated_at,
        };
        for finding in detect(&history) {
            for language in Language::ALL {
                let said = explain(&finding, &receipt, grain(seed), language);
                assert!((5..=8).contains(&said.len()), "{said:?}");
                assert!(
                    said.iter().all(|s| s.ends_with('.') && !s.contains(['{', '!', '?']) && words(s) <= 40),
                    "{said:?}"
                );
                assert!(own.sessions == 0 || said[0].starts_with(&own.sessions.to_string()), "{said:?}");
                let tested = finding.test.is_some_and(|test| test.tested > 1);
                let count = finding.test.map_or(0, |test| test.tested).to_string();
                assert!(!tested || said.iter().any(|s| s.contains(&count)), "{said:?}");
                let last = said.last().map(String::as_str).unwrap_or_default();
                assert!(last.contains(TEMPLATES) || last.contains("weekly@1"), "{last}");
            }
        }
    }
}

#[test]
#[ignore = "prints cards, months and reasons to look at"]
fn samples() {
    for language in Language::ALL {
        for seed in 0..12 {
            let history = histories::history(seed);
            let findings = detect(&history);
            for finding in select(&findings) {
                let said = write(finding, grain(seed), language, seed);
                println!("{:?} {seed}: {} | {}", finding.kind, said.headline, said.body);
            }
            if grain(seed) == Grain::Month {
                println!("{:#?}", narrative(&history, language, seed));
            }
        }
    }
}
