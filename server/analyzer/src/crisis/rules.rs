//! The rules: sequences of words with gaps, read from `rules.txt` once, matched without going back over a sentence's text.

use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

use super::plain::{MARK, Plain, spell};

const SOURCE: &str = include_str!("rules.txt");

/// What a section of the rules speaks of, in the order of the file: first the kinds of crisis, then what bears on them.
pub(super) const SECTIONS: [&str; 11] =
    ["suicide", "harm", "abuse", "danger", "farewell", "fiction", "other", "past", "safe", "now", "denial"];

/// How many of the sections are kinds of crisis.
pub(super) const KINDS: usize = 5;

/// A word of the rules by number; [`ANY`] and [`STOP`] are no words.
type Word = u32;

/// Any word.
const ANY: Word = 0;
/// A mark.
const STOP: Word = 1;
/// The end of a sentence, or a mark.
const END: Word = 2;
/// The first number of a word.
const FIRST: Word = 3;

#[derive(Debug)]
enum Part {
    /// Up to so many words.
    Gap(usize),
    /// The start of the sentence.
    Start,
    /// One of these alternatives, in order; it may be missing.
    Words { alternatives: Vec<Box<[Word]>>, optional: bool },
}

/// One rule.
#[derive(Debug)]
pub(super) struct Rule {
    /// Its place in [`SECTIONS`].
    pub(super) section: usize,
    parts: Vec<Part>,
}

/// Where a rule speaks in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hit {
    /// Which rule.
    pub(super) rule: usize,
    /// The first of the words.
    pub(super) from: usize,
    /// After the last of them.
    pub(super) to: usize,
}

/// All rules, ready for use.
#[derive(Debug)]
pub(super) struct Rules {
    all: Vec<Rule>,
    words: HashMap<Box<str>, Word>,
    /// Beginnings of words in order, with their numbers.
    stems: Vec<(Box<str>, Word)>,
    /// The rules that may begin with a word.
    starts: Vec<Vec<usize>>,
    /// The rules whose rarest part may begin with a word: where it is missing from a sentence, the rule need not be tried.
    keys: Vec<Vec<usize>>,
}

/// The rules of the file.
pub(super) static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::of(SOURCE));

