//! `/spectrum/sessions/{id}`: one session in numbers, and the member's own word on it.

use axum::{
    Json,
    extract::{Path, State},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use spectrum_core::Services;
use spectrum_domain::{
    affect::{Family, Quadrant},
    correction::Correction,
    id::SessionId,
    session::SessionSummary,
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{figures::WeekChangeBody, json::Body};
use crate::http::{AppState, extract::AsMember, problem::Problem};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get_session)).routes(routes!(correct_session, take_correction_back))
}

/// A session: numbers, never words.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SessionBody {
    session_id: Uuid,
    /// `mirror`, `turn` or `lens`.
    feature: &'static str,
    started_at: DateTime<Utc>,
    /// The member's own day.
    local_date: NaiveDate,
    /// `open`, `ended`, `analysed`, `withheld`, `unmeasured` or `reset`.
    state: &'static str,
    /// Left out of the analysis by the member.
    excluded: bool,
    /// The member has put their word in the place of what was measured.
    corrected: bool,
    /// What counts of it; nothing while there is nothing that counts.
    measure: Option<MeasureBody>,
}

/// Where a session lay.
#[derive(Debug, Serialize, ToSchema)]
struct MeasureBody {
    /// Unpleasant (−1) to pleasant (1).
    valence: f64,
    /// Low energy (−1) to high energy (1).
    arousal: f64,
    /// `high_unpleasant`, `high_pleasant`, `low_pleasant` or `low_unpleasant`.
    quadrant: &'static str,
    /// Turns that were measured.
    turns: i32,
    /// Words in them.
    words: i32,
}

impl From<&SessionSummary> for SessionBody {
    fn from(session: &SessionSummary) -> Self {
        let measure = session.counted().map(|vector| MeasureBody {
            valence: vector.affect.valence.as_f64(),
            arousal: vector.affect.arousal.as_f64(),
            quadrant: vector.affect.quadrant().name(),
            turns: vector.coverage.turns,
            words: vector.coverage.words,
        });
        Self {
            session_id: session.session_id.uuid(),
            feature: session.feature.name(),
            started_at: session.started_at,
            local_date: session.local_date,
            state: session.state.name(),
            excluded: session.excluded,
            corrected: session.corrected,
            measure,
        }
    }
}

/// What fits better. One of the two at least.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CorrectionBody {
    /// `high_unpleasant`, `high_pleasant`, `low_pleasant` or `low_unpleasant`.
    #[schema(pattern = "^(high|low)_(un)?pleasant$")]
    quadrant: Option<String>,
    /// The family that showed most: `joy`, `interest`, `hope`, `warmth`, `calm`, `worry`, `anger`, `sadness` or `regret`.
    #[schema(pattern = "^(joy|interest|hope|warmth|calm|worry|anger|sadness|regret)$")]
    family: Option<String>,
}

/// One session.
#[utoipa::path(
    get, path = "/spectrum/sessions/{id}", tag = "control", security(("member" = [])),
    params(("id" = Uuid, Path, description = "The session's id")),
    responses(
        (status = 200, body = SessionBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such session", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The id can't be one", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn get_session(
    AsMember(member): AsMember,
    State(services): State<Services>,
    Path(id): Path<String>,
) -> Result<Json<SessionBody>, Problem> {
    let (_, session) = services.load_session(&member, session(&id)?).await?;
    Ok(Json(SessionBody::from(&session)))
}

/// Puts the member's word in the place of what was measured. Said again it replaces what was said before.
#[utoipa::path(
    put, path = "/spectrum/sessions/{id}/correction", tag = "control", security(("member" = [])),
    params(("id" = Uuid, Path, description = "The session's id")),
    request_body = CorrectionBody,
    responses(
        (status = 200, body = WeekChangeBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such session", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The session has no measure", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn correct_session(
    AsMember(member): AsMember,
    State(services): State<Services>,
    Path(id): Path<String>,
    Body(CorrectionBody { quadrant, family }): Body<CorrectionBody>,
) -> Result<Json<WeekChangeBody>, Problem> {
    let quadrant = named(quadrant.as_deref(), "quadrant", Quadrant::from_name)?;
    let family = named(family.as_deref(), "family", Family::from_name)?;
    let correction =
        Correction::of(quadrant, family).ok_or_else(|| Problem::bad_field("quadrant", "or `family` must be said"))?;
    Ok(Json(services.correct_session(member.member_id, session(&id)?, correction).await?.into()))
}

/// Takes the member's word back: what was measured counts again.
#[utoipa::path(
    delete, path = "/spectrum/sessions/{id}/correction", tag = "control", security(("member" = [])),
    params(("id" = Uuid, Path, description = "The session's id")),
    responses(
        (status = 200, body = WeekChangeBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such session", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The session has no measure", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn take_correction_back(
    AsMember(member): AsMember,
    State(services): State<Services>,
    Path(id): Path<String>,
) -> Result<Json<WeekChangeBody>, Problem> {
    Ok(Json(services.take_correction_back(member.member_id, session(&id)?).await?.into()))
}

fn session(text: &str) -> Result<SessionId, Problem> {
    text.parse().map_err(|_| Problem::bad_field("id", "must be a session's id"))
}

fn named<T>(name: Option<&str>, field: &str, find: fn(&str) -> Option<T>) -> Result<Option<T>, Problem> {
    name.map(|name| find(name).ok_or_else(|| Problem::bad_field(field, "is none of the names there are"))).transpose()
}
