//! A month in words: a few sections, made of the month's findings and of the counts beside them, and one question.

use fluent_bundle::FluentArgs;

use super::{
    Finding, Grain, Language, Narrative, Section,
    catalogue::{Catalogue, catalogue},
    said, write,
    write::choose,
};
use crate::{
    affect::Family,
    feature::Feature,
    finding::{Kind, Subject},
    rollup::{Rollup, Tier},
};

/// Words of a month's text at most, its headings and its question with them.
const WORDS: usize = 250;
/// Findings that a section tells at most, so that the text stays one of several things.
const TOLD_IN_SECTION: usize = 2;
/// Sessions from which a feeling or a feature is named: with fewer, a single session could be read back from it.
const NAMED_FROM: i32 = 3;

/// The sections a month's text can have, in their order.
#[derive(Clone, Copy, PartialEq, Eq)]
enum About {
    Counted,
    Lay,
    Held,
    Changed,
    Holds,
}

impl About {
    const ALL: [Self; 5] = [Self::Counted, Self::Lay, Self::Held, Self::Changed, Self::Holds];

    const fn heading(self) -> &'static str {
        match self {
            Self::Counted => "heading-counted",
            Self::Lay => "heading-lay",
            Self::Held => "heading-held",
            Self::Changed => "heading-changed",
            Self::Holds => "heading-holds",
        }
    }

    /// Where a finding is told; nothing for those that the counts say already.
    const fn of(finding: &Finding) -> Option<Self> {
        match finding.kind {
            Kind::LowData | Kind::Coverage | Kind::Mix | Kind::Variability | Kind::Recovery => None,
            Kind::Level => Some(Self::Lay),
            Kind::BaselineShort | Kind::Changed | Kind::Steady | Kind::NothingNew => Some(Self::Changed),
            Kind::FirstTime | Kind::Returned => Some(Self::Held),
            Kind::WeekdayPattern
            | Kind::DaypartPattern
            | Kind::FeatureShift
            | Kind::FeatureContrast
            | Kind::MovedMost => Some(Self::Holds),
        }
    }
}

/// A month in words: three to five sections and one question; without sections and question where the month has too little
/// to say more than the cards do. `findings` are those of the month as `detect` ranks them, `before` the months before,
/// newest first and without a gap.
pub fn narrate(findings: &[Finding], month: &Rollup, before: &[Rollup], language: Language, seed: u64) -> Narrative {
    if findings.is_empty() || month.tier() < Tier::Enough {
        return Narrative { sections: Vec::new(), question: String::new() };
    }
    let text = Text { catalogue: catalogue(language), language, seed };
    let mut told = vec![(About::Counted, text.counted(month, before.first()))];
    told.push((About::Held, text.held(month, before.first())));
    let question = text.question(findings);

    // What must be said comes first, then findings by rank as long as there is room.
    let levels = findings.iter().filter(|finding| finding.kind == Kind::Level);
    let others = findings.iter().filter(|finding| finding.kind != Kind::Level);
    let mut subjects: Vec<Subject> = Vec::new();
    for finding in levels.chain(others) {
        let Some(about) = About::of(finding) else { continue };
        let of_section = told.iter().filter(|(section, _)| *section == about).count();
        let twice = finding.kind != Kind::Level && subjects.contains(&told_as(finding));
        if twice || of_section >= TOLD_IN_SECTION + usize::from(about == About::Held) {
            continue;
        }
        let said = text.finding(finding);
        let headings = 5 * About::ALL.len();
        let words: usize = told.iter().map(|(_, said)| count_words(said)).sum();
        if words + count_words(&said) + count_words(&question) + headings <= WORDS {
            told.push((about, said));
            if finding.kind != Kind::Level {
                subjects.push(told_as(finding));
            }
        }
    }

    let section = |about: About| {
        let parts: Vec<&str> =
            told.iter().filter(|(section, _)| *section == about).map(|(_, said)| said.as_str()).collect();
        let heading = text.catalogue.say(about.heading(), &FluentArgs::new());
        (!parts.is_empty()).then(|| Section { heading, text: parts.join(" ") })
    };
    Narrative { sections: About::ALL.into_iter().filter_map(section).collect(), question }
}

/// What two findings share that would say the same twice: "nothing new" and "this is steady" are one thought, a feature's
/// movements one story.
const fn told_as(finding: &Finding) -> Subject {
    match (finding.kind, finding.subject) {
        (Kind::NothingNew | Kind::Steady, _) => Subject::Period,
        (_, Subject::Movement { feature, .. }) => Subject::Movement { feature, axis: crate::finding::Axis::Valence },
        (_, subject) => subject,
    }
}

fn count_words(text: &str) -> usize {
    text.split_whitespace().count()
}

