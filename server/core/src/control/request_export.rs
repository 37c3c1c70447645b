//! Asking for everything held about a member, and how far that has come.

use chrono::{DateTime, TimeDelta, Utc};
use spectrum_domain::{
    export::{EXPORT_LIFE, Export, Ready},
    id::{ExportId, MemberId},
    job::Job,
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    ambient::Ambient,
    error::ServiceError,
    queue::enqueue::{NewJob, enqueue},
};

/// A gathering that takes longer has failed for good, and asking again begins a new one.
const PATIENCE: TimeDelta = TimeDelta::hours(1);

/// Orders an export. While one is under way that one is the answer; one that is ready gives way to the new one. Nothing where
/// the member is gone or going.
pub(crate) async fn request(
    connection: &mut PgConnection,
    ambient: &Ambient,
    member: MemberId,
) -> Result<Option<Export>, ServiceError> {
    let now = ambient.now();
    // Two requests at the same moment follow each other, and an erasure waits for neither half.
    let known = sqlx::query!(
        "SELECT member_id FROM member WHERE member_id = $1 AND state = 'active' FOR NO KEY UPDATE",
        member.uuid()
    )
    .fetch_optional(&mut *connection)
    .await?;
    if known.is_none() {
        return Ok(None);
    }
    if let Some(export) = load(connection, member).await?
        && export.ready.is_none()
        && export.asked_at > now - PATIENCE
    {
        return Ok(Some(export));
    }
    sqlx::query!(
        "WITH old AS (
             UPDATE export SET state = 'replaced', ready_at = NULL, version = NULL, bytes = 0, expires_at = $2
             WHERE member_id = $1 AND state <> 'replaced' RETURNING export_id
         )
         DELETE FROM export_part WHERE member_id = $1 AND export_id IN (SELECT export_id FROM old)",
        member.uuid(),
        now + EXPORT_LIFE
    )
    .execute(&mut *connection)
    .await?;
    let export_id: ExportId = ambient.id();
    sqlx::query!(
        "INSERT INTO export (member_id, export_id, state, asked_at) VALUES ($1, $2, 'gathering', $3)",
        member.uuid(),
        export_id.uuid(),
        now
    )
    .execute(&mut *connection)
    .await?;
    let job = Job::ExportMember { export_id };
    enqueue(connection, &[NewJob::about(member, &job, &[export_id.0.as_bytes()], now.date_naive(), now)], now).await?;
    Ok(Some(Export { export_id, asked_at: now, ready: None, replaced: false }))
}

/// The member's newest export: under way, ready, or over and not yet let go.
pub(crate) async fn load(connection: &mut PgConnection, member: MemberId) -> Result<Option<Export>, ServiceError> {
    let row = sqlx::query_as!(
        Row,
        "SELECT export_id, state, asked_at, ready_at, expires_at, bytes, version FROM export
         WHERE member_id = $1 AND state <> 'replaced'",
        member.uuid()
    );
    Ok(row.fetch_optional(connection).await?.map(Export::from))
}

/// The member's export of this number, also one that has been replaced.
pub(crate) async fn find(
    connection: &mut PgConnection,
    member: MemberId,
    export: ExportId,
) -> Result<Option<Export>, ServiceError> {
    let row = sqlx::query_as!(
        Row,
        "SELECT export_id, state, asked_at, ready_at, expires_at, bytes, version FROM export
         WHERE member_id = $1 AND export_id = $2",
        member.uuid(),
        export.uuid()
    );
    Ok(row.fetch_optional(connection).await?.map(Export::from))
}

#[derive(Debug)]
struct Row {
    export_id: Uuid,
    state: String,
    asked_at: DateTime<Utc>,
    ready_at: Option<DateTime<Utc>>,
    expires_at: Option<DateTime<Utc>>,
    bytes: i64,
    version: Option<i64>,
}

impl From<Row> for Export {
    fn from(row: Row) -> Self {
        Self {
            export_id: row.export_id.into(),
            asked_at: row.asked_at,
            ready: match (row.ready_at, row.expires_at, row.version) {
                (Some(ready_at), Some(expires_at), Some(version)) => {
                    Some(Ready { ready_at, expires_at, bytes: row.bytes, version })
                }
                _ => None,
            },
            replaced: row.state == "replaced",
        }
    }
}
