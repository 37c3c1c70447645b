//! What was told, on the wire: editions of weeks and months with their cards, each with its receipt.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use spectrum_core::insight::load_edition::{Edition, ShownCard};
use spectrum_domain::{
    calendar::{Month, Week},
    card::{self, Generator, Grain, Language, Verdict},
    member::Member,
};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::problem::Problem;

/// What was told of a week or month that has ended.
#[derive(Debug, Serialize, ToSchema)]
pub struct EditionBody {
    /// `2026-W47`, or `2026-10`.
    #[schema(example = "2026-W47")]
    period: String,
    /// Its first day.
    first: NaiveDate,
    /// When it was told first.
    published_at: DateTime<Utc>,
    /// When its numbers last changed after that: say so beside it.
    refreshed_at: Option<DateTime<Utc>>,
    /// Show the help panel before all else: a session of it speaks of danger. No card rests on that session.
    help: bool,
    /// First what most deserves to be told.
    cards: Vec<CardBody>,
    /// A month's text.
    narrative: Option<NarrativeBody>,
}

/// A card.
#[derive(Debug, Serialize, ToSchema)]
struct CardBody {
    card_id: Uuid,
    /// What kind of statement, such as `changed` or `nothing_new`.
    #[schema(example = "changed")]
    kind: &'static str,
    /// Language of its words.
    language: &'static str,
    headline: String,
    body: String,
    /// "Why am I seeing this?", in sentences.
    why: Vec<String>,
    /// The statement in numbers: subject, window, direction, estimate, interval, test and the cells it rests on.
    #[schema(value_type = Object)]
    finding: Value,
    receipt: ReceiptBody,
    /// When it last said something else.
    changed_at: Option<DateTime<Utc>>,
    /// What the member said of it: `useful`, `not_quite` or `wrong`.
    verdict: Option<&'static str>,
}

/// What a card rests on.
#[derive(Debug, Serialize, ToSchema)]
struct ReceiptBody {
    sessions: i32,
    turns: i32,
    days: i32,
    /// `few`, `some` or `enough`.
    tier: &'static str,
    /// The sums it was computed from, each at a version of the member's data.
    rollups: Vec<RollupBody>,
    /// `template` or `model`.
    generator: &'static str,
    /// Revision of the template or prompt.
    revision: String,
    /// The model, where one chose the words.
    model: Option<String>,
    generated_at: DateTime<Utc>,
}

/// Sums of a period.
#[derive(Debug, Serialize, ToSchema)]
struct RollupBody {
    /// `week` or `month`.
    grain: &'static str,
    /// First day.
    period: NaiveDate,
    version: i64,
}

/// A month in words.
#[derive(Debug, Serialize, ToSchema)]
struct NarrativeBody {
    sections: Vec<SectionBody>,
    /// One question, which may be answered with no.
    question: String,
    /// `template` or `model`.
    generator: &'static str,
    /// Revision of the template or prompt.
    revision: String,
    /// The model, where one chose the words.
    model: Option<String>,
}

/// A section of it.
#[derive(Debug, Serialize, ToSchema)]
struct SectionBody {
    heading: String,
    text: String,
}

impl EditionBody {
    /// The edition as this member reads it.
    pub fn new(member: &Member, grain: Grain, edition: &Edition) -> Self {
        let period = match grain {
            Grain::Week => Week::containing(edition.period, member.week_start).label().to_string(),
            Grain::Month => Month::containing(edition.period).to_string(),
        };
        let (generator, revision, model) = by(&edition.narrator);
        let narrative = edition.narrative.as_ref().map(|text| NarrativeBody {
            sections: text
                .sections
                .iter()
                .map(|section| SectionBody { heading: section.heading.clone(), text: section.text.clone() })
                .collect(),
            question: text.question.clone(),
            generator,
            revision,
            model,
        });
        Self {
            period,
            first: edition.period,
            published_at: edition.published_at,
            refreshed_at: edition.refreshed_at,
            help: edition.flagged > 0,
            cards: edition.cards.iter().map(|shown| CardBody::new(member, grain, shown)).collect(),
            narrative,
        }
    }
}

