//! `/spectrum/settings` and `/spectrum/reset`: how long what is kept, and starting afresh.

use axum::{Json, extract::State};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use spectrum_core::Services;
use spectrum_domain::{
    card::Language,
    reset::{Depth, Reset},
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::json::Body;
use crate::http::{AppState, extract::AsMember, problem::Problem};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get_settings, put_settings)).routes(routes!(reset))
}

/// What the member has decided.
#[derive(Debug, Serialize, ToSchema)]
struct SettingsBody {
    /// Words are kept for `text_days` days; else they are dropped once they were read.
    keep_text: bool,
    /// Days that words are kept.
    text_days: i64,
    /// Exclusions.
    exclusions: i64,
    /// What is written now is not read.
    paused: bool,
    /// The language the member chose; `null` where it is the host's to say.
    language: Option<&'static str>,
    /// How the member uses Spectrum is counted.
    counted: bool,
}

/// What is to be changed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WantedSettings {
    /// `false` drops words once they were read, those of everything read so far at once.
    keep_text: bool,
    /// Whether how the member uses Spectrum may be counted. `false` lets go what was counted; left out, it stays as it is.
    counted: Option<bool>,
}

/// What the member has decided.
#[utoipa::path(
    get, path = "/spectrum/settings", tag = "control", security(("member" = [])),
    responses(
        (status = 200, body = SettingsBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "The member is gone", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn get_settings(
    AsMember(member): AsMember,
    State(services): State<Services>,
) -> Result<Json<SettingsBody>, Problem> {
    let settings = services.load_settings(member.member_id).await?;
    let spectrum_core::control::settings::Settings {
        keep_text, text_days, exclusions, paused, language, counted, ..
    } = settings;
    let language = language.map(Language::tag);
    Ok(Json(SettingsBody { keep_text, text_days, exclusions, paused, language, counted }))
}

/// Decides how long words are kept, and whether use is counted.
#[utoipa::path(
    put, path = "/spectrum/settings", tag = "control", security(("member" = [])),
    request_body = WantedSettings,
    responses(
        (status = 200, body = SettingsBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "The member is gone", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn put_settings(
    member: AsMember,
    State(services): State<Services>,
    Body(wanted): Body<WantedSettings>,
) -> Result<Json<SettingsBody>, Problem> {
    services.keep_text(member.0.member_id, wanted.keep_text).await?;
    if let Some(counted) = wanted.counted {
        services.count_use(member.0.member_id, counted).await?;
    }
    get_settings(member, State(services)).await
}

/// A fresh start. It can't be undone.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ResetBody {
    depth: DepthBody,
    /// Only of the local days before this one; of all, if it is left out.
    before: Option<NaiveDate>,
    /// What is left out stays left out.
    #[serde(default)]
    keep_exclusions: bool,
    /// Must be `true`: whoever sends it has asked the member twice.
    sure: bool,
}

/// What goes: what was measured, or that and the sessions with their words.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum DepthBody {
    Derived,
    DerivedAndRaw,
}

/// A fresh start that was made.
#[derive(Debug, Serialize, ToSchema)]
struct ResetAnswer {
    reset_id: Uuid,
    /// The signed receipt of what was deleted.
    #[schema(value_type = Option<Object>)]
    receipt: Option<Value>,
}

/// Starts afresh: deletes what was measured, or that and the sessions, and answers with the receipt.
#[utoipa::path(
    post, path = "/spectrum/reset", tag = "control", security(("member" = [])),
    request_body = ResetBody,
    responses(
        (status = 200, body = ResetAnswer),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "The member is gone", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn reset(
    AsMember(member): AsMember,
    State(services): State<Services>,
    Body(body): Body<ResetBody>,
) -> Result<Json<ResetAnswer>, Problem> {
    let ResetBody { depth, before, keep_exclusions, sure } = body;
    if !sure {
        return Err(Problem::bad_field("sure", "must be true: a reset can't be undone"));
    }
    let depth = match depth {
        DepthBody::Derived => Depth::Derived,
        DepthBody::DerivedAndRaw => Depth::DerivedAndRaw,
    };
    let wish = Reset { depth, before, keep_exclusions };
    let id = services.reset(member.member_id, wish).await?.uuid();
    let receipt = services.load_receipt(id).await?;
    let receipt = receipt.and_then(|document| serde_json::from_str(&document).ok());
    Ok(Json(ResetAnswer { reset_id: id, receipt }))
}
