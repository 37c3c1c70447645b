//! Devices: registered by the member's own app or browser, refreshed whenever that starts, removed when it signs out.
//!
//! PRIVACY: an address is sealed under the member's key; beside it lies a keyed hash, by which one address is never two members'.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use spectrum_domain::{
    id::{DeviceId, MemberId},
    push::{AddressKind, ChannelKind, Environment},
};
use sqlx::PgConnection;

use crate::{
    ambient::Ambient,
    db::{keyring::Keyring, keys::MemberKeys},
    error::ServiceError,
};

/// Devices of a member's. One more, and the one that was not heard of for the longest goes.
pub const MOST: i64 = 20;

/// What makes a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Platform {
    /// Apple's phones and tablets.
    Ios,
    /// Android's.
    Android,
    /// A browser.
    Web,
}

impl Platform {
    /// The name on the wire and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ios => "ios",
            Self::Android => "android",
            Self::Web => "web",
        }
    }

    /// The platform with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Ios, Self::Android, Self::Web].into_iter().find(|platform| platform.name() == name)
    }
}

/// Where a device is reached, as it is sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// Token, installation id or a subscription's endpoint.
    pub address: String,
    /// A subscription's public key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p256dh: Option<String>,
    /// A subscription's secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth: Option<String>,
}

impl std::fmt::Debug for Reach {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reach")
    }
}

/// What a device says of itself.
#[derive(Clone, Debug)]
pub struct Registration {
    /// Its own name.
    pub device: DeviceId,
    /// What it is.
    pub platform: Platform,
    /// What kind of address it has.
    pub kind: AddressKind,
    /// In which of the provider's worlds.
    pub environment: Environment,
    /// The address.
    pub reach: Reach,
    /// The version of the host's app.
    pub app_version: Option<String>,
    /// The device's language tag.
    pub locale: Option<String>,
}

/// A device as its member sees it: everything but the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its own name.
    pub device: DeviceId,
    /// What it is.
    pub platform: Platform,
    /// By which channel it is reached.
    pub channel: ChannelKind,
    /// What kind of address it has.
    pub kind: AddressKind,
    /// In which of the provider's worlds.
    pub environment: Environment,
    /// The version of the host's app.
    pub app_version: Option<String>,
    /// The device's language tag.
    pub locale: Option<String>,
    /// When it last said what its address is.
    pub registered_at: DateTime<Utc>,
    /// When it was last heard of.
    pub seen_at: DateTime<Utc>,
}

/// Registers a device, or refreshes it. Its address is this member's from now on, whoever had it before.
pub(crate) async fn register(
    connection: &mut PgConnection,
    ambient: &Ambient,
    keyring: &Keyring,
    member: MemberId,
    new: &Registration,
) -> Result<(), ServiceError> {
    let now = ambient.now();
    let keys = MemberKeys::open(&mut *connection, keyring, member).await?;
    // PRIVACY: whoever is being erased has no key any more, and registers nothing.
    let key = keys.newest().map_err(|_| ServiceError::MemberGone)?;
    let reach = serde_json::to_vec(&new.reach).unwrap_or_default();
    let sealed = key.seal_address(ambient, new.device, &reach)?;
    let hash = keyring.ledger().address_hash(new.kind.channel().name(), &new.reach.address);
    sqlx::query!(
        "INSERT INTO device (member_id, device_id, platform, channel, address_kind, environment, address, nonce, key_version,
                             address_hash, app_version, locale, registered_at, seen_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)
         ON CONFLICT (member_id, device_id) DO UPDATE SET
             platform = excluded.platform, channel = excluded.channel, address_kind = excluded.address_kind,
             environment = excluded.environment, address = excluded.address, nonce = excluded.nonce,
             key_version = excluded.key_version, address_hash = excluded.address_hash,
             app_version = excluded.app_version, locale = excluded.locale,
             registered_at = excluded.registered_at, seen_at = excluded.seen_at",
        member.uuid(),
        new.device.uuid(),
        new.platform.name(),
        new.kind.channel().name(),
        new.kind.name(),
        new.environment.name(),
        sealed.ciphertext,
        sealed.nonce,
        sealed.key_version,
        hash.as_slice(),
        new.app_version,
        new.locale,
        now
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "INSERT INTO device_address (address_hash, member_id, device_id) VALUES ($1, $2, $3)
         ON CONFLICT (address_hash) DO UPDATE SET member_id = excluded.member_id, device_id = excluded.device_id",
        hash.as_slice(),
        member.uuid(),
        new.device.uuid()
    )
    .execute(&mut *connection)
    .await?;
    // An address of this device that is no longer its own.
    sqlx::query!(
        "DELETE FROM device_address WHERE member_id = $1 AND device_id = $2 AND address_hash <> $3",
        member.uuid(),
        new.device.uuid(),
        hash.as_slice()
    )
    .execute(&mut *connection)
    .await?;
    let oldest = sqlx::query_scalar!(
        "SELECT device_id FROM device WHERE member_id = $1 ORDER BY seen_at DESC, device_id OFFSET $2",
        member.uuid(),
        MOST
    )
    .fetch_all(&mut *connection)
    .await?;
    for device in oldest {
        remove(connection, member, device.into()).await?;
    }
    Ok(())
}

/// Removes a device; whether there was one.
pub(crate) async fn remove(
    connection: &mut PgConnection,
    member: MemberId,
    device: DeviceId,
) -> Result<bool, ServiceError> {
    let gone = sqlx::query!("DELETE FROM device WHERE member_id = $1 AND device_id = $2", member.uuid(), device.uuid())
        .execute(&mut *connection)
        .await?
        .rows_affected();
    sqlx::query!("DELETE FROM device_address WHERE member_id = $1 AND device_id = $2", member.uuid(), device.uuid())
        .execute(connection)
        .await?;
    Ok(gone > 0)
}

/// The member's devices, the last heard of first.
pub(crate) async fn list(connection: &mut PgConnection, member: MemberId) -> Result<Vec<Device>, ServiceError> {
    let rows = sqlx::query!(
        "SELECT device_id, platform, address_kind, environment, app_version, locale, registered_at, seen_at
         FROM device WHERE member_id = $1 ORDER BY seen_at DESC, device_id",
        member.uuid()
    )
    .fetch_all(connection)
    .await?;
    let inconsistent = |column| ServiceError::Inconsistent { table: "device", column };
    rows.into_iter()
        .map(|row| {
            let kind: AddressKind = row.address_kind.parse().map_err(|_| inconsistent("address_kind"))?;
            Ok(Device {
                device: row.device_id.into(),
                platform: Platform::from_name(&row.platform).ok_or_else(|| inconsistent("platform"))?,
                channel: kind.channel(),
                kind,
                environment: row.environment.parse().map_err(|_| inconsistent("environment"))?,
                app_version: row.app_version,
                locale: row.locale,
                registered_at: row.registered_at,
                seen_at: row.seen_at,
            })
        })
        .collect()
}
