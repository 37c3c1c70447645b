//! People of the product team and operators: who is admitted, in which roles, and under which account they sign in.

use spectrum_domain::{access::StaffRole, id::StaffId};
use sqlx::PgConnection;

use crate::{ambient::Ambient, error::ServiceError};

/// An account at the provider of identities, as it stands in a token.
#[derive(Clone, Copy, Debug)]
pub struct Account<'a> {
    /// The provider (`iss`).
    pub issuer: &'a str,
    /// The account there (`sub`), which never becomes somebody else's.
    pub subject: &'a str,
    /// Its address, which the provider has verified.
    pub email: &'a str,
}

/// A person as they are listed.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Their address.
    pub email: String,
    /// What for; nothing for somebody who was dismissed.
    pub roles: Vec<StaffRole>,
    /// Whether an account is bound to them.
    pub bound: bool,
}

/// Admits the person with this address in these roles, and no others. Needs the owner's login: it is an operator's act.
pub async fn admit(
    connection: &mut PgConnection,
    ambient: &Ambient,
    email: &str,
    roles: &[StaffRole],
) -> Result<StaffId, ServiceError> {
    let id: StaffId = ambient.id();
    let roles: Vec<String> = roles.iter().map(|role| role.name().to_owned()).collect();
    let staff = sqlx::query_scalar!(
        "INSERT INTO staff (staff_id, email, created_at, roles) VALUES ($1, lower($2), $3, $4)
         ON CONFLICT (email) DO UPDATE SET roles = excluded.roles RETURNING staff_id",
        id.uuid(),
        email,
        ambient.now(),
        &roles
    )
    .fetch_one(connection)
    .await?;
    Ok(staff.into())
}

/// Shuts a person out at once and frees the account; false where there is nobody of that address. Needs the owner's login.
pub async fn dismiss(connection: &mut PgConnection, email: &str) -> Result<bool, ServiceError> {
    let done = sqlx::query!(
        "WITH gone AS (
             UPDATE staff SET roles = '{}', issuer = NULL, subject = NULL WHERE email = lower($1) RETURNING staff_id
         ), sessions AS (
             DELETE FROM web_session WHERE staff_id IN (SELECT staff_id FROM gone)
         ), links AS (
             DELETE FROM one_time_link WHERE staff_id IN (SELECT staff_id FROM gone)
         )
         SELECT count(*) FROM gone",
        email
    )
    .fetch_one(connection)
    .await?;
    Ok(done.count == Some(1))
}

/// The admitted person of this address. Needs the owner's login.
pub async fn find(connection: &mut PgConnection, email: &str) -> Result<Option<StaffId>, ServiceError> {
    let staff = sqlx::query_scalar!("SELECT staff_id FROM staff WHERE email = lower($1) AND roles <> '{}'", email)
        .fetch_optional(connection)
        .await?;
    Ok(staff.map(StaffId::from))
}

/// The address of a person of the team, for colleagues who want to know who did something.
pub(crate) async fn address_of(connection: &mut PgConnection, staff: StaffId) -> Result<String, ServiceError> {
    sqlx::query_scalar!("SELECT email FROM staff WHERE staff_id = $1", staff.uuid())
        .fetch_optional(connection)
        .await?
        .ok_or(ServiceError::Inconsistent { table: "staff", column: "staff_id" })
}

/// Everybody who was ever admitted. Needs the owner's login.
pub async fn list(connection: &mut PgConnection) -> Result<Vec<Listed>, ServiceError> {
    let rows = sqlx::query!(r#"SELECT email, roles, issuer IS NOT NULL AS "bound!" FROM staff ORDER BY email"#)
        .fetch_all(connection)
        .await?;
    let listed = rows.into_iter().map(|row| Listed {
        email: row.email,
        roles: row.roles.iter().filter_map(|name| StaffRole::from_name(name)).collect(),
        bound: row.bound,
    });
    Ok(listed.collect())
}

/// The person who signs in with this account. The first time it is bound to the address that was admitted; from then on
/// the address counts no more, and no other account is let in under it.
pub(crate) async fn find_by_account(
    connection: &mut PgConnection,
    account: Account<'_>,
) -> Result<Option<StaffId>, ServiceError> {
    let Account { issuer, subject, email } = account;
    let bound = sqlx::query_scalar!(
        "SELECT staff_id FROM staff WHERE issuer = $1 AND subject = $2 AND roles <> '{}'",
        issuer,
        subject
    )
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(staff) = bound {
        return Ok(Some(staff.into()));
    }
    let first = sqlx::query_scalar!(
        "UPDATE staff SET issuer = $1, subject = $2
         WHERE email = lower($3) AND issuer IS NULL AND roles <> '{}' RETURNING staff_id",
        issuer,
        subject,
        email
    )
    .fetch_optional(connection)
    .await?;
    Ok(first.map(StaffId::from))
}
