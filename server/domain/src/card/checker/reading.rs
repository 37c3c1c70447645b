//! What a text claims: groups of sentences about one thing, and what each number in them is said to be.

use chrono::Weekday;

use super::{
    recount::Scale,
    tokens::{Number, Token, line},
};
use crate::{
    affect::{Family, Quadrant},
    calendar::Daypart,
    feature::Feature,
};

/// What a group of sentences is about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Topic {
    Counted,
    Baseline,
    NothingNew,
    Level(Scale),
    /// On the axis that the sentence names.
    Spread(Option<Scale>),
    Swings,
    Family(Family),
    Corner,
    Weekday(Weekday),
    Daypart(Daypart),
    Feature(Feature),
}

/// What a number is said to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Role {
    /// So many of so many; `about` where it is said to be no count.
    Pair {
        count: i64,
        total: i64,
        about: bool,
    },
    /// So many of the last four or twelve; all of them where nothing else is said.
    Window {
        periods: Option<i64>,
        reach: usize,
    },
    /// So many of the last thirteen.
    Together(i64),
    Sessions(i64),
    Days(i64),
    Back(i64),
    Comparisons(i64),
    Swings(i64),
    Inside(i64),
    Outside(i64),
    /// A figure with decimals; whether the clause names earlier periods, and whether it is the last figure of it.
    Figure {
        number: Number,
        beside_window: bool,
        last: bool,
    },
}

/// Whether any of the phrases stands in a line, as whole words.
pub(super) fn has(line: &str, phrases: &[&str]) -> bool {
    let space = |at: usize| line.as_bytes().get(at) == Some(&b' ');
    let stands =
        |phrase: &str| line.match_indices(phrase).any(|(at, _)| at > 0 && space(at - 1) && space(at + phrase.len()));
    // Most phrases are not there, which `contains` knows many times sooner.
    phrases.iter().any(|phrase| line.contains(phrase) && stands(phrase))
}

const FAMILIES: [[&str; 2]; 9] = [
    ["joy", "freude"],
    ["interest", "interesse"],
    ["hope", "hoffnung"],
    ["warmth", "wärme"],
    ["calm", "ruhe"],
    ["worry", "sorge"],
    ["anger", "ärger"],
    ["sadness", "traurigkeit"],
    ["regret", "bedauern"],
];
const WEEKDAYS: [[&str; 3]; 7] = [
    ["monday", "mondays", "montags"],
    ["tuesday", "tuesdays", "dienstags"],
    ["wednesday", "wednesdays", "mittwochs"],
    ["thursday", "thursdays", "donnerstags"],
    ["friday", "fridays", "freitags"],
    ["saturday", "saturdays", "samstags"],
    ["sunday", "sundays", "sonntags"],
];
const DAYPARTS: [[&str; 2]; 4] =
    [["night", "nachts"], ["morning", "vormittags"], ["afternoon", "nachmittags"], ["evening", "abends"]];
const VALENCE: [&str; 8] =
    ["pleasant", "unpleasant", "pleasantness", "stimmung", "angenehm", "unangenehm", "angenehmer", "angenehmen"];
const CORNERS: [[&str; 2]; 4] = [
    ["unpleasant with high energy", "unangenehm mit viel energie"],
    ["pleasant with high energy", "angenehm mit viel energie"],
    ["pleasant with low energy", "angenehm mit wenig energie"],
    ["unpleasant with low energy", "unangenehm mit wenig energie"],
];

pub(super) fn family(line: &str) -> Option<Family> {
    let at = FAMILIES.iter().position(|names| has(line, names))?;
    Some(Family::ALL[at])
}

/// Feelings that a family is made of, in the words of either language.
const COVERED: [&[&str]; 9] = [
    &["amusement", "excitement", "pride", "vergnügen", "begeisterung", "stolz"],
    &["curiosity", "surprise", "understanding", "neugier", "überraschung", "einsicht"],
    &["optimism", "wish", "zuversicht", "wunsch"],
    &["love", "caring", "gratitude", "admiration", "liebe", "fürsorge", "dank", "bewunderung"],
    &["relief", "approval", "erleichterung", "zustimmung"],
    &["fear", "nervousness", "confusion", "angst", "nervosität", "verwirrung"],
    &["annoyance", "disapproval", "disgust", "verdruss", "missbilligung", "abscheu"],
    &["grief", "disappointment", "trauer", "enttäuschung"],
    &["remorse", "embarrassment", "reue", "verlegenheit"],
];

/// The families of the feelings that a text names.
pub(super) fn covered(line: &str) -> impl Iterator<Item = Family> {
    Family::ALL.into_iter().zip(COVERED).filter(|(_, words)| has(line, words)).map(|(family, _)| family)
}

pub(super) fn families(line: &str) -> usize {
    FAMILIES.iter().filter(|names| has(line, *names)).count()
}

