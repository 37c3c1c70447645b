//! People of the product team and operators.

use spectrum_domain::id::StaffId;
use sqlx::PgConnection;

use crate::{ambient::Ambient, error::ServiceError};

/// The person with this address, made if need be. Needs the owner's login: it is an operator's act.
pub async fn find_or_make(
    connection: &mut PgConnection,
    ambient: &Ambient,
    email: &str,
) -> Result<StaffId, ServiceError> {
    let id: StaffId = ambient.id();
    let staff = sqlx::query_scalar!(
        "INSERT INTO staff (staff_id, email, created_at) VALUES ($1, $2, $3)
         ON CONFLICT (email) DO UPDATE SET email = excluded.email RETURNING staff_id",
        id.uuid(),
        email,
        ambient.now()
    )
    .fetch_one(connection)
    .await?;
    Ok(staff.into())
}
