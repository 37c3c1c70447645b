//! The catalogues are whole, the code asks for nothing that is not in them, and no page holds a sentence of its own.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use super::*;

/// The messages of a language with the arguments they take, those of the messages they refer to among them.
fn messages(language: Language) -> BTreeMap<String, String> {
    let mut messages: BTreeMap<String, String> = BTreeMap::new();
    let mut name = String::new();
    for line in files(language).into_iter().flat_map(str::lines).filter(|line| !line.starts_with('#')) {
        if let Some((head, value)) = line.split_once(" =").filter(|_| !line.starts_with([' ', '}'])) {
            head.clone_into(&mut name);
            let twice = messages.insert(name.clone(), value.to_owned());
            assert!(twice.is_none(), "{name} is there twice in {language:?}");
        } else if let Some(text) = messages.get_mut(&name) {
            text.push('\n');
            text.push_str(line);
        }
    }
    messages
}

/// What stands in braces: arguments with a dollar sign, other messages without.
fn inside_braces(text: &str) -> BTreeSet<String> {
    let names = text.split('{').skip(1).map(|rest| {
        let rest = rest.trim_start();
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '$')).unwrap_or(rest.len());
        rest[..end].trim_end_matches('-').to_owned()
    });
    names.filter(|name| !name.is_empty()).collect()
}

fn arguments(name: &str, messages: &BTreeMap<String, String>) -> BTreeSet<String> {
    let text = messages.get(name).unwrap_or_else(|| panic!("{name} is referred to and not there"));
    let (own, others): (BTreeSet<_>, BTreeSet<_>) =
        inside_braces(text).into_iter().partition(|inside| inside.starts_with('$'));
    own.into_iter().chain(others.iter().flat_map(|other| arguments(other, messages))).collect()
}

/// The pages that stand before the application; the team's are among them.
const REFUSALS: &str = "../server/src/http/guard/people.rs";

/// Every file of the pages with its text up to its tests, except the team's pages, which are English.
fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                if ![
                    "cost",
                    "engagement",
                    "experiments",
                    "ops",
                    "quality",
                    "retention",
                    "review",
                    "styleguide",
                    "team",
                    "upgrades",
                ]
                .iter()
                .any(|team| path.ends_with(team))
                {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("tests.rs") {
                let text = fs::read_to_string(&path).expect("a file");
                let code = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
                found.push((path, code));
            }
        }
    }
    found
}

