//! Host services and the keys they come with.

use spectrum_domain::id::HostId;
use sqlx::{PgConnection, PgPool};

use super::secret::{Secret, hash};
use crate::{ambient::Ambient, error::ServiceError};

/// Makes a key for a host, and the host if it is new. Needs the owner's login: it is an operator's act.
pub async fn create(
    connection: &mut PgConnection,
    ambient: &Ambient,
    host: &str,
    label: &str,
) -> Result<Secret, ServiceError> {
    let key = Secret::draw(ambient, "sp_host_");
    let id: HostId = ambient.id();
    let host_id = sqlx::query_scalar!(
        "INSERT INTO host (host_id, name, created_at) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING host_id",
        id.uuid(),
        host,
        ambient.now()
    )
    .fetch_one(&mut *connection)
    .await?;
    sqlx::query!(
        "INSERT INTO host_key (key_hash, host_id, label, created_at) VALUES ($1, $2, $3, $4)",
        hash(key.expose()),
        host_id,
        label,
        ambient.now()
    )
    .execute(connection)
    .await?;
    Ok(key)
}

/// The host with this name. Needs the owner's login.
pub async fn find_host(connection: &mut PgConnection, name: &str) -> Result<Option<HostId>, ServiceError> {
    let host = sqlx::query_scalar!("SELECT host_id FROM host WHERE name = $1", name).fetch_optional(connection).await?;
    Ok(host.map(HostId))
}

/// The host that this key belongs to.
pub(crate) async fn find(pool: &PgPool, key: &str) -> Result<Option<HostId>, ServiceError> {
    let host =
        sqlx::query_scalar!("SELECT host_id FROM host_key WHERE key_hash = $1 AND revoked_at IS NULL", hash(key))
            .fetch_optional(pool)
            .await?;
    Ok(host.map(HostId))
}
