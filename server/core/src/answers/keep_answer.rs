//! Keeps the answer to a request, or gives its key back.

use sqlx::PgConnection;

use super::{Answer, Ticket};
use crate::error::ServiceError;

/// Keeps the answer; without one keeps only which request the key belongs to, and the next such request is answered anew.
pub(crate) async fn keep(
    connection: &mut PgConnection,
    ticket: &Ticket,
    answer: Option<&Answer>,
) -> Result<(), ServiceError> {
    sqlx::query!(
        "UPDATE idempotency_key SET done = true, status = $3, content_type = $4, location = $5, body = $6
         WHERE key_hash = $1 AND attempt = $2",
        ticket.key_hash.as_slice(),
        ticket.attempt,
        answer.map(|answer| i16::try_from(answer.status).unwrap_or(i16::MAX)),
        answer.and_then(|answer| answer.content_type.as_deref()),
        answer.and_then(|answer| answer.location.as_deref()),
        answer.map(|answer| answer.body.as_slice()),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Gives the key back, as if the request had never come.
pub(crate) async fn give_back(connection: &mut PgConnection, ticket: &Ticket) -> Result<(), ServiceError> {
    sqlx::query!(
        "DELETE FROM idempotency_key WHERE key_hash = $1 AND attempt = $2",
        ticket.key_hash.as_slice(),
        ticket.attempt
    )
    .execute(connection)
    .await?;
    Ok(())
}