impl Rules {
    fn of(source: &'static str) -> Self {
        let mut rules =
            Self { all: Vec::new(), words: HashMap::new(), stems: Vec::new(), starts: Vec::new(), keys: Vec::new() };
        let mut classes: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let mut section = 0;
        for line in source.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some((name, words)) = line.strip_prefix("= ").and_then(|class| class.split_once(':')) {
                let words = alternatives(words.trim(), &classes);
                classes.insert(name, words);
            } else if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'))
                && let Some(place) = SECTIONS.iter().position(|section| *section == name)
            {
                section = place;
            } else {
                let parts = line.split_whitespace().map(|part| rules.part(part, &classes)).collect();
                rules.all.push(Rule { section, parts });
            }
        }
        rules.stems.sort();
        let numbers = rules.words.len() + rules.stems.len() + FIRST as usize;
        rules.starts = vec![Vec::new(); numbers];
        for (place, rule) in rules.all.iter().enumerate() {
            // A rule may begin with any of its first parts that may be missing, and with the next.
            for part in &rule.parts {
                let Part::Words { alternatives, optional } = part else { continue };
                for first in alternatives.iter().filter_map(|words| words.first()) {
                    let starts = &mut rules.starts[*first as usize];
                    if starts.last() != Some(&place) {
                        starts.push(place);
                    }
                }
                if !optional {
                    break;
                }
            }
        }
        rules.keys = vec![Vec::new(); numbers];
        for (place, rule) in rules.all.iter().enumerate() {
            for first in rules.rarest(rule) {
                rules.keys[first as usize].push(place);
            }
        }
        rules
    }

    /// The first words of the part that sentences have least often. Words that begin many rules are taken for frequent ones.
    fn rarest(&self, rule: &Rule) -> Vec<Word> {
        let parts = rule.parts.iter().filter_map(|part| match part {
            Part::Words { alternatives, optional: false } => {
                let mut firsts: Vec<Word> = alternatives.iter().map(|words| words[0]).collect();
                firsts.dedup();
                Some(firsts)
            }
            _ => None,
        });
        let cost = |firsts: &Vec<Word>| -> usize {
            let of = |word: &Word| if *word < FIRST { 1_000_000 } else { 1 + self.starts[*word as usize].len() };
            firsts.iter().map(of).sum()
        };
        parts.min_by_key(cost).unwrap_or_default()
    }

    fn part(&mut self, part: &str, classes: &BTreeMap<&str, Vec<String>>) -> Part {
        if let Some(reach) = part.strip_prefix('~') {
            return Part::Gap(reach.parse().unwrap_or(1));
        }
        if part == "^" {
            return Part::Start;
        }
        let inner = part.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let mut words: Vec<Box<[Word]>> = alternatives(inner.unwrap_or(part).trim_matches(['(', ')']), classes)
            .iter()
            .map(|alternative| self.numbers(alternative))
            .collect();
        words.sort();
        words.dedup();
        Part::Words { alternatives: words, optional: inner.is_some() }
    }

    fn numbers(&mut self, alternative: &str) -> Box<[Word]> {
        let mut numbers = Vec::new();
        for word in alternative.split('_') {
            if let Some(stem) = word.strip_suffix('*') {
                let found = self.stems.iter().find(|(known, _)| **known == *stem).map(|(_, number)| *number);
                numbers.push(found.unwrap_or_else(|| {
                    let number = self.next();
                    self.stems.push((stem.into(), number));
                    number
                }));
                continue;
            }
            match word {
                "+" => numbers.push(ANY),
                "$" => numbers.push(END),
                _ => spell(word, |word| {
                    let next = self.next();
                    numbers.push(*self.words.entry(word.into()).or_insert(next));
                }),
            }
        }
        numbers.into()
    }

    fn next(&self) -> Word {
        FIRST + Word::try_from(self.words.len() + self.stems.len()).unwrap_or(Word::MAX)
    }

    /// How many rules there are.
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// The section of a rule.
    pub(super) fn section(&self, rule: usize) -> usize {
        self.all[rule].section
    }

    /// What each word of a sentence is to the rules.
    fn read(&self, sentence: &Plain) -> Vec<Vec<Word>> {
        sentence
            .words()
            .map(|word| {
                if word == MARK {
                    return vec![STOP];
                }
                let mut numbers: Vec<Word> = self.words.get(word).copied().into_iter().collect();
                // Stems that begin the word stand before it in order, each among those that share its first letters.
                for end in 2..=word.len() {
                    if let Ok(at) = self.stems.binary_search_by(|(stem, _)| (**stem).cmp(&word[..end])) {
                        numbers.push(self.stems[at].1);
                    }
                }
                numbers
            })
            .collect()
    }

    /// Where rules speak in a sentence: each at all its places, a denial at one of them leaves the others.
    pub(super) fn hits(&self, sentence: &Plain) -> Vec<Hit> {
        let words = self.read(sentence);
        let mut hits: Vec<Hit> = Vec::new();
        let mut tried = vec![false; self.all.len()];
        for number in words.iter().flatten().chain(&[ANY, STOP, END]) {
            for rule in &self.keys[*number as usize] {
                tried[*rule] = true;
            }
        }
        for from in 0..words.len() {
            for number in words[from].iter().chain(&[ANY]) {
                for rule in &self.starts[*number as usize] {
                    if tried[*rule]
                        && hits.iter().all(|hit| hit.rule != *rule || hit.to <= from)
                        && let Some(to) = follow(&self.all[*rule].parts, &words, from)
                    {
                        hits.push(Hit { rule: *rule, from, to });
                    }
                }
            }
        }
        hits
    }
}

