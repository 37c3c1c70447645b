//! `/devices`: where a member may be told that a week is ready. An app registers its device whenever it starts, and removes it when
//! the member signs out.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use spectrum_core::{
    Services,
    push::devices::{Device, Platform, Reach, Registration},
};
use spectrum_domain::{
    id::DeviceId,
    member::is_language_tag,
    push::{AddressKind, Environment},
};
use spectrum_push::web_push;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::json::Body;
use crate::http::{AppState, extract::AsMember, problem::Problem, router::Subscriptions};

/// Longest address: a subscription's; tokens have some hundreds of characters.
const LONGEST: usize = 2_048;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_devices)).routes(routes!(put_device, delete_device))
}

/// What a device says of itself.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WantedDevice {
    /// `ios`, `android` or `web`.
    #[schema(pattern = "^(ios|android|web)$")]
    platform: String,
    /// What kind of address: `apns_token` and `fcm_token` as the system gives them, `fcm_fid` Firebase's installation id, which takes
    /// the token's place, `web_push` a browser's subscription.
    #[schema(pattern = "^(apns_token|fcm_token|fcm_fid|web_push)$")]
    address_kind: String,
    /// The token in hex digits (APNs), the token or id (FCM), or the subscription's endpoint.
    #[schema(min_length = 1, max_length = 2048)]
    address: String,
    /// `web_push` only: the subscription's public key, base64url.
    #[schema(max_length = 128)]
    p256dh: Option<String>,
    /// `web_push` only: the subscription's secret, base64url.
    #[schema(max_length = 64)]
    auth: Option<String>,
    /// `apns_token` only: `sandbox` for builds that are signed for development; else `production`.
    #[schema(pattern = "^(production|sandbox)$")]
    environment: Option<String>,
    /// The version of the app: one to three numbers.
    #[schema(pattern = "^[0-9]{1,4}(\\.[0-9]{1,4}){0,2}$", example = "4.12.0")]
    app_version: Option<String>,
    /// The device's language tag (BCP 47). Pushes are written in the member's own language.
    #[schema(pattern = "^[A-Za-z0-9-]{2,35}$", example = "en-GB")]
    locale: Option<String>,
}

impl WantedDevice {
    fn registration(self, device: DeviceId, subscriptions: &Subscriptions) -> Result<Registration, Problem> {
        let platform = Platform::from_name(&self.platform)
            .ok_or_else(|| Problem::bad_field("platform", "must be ios, android or web"))?;
        let kind: AddressKind = self
            .address_kind
            .parse()
            .map_err(|_| Problem::bad_field("address_kind", "must be apns_token, fcm_token, fcm_fid or web_push"))?;
        let plain = self.address.bytes().all(|byte| byte.is_ascii_graphic());
        if self.address.is_empty() || self.address.len() > LONGEST || !plain {
            return Err(Problem::bad_field("address", "must be 1 to 2048 visible ASCII characters"));
        }
        let keys = (self.p256dh.as_deref(), self.auth.as_deref());
        match (kind, keys) {
            (AddressKind::ApnsToken, (None, None)) => {
                let hex = self.address.bytes().all(|byte| byte.is_ascii_hexdigit());
                if !hex || self.address.len() > 512 || !self.address.len().is_multiple_of(2) {
                    return Err(Problem::bad_field("address", "must be a device token in hex digits"));
                }
            }
            (AddressKind::FcmToken | AddressKind::FcmFid, (None, None)) => {}
            (AddressKind::WebPush, (Some(p256dh), Some(auth))) => {
                if !subscriptions.are_taken() {
                    return Err(Problem::bad_field(
                        "address_kind",
                        "can't be web_push: no pushes to browsers are set up here",
                    ));
                }
                // PRIVACY: what is called later is decided here: only services of browsers' makers, never an address of ours.
                if !subscriptions.allow(&self.address) {
                    return Err(Problem::bad_field("address", "must be the endpoint of a known push service"));
                }
                if !web_push::are_keys(p256dh, auth) {
                    return Err(Problem::bad_field(
                        "p256dh",
                        "and `auth` must be the keys of a subscription, in base64url",
                    ));
                }
            }
            _ => return Err(Problem::bad_field("p256dh", "and `auth` go with web_push, both, and with nothing else")),
        }
        let environment = match (self.environment.as_deref(), kind) {
            (None, _) => Environment::Production,
            (Some(name), AddressKind::ApnsToken) => {
                name.parse().map_err(|_| Problem::bad_field("environment", "must be production or sandbox"))?
            }
            (Some(_), _) => return Err(Problem::bad_field("environment", "goes with apns_token alone")),
        };
        if let Some(version) = &self.app_version
            && version.parse::<spectrum_domain::product_event::AppVersion>().is_err()
        {
            return Err(Problem::bad_field("app_version", "must be one to three numbers"));
        }
        if self.locale.as_deref().is_some_and(|tag| !is_language_tag(tag)) {
            return Err(Problem::bad_field("locale", "must be a language tag such as en-GB"));
        }
        // Digits of one case, so that the same token is the same.
        let address = if kind == AddressKind::ApnsToken { self.address.to_lowercase() } else { self.address };
        let reach = Reach { address, p256dh: self.p256dh, auth: self.auth };
        Ok(Registration {
            device,
            platform,
            kind,
            environment,
            reach,
            app_version: self.app_version,
            locale: self.locale,
        })
    }
}