/// The language and the seed that a text is written with.
struct Text {
    catalogue: &'static Catalogue,
    language: Language,
    seed: u64,
}

impl Text {
    fn finding(&self, finding: &Finding) -> String {
        // Findings beside each other choose apart.
        let seed = self.seed ^ finding.rank.to_bits();
        let words = write(finding, Grain::Month, self.language, seed);
        format!("{} {}", words.headline, words.body)
    }

    /// One of a message's wordings.
    fn choose(&self, message: &str, args: &FluentArgs<'_>) -> String {
        let wording = 1 + choose(self.seed, self.catalogue.wordings(message, "text-"));
        self.catalogue.say_part(message, &format!("text-{wording}"), args)
    }

    /// How many sessions, on how many days, in which features; and how many the month before.
    fn counted(&self, month: &Rollup, before: Option<&Rollup>) -> String {
        let mut args = month_args();
        args.set("n", month.sessions);
        args.set("days", month.days);
        let mut said = self.choose("month-counted", &args);
        if let Some(before) = before {
            args.set("n-before", before.sessions);
            said = format!("{said} {}", self.catalogue.say("month-before", &args));
        }
        let counts = Feature::ALL.map(|feature| (feature, month.feature(feature).sessions));
        let parts = counts.into_iter().filter(|(_, count)| *count >= NAMED_FROM).map(|(feature, count)| {
            let mut args = FluentArgs::new();
            args.set("feature", feature.name());
            args.set("count", count);
            self.catalogue.say("one-feature", &args)
        });
        let parts: Vec<String> = parts.collect();
        if parts.is_empty() { said } else { format!("{said} {}", self.listed("month-features", parts)) }
    }

    /// The feelings that were in most sessions, and in how many the first of them was the month before.
    fn held(&self, month: &Rollup, before: Option<&Rollup>) -> String {
        let named: Vec<_> = month.families_by_count().into_iter().filter(|(_, n)| *n >= NAMED_FROM).take(3).collect();
        let Some((first, _)) = named.first() else {
            return self.catalogue.say("month-families-none", &FluentArgs::new());
        };
        let parts = named.iter().map(|(family, count)| {
            let message = if family == first { "first-family" } else { "next-family" };
            self.catalogue.say(message, &family_args(*family, *count, month.sessions))
        });
        let said = self.listed("month-families", parts.collect());
        let Some(before) = before.filter(|before| before.sessions > 0) else { return said };
        let mut args = family_args(*first, 0, month.sessions);
        args.set("count-before", before.families[first.index()]);
        args.set("n-before", before.sessions);
        format!("{said} {}", self.catalogue.say("month-families-before", &args))
    }

    /// Up to three parts in a row, as the language has it, in a sentence.
    fn listed(&self, sentence: &str, parts: Vec<String>) -> String {
        let message = if parts.len() == 2 { "list-two" } else { "list-three" };
        let list = if let [only] = parts.as_slice() {
            only.clone()
        } else {
            let mut args = FluentArgs::new();
            for (name, part) in ["one", "two", "three"].into_iter().zip(parts) {
                args.set(name, part);
            }
            self.catalogue.say(message, &args)
        };
        let mut args = FluentArgs::new();
        args.set("list", list);
        self.catalogue.say(sentence, &args)
    }

    /// Asks about what most deserves to be told; "no" is an answer to it.
    fn question(&self, findings: &[Finding]) -> String {
        let asked = findings.iter().find_map(|finding| Some((question(finding)?, finding)));
        match asked {
            Some((message, finding)) => self.choose(message, &said::arguments(finding, Grain::Month, self.language)),
            None => self.choose("question-month", &FluentArgs::new()),
        }
    }
}

/// The question to a finding; nothing for those that leave nothing to ask.
const fn question(finding: &Finding) -> Option<&'static str> {
    match (finding.kind, finding.subject) {
        (Kind::Changed, Subject::Level(_)) => Some("question-level"),
        (Kind::Changed | Kind::FirstTime | Kind::Returned, Subject::Family(_)) => Some("question-family"),
        (Kind::WeekdayPattern, _) => Some("question-weekday"),
        (Kind::DaypartPattern, _) => Some("question-daypart"),
        (Kind::FeatureShift | Kind::FeatureContrast | Kind::MovedMost, _) => Some("question-feature"),
        _ => None,
    }
}

fn month_args() -> FluentArgs<'static> {
    let mut args = FluentArgs::new();
    args.set("grain", Grain::Month.name());
    args
}

fn family_args(family: Family, count: i32, sessions: i32) -> FluentArgs<'static> {
    let mut args = month_args();
    args.set("family", family.name());
    args.set("count", count);
    args.set("n", sessions);
    args
}