/// The string literals of a file, each with the code before it on its way from the last literal.
fn literals(code: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut before = String::new();
    let mut rest = code;
    while let Some(next) = rest.chars().next() {
        if rest.starts_with("//") {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
        } else if let Some(letter) = ["'\"'", "'\\\\'", "'\\''"].iter().find(|letter| rest.starts_with(**letter)) {
            rest = &rest[letter.len()..];
        } else if rest.starts_with("r#\"") || rest.starts_with("r##\"") {
            let hashes = &rest[1..rest.find('"').expect("begun")];
            let start = hashes.len() + 2;
            let end = start + rest[start..].find(&format!("\"{hashes}")).expect("ended");
            found.push((std::mem::take(&mut before), rest[start..end].to_owned()));
            rest = &rest[end + 1 + hashes.len()..];
        } else if next == '"' {
            let mut end = 1;
            while !rest[end..].starts_with('"') {
                end += if rest[end..].starts_with('\\') {
                    2
                } else {
                    rest[end..].chars().next().map_or(1, char::len_utf8)
                };
            }
            found.push((std::mem::take(&mut before), rest[1..end].to_owned()));
            rest = &rest[end + 1..];
        } else {
            before.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    found
}

#[test]
fn every_file_is_read_without_a_problem() {
    for language in Language::ALL {
        assert!(files(language).into_iter().all(Catalogue::is_readable), "{language:?}");
    }
}

#[test]
fn every_message_is_there_in_every_language_with_the_same_arguments() {
    let shape = |language| -> BTreeMap<String, BTreeSet<String>> {
        let all = messages(language);
        all.keys().map(|name| (name.clone(), arguments(name, &all))).collect()
    };
    let english = shape(Language::English);
    for language in Language::ALL {
        let other = shape(language);
        let names = |shape: &BTreeMap<String, _>| shape.keys().cloned().collect::<BTreeSet<String>>();
        assert_eq!(names(&english), names(&other), "{language:?}");
        for (name, arguments) in &english {
            assert_eq!(arguments, &other[name], "{name} in {language:?}");
        }
    }
}

#[test]
fn every_message_is_used_and_every_message_used_is_there() {
    let all = messages(Language::English);
    let mut used = BTreeSet::new();
    let refusals = Path::new(env!("CARGO_MANIFEST_DIR")).join(REFUSALS);
    let refusals = (refusals.clone(), fs::read_to_string(refusals).expect("a file"));
    for (path, code) in sources().into_iter().chain([refusals]) {
        for (before, literal) in literals(&code) {
            let before = before.trim_end();
            let asked = ["say(", "say_with(", "id(", "say(words,"].iter().any(|call| before.ends_with(call));
            if asked && !before.ends_with("fn id(") {
                assert!(all.contains_key(&literal), "{}: no message {literal}", path.display());
            }
            used.insert(literal);
        }
    }
    for name in all.keys() {
        let by_others = all.values().any(|text| inside_braces(text).contains(name));
        assert!(used.contains(name) || by_others, "{name} is not used");
    }
}

/// Where a literal is no text that a member reads: after these, whatever it says.
const NOT_READ: [&str; 24] = [
    "class=",
    "id=",
    "name=",
    "value=",
    "href=",
    "action=",
    "method=",
    "type=",
    "rel=",
    "for=",
    "role=",
    "content=",
    "media=",
    "charset=",
    "d=",
    "width=",
    "height=",
    "viewBox=",
    "patternTransform=",
    "autocomplete=",
    "autocapitalize=",
    "spellcheck=",
    "expect(",
    "include_str!(",
];

/// Two words or more, or one that begins with a capital letter.
fn is_prose(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).collect();
    let plain = |word: &str| word.chars().all(|c| c.is_alphabetic() || ".,;:’'…“”!?-".contains(c));
    let plain_words = words.iter().filter(|word| plain(word)).count();
    let capital =
        |word: &&str| word.chars().next().is_some_and(char::is_uppercase) && word.chars().any(char::is_lowercase);
    plain_words >= 2 || words.iter().any(|word| plain(word) && capital(word))
}

/// A page's text comes from the catalogues; what is left in the code are names for machines.
#[test]
fn no_page_holds_a_sentence_of_its_own() {
    let mut found = Vec::new();
    for (path, code) in sources() {
        let name = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).expect("below").display().to_string();
        // Answers to broken callers, addresses, headers and the drawing of marks: nothing there is read as a sentence.
        let machines = ["src/api/", "src/pages/routes.rs", "src/pages/ctx.rs", "src/pages/chart/mark.rs"];
        if machines.iter().any(|machine| name.starts_with(machine)) {
            continue;
        }
        for (before, literal) in literals(&code) {
            let line = before.rsplit('\n').next().unwrap_or_default();
            let trimmed = before.trim_end();
            let macros =
                ["tracing::", "reason =", "debug_assert", "mark", "pen.", "HeaderName", "HeaderValue", "policy"];
            let machine = NOT_READ.iter().any(|attribute| trimmed.ends_with(attribute))
                || macros.iter().any(|name| line.contains(name));
            // A text of an element stands alone; everything else is judged by what it looks like.
            let child = trimmed.ends_with('>') && !trimmed.ends_with("=>") && !trimmed.ends_with("->");
            let letters = literal.chars().any(char::is_alphabetic);
            let script = ["=>{", "'self'", "'sha256-"].iter().any(|sign| literal.contains(sign));
            if !machine && !script && !ALLOWED.contains(&literal.as_str()) && (is_prose(&literal) || (child && letters))
            {
                found.push(format!("{name}: {literal}"));
            }
        }
    }
    assert!(found.is_empty(), "these belong into app/words:\n{}", found.join("\n"));
}

/// What looks like a sentence and is none: classes, headers, the product's name.
const ALLOWED: [&str; 12] = [
    "Accept",
    "Locale",
    "Notification",
    "PushManager",
    "{} · Spectrum",
    "range few",
    "day none",
    "label strong",
    "cell empty",
    "cell few",
    "figure none",
    "light dark",
];