/// Where the parts end when they begin at a word; nothing when they don't fit.
fn follow(parts: &[Part], words: &[Vec<Word>], at: usize) -> Option<usize> {
    let Some((part, rest)) = parts.split_first() else { return Some(at) };
    match part {
        Part::Start => (at == 0).then(|| follow(rest, words, at))?,
        Part::Gap(reach) => {
            for skipped in 0..=*reach {
                if let Some(end) = follow(rest, words, at + skipped) {
                    return Some(end);
                }
                if words.get(at + skipped).is_none_or(|word| word.contains(&STOP)) {
                    break;
                }
            }
            None
        }
        Part::Words { alternatives, optional } => {
            let here: &[Word] = words.get(at).map_or(&[], |word| word);
            let end = here.is_empty() && at >= words.len() || here.contains(&STOP);
            let firsts = here.iter().copied().filter(|word| *word != STOP);
            let any = (at < words.len() && !end).then_some(ANY);
            for first in firsts.chain(any).chain(end.then_some(END)) {
                let from = alternatives.partition_point(|words| words[0] < first);
                for words_here in alternatives[from..].iter().take_while(|words| words[0] == first) {
                    let fits = words_here.iter().enumerate().all(|(step, word)| fits(*word, words.get(at + step)));
                    if fits && let Some(end) = follow(rest, words, at + words_here.len()) {
                        return Some(end.min(words.len()));
                    }
                }
            }
            if *optional { follow(rest, words, at) } else { None }
        }
    }
}

fn fits(word: Word, here: Option<&Vec<Word>>) -> bool {
    match word {
        ANY => here.is_some_and(|here| !here.contains(&STOP)),
        END => here.is_none_or(|here| here.contains(&STOP)),
        _ => here.is_some_and(|here| here.contains(&word)),
    }
}

/// The alternatives of a part, classes filled in.
fn alternatives(part: &str, classes: &BTreeMap<&str, Vec<String>>) -> Vec<String> {
    part.split('|')
        .flat_map(|alternative| {
            let mut all = vec![String::new()];
            for word in alternative.split('_') {
                let choices = match word.strip_prefix('@') {
                    Some(class) => classes.get(class).cloned().unwrap_or_default(),
                    None => vec![word.to_owned()],
                };
                all = all
                    .iter()
                    .flat_map(|before| {
                        let join = if before.is_empty() { "" } else { "_" };
                        choices.iter().map(move |choice| format!("{before}{join}{choice}"))
                    })
                    .collect();
            }
            all
        })
        .filter(|alternative| !alternative.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoken(rules: &Rules, sentence: &str) -> Vec<usize> {
        rules.hits(&Plain::read(sentence)).into_iter().map(|hit| hit.rule).collect()
    }

    #[test]
    fn rules_are_read_and_matched() {
        let rules = Rules::of(
            "= dog: dog|dogs\n[suicide]\n# none\nmy @dog ~2 bark*\n[abuse]\n^ not|never [ever] again $\nsee_+_again",
        );
        assert_eq!(spoken(&rules, "All my dogs here barked."), [0]);
        assert!(spoken(&rules, "My dog, it barked.").is_empty(), "a gap ends at a mark");
        assert!(spoken(&rules, "My dog did not once bark.").is_empty());
        assert_eq!(spoken(&rules, "never ever again"), [1]);
        assert_eq!(spoken(&rules, "not again, he said"), [1]);
        assert!(spoken(&rules, "so never again").is_empty());
        assert_eq!(spoken(&rules, "I'll see Tom again"), [2]);
        assert_eq!((rules.section(0), rules.section(1)), (0, 2));
    }

    #[test]
    fn the_table_is_whole() {
        assert!(RULES.len() > 400);
        for (section, name) in SECTIONS.iter().enumerate() {
            assert!((0..RULES.len()).any(|rule| RULES.section(rule) == section), "{name}");
        }
    }
}
