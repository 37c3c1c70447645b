//! An independent check of what cards and months say: every number, name, direction and period is read out of the text and
//! counted again from raw rollups. Nothing of the writer or of the findings is used to check them; `docs/cards.md` has the
//! rates.

mod claims;
mod falsified_tests;
pub(super) mod histories;
mod reading;
mod recount;
mod swap_tests;
mod tokens;
mod verdict;

use self::recount::Periods;
use super::*;
use crate::finding::{History, detect, select};

fn periods(history: &History) -> Periods<'_> {
    Periods(std::iter::once(&history.period).chain(&history.before).collect())
}

/// What is said of a history, in its language and grain: a card of each finding for which `carded` holds, by its place, and
/// the month's sections.
fn of_language(
    findings: &[Finding],
    carded: impl Fn(usize) -> bool,
    history: &History,
    (grain, language): (Grain, Language),
    seed: u64,
) -> Vec<String> {
    let cards =
        findings.iter().enumerate().zip(seed..).filter(|((at, _), _)| carded(*at)).map(|((_, finding), seed)| {
            let words = write(finding, grain, language, seed);
            format!("{} {}", words.headline, words.body)
        });
    let mut texts: Vec<String> = cards.collect();
    if grain == Grain::Month {
        let narrative = narrate(findings, &history.period, &history.before, language, seed);
        texts.extend(narrative.sections.into_iter().map(|section| section.text));
    }
    texts
}

/// Histories of each grain; each is told in every language.
const HISTORIES: u64 = 2_500;

/// What a feed shows and a month's text is checked in every language; of the other findings each in one of them, because
/// unoptimised all of it takes twelve seconds, or with `all` in every language, too.
fn no_claim_is_false(grain: Grain, all: bool) {
    let (mut said, mut wrong) = (0, Vec::new());
    for seed in 0..HISTORIES {
        let history = histories::history(2 * seed + u64::from(grain == Grain::Month));
        let findings = detect(&history);
        let shown = select(&findings);
        for (turn, language) in Language::ALL.into_iter().enumerate() {
            let carded = |at: usize| {
                let this = &findings[at];
                let in_feed = shown.iter().any(|finding| std::ptr::eq(*finding, this));
                all || in_feed || at % Language::ALL.len() == turn
            };
            for text in of_language(&findings, carded, &history, (grain, language), seed) {
                said += 1;
                if let Err(problem) = verdict::check(&text, grain, &periods(&history)) {
                    wrong.push(format!("{seed}: {text}\n    {problem}"));
                }
            }
        }
    }
    println!("{said} texts of {HISTORIES} histories by {}, {} false", grain.name(), wrong.len());
    assert!(wrong.is_empty(), "{} of {said} false:\n{}", wrong.len(), wrong[..wrong.len().min(12)].join("\n"));
}

#[test]
fn no_claim_about_a_week_is_false() {
    no_claim_is_false(Grain::Week, false);
}

#[test]
fn no_claim_about_a_month_is_false() {
    no_claim_is_false(Grain::Month, false);
}

#[test]
#[ignore = "all findings in every language: the table of docs/cards.md"]
fn no_claim_is_false_in_any_language() {
    for grain in Grain::ALL {
        no_claim_is_false(grain, true);
    }
}