impl CardBody {
    fn new(member: &Member, grain: Grain, shown: &ShownCard) -> Self {
        let language = Language::of_tag(&member.locale);
        let card::Card { finding, words, receipt } = &shown.card;
        let (generator, revision, model) = by(&receipt.generator);
        let rollups = receipt.rollups.iter();
        let rollups = rollups.map(|of| RollupBody { grain: of.grain.name(), period: of.period, version: of.version });
        Self {
            card_id: shown.card_id.uuid(),
            kind: finding.kind.name(),
            language: language.tag(),
            headline: words.headline.clone(),
            body: words.body.clone(),
            why: card::explain(finding, receipt, grain, language),
            finding: serde_json::to_value(finding).unwrap_or_default(),
            receipt: ReceiptBody {
                sessions: receipt.sessions,
                turns: receipt.turns,
                days: receipt.days,
                tier: receipt.tier.name(),
                rollups: rollups.collect(),
                generator,
                revision,
                model,
                generated_at: receipt.generated_at,
            },
            changed_at: shown.changed_at,
            verdict: shown.verdict.map(Verdict::name),
        }
    }
}

/// Who wrote the words: the kind, the revision, and the model where one did.
fn by(generator: &Generator) -> (&'static str, String, Option<String>) {
    match generator {
        Generator::Template { revision } => ("template", revision.clone(), None),
        Generator::Model { model, prompt } => ("model", prompt.clone(), Some(model.clone())),
    }
}

/// A page of editions, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct EditionPage {
    editions: Vec<EditionBody>,
    /// Where the next page begins; nothing on the last.
    next_cursor: Option<String>,
}

/// Which page.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    cursor: Option<String>,
    limit: Option<i64>,
}

/// Most editions of a page, and how many where it is not said.
const MOST: i64 = 26;
const USUAL: i64 = 8;

impl PageQuery {
    /// Before which day, and how many.
    pub fn read(&self) -> Result<(Option<NaiveDate>, i64), Problem> {
        let limit = self.limit.unwrap_or(USUAL);
        if !(1..=MOST).contains(&limit) {
            return Err(Problem::bad_field("limit", &format!("must be 1 to {MOST}")));
        }
        let before = self.cursor.as_deref().map(read_cursor).transpose()?;
        Ok((before, limit))
    }
}

impl EditionPage {
    /// The first `limit` of these, of which there may be one more.
    pub fn new(member: &Member, grain: Grain, mut editions: Vec<Edition>, limit: i64) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = editions.len() > limit;
        editions.truncate(limit);
        let next_cursor = editions.last().filter(|_| more).map(|last| write_cursor(last.period));
        let editions = editions.iter().map(|edition| EditionBody::new(member, grain, edition)).collect();
        Self { editions, next_cursor }
    }
}

/// A cursor is opaque to those who carry it: what is in it may change.
fn write_cursor(before: NaiveDate) -> String {
    URL_SAFE_NO_PAD.encode(format!("before {before}"))
}

fn read_cursor(text: &str) -> Result<NaiveDate, Problem> {
    let bad = || Problem::bad_field("cursor", "must be a `next_cursor` of an answer before");
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| bad())?;
    let text = std::str::from_utf8(&bytes).map_err(|_| bad())?;
    text.strip_prefix("before ").and_then(|date| date.parse().ok()).ok_or_else(bad)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn cursors_of_any_shape_never_panic_and_ours_come_back(text in ".{0,60}", days in 0..200_000i32) {
            let _ = read_cursor(&text);
            let _ = read_cursor(&URL_SAFE_NO_PAD.encode(&text));
            let date = NaiveDate::from_num_days_from_ce_opt(600_000 + days).expect("a date");
            prop_assert_eq!(read_cursor(&write_cursor(date)).ok(), Some(date));
        }
    }
}
