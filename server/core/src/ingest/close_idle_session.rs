//! Ending a session that its host never ended.

use chrono::{DateTime, Utc};
use spectrum_domain::id::{MemberId, SessionId};
use sqlx::PgConnection;

use super::{accept_events::IngestPolicy, follow_up};
use crate::{error::ServiceError, queue::enqueue::enqueue};

/// What closing came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// Closed now, or closed before, or gone.
    Done,
    /// Something came in meanwhile: look again then.
    NotBefore(DateTime<Utc>),
}

/// Closes the session if nothing has come in for the idle time. It ends with its last turn.
pub(crate) async fn close(
    connection: &mut PgConnection,
    policy: IngestPolicy,
    member_id: MemberId,
    session_id: SessionId,
    now: DateTime<Utc>,
) -> Result<Closing, ServiceError> {
    let Some(session) = sqlx::query!(
        "SELECT state, last_event_at, received_at, input_version FROM session
         WHERE member_id = $1 AND session_id = $2 FOR UPDATE",
        member_id.uuid(),
        session_id.uuid()
    )
    .fetch_optional(&mut *connection)
    .await?
    else {
        return Ok(Closing::Done);
    };
    if session.state != "open" {
        return Ok(Closing::Done);
    }
    let idle_at = session.last_event_at + policy.idle;
    if idle_at > now {
        return Ok(Closing::NotBefore(idle_at));
    }
    let input_version = session.input_version + 1;
    sqlx::query!(
        "UPDATE session SET state = 'ended', input_version = $3,
                ended_at = greatest(started_at, (SELECT max(occurred_at) FROM turn
                                                 WHERE turn.member_id = $1 AND turn.session_id = $2))
         WHERE member_id = $1 AND session_id = $2",
        member_id.uuid(),
        session_id.uuid(),
        input_version
    )
    .execute(&mut *connection)
    .await?;
    let received_on = session.received_at.date_naive();
    let job = follow_up::analyze(member_id, session_id, input_version, received_on, now);
    enqueue(connection, &[job], now).await?;
    Ok(Closing::Done)
}
