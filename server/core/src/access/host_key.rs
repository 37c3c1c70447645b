//! Host services and the keys they come with: what a key is good for, until when, and whether its requests are signed.

use chrono::{DateTime, TimeDelta, Utc};
use spectrum_domain::{
    access::KeyScope,
    id::{HostId, HostKeyId},
};
use sqlx::{Connection as _, PgConnection, PgPool};
use uuid::Uuid;

use super::secret::{Secret, hash};
use crate::{ambient::Ambient, db::keyring::Ledger, error::ServiceError};

/// How exactly it is kept when a key was used last: a write for every request would cost more than it tells.
const USE_NOTED: TimeDelta = TimeDelta::minutes(15);

/// How far a signed request's time may be from ours, either way.
pub const SIGNATURE_WINDOW: TimeDelta = TimeDelta::minutes(5);

/// What a new key is to be.
#[derive(Clone, Debug)]
pub struct NewKey<'a> {
    /// What people call it.
    pub label: &'a str,
    /// What it is good for.
    pub scopes: &'a [KeyScope],
    /// Whether its requests must be signed.
    pub signed: bool,
    /// When it ends by itself.
    pub expires_at: Option<DateTime<Utc>>,
}

impl<'a> NewKey<'a> {
    /// A key that is good for everything, without an end.
    pub const fn for_everything(label: &'a str) -> Self {
        Self { label, scopes: &KeyScope::ALL, signed: false, expires_at: None }
    }
}

/// A key as it is handed out, once.
#[derive(Clone, Debug)]
pub struct MadeKey {
    /// Its name, which is no secret.
    pub key_id: HostKeyId,
    /// What goes into the `Authorization` header.
    pub key: Secret,
    /// What requests are signed with, where they must be.
    pub signing_key: Option<Secret>,
}

/// A key as it is listed: nothing that opens anything.
#[derive(Clone, Debug)]
pub struct ListedKey {
    /// Its name.
    pub key_id: HostKeyId,
    /// The host's.
    pub host: String,
    /// What people call it.
    pub label: String,
    /// What it is good for.
    pub scopes: Vec<KeyScope>,
    /// Whether its requests must be signed.
    pub signed: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
    /// When it was used last, to the quarter of an hour.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A host service that came with a key that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownHost {
    /// The host.
    pub host_id: HostId,
    /// Which of its keys.
    pub key_id: HostKeyId,
    /// What the key is good for.
    pub scopes: Vec<KeyScope>,
    /// Whether its requests must be signed.
    pub signed: bool,
    /// When it was used last, as far as that was kept.
    pub(crate) last_used_at: Option<DateTime<Utc>>,
}

/// Makes a key for a host, and the host if it is new. Needs the owner's login: it is an operator's act.
pub async fn create(
    connection: &mut PgConnection,
    ambient: &Ambient,
    ledger: &Ledger,
    host: &str,
    new: &NewKey<'_>,
) -> Result<MadeKey, ServiceError> {
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
    insert(connection, ambient, ledger, host_id, new).await
}

async fn insert(
    connection: &mut PgConnection,
    ambient: &Ambient,
    ledger: &Ledger,
    host: Uuid,
    new: &NewKey<'_>,
) -> Result<MadeKey, ServiceError> {
    let key = Secret::draw(ambient, "sp_host_");
    let key_id: HostKeyId = ambient.id();
    let scopes: Vec<String> = new.scopes.iter().map(|scope| scope.name().to_owned()).collect();
    sqlx::query!(
        "INSERT INTO host_key (key_hash, host_id, label, created_at, key_id, scopes, signed, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        hash(key.expose()),
        host,
        new.label,
        ambient.now(),
        key_id.uuid(),
        &scopes,
        new.signed,
        new.expires_at
    )
    .execute(connection)
    .await?;
    Ok(MadeKey { key_id, key, signing_key: new.signed.then(|| ledger.request_key(key_id)) })
}

