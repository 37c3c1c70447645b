//! The swap test: a judge that sees two members' rollups and the five cards of one of them says whose they are.
//!
//! The judge reads numbers, names and directions by itself, without the reading that the checker has: each claim it can make
//! out gives a distance from what a rollup says, and the member with the smaller sum is taken. It never asks whether a card
//! is exactly true, so it would judge a model's wording, rounder or vaguer, as well.

use chrono::Weekday;

use super::histories;
use crate::{
    affect::Family,
    card::{Grain, Language, write},
    feature::Feature,
    finding::{History, detect, select},
    rollup::{Rollup, Tier},
};

/// The five cards, or as many as there are, as one text.
fn summary(history: &History, language: Language, seed: u64) -> String {
    let findings = detect(history);
    let cards = select(&findings).into_iter().zip(seed..).map(|(finding, seed)| {
        let words = write(finding, Grain::Week, language, seed);
        format!("{} {}", words.headline, words.body)
    });
    cards.collect::<Vec<_>>().join("\n")
}

fn mean(sum: i64, n: i32) -> f64 {
    f64::from(i32::try_from(sum).expect("small")) / f64::from(n.max(1)) / 1000.0
}

/// How far a figure lies from what is said, in units of what two members differ by anyway; at most one a claim.
fn off(said: f64, there: f64, unit: f64) -> f64 {
    ((said - there).abs() / unit).min(1.0)
}

/// How badly a text fits a member: the mean distance of its claims.
fn misfit(text: &str, history: &History) -> f64 {
    let all: Vec<f64> = text.lines().flat_map(|card| claims(card, history)).collect();
    all.iter().sum::<f64>() / f64::from(u32::try_from(all.len().max(1)).expect("few"))
}

const FAMILIES: [&[&str]; 9] = [
    &["joy", "freude"],
    &["interest", "interesse"],
    &["hope", "hoffnung"],
    &["warmth", "wärme"],
    &["calm", "ruhe"],
    &["worry", "sorge"],
    &["anger", "ärger"],
    &["sadness", "traurigkeit"],
    &["regret", "bedauern"],
];
const DAYS: [&[&str]; 7] = [
    &["monday", "montags"],
    &["tuesday", "dienstags"],
    &["wednesday", "mittwochs"],
    &["thursday", "donnerstags"],
    &["friday", "freitags"],
    &["saturday", "samstags"],
    &["sunday", "sonntags"],
];
const PARTS: [&[&str]; 4] =
    [&["night", "nachts"], &["morning", "vormittags"], &["afternoon", "nachmittags"], &["evening", "abends"]];

fn place(card: &str, names: &[&[&str]]) -> Option<usize> {
    let starts = |name: &&str| card.split(|letter: char| !letter.is_alphabetic()).any(|word| word.starts_with(*name));
    names.iter().position(|names| names.iter().any(&starts))
}

