//! Texts for review: a revision of a prompt puts made-up members' findings into words, and so does what it is held against.

use std::collections::BTreeMap;

use spectrum_core::{
    ambient::Ambient,
    insight::{open_review::NewBatch, rephrase::BookedCall},
};
use spectrum_domain::{
    card::{self, Grain, Language},
    finding::{self, Finding, History, simulated},
    review::{Facts, RevisionRef, Text},
};
use spectrum_llm::{
    guard::{Shingles, Written},
    input::Input,
    price::Mode,
    prompts::Revision,
    rephrase::{self, Rephrased},
};

use crate::rephraser::{Rephraser, coverage, name};

/// Periods that are tried for a pair before it is given up: a model whose every text is refused costs no more than that.
const TRIES: usize = 4;

/// What the candidate's texts are held against.
#[derive(Clone, Debug)]
pub enum Against {
    /// The templates.
    Templates,
    /// The revision in use.
    InUse(RevisionRef),
}

/// There is no such revision in this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this program has no such revision")]
pub struct NoRevision;

impl Rephraser {
    /// So many pairs of texts, or fewer where the guard refuses too many of the candidate's.
    pub async fn draft(
        &self,
        revision: &RevisionRef,
        grain: Grain,
        language: Language,
        against: &Against,
        pairs: usize,
        ambient: &Ambient,
    ) -> Result<NewBatch, NoRevision> {
        let candidate = self.revision(revision).ok_or(NoRevision)?;
        let in_use = match against {
            Against::Templates => None,
            Against::InUse(revision) => Some(self.revision(revision).ok_or(NoRevision)?),
        };
        let mut batch = NewBatch {
            revision: revision.clone(),
            language,
            model: self.usual_model(grain).clone(),
            baseline: in_use.map_or_else(|| card::TEMPLATES.to_owned(), Revision::name_hash),
            pairs: Vec::new(),
            refused: BTreeMap::new(),
            calls: Vec::new(),
        };
        for _ in 0..TRIES.saturating_mul(pairs) {
            if batch.pairs.len() == pairs {
                break;
            }
            let seed = u64::from_le_bytes(ambient.bytes());
            let history = simulated::sample(seed);
            let found = finding::detect(&history);
            let shown: Vec<Finding> = finding::select(&found).into_iter().cloned().collect();
            if spectrum_llm::route::significant(&shown) == 0 {
                continue;
            }
            let facts = facts(&history, grain, shown);
            let Some(text) = self.write(candidate, &facts, language, ambient, &mut batch).await else { continue };
            let other = match in_use {
                None => Some(by_template(&history, &found, &facts, language, seed)),
                Some(revision) => self.write(revision, &facts, language, ambient, &mut batch).await,
            };
            batch.pairs.extend(other.map(|other| (facts, text, other)));
        }
        Ok(batch)
    }

    /// A text by a revision; what the guard says where there is none is counted.
    async fn write(
        &self,
        revision: &Revision,
        facts: &Facts,
        language: Language,
        ambient: &Ambient,
        batch: &mut NewBatch,
    ) -> Option<Text> {
        let coverage = coverage([facts.sessions, facts.turns, facts.days], facts.tier);
        let input = Input::new(&facts.findings, facts.grain, language, coverage);
        // A made-up member wrote nothing.
        let shingles = Shingles::new(ambient.bytes(), std::iter::empty());
        let asked = rephrase::Task {
            provider: self.provider(),
            model: self.usual_model(facts.grain),
            revision,
            input: &input,
            shingles: &shingles,
            safety: None,
            clock: self.clock(),
        };
        let outcome = rephrase::rephrase(asked).await;
        let booked = |call| self.booked(call, ambient.now(), Mode::Single);
        let calls: Vec<BookedCall> = outcome.calls.iter().map(booked).collect();
        for call in calls.iter().filter(|_| revision.hash == batch.revision.sha256) {
            for reason in &call.reasons {
                *batch.refused.entry(reason.clone()).or_default() += 1;
            }
        }
        batch.calls.extend(calls);
        match outcome.result {
            Rephrased::Words(Written::Week(cards)) => {
                Some(Text::Week { cards: cards.into_iter().map(|(_, words)| words).collect() })
            }
            Rephrased::Words(Written::Month(narrative)) => Some(Text::Month { narrative }),
            Rephrased::Fallback { reasons } => {
                let reasons: Vec<String> = reasons.into_iter().map(name).collect();
                tracing::info!(prompt = revision.name_hash(), ?reasons, "a draft was refused");
                None
            }
        }
    }
}

fn facts(history: &History, grain: Grain, findings: Vec<Finding>) -> Facts {
    let period = &history.period;
    Facts { grain, findings, sessions: period.sessions, turns: period.turns, days: period.days, tier: period.tier() }
}

fn by_template(history: &History, found: &[Finding], facts: &Facts, language: Language, seed: u64) -> Text {
    match facts.grain {
        Grain::Week => {
            let written = (seed..).zip(&facts.findings);
            let cards = written.map(|(seed, finding)| card::write(finding, Grain::Week, language, seed));
            Text::Week { cards: cards.collect() }
        }
        Grain::Month => {
            Text::Month { narrative: card::narrate(found, &history.period, &history.before, language, seed) }
        }
    }
}