/// Every key, by host, the newest first. Needs the owner's login.
pub async fn list(connection: &mut PgConnection) -> Result<Vec<ListedKey>, ServiceError> {
    let rows = sqlx::query!(
        "SELECT k.key_id, h.name AS host, k.label, k.scopes, k.signed, k.created_at, k.expires_at, k.revoked_at,
                k.last_used_at
         FROM host_key k JOIN host h USING (host_id) ORDER BY h.name, k.created_at DESC"
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(ListedKey {
                key_id: row.key_id.into(),
                host: row.host,
                label: row.label,
                scopes: read_scopes(&row.scopes)?,
                signed: row.signed,
                created_at: row.created_at,
                expires_at: row.expires_at,
                revoked_at: row.revoked_at,
                last_used_at: row.last_used_at,
            })
        })
        .collect()
}

/// Makes a key with the same purpose as this one, which ends after `overlap`; nothing where there is no such key that
/// counts. Needs the owner's login.
pub async fn rotate(
    connection: &mut PgConnection,
    ambient: &Ambient,
    ledger: &Ledger,
    key: HostKeyId,
    overlap: TimeDelta,
    expires_at: Option<DateTime<Utc>>,
) -> Result<Option<MadeKey>, ServiceError> {
    let now = ambient.now();
    let mut transaction = connection.begin().await?;
    let Some(old) = sqlx::query!(
        "UPDATE host_key SET expires_at = least(expires_at, $3)
         WHERE key_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)
         RETURNING host_id, label, scopes, signed",
        key.uuid(),
        now,
        now + overlap
    )
    .fetch_optional(&mut *transaction)
    .await?
    else {
        return Ok(None);
    };
    let new = NewKey { label: &old.label, scopes: &read_scopes(&old.scopes)?, signed: old.signed, expires_at };
    let made = insert(&mut transaction, ambient, ledger, old.host_id, &new).await?;
    transaction.commit().await?;
    Ok(Some(made))
}

/// Ends a key at once; false where there is no such key that counts. Needs the owner's login.
pub async fn revoke(connection: &mut PgConnection, ambient: &Ambient, key: HostKeyId) -> Result<bool, ServiceError> {
    let done = sqlx::query!(
        "UPDATE host_key SET revoked_at = $2 WHERE key_id = $1 AND revoked_at IS NULL",
        key.uuid(),
        ambient.now()
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The host with this name. Needs the owner's login.
pub async fn find_host(connection: &mut PgConnection, name: &str) -> Result<Option<HostId>, ServiceError> {
    let host = sqlx::query_scalar!("SELECT host_id FROM host WHERE name = $1", name).fetch_optional(connection).await?;
    Ok(host.map(HostId))
}

/// The host that comes with this key, if the key counts.
pub(crate) async fn find(pool: &PgPool, key: &str, now: DateTime<Utc>) -> Result<Option<KnownHost>, ServiceError> {
    let row = sqlx::query!(
        "SELECT host_id, key_id, scopes, signed, last_used_at FROM host_key
         WHERE key_hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)",
        hash(key),
        now
    )
    .fetch_optional(pool)
    .await?;
    row.map(|row| {
        Ok(KnownHost {
            host_id: row.host_id.into(),
            key_id: row.key_id.into(),
            scopes: read_scopes(&row.scopes)?,
            signed: row.signed,
            last_used_at: row.last_used_at,
        })
    })
    .transpose()
}

/// Keeps that the key was used, unless that was kept a moment ago.
pub(crate) async fn note_use(pool: &PgPool, host: &KnownHost, now: DateTime<Utc>) -> Result<(), ServiceError> {
    let before = now - USE_NOTED;
    if host.last_used_at.is_some_and(|last| last > before) {
        return Ok(());
    }
    sqlx::query!(
        "UPDATE host_key SET last_used_at = $2 WHERE key_id = $1 AND (last_used_at IS NULL OR last_used_at <= $3)",
        host.key_id.uuid(),
        now,
        before
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Takes a signed request's own name; false where it was taken before.
pub(crate) async fn take_nonce(
    pool: &PgPool,
    key: HostKeyId,
    nonce: &str,
    now: DateTime<Utc>,
) -> Result<bool, ServiceError> {
    let done = sqlx::query!(
        "INSERT INTO used_nonce (key_id, nonce, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        key.uuid(),
        nonce,
        now + SIGNATURE_WINDOW * 2
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

fn read_scopes(names: &[String]) -> Result<Vec<KeyScope>, ServiceError> {
    names
        .iter()
        .map(|name| KeyScope::from_name(name).ok_or(ServiceError::Inconsistent { table: "host_key", column: "scopes" }))
        .collect()
}
