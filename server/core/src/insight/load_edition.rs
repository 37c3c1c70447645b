//! What the feed and the months show: editions with their cards, newest first.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use spectrum_domain::{
    card::{Card, Generator, Grain, Narrative, Receipt, TEMPLATES, Verdict, Words},
    finding::Finding,
    id::{CardId, MemberId},
};
use sqlx::{PgConnection, types::Json};

use crate::error::ServiceError;

/// What is told of a period.
#[derive(Clone, Debug)]
pub struct Edition {
    /// First day of the period.
    pub period: NaiveDate,
    /// When it was told first.
    pub published_at: DateTime<Utc>,
    /// When its numbers last changed after that.
    pub refreshed_at: Option<DateTime<Utc>>,
    /// Sessions of it that are flagged for crisis: help is shown.
    pub flagged: i32,
    /// Its cards, first what most deserves to be told.
    pub cards: Vec<ShownCard>,
    /// A month's text.
    pub narrative: Option<Narrative>,
    /// Who wrote it.
    pub narrator: Generator,
}

/// A card as it is shown.
#[derive(Clone, Debug)]
pub struct ShownCard {
    /// Which one.
    pub card_id: CardId,
    /// What it says and what that rests on.
    pub card: Card,
    /// When it last said something else.
    pub changed_at: Option<DateTime<Utc>>,
    /// What the member thinks of it.
    pub verdict: Option<Verdict>,
}

/// Editions of periods before this day, newest first.
pub(crate) async fn list(
    connection: &mut PgConnection,
    member: MemberId,
    grain: Grain,
    before: Option<NaiveDate>,
    most: i64,
) -> Result<Vec<Edition>, ServiceError> {
    let rows = sqlx::query!(
        r#"SELECT period, published_at, refreshed_at, flagged, narrative AS "narrative: Json<Narrative>",
                  narrator AS "narrator: Json<Generator>" FROM edition
           WHERE member_id = $1 AND grain = $2 AND ($3::date IS NULL OR period < $3)
           ORDER BY period DESC LIMIT $4"#,
        member.uuid(),
        grain.name(),
        before,
        most
    )
    .fetch_all(&mut *connection)
    .await?;
    let (Some(newest), Some(oldest)) = (rows.first(), rows.last()) else { return Ok(Vec::new()) };
    let mut cards = load_cards(connection, member, grain, oldest.period, newest.period).await?;
    let editions = rows.into_iter().map(|row| Edition {
        period: row.period,
        published_at: row.published_at,
        refreshed_at: row.refreshed_at,
        flagged: row.flagged,
        cards: cards.remove(&row.period).unwrap_or_default(),
        narrative: row.narrative.map(|text| text.0),
        narrator: row.narrator.map_or_else(|| Generator::Template { revision: TEMPLATES.to_owned() }, |by| by.0),
    });
    Ok(editions.collect())
}

/// The edition of one period.
pub(crate) async fn load(
    connection: &mut PgConnection,
    member: MemberId,
    grain: Grain,
    period: NaiveDate,
) -> Result<Option<Edition>, ServiceError> {
    let newest = list(connection, member, grain, period.succ_opt(), 1).await?.pop();
    Ok(newest.filter(|edition| edition.period == period))
}

async fn load_cards(
    connection: &mut PgConnection,
    member: MemberId,
    grain: Grain,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<BTreeMap<NaiveDate, Vec<ShownCard>>, ServiceError> {
    let rows = sqlx::query!(
        r#"SELECT c.card_id, c.period, c.finding AS "finding!: Json<Finding>", c.headline, c.body,
                  c.receipt AS "receipt!: Json<Receipt>", c.changed_at, f.verdict AS "verdict?"
           FROM card c LEFT JOIN feedback f ON f.member_id = c.member_id AND f.card_id = c.card_id
           WHERE c.member_id = $1 AND c.grain = $2 AND c.period >= $3 AND c.period <= $4
           ORDER BY c.period, c.position"#,
        member.uuid(),
        grain.name(),
        from,
        to
    )
    .fetch_all(connection)
    .await?;
    let mut cards: BTreeMap<NaiveDate, Vec<ShownCard>> = BTreeMap::new();
    for row in rows {
        let words = Words { headline: row.headline, body: row.body };
        cards.entry(row.period).or_default().push(ShownCard {
            card_id: row.card_id.into(),
            card: Card { finding: row.finding.0, words, receipt: row.receipt.0 },
            changed_at: row.changed_at,
            verdict: row.verdict.as_deref().and_then(Verdict::from_name),
        });
    }
    Ok(cards)
}