/// Numbers of a card: whole ones, and those with decimals.
fn numbers(card: &str) -> (Vec<f64>, Vec<f64>) {
    let mut parts: (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    for word in card.split([' ', '-', '(', ')', ':', ';']) {
        let plain = word.trim_end_matches(['.', ',', '?']).replace(',', ".").replace('−', "-");
        match plain.trim_start_matches('+').parse::<f64>() {
            Ok(number) if plain.contains('.') => parts.1.push(number),
            Ok(number) => parts.0.push(number),
            Err(_) => {}
        }
    }
    parts
}

fn claims(card: &str, history: &History) -> Vec<f64> {
    let card = card.to_lowercase();
    let now = &history.period;
    let (whole, figures) = numbers(&card);
    let mut claims = Vec::new();
    // Any count of sessions that is in the text should be near one that the member has.
    let n = f64::from(now.sessions);
    let day = place(&card, &DAYS);
    let part = place(&card, &PARTS);
    if let Some(feature) = Feature::ALL
        .into_iter()
        .find(|f| card.contains(&format!("{} sessions", f.name())) || card.contains(&format!("{}-sitzungen", f.name())))
    {
        claims.extend(of_feature(&card, feature, history, &whole, &figures));
    } else if day.is_some() || part.is_some() {
        let inside = |at: usize| day.is_none_or(|day| at / 4 == day) && part.is_none_or(|part| at % 4 == part);
        claims.extend(of_grid(&card, history, inside, &whole, &figures));
    } else if let Some(family) = place(&card, &FAMILIES) {
        let there = f64::from(now.families[Family::ALL[family].index()]);
        let said = whole.first().copied().unwrap_or_default();
        claims.push(off(said, there, 4.0));
        claims.push(off(whole.get(1).copied().unwrap_or_default(), n, 4.0));
        if card.contains("first") || card.contains("ersten") || card.contains("new this") || card.contains("neu in") {
            claims.push(if history.before.iter().any(|r| r.families[family] > 0) { 1.0 } else { 0.0 });
        }
    } else {
        claims.extend(whole.iter().filter(|said| **said > 1.0).take(1).map(|said| off(*said, n, 4.0)));
        let energy = !card.contains("pleas") && !card.contains("angenehm") && !card.contains("stimmung");
        let lies = if energy {
            mean(now.arousal.moments.sum, now.sessions)
        } else {
            mean(now.valence.moments.sum, now.sessions)
        };
        if card.contains("middle") || card.contains("mitte") || card.contains("around") || card.contains(" um ") {
            let nearest = figures.iter().map(|said| off(*said, lies, 0.2)).fold(1.0, f64::min);
            claims.extend((!figures.is_empty()).then_some(nearest));
        }
        claims.extend(tiers(&card, now));
    }
    claims
}

/// What is said of too little, or of much in one corner.
fn tiers(card: &str, now: &Rollup) -> Vec<f64> {
    let mut claims = Vec::new();
    let few = ["starts at three", "beginnt bei drei", "from three on", "ab drei wird"];
    if few.iter().any(|phrase| card.contains(phrase)) {
        claims.push(if now.tier() == Tier::Few { 0.0 } else { 1.0 });
    }
    let corners = [
        ("unpleasant, with high", "unangenehm, mit viel"),
        ("pleasant, with high", "angenehm, mit viel"),
        ("pleasant, with low", "angenehm, mit wenig"),
        ("unpleasant, with low", "unangenehm, mit wenig"),
    ];
    let named = |phrase: &str| card.contains(&format!(" {phrase}"));
    if let Some(at) = corners.iter().position(|(english, german)| named(english) || named(german)) {
        let said = numbers(card).0.first().copied().unwrap_or_default();
        claims.push(off(said, f64::from(now.quadrants[at]), 4.0));
    }
    claims
}

/// A weekday or a part of the day: how far apart, which way, and how many sessions.
fn of_grid(card: &str, history: &History, inside: impl Fn(usize) -> bool, whole: &[f64], figures: &[f64]) -> Vec<f64> {
    let (mut n, mut sum, mut others, mut other_sum) = (0, 0, 0, 0);
    for rollup in std::iter::once(&history.period).chain(&history.before).take(13) {
        for (at, cell) in rollup.grid.iter().enumerate() {
            let (count, total) = if inside(at) { (&mut n, &mut sum) } else { (&mut others, &mut other_sum) };
            *count += cell.sessions;
            *total += cell.valence;
        }
    }
    let gap = mean(sum, n) - mean(other_sum, others);
    let lower = ["less", "lower", "weniger", "tiefer"].iter().any(|word| card.contains(word));
    let said = figures.first().copied().unwrap_or_default() * if lower { -1.0 } else { 1.0 };
    let nearest = whole.iter().map(|said| off(*said, f64::from(n), 12.0)).fold(1.0, f64::min);
    vec![off(said, gap, 0.3), nearest]
}

/// A feature: how far its sessions moved, and how many of them there were.
fn of_feature(card: &str, feature: Feature, history: &History, whole: &[f64], figures: &[f64]) -> Vec<f64> {
    let energy = card.contains("energ");
    let (mut n, mut sum, mut squares, mut others, mut other_sum) = (0, 0, 0, 0, 0);
    for rollup in std::iter::once(&history.period).chain(&history.before).take(13) {
        for one in Feature::ALL {
            let impact = &rollup.feature(one).impact;
            let moments = if energy { impact.arousal } else { impact.valence };
            if one == feature {
                n += impact.sessions;
                sum += moments.sum;
                squares += moments.squares;
            } else {
                others += impact.sessions;
                other_sum += moments.sum;
            }
        }
    }
    let nearest = whole.iter().map(|said| off(*said, f64::from(n), 15.0)).fold(1.0, f64::min);
    let said = figures.first().copied().unwrap_or_default();
    let shift = mean(sum, n);
    let contrast = ["towards", "mehr zu", "richtung"].iter().any(|word| card.contains(word));
    let farthest = ["farthest", "weitesten"].iter().any(|word| card.contains(word));
    let figure = if farthest {
        off(said, (mean(squares, n) / 1000.0).sqrt(), 0.2)
    } else if contrast {
        let down =
            ["unpleasant", "low energy", "unangenehm", "niedriger energie"].iter().any(|word| card.contains(word));
        off(said * if down { -1.0 } else { 1.0 }, shift - mean(other_sum, others), 0.3)
    } else {
        off(said, shift, 0.3)
    };
    vec![figure, nearest]
}

/// Of 200 pairs the share in which the right member was taken; a draw is wrong.
fn rate(language: Language, sessions: (usize, usize)) -> f64 {
    let right = (0..200).filter(|pair| {
        let [own, other] = [2 * pair, 2 * pair + 1].map(|seed| histories::usual_with(seed, sessions));
        let text = summary(&own, language, *pair);
        misfit(&text, &own) < misfit(&text, &other)
    });
    f64::from(u32::try_from(right.count()).expect("few")) / 200.0
}

#[test]
fn whose_cards_they_are_can_be_told() {
    for language in Language::ALL {
        // The second pairs have twelve sessions in every week, so that no total tells them apart.
        let (usual, alike) = (rate(language, (8, 18)), rate(language, (12, 12)));
        println!(
            "swap test, {language:?}: right in {:.1} %; with equal totals in {:.1} %",
            usual * 100.0,
            alike * 100.0
        );
        assert!(usual >= 0.9 && alike >= 0.9, "{usual} {alike}");
    }
}

/// A judge that could not read would take either alike: with the members' cards exchanged it is as often wrong.
#[test]
fn the_judge_follows_the_text() {
    let other_way = (0..100).filter(|pair| {
        let (own, other) = (histories::usual(2 * pair), histories::usual(2 * pair + 1));
        let text = summary(&other, Language::English, *pair);
        misfit(&text, &own) < misfit(&text, &other)
    });
    assert!(other_way.count() <= 10);
}

#[test]
fn names_are_read_in_both_languages() {
    assert_eq!(
        place("sessions on mondays leaned", &DAYS).map(|at| Weekday::try_from(u8::try_from(at).expect("few"))),
        Some(Ok(Weekday::Mon))
    );
    assert_eq!(place("sorge zeigte sich in", &FAMILIES), Some(Family::Worry.index()));
    assert_eq!(numbers("by −0,12 over 14 sessions, 3.").1, [-0.12]);
}
