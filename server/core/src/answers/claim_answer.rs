//! Finds out whether a request was answered before, and if not takes it on.

use chrono::TimeDelta;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Answer, Caller, Claim, KEPT_FOR, Ticket};
use crate::{ambient::Ambient, db::keyring::Ledger, error::ServiceError};

/// Takes the request on, unless it was answered or is being answered. `request` is all that makes it the same request.
pub(crate) async fn claim(
    connection: &mut PgConnection,
    ambient: &Ambient,
    ledger: &Ledger,
    caller: Caller,
    key: &str,
    request: &[&[u8]],
    lease: TimeDelta,
) -> Result<Claim, ServiceError> {
    let now = ambient.now();
    let (kind, id, member) = match caller {
        Caller::Host(host) => ("host", host.uuid(), None),
        Caller::Member(member) => ("member", member.uuid(), Some(member.uuid())),
    };
    let key_hash = ledger.fingerprint(&[b"idempotency key", kind.as_bytes(), id.as_bytes(), key.as_bytes()]);
    let request = ledger.fingerprint(&[&[b"request".as_slice()], request].concat());
    let attempt: Uuid = ambient.id();
    loop {
        // Taken over where the first answer has been kept for long enough, where whoever was at it has gone silent, and where
        // the same request was answered with what may not be kept.
        let ours = sqlx::query_scalar!(
            "INSERT INTO idempotency_key AS held (key_hash, member_id, request, attempt, leased_until, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (key_hash) DO UPDATE
             SET request = excluded.request, attempt = excluded.attempt, leased_until = excluded.leased_until,
                 created_at = excluded.created_at, done = false, status = NULL, content_type = NULL, location = NULL,
                 body = NULL
             WHERE held.created_at <= $7 OR (NOT held.done AND held.leased_until <= $6)
                OR (held.done AND held.status IS NULL AND held.request = excluded.request)
             RETURNING attempt",
            key_hash.as_slice(),
            member,
            request.as_slice(),
            attempt,
            now + lease,
            now,
            now - KEPT_FOR,
        )
        .fetch_optional(&mut *connection)
        .await?;
        if ours.is_some() {
            return Ok(Claim::Ours(Ticket { key_hash, attempt }));
        }
        let held = sqlx::query!(
            "SELECT request, leased_until, done, status, content_type, location, body
             FROM idempotency_key WHERE key_hash = $1",
            key_hash.as_slice()
        )
        .fetch_optional(&mut *connection)
        .await?;
        // Given back between the two statements: asked for once more.
        let Some(held) = held else { continue };
        if held.request != request {
            return Ok(Claim::AnotherRequest);
        }
        match (held.done, held.status, held.body) {
            (true, Some(status), Some(body)) => {
                let status = u16::try_from(status)
                    .map_err(|_| ServiceError::Inconsistent { table: "idempotency_key", column: "status" })?;
                let (content_type, location) = (held.content_type, held.location);
                return Ok(Claim::Answered(Answer { status, content_type, location, body }));
            }
            (true, ..) => {} // answered this moment with what is not kept
            (false, ..) => {
                let left = (held.leased_until - now).num_seconds().max(1);
                return Ok(Claim::Running { seconds: u64::try_from(left).unwrap_or(1) });
            }
        }
    }
}
