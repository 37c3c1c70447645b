//! What an edition holds: a pure function of sums, of what was told before, and of the member's language.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Months, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use spectrum_domain::{
    card::{self, Generator, Grain, Language, Narrative, Receipt, RollupRef, Words},
    finding::{self, Direction, Finding, History, Kind, LONG, Subject, Told},
    id::MemberId,
    rollup::Rollup,
};
use uuid::Uuid;

use crate::rollup::rows::RollupRow;

/// How many editions back what was told still counts: after four it weighs a sixteenth.
pub(crate) const TOLD_FOR: u8 = 4;

/// Sums of a period with the data version at which they were written.
#[derive(Clone, Debug)]
pub(crate) struct Sums {
    pub(crate) row: RollupRow,
    pub(crate) version: i64,
}

/// What an edition said, in closed words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Said {
    kind: Kind,
    subject: Subject,
    direction: Direction,
}

/// All that an edition is made from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'a> {
    pub(crate) member: MemberId,
    pub(crate) grain: Grain,
    pub(crate) language: Language,
    /// Sums by the first day of their period: the edition's own, and those before.
    pub(crate) sums: &'a BTreeMap<NaiveDate, Sums>,
    /// What earlier editions said, by the first day of their period.
    pub(crate) said: &'a BTreeMap<NaiveDate, Vec<Said>>,
    /// Sessions of the period that are flagged for crisis: they are in no sum, and help is shown before all else.
    pub(crate) flagged: i32,
}

/// An edition as it is to be kept.
#[derive(Clone, Debug)]
pub(crate) struct Edition {
    pub(crate) cards: Vec<Draft>,
    pub(crate) narrative: Option<Narrative>,
    pub(crate) said: Vec<Said>,
}

/// A card as it is to be kept.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) card_id: Uuid,
    pub(crate) finding: Finding,
    pub(crate) words: Words,
    pub(crate) receipt: Receipt,
}

/// The first day of the period so many before this one.
pub(crate) fn back(grain: Grain, period: NaiveDate, periods: u8) -> NaiveDate {
    match grain {
        Grain::Week => period.checked_sub_signed(TimeDelta::weeks(i64::from(periods))),
        Grain::Month => period.checked_sub_months(Months::new(u32::from(periods))),
    }
    .unwrap_or(period)
}

/// The day after the period's last.
pub(crate) fn end(grain: Grain, period: NaiveDate) -> NaiveDate {
    match grain {
        Grain::Week => period.checked_add_signed(TimeDelta::weeks(1)),
        Grain::Month => period.checked_add_months(Months::new(1)),
    }
    .unwrap_or(period)
}

impl Source<'_> {
    /// The earlier sums that the period may be held against, newest first. What other models have measured is left out: a
    /// difference could come from them.
    fn before(&self, period: NaiveDate, models: &[String]) -> Vec<Option<&Sums>> {
        let at = |ago| self.sums.get(&back(self.grain, period, ago)).filter(|sums| sums.row.models == models);
        (1..=LONG).map(at).collect()
    }

    fn told(&self, period: NaiveDate) -> Vec<Told> {
        let of = |ago: u8| {
            let said = self.said.get(&back(self.grain, period, ago)).into_iter().flatten();
            said.map(move |&Said { kind, subject, direction }| Told { kind, subject, direction, ago })
        };
        (1..=TOLD_FOR).flat_map(of).collect()
    }

    /// A hash of everything that the edition of this period is made from: the same hash, the same edition.
    pub(crate) fn hash(&self, period: NaiveDate) -> Vec<u8> {
        let mut hash = Sha256::new();
        for part in [card::TEMPLATES, self.grain.name(), self.language.tag()] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        hash.update(period.num_days_from_ce().to_le_bytes());
        hash.update(self.flagged.to_le_bytes());
        if let Some(sums) = self.sums.get(&period) {
            hash.update(&sums.row.inputs_hash);
            for before in self.before(period, &sums.row.models) {
                hash.update(before.map_or(&[0][..], |sums| &sums.row.inputs_hash));
            }
        }
        for told in self.told(period) {
            hash.update(serde_json::to_vec(&told).unwrap_or_default());
        }
        hash.finalize().to_vec()
    }

    /// The edition of this period; nothing where nothing was counted in it and nobody needs help.
    pub(crate) fn compose(&self, period: NaiveDate, now: DateTime<Utc>) -> Option<Edition> {
        let sums = self.sums.get(&period)?;
        let before = self.before(period, &sums.row.models);
        let history = History {
            period: sums.row.rollup.clone(),
            before: before.iter().map(|sums| sums.map(|sums| sums.row.rollup.clone()).unwrap_or_default()).collect(),
            told: self.told(period),
        };
        let findings = finding::detect(&history);
        let own = |kind: Grain, period, sums: &Sums| RollupRef { grain: kind, period, version: sums.version };
        let mut rollups = vec![own(self.grain, period, sums)];
        let known = (1..=LONG).zip(&before).filter_map(|(ago, sums)| sums.map(|sums| (ago, sums)));
        rollups.extend(known.map(|(ago, sums)| own(self.grain, back(self.grain, period, ago), sums)));
        let receipt = |finding: &Finding| Receipt {
            sessions: sums.row.rollup.sessions,
            turns: sums.row.rollup.turns,
            days: sums.row.rollup.days,
            tier: sums.row.rollup.tier(),
            rollups: rollups.iter().filter(|of| used(finding, self.grain, period, of.period)).copied().collect(),
            generator: Generator::Template { revision: card::TEMPLATES.to_owned() },
            generated_at: now,
        };
        let shown = finding::select(&findings);
        let said = shown.iter().map(|f| Said { kind: f.kind, subject: f.subject, direction: f.direction }).collect();
        let cards = shown.into_iter().map(|finding| {
            let id = self.card_id(period, finding);
            Draft {
                card_id: id,
                finding: finding.clone(),
                words: card::write(finding, self.grain, self.language, seed(id)),
                receipt: receipt(finding),
            }
        });
        let cards = cards.collect();
        let narrative = (self.grain == Grain::Month).then(|| self.narrate(period, &findings, &history));
        Some(Edition { cards, narrative, said })
    }

    fn narrate(&self, period: NaiveDate, findings: &[Finding], history: &History) -> Narrative {
        let before: &[Rollup] = &history.before;
        let id = name(self.member, self.grain, period, "narrative");
        card::narrate(findings, &history.period, before, self.language, seed(id))
    }

    /// A card's id follows from what it is about, so that a verdict on it stays with it when its numbers change.
    fn card_id(&self, period: NaiveDate, finding: &Finding) -> Uuid {
        let subject = serde_json::to_string(&finding.subject).unwrap_or_default();
        name(self.member, self.grain, period, &format!("{} {subject}", finding.kind.name()))
    }
}

/// Whether a finding rests on the sums of a period.
fn used(finding: &Finding, grain: Grain, period: NaiveDate, of: NaiveDate) -> bool {
    of == period || finding.evidence.iter().any(|evidence| back(grain, period, evidence.ago) == of)
}

fn name(member: MemberId, grain: Grain, period: NaiveDate, what: &str) -> Uuid {
    let mut hash = Sha256::new();
    hash.update(member.0.as_bytes());
    hash.update(format!("{} {period} {what}", grain.name()));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// What chooses among wordings: stable for a card, different from week to week.
fn seed(id: Uuid) -> u64 {
    id.as_u64_pair().0
}
