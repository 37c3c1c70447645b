//! `/preferences` and `/push-defaults`: whether and when members are told that a week is ready, by their own word and by their host's.
//! And `/push/…`: one to try it, one that was opened, and no more of these.

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Deserializer, Serialize};
use spectrum_core::{
    Services,
    push::preferences::{Decision, HostDefault, Preferences},
};
use spectrum_domain::{
    id::DeliveryId,
    member::{weekday_from_name, weekday_name},
    push::{ChannelKind, Quiet, Wish},
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::json::Body;
use crate::http::{
    AppState,
    extract::{AsMember, Host, ToManage},
    problem::Problem,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(get_preferences, put_preferences))
        .routes(routes!(get_push_defaults, put_push_defaults))
        .routes(routes!(ask_test_push))
        .routes(routes!(report_opened))
        .routes(routes!(stop_pushes))
}

/// Hours of the day in which nothing is sent: from the first up to the second, over midnight where the first is the later one. The
/// same hour twice: none.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct QuietBody {
    /// First hour.
    #[schema(minimum = 0, maximum = 23)]
    from: u8,
    /// The hour that is no longer quiet.
    #[schema(minimum = 0, maximum = 23)]
    until: u8,
}

impl QuietBody {
    fn of(quiet: Quiet) -> Self {
        Self { from: quiet.from(), until: quiet.until() }
    }

    fn quiet(self) -> Result<Quiet, Problem> {
        Quiet::between(self.from, self.until)
            .map_err(|_| Problem::bad_field("quiet", "must be two hours of the day, 0 to 23"))
    }
}

/// Whether and when the member is told that a week is ready.
#[derive(Debug, Serialize, ToSchema)]
struct PreferencesBody {
    /// By each channel.
    weekly: ChannelsBody,
    /// On which weekday; `null` for the day after the week's last.
    day: Option<&'static str>,
    /// At which hour where they live, some minutes past it.
    hour: u8,
    /// When not.
    quiet: QuietBody,
    /// The channels that are set up here.
    channels: Vec<&'static str>,
    /// The public key that a browser subscribes with, where browsers can be told.
    application_server_key: Option<String>,
}

/// By each channel.
#[derive(Debug, Serialize, ToSchema)]
struct ChannelsBody {
    /// Apple's devices.
    apns: bool,
    /// Android's.
    fcm: bool,
    /// Browsers.
    web_push: bool,
}

/// What is to be decided; what is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::option_option, reason = "left out, null and a day are three things")]
struct WantedPreferences {
    weekly: Option<WantedChannels>,
    /// A weekday such as `sunday`; `null` for the day after the week's last.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>, pattern = "^(monday|tuesday|wednesday|thursday|friday|saturday|sunday)$")]
    day: Option<Option<String>>,
    #[schema(minimum = 0, maximum = 23)]
    hour: Option<u8>,
    quiet: Option<QuietBody>,
}

/// By each channel.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WantedChannels {
    apns: Option<bool>,
    fcm: Option<bool>,
    web_push: Option<bool>,
}

/// Tells `null` from what was left out.
#[expect(clippy::option_option, reason = "left out, null and a day are three things")]
fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(deserializer).map(Some)
}

fn weekday(name: &str) -> Result<chrono::Weekday, Problem> {
    weekday_from_name(name).ok_or_else(|| Problem::bad_field("day", "must be a weekday such as sunday, in lower case"))
}

fn hour_of_day(hour: u8) -> Result<u8, Problem> {
    if hour < 24 { Ok(hour) } else { Err(Problem::bad_field("hour", "must be an hour from 0 to 23")) }
}