/// A device. Its address is told to nobody.
#[derive(Debug, Serialize, ToSchema)]
struct DeviceBody {
    /// Its own name.
    device_id: Uuid,
    /// `ios`, `android` or `web`.
    platform: &'static str,
    /// By which channel it is reached: `apns`, `fcm` or `web_push`.
    channel: &'static str,
    /// `apns_token`, `fcm_token`, `fcm_fid` or `web_push`.
    address_kind: &'static str,
    /// `production` or `sandbox`.
    environment: &'static str,
    app_version: Option<String>,
    locale: Option<String>,
    /// When it last said what its address is.
    registered_at: DateTime<Utc>,
    /// When it was last heard of: after two months it is no longer written to, after nine it is forgotten.
    seen_at: DateTime<Utc>,
}

impl From<Device> for DeviceBody {
    fn from(device: Device) -> Self {
        Self {
            device_id: device.device.uuid(),
            platform: device.platform.name(),
            channel: device.channel.name(),
            address_kind: device.kind.name(),
            environment: device.environment.name(),
            app_version: device.app_version,
            locale: device.locale,
            registered_at: device.registered_at,
            seen_at: device.seen_at,
        }
    }
}

/// The member's devices.
#[derive(Debug, Serialize, ToSchema)]
struct DeviceList {
    /// The last heard of first.
    devices: Vec<DeviceBody>,
}

/// The member's devices, without their addresses.
#[utoipa::path(
    get, path = "/devices", tag = "push", security(("member" = [])),
    responses(
        (status = 200, body = DeviceList),
        (status = 401, body = Problem, content_type = "application/problem+json"),
    )
)]
async fn list_devices(
    AsMember(member): AsMember,
    State(services): State<Services>,
) -> Result<Json<DeviceList>, Problem> {
    let devices = services.list_devices(member.member_id).await?;
    Ok(Json(DeviceList { devices: devices.into_iter().map(DeviceBody::from).collect() }))
}

/// Registers a device, or refreshes it. An address that another member had is this one's from now on.
#[utoipa::path(
    put, path = "/devices/{id}", tag = "push", security(("member" = [])),
    params(("id" = Uuid, Path, description = "The installation's own name, chosen by it and kept")),
    request_body = WantedDevice,
    responses(
        (status = 204, description = "Registered"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "The member is gone", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A field can't be used", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn put_device(
    AsMember(member): AsMember,
    State(services): State<Services>,
    State(subscriptions): State<Subscriptions>,
    Path(id): Path<String>,
    Body(wanted): Body<WantedDevice>,
) -> Result<StatusCode, Problem> {
    let registration = wanted.registration(number(&id)?, &subscriptions)?;
    services.register_device(member.member_id, registration).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes a device: it is written to no more. One that is not there is removed already.
#[utoipa::path(
    delete, path = "/devices/{id}", tag = "push", security(("member" = [])),
    params(("id" = Uuid, Path, description = "The installation's own name")),
    responses(
        (status = 204, description = "Removed, now or before"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
    )
)]
async fn delete_device(
    AsMember(member): AsMember,
    State(services): State<Services>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    services.remove_device(member.member_id, number(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn number(text: &str) -> Result<DeviceId, Problem> {
    text.parse().map_err(|_| Problem::bad_field("id", "must be a UUID"))
}
