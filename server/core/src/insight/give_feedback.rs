//! What a member says of a card: kept beside the kind of card and who wrote its words, so that the product can be judged by it.

use chrono::{DateTime, NaiveDate, Utc};
use spectrum_domain::{
    card::{Generator, Grain, Receipt, Verdict},
    finding::{Finding, Kind},
    id::{CardId, MemberId},
};
use sqlx::{PgConnection, types::Json};

use crate::{db::scope::raise_data_version, error::ServiceError};

/// Keeps a verdict in the place of the one before, or takes it back. Gives of which period the card is, and of which kind.
pub(crate) async fn give(
    connection: &mut PgConnection,
    member: MemberId,
    card: CardId,
    verdict: Option<Verdict>,
    now: DateTime<Utc>,
) -> Result<((Grain, NaiveDate), Kind), ServiceError> {
    // What is shown of the card changes.
    raise_data_version(connection, member).await?.ok_or(ServiceError::MemberGone)?;
    let Some(row) = sqlx::query!(
        r#"SELECT finding AS "finding!: Json<Finding>", receipt AS "receipt!: Json<Receipt>", grain, period FROM card
           WHERE member_id = $1 AND card_id = $2"#,
        member.uuid(),
        card.uuid()
    )
    .fetch_optional(&mut *connection)
    .await?
    else {
        return Err(ServiceError::UnknownCard(card));
    };
    let grain = Grain::from_name(&row.grain).ok_or(ServiceError::Inconsistent { table: "card", column: "grain" })?;
    let (place, kind) = ((grain, row.period), row.finding.0.kind);
    let Some(verdict) = verdict else {
        sqlx::query!("DELETE FROM feedback WHERE member_id = $1 AND card_id = $2", member.uuid(), card.uuid())
            .execute(connection)
            .await?;
        return Ok((place, kind));
    };
    let generator = match row.receipt.0.generator {
        Generator::Template { revision } => revision,
        Generator::Model { prompt, .. } => prompt,
    };
    sqlx::query!(
        "INSERT INTO feedback (member_id, card_id, verdict, kind, generator, given_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (member_id, card_id) DO UPDATE
         SET verdict = excluded.verdict, kind = excluded.kind, generator = excluded.generator,
             given_at = excluded.given_at",
        member.uuid(),
        card.uuid(),
        verdict.name(),
        kind.name(),
        generator,
        now
    )
    .execute(connection)
    .await?;
    Ok((place, kind))
}