pub(super) fn corner(line: &str) -> Option<Quadrant> {
    let at = CORNERS.iter().position(|names| has(line, names))?;
    Some(Quadrant::ALL[at])
}

pub(super) fn scale(line: &str) -> Option<Scale> {
    let valence = has(line, &VALENCE) || has(line, &["zum angenehmen", "zum unangenehmen", "unangenehmen"]);
    let arousal = has(line, &["energy", "energie"]);
    match (valence, arousal) {
        (true, _) => Some(Scale::Valence),
        (false, true) => Some(Scale::Arousal),
        (false, false) => None,
    }
}

pub(super) fn feature(line: &str) -> Option<Feature> {
    Feature::ALL.into_iter().find(|feature| has(line, &[&format!("feature-{}", feature.name())]))
}

/// What a sentence says that it is about; nothing where it goes on about the thing before.
pub(super) fn topic(line: &str) -> Option<Topic> {
    const DAYS: [Weekday; 7] =
        [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
    if let Some(feature) = feature(line) {
        return Some(Topic::Feature(feature));
    }
    if let Some(at) = WEEKDAYS.iter().position(|names| has(line, names)) {
        return Some(Topic::Weekday(DAYS[at]));
    }
    if let Some(at) = DAYPARTS.iter().position(|names| has(line, names)) {
        return Some(Topic::Daypart(Daypart::ALL[at]));
    }
    if let Some(family) = family(line) {
        return Some(Topic::Family(family));
    }
    if corner(line).is_some() || has(line, &["corner", "ecke"]) {
        return Some(Topic::Corner);
    }
    if has(line, &["swing", "swings", "ausschläge", "weg zurück"]) {
        return Some(Topic::Swings);
    }
    let apart =
        ["apart", "together in", "varied", "spread", "auseinander", "auseinanderlagen", "beieinander", "wechselte"];
    if has(line, &apart) || has(line, &["streute", "streuten", "streuung"]) {
        return Some(Topic::Spread(scale(line)));
    }
    if has(line, &["compare", "comparing", "by itself", "für einen vergleich", "verglichen wird", "steht für sich"]) {
        return Some(Topic::Baseline);
    }
    let nothing =
        ["nothing new", "did not stand out", "no change", "comparisons", "nichts neues", "stach nicht hervor"];
    if has(line, &nothing) || has(line, &["keine änderung", "vergleich", "vergleiche", "vergleichen"]) {
        return Some(Topic::NothingNew);
    }
    scale(line).map(Topic::Level)
}

fn reach(word: &str) -> Option<usize> {
    match word {
        "four" | "vier" => Some(4),
        "twelve" | "zwölf" => Some(12),
        _ => None,
    }
}

/// Numbers that are words stand in these phrases alone.
fn number_words_fit(line: &str) -> Result<(), String> {
    const PHRASES: [&str; 40] = [
        "last four",
        "last twelve",
        "letzten vier",
        "letzten zwölf",
        "five to twelve",
        "fünf bis zwölf",
        "four days",
        "vier tagen",
        "at four",
        "ab vier",
        "at three",
        "bei drei",
        "from three",
        "three sessions",
        "ab drei",
        "drei sitzungen",
        "needs seven",
        "braucht sieben",
        "seven sessions",
        "sieben sitzungen",
        "seven on four",
        "sieben an vier",
        "sessions seven",
        "sitzungen sieben",
        "four corners",
        "one corner",
        "one by one",
        "one session",
        "two sessions",
        "zwei sitzungen",
        "with seven",
        "mit sieben",
        "four weeks",
        "four months",
        "four such",
        "vier solchen",
        "vier wochen",
        "vier monaten",
        "in one",
        "mehr ab",
    ];
    const NUMBERS: [&str; 15] = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "twelve", "zwei", "drei", "vier", "fünf",
        "sieben", "zwölf",
    ];
    let words: Vec<&str> = line.split_whitespace().collect();
    for (at, word) in words.iter().enumerate() {
        let explained = |phrase: &&str| {
            let parts: Vec<&str> = phrase.split(' ').collect();
            (0..parts.len()).any(|of| {
                parts[of] == *word && at >= of && words.get(at - of..at - of + parts.len()) == Some(&parts[..])
            })
        };
        if NUMBERS.contains(word) && !PHRASES.iter().any(explained) {
            return Err(format!("the number {word} is not explained"));
        }
    }
    Ok(())
}

