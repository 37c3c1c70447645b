//! How far an erasure has come, and its receipt.

use spectrum_domain::{
    erasure::{Erasure, ErasureState},
    id::{ErasureId, HostId},
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::issue_receipt::document;
use crate::error::ServiceError;

/// The erasure with this number; of this host only, where one asks.
pub(crate) async fn load(
    connection: &mut PgConnection,
    erasure: ErasureId,
    host: Option<HostId>,
) -> Result<Erasure, ServiceError> {
    let row = sqlx::query!(
        "SELECT state, requested_at, done_at FROM erasure WHERE erasure_id = $1 AND ($2::uuid IS NULL OR host_id = $2)",
        erasure.uuid(),
        host.map(HostId::uuid)
    )
    .fetch_optional(connection)
    .await?
    .ok_or(ServiceError::UnknownErasure(erasure))?;
    let state =
        ErasureState::from_name(&row.state).ok_or(ServiceError::Inconsistent { table: "erasure", column: "state" })?;
    Ok(Erasure { erasure_id: erasure, state, requested_at: row.requested_at, done_at: row.done_at })
}

/// The receipt of this deed, as it is handed out.
pub(crate) async fn receipt(connection: &mut PgConnection, deed: Uuid) -> Result<Option<String>, ServiceError> {
    let row =
        sqlx::query!("SELECT body, signature FROM receipt WHERE deed_id = $1", deed).fetch_optional(connection).await?;
    Ok(row.map(|row| document(&row.body, &row.signature)))
}