#[test]
fn names_are_known_in_every_language() {
    for words in ["en", "de"].map(Words::of_tag) {
        let mut names: BTreeSet<String> = Family::ALL.into_iter().map(|family| words.family(family)).collect();
        names.extend(Quadrant::ALL.into_iter().map(|quadrant| words.quadrant(quadrant)));
        names.extend(Feature::ALL.into_iter().map(|feature| words.feature(feature)));
        assert_eq!(names.len(), Family::ALL.len() + Quadrant::ALL.len() + Feature::ALL.len(), "{names:?}");
        let inside: BTreeSet<String> = Family::ALL.into_iter().map(|family| words.family_inside(family)).collect();
        assert_eq!(inside.len(), Family::ALL.len());
    }
}

#[test]
fn days_and_times_are_written_as_the_region_writes_them() {
    let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
    let date = day("2027-01-05");
    let evening = NaiveTime::from_hms_opt(20, 14, 0).expect("a time");
    let written = |tag: &str| {
        let words = Words::of_tag(tag);
        [
            words.day(date),
            words.weekday_and_day(date),
            words.month(date),
            words.weekday_short(date),
            words.clock(evening),
        ]
    };
    let british = ["5 January 2027", "Tuesday 5 January", "January 2027", "Tue", "20:14"];
    assert_eq!(written("en-GB"), british);
    assert_eq!(
        [written("en"), written("en-XA"), written("fr")],
        [british, british, british].map(|all| all.map(str::to_owned))
    );
    assert_eq!(written("en-US"), ["January 5, 2027", "Tuesday, January 5", "January 2027", "Tue", "8:14\u{202f}PM"]);
    assert_eq!(written("de"), ["5. Januar 2027", "Dienstag, 5. Januar", "Januar 2027", "Di", "20:14"]);
    assert_eq!(written("de-AT")[0], "5. Jänner 2027");
    assert_eq!(Words::of_tag("de-at").month_name(date), "Jänner");
    assert_eq!(Words::of_tag("en").clock_of(65), "01:05");
    let range = |tag, first, last| Words::of_tag(tag).range(day(first), day(last));
    assert_eq!(range("en", "2026-11-16", "2026-11-22"), "16 – 22 November");
    assert_eq!(range("en", "2026-11-30", "2026-12-06"), "30 November – 6 December");
    assert_eq!(range("en", "2025-12-29", "2026-01-04"), "29 December 2025 – 4 January 2026");
    assert_eq!(range("en-US", "2026-11-16", "2026-11-22"), "November 16 – 22");
    assert_eq!(range("en-US", "2025-12-29", "2026-01-04"), "December 29, 2025 – January 4, 2026");
    assert_eq!(range("de", "2026-11-16", "2026-11-22"), "16. – 22. November");
    assert_eq!(range("de", "2026-11-30", "2026-12-06"), "30. November – 6. Dezember");
}

#[test]
fn figures_carry_a_true_minus_and_the_regions_marks() {
    let (english, german, swiss) = (Words::of_tag("en"), Words::of_tag("de"), Words::of_tag("de-CH"));
    assert_eq!([0.214, -0.2, 0.001, -0.004].map(|figure| english.signed(figure)), ["+0.21", "−0.20", "0.00", "0.00"]);
    assert_eq!([german.signed(-0.2), swiss.signed(0.2)], ["−0,20", "+0.20"]);
    assert_eq!([english.percent(9, 12), german.percent(0, 0)], ["75\u{a0}%", "0\u{a0}%"]);
    assert_eq!([english.number(12_345), german.number(12_345), swiss.number(12_345)], ["12,345", "12.345", "12'345"]);
}

#[test]
fn a_browser_is_answered_in_the_first_language_of_ours_it_asks_for() {
    for (header, tag) in [
        ("de-AT,de;q=0.9,en;q=0.5", "de"),
        ("fr,en;q=0.4, de;q=0.6", "de"),
        ("de;q=0,en-US", "en"),
        ("fr", "en"),
        ("", "en"),
        ("de;q=x, *", "en"),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, header.parse().expect("a header"));
        assert_eq!(Words::of_headers(&headers).tag(), tag, "{header}");
    }
    assert_eq!(Words::of_headers(&HeaderMap::new()).tag(), "en");
}

#[test]
fn things_are_listed_with_the_word_for_and_before_the_last() {
    let three = ["a", "b", "c"].map(str::to_owned);
    let words = Words::of_tag("de");
    assert_eq!([words.list(&[]), words.list(&three[..1]), words.list(&three)], ["", "a", "a, b und c"]);
}
