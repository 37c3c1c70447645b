//! Issuers of members' tokens: a host says whose signature counts, and for whom a token must be made out.

use spectrum_domain::id::HostId;
use sqlx::{PgConnection, PgPool};

use crate::{ambient::Ambient, error::ServiceError};

/// Where an issuer's public keys are, as a JSON Web Key Set (RFC 7517).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySet {
    /// At this address, where they may change.
    At(String),
    /// Here, as they were given.
    Given(serde_json::Value),
}

/// An issuer of members' tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// As it stands in the token (`iss`).
    pub issuer: String,
    /// Whose members it speaks of.
    pub host_id: HostId,
    /// For whom a token must be made out (`aud`).
    pub audience: String,
    /// What signs its tokens.
    pub keys: KeySet,
}

/// Makes an issuer known, or changes what is known of it. Needs the owner's login: it is an operator's act.
pub async fn set(connection: &mut PgConnection, ambient: &Ambient, issuer: &Issuer) -> Result<(), ServiceError> {
    let (url, given) = match &issuer.keys {
        KeySet::At(url) => (Some(url), None),
        KeySet::Given(keys) => (None, Some(keys)),
    };
    sqlx::query!(
        "INSERT INTO host_issuer (issuer, host_id, audience, key_set_url, key_set, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (issuer) DO UPDATE
         SET host_id = excluded.host_id, audience = excluded.audience, key_set_url = excluded.key_set_url,
             key_set = excluded.key_set",
        issuer.issuer,
        issuer.host_id.uuid(),
        issuer.audience,
        url,
        given,
        ambient.now()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// No token of this issuer counts any more; false where none did. Needs the owner's login.
pub async fn remove(connection: &mut PgConnection, issuer: &str) -> Result<bool, ServiceError> {
    let done = sqlx::query!("DELETE FROM host_issuer WHERE issuer = $1", issuer).execute(connection).await?;
    Ok(done.rows_affected() == 1)
}

/// The issuer of this name.
pub(crate) async fn find(pool: &PgPool, issuer: &str) -> Result<Option<Issuer>, ServiceError> {
    let row = sqlx::query!("SELECT host_id, audience, key_set_url, key_set FROM host_issuer WHERE issuer = $1", issuer)
        .fetch_optional(pool)
        .await?;
    row.map(|row| {
        let keys = match (row.key_set_url, row.key_set) {
            (Some(url), None) => KeySet::At(url),
            (None, Some(keys)) => KeySet::Given(keys),
            _ => return Err(ServiceError::Inconsistent { table: "host_issuer", column: "key_set" }),
        };
        Ok(Issuer { issuer: issuer.to_owned(), host_id: row.host_id.into(), audience: row.audience, keys })
    })
    .transpose()
}