/// What the numbers of a sentence are said to be; an error where one is not explained.
pub(super) fn roles(tokens: &[Token]) -> Result<Vec<Role>, String> {
    let line = line(tokens);
    number_words_fit(&line)?;
    let mut roles = Vec::new();
    let mut clause: Vec<Number> = Vec::new();
    let mut window = false;
    let mut at = 0;
    let word = |i: usize| tokens.get(i).map_or("", Token::word);
    let number = |i: usize| tokens.get(i).and_then(Token::number);
    let whole = |number: Number| {
        #[expect(clippy::cast_possible_truncation, reason = "a count")]
        let whole = number.value as i64;
        (number.decimals == 0 && !number.signed).then_some(whole)
    };
    while at <= tokens.len() {
        if at == tokens.len() || tokens[at] == Token::Semicolon {
            let end = clause.len();
            for (place, number) in clause.drain(..).enumerate() {
                roles.push(Role::Figure { number, beside_window: window, last: place + 1 == end });
            }
            window = false;
            at += 1;
            continue;
        }
        let next = [word(at + 1), word(at + 2), word(at + 3)];
        let none = ["none", "keiner", "keine"].contains(&word(at));
        let of = ["of", "von"].contains(&next[0]);
        let count = if none { Some(0) } else { number(at).and_then(whole) };
        let last_of = |place: usize| match (word(place), word(place + 1), word(place + 2)) {
            ("of", "your", "last") => reach(word(place + 3)).map(|reach| (reach, 4)),
            ("deiner", "letzten", four) => reach(four).map(|reach| (reach, 3)),
            _ => None,
        };
        if let (Some(count), true, Some(total)) = (count, of, number(at + 2).and_then(whole)) {
            let about = at > 0 && ["about", "etwa"].contains(&word(at - 1));
            roles.push(Role::Pair { count, total, about });
            at += 3;
        } else if let (Some(periods), Some((reach, long))) = (count, last_of(at + 1)) {
            roles.push(Role::Window { periods: Some(periods), reach });
            window = true;
            at += 1 + long;
        } else if let (Some(periods), Some(13)) = (
            count,
            match next {
                ["of", "the", "last"] => number(at + 4).and_then(whole),
                ["der", "letzten", _] => number(at + 3).and_then(whole),
                _ => None,
            },
        ) {
            roles.push(Role::Together(periods));
            at += if next[0] == "of" { 5 } else { 4 };
        } else if word(at + 1) == "last" || word(at + 1) == "letzten" {
            if let Some(reach) = reach(next[1]).filter(|_| ["your", "deinen"].contains(&word(at))) {
                roles.push(Role::Window { periods: None, reach });
                window = true;
                at += 3;
            } else if number(at + 2).and_then(whole) == Some(13) && ["the", "den"].contains(&word(at)) {
                roles.push(Role::Together(13));
                at += 3;
            } else if ["your", "deinen", "the", "den"].contains(&word(at)) {
                return Err("a window is not explained".to_owned());
            } else {
                at += 1;
            }
        } else if let Some(found) = number(at) {
            if found.decimals > 0 {
                clause.push(found);
            } else {
                roles.extend(whole_number(found, word(at.wrapping_sub(1)), next, &line)?);
            }
            at += 1;
        } else {
            if ["einem tag", "einen tag"].contains(&format!("{} {}", word(at), next[0]).as_str()) {
                roles.push(Role::Days(1));
            }
            at += 1;
        }
    }
    Ok(roles)
}

/// A whole number by the words beside it; nothing for an end or the middle of the scale.
fn whole_number(number: Number, before: &str, next: [&str; 3], line: &str) -> Result<Option<Role>, String> {
    #[expect(clippy::cast_possible_truncation, reason = "a count")]
    let n = number.value as i64;
    let scaled = has(line, &["scale", "skala"]) || line.contains(" between # ") || line.contains(" zwischen # ");
    let zero = ["where # is", "close to #", "# ist weder", "nah an #"];
    let role = match next {
        _ if number.signed && n == -1 && scaled => return Ok(None),
        _ if number.signed => return Err(format!("the number {n} is not explained")),
        ["sessions" | "session" | "sitzungen" | "sitzung", ..] => Role::Sessions(n),
        ["days" | "day" | "tagen" | "tage", ..] => Role::Days(n),
        ["swings" | "ausschläge", ..] => Role::Swings(n),
        ["comparisons" | "comparison" | "vergleich" | "vergleiche" | "vergleichen", ..] => Role::Comparisons(n),
        ["weeks" | "months" | "wochen" | "monate" | "monaten", ..] => Role::Back(n),
        ["of", "them", _] | ["davon", ..] => Role::Inside(n),
        ["others" | "andere" | "anderen", ..] | ["on" | "at", "other", _] | ["an" | "zu", "anderen", _] => {
            Role::Outside(n)
        }
        _ if n == 0 && has(line, &zero) => return Ok(None),
        _ if n == 1 && scaled && before != "es" => return Ok(None),
        _ if before == "es" => Role::Window { periods: Some(n), reach: 12 },
        _ => return Err(format!("the number {n} is not explained")),
    };
    Ok(Some(role))
}
