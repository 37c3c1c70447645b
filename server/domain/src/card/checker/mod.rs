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
use crate::finding::{History, detect};

fn periods(history: &History) -> Periods<'_> {
    Periods(std::iter::once(&history.period).chain(&history.before).collect())
}

/// What is said of a history, in its language and grain: all cards, and the month's sections.
fn of_language(findings: &[Finding], history: &History, grain: Grain, language: Language, seed: u64) -> Vec<String> {
    let cards = findings.iter().zip(seed..).map(|(finding, seed)| {
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

fn no_claim_is_false(grain: Grain) {
    let (mut said, mut wrong) = (0, Vec::new());
    for seed in 0..HISTORIES {
        let history = histories::history(2 * seed + u64::from(grain == Grain::Month));
        let findings = detect(&history);
        for language in Language::ALL {
            for text in of_language(&findings, &history, grain, language, seed) {
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
    no_claim_is_false(Grain::Week);
}

#[test]
fn no_claim_about_a_month_is_false() {
    no_claim_is_false(Grain::Month);
}