/// Whether and when the member is told.
#[utoipa::path(
    get, path = "/preferences", tag = "push", security(("member" = [])),
    responses(
        (status = 200, body = PreferencesBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "The member is gone", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn get_preferences(
    AsMember(member): AsMember,
    State(services): State<Services>,
) -> Result<Json<PreferencesBody>, Problem> {
    let Preferences { apns, fcm, web_push, wish } = services.load_preferences(member.member_id).await?;
    Ok(Json(PreferencesBody {
        weekly: ChannelsBody { apns, fcm, web_push },
        day: wish.day.map(weekday_name),
        hour: wish.hour,
        quiet: QuietBody::of(wish.quiet),
        channels: services.push_channels().iter().map(|channel| channel.name()).collect(),
        application_server_key: services.web_push_key().map(str::to_owned),
    }))
}

/// Decides it. What waits to be sent is due by it at once.
#[utoipa::path(
    put, path = "/preferences", tag = "push", security(("member" = [])),
    request_body = WantedPreferences,
    responses(
        (status = 200, body = PreferencesBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "The member is gone", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A field can't be used", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn put_preferences(
    member: AsMember,
    State(services): State<Services>,
    Body(wanted): Body<WantedPreferences>,
) -> Result<Json<PreferencesBody>, Problem> {
    let WantedChannels { apns, fcm, web_push } = wanted.weekly.unwrap_or_default();
    let day = match wanted.day {
        None => None,
        Some(None) => Some(None),
        Some(Some(name)) => Some(Some(weekday(&name)?)),
    };
    let hour = wanted.hour.map(hour_of_day).transpose()?;
    let quiet = wanted.quiet.map(QuietBody::quiet).transpose()?;
    services.decide_push(member.0.member_id, Decision { apns, fcm, web_push, day, hour, quiet }).await?;
    get_preferences(member, State(services)).await
}

/// What the host decides for members who have not said otherwise.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PushDefaults)]
struct DefaultsBody {
    /// Whether they are told at all.
    weekly: bool,
    /// On which weekday; `null` or left out for the day after the week's last.
    #[schema(pattern = "^(monday|tuesday|wednesday|thursday|friday|saturday|sunday)$")]
    day: Option<String>,
    /// At which hour where they live.
    #[schema(minimum = 0, maximum = 23)]
    hour: u8,
    /// When not.
    quiet: QuietBody,
}

impl From<HostDefault> for DefaultsBody {
    fn from(HostDefault { wanted, wish }: HostDefault) -> Self {
        let day = wish.day.map(|day| weekday_name(day).to_owned());
        Self { weekly: wanted, day, hour: wish.hour, quiet: QuietBody::of(wish.quiet) }
    }
}

/// What the host has decided.
#[utoipa::path(
    get, path = "/push-defaults", tag = "push", security(("host_key" = [])),
    responses(
        (status = 200, body = DefaultsBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key is not good for this", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn get_push_defaults(
    host: Host<ToManage>,
    State(services): State<Services>,
) -> Result<Json<DefaultsBody>, Problem> {
    Ok(Json(services.load_push_default(host.id).await?.into()))
}

/// Decides it. What members have said themselves stays, and so does what is planned already.
#[utoipa::path(
    put, path = "/push-defaults", tag = "push", security(("host_key" = [])),
    request_body = DefaultsBody,
    responses(
        (status = 200, body = DefaultsBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key is not good for this", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A field can't be used", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn put_push_defaults(
    host: Host<ToManage>,
    State(services): State<Services>,
    Body(body): Body<DefaultsBody>,
) -> Result<Json<DefaultsBody>, Problem> {
    let DefaultsBody { weekly, day, hour, quiet } = body;
    let day = day.as_deref().map(weekday).transpose()?;
    let wish = Wish { day, hour: hour_of_day(hour)?, quiet: quiet.quiet()? };
    services.decide_push_default(host.id, HostDefault { wanted: weekly, wish }).await?;
    Ok(Json(services.load_push_default(host.id).await?.into()))
}

/// By which channels a test is on its way.
#[derive(Debug, Serialize, ToSchema)]
struct TestAnswer {
    /// Empty: none of the member's devices can be reached from here.
    channels: Vec<&'static str>,
}

/// Sends the member's devices a push to see whether it works; within a minute, once.
#[utoipa::path(
    post, path = "/push/test", tag = "push", security(("member" = [])),
    responses(
        (status = 202, description = "On its way", body = TestAnswer),
        (status = 401, body = Problem, content_type = "application/problem+json"),
    )
)]
async fn ask_test_push(
    AsMember(member): AsMember,
    State(services): State<Services>,
) -> Result<(StatusCode, Json<TestAnswer>), Problem> {
    let channels = services.ask_test_push(member.member_id).await?;
    let channels = channels.into_iter().map(ChannelKind::name).collect();
    Ok((StatusCode::ACCEPTED, Json(TestAnswer { channels })))
}

/// Which push.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DeliveryBody {
    /// `delivery` of the push.
    delivery_id: Uuid,
}

/// Says that a push led the member here. Where the member does not agree to being counted, nothing is kept.
#[utoipa::path(
    post, path = "/push/opened", tag = "push", security(("member" = [])),
    request_body = DeliveryBody,
    responses(
        (status = 202, description = "Taken"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
    )
)]
async fn report_opened(
    AsMember(member): AsMember,
    State(services): State<Services>,
    Body(DeliveryBody { delivery_id }): Body<DeliveryBody>,
) -> StatusCode {
    services.note_tap(member.member_id, DeliveryId(delivery_id));
    StatusCode::ACCEPTED
}

/// Wants no more of these by the channel that this one came by. Whoever was sent a push holds its name, and needs nothing else: the
/// action under it works without being signed in. The name of no push does nothing, and is answered the same.
#[utoipa::path(
    post, path = "/push/stop", tag = "push",
    request_body = DeliveryBody,
    responses((status = 204, description = "No more of these"))
)]
async fn stop_pushes(
    State(services): State<Services>,
    Body(DeliveryBody { delivery_id }): Body<DeliveryBody>,
) -> Result<StatusCode, Problem> {
    services.stop_pushes(DeliveryId(delivery_id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
