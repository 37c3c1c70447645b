//! `/spectrum/exclusions`: what a member leaves out of the analysis, with what that did.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use spectrum_core::Services;
use spectrum_domain::{
    exclusion::{Exclusion, LONGEST_PERIOD, Reason, Scope},
    feature::Feature,
    id::ExclusionId,
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{figures::WideChangeBody, json::Body};
use crate::http::{AppState, extract::AsMember, problem::Problem};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_exclusions, add_exclusion))
        .routes(routes!(remove_exclusion))
        .routes(routes!(end_pause))
}

/// What is to be left out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Wanted {
    scope: ScopeBody,
    /// `session` only: its id, as `GET /spectrum/weeks/{week}` lists it.
    session_id: Option<Uuid>,
    /// `feature` only: all sessions of it, past and to come.
    feature: Option<FeatureBody>,
    /// `period` only: first and last local day, both included, past and to come.
    first: Option<NaiveDate>,
    last: Option<NaiveDate>,
    /// Why.
    reason: Option<ReasonBody>,
}

/// What kind of thing. A `pause` is everything that begins from now on, until it is ended.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ScopeBody {
    Session,
    Feature,
    Period,
    Pause,
}

impl Wanted {
    /// What it covers; `now` begins a pause.
    fn scope(&self, now: DateTime<Utc>) -> Result<Scope, Problem> {
        let Self { scope, session_id, feature, first, last, .. } = self;
        let given = [session_id.is_some(), feature.is_some(), first.is_some(), last.is_some()];
        match (scope, given) {
            (ScopeBody::Session, [true, false, false, false])
            | (ScopeBody::Feature, [false, true, false, false])
            | (ScopeBody::Period, [false, false, true, true])
            | (ScopeBody::Pause, [false, false, false, false]) => {}
            _ => {
                return Err(Problem::bad_field(
                    "scope",
                    "goes with exactly its own fields: `session_id`, `feature`, `first` and `last`, or none for a pause",
                ));
            }
        }
        Ok(match (session_id, feature, first.zip(*last)) {
            (Some(session), ..) => Scope::Session((*session).into()),
            (_, Some(feature), _) => Scope::Feature((*feature).into()),
            (.., Some((first, last))) => {
                if first > last || (last - first).num_days() > LONGEST_PERIOD {
                    let why = "must not be before `first`, nor more than a hundred years after";
                    return Err(Problem::bad_field("last", why));
                }
                Scope::Period { first, last }
            }
            _ => Scope::Pause { from: now, until: None },
        })
    }
}

/// Where sessions are held.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum FeatureBody {
    Mirror,
    Turn,
    Lens,
}

impl From<FeatureBody> for Feature {
    fn from(feature: FeatureBody) -> Self {
        match feature {
            FeatureBody::Mirror => Self::Mirror,
            FeatureBody::Turn => Self::Turn,
            FeatureBody::Lens => Self::Lens,
        }
    }
}

/// Why.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ReasonBody {
    Private,
    NotAboutMe,
    Trial,
    Unusual,
}

impl From<ReasonBody> for Reason {
    fn from(reason: ReasonBody) -> Self {
        match reason {
            ReasonBody::Private => Self::Private,
            ReasonBody::NotAboutMe => Self::NotAboutMe,
            ReasonBody::Trial => Self::Trial,
            ReasonBody::Unusual => Self::Unusual,
        }
    }
}

/// Something that is left out.
#[derive(Debug, Serialize, ToSchema)]
struct ExclusionBody {
    /// Its number: take it back with this.
    exclusion_id: Uuid,
    /// `session`, `feature`, `period` or `pause`.
    scope: &'static str,
    /// `session` only.
    session_id: Option<Uuid>,
    /// `feature` only.
    feature: Option<&'static str>,
    /// `period` only: first and last day.
    first: Option<NaiveDate>,
    last: Option<NaiveDate>,
    /// `pause` only: from when, and until when if it has ended.
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    /// Why, where the member said so.
    reason: Option<&'static str>,
    /// Since when it is left out.
    since: DateTime<Utc>,
}

impl From<&Exclusion> for ExclusionBody {
    fn from(exclusion: &Exclusion) -> Self {
        let Exclusion { exclusion_id, scope, reason, since } = *exclusion;
        let mut body = Self {
            exclusion_id: exclusion_id.uuid(),
            scope: scope.name(),
            session_id: None,
            feature: None,
            first: None,
            last: None,
            from: None,
            until: None,
            reason: reason.map(Reason::name),
            since,
        };
        match scope {
            Scope::Session(session) => body.session_id = Some(session.uuid()),
            Scope::Feature(feature) => body.feature = Some(feature.name()),
            Scope::Period { first, last } => (body.first, body.last) = (Some(first), Some(last)),
            Scope::Pause { from, until } => (body.from, body.until) = (Some(from), until),
        }
        body
    }
}

/// All that is left out, newest first.
#[derive(Debug, Serialize, ToSchema)]
struct ExclusionList {
    exclusions: Vec<ExclusionBody>,
}

/// What was left out, and what that did.
#[derive(Debug, Serialize, ToSchema)]
struct LeftOut {
    exclusion: ExclusionBody,
    change: WideChangeBody,
}

/// What a member leaves out.
#[utoipa::path(
    get, path = "/spectrum/exclusions", tag = "control", security(("member" = [])),
    responses(
        (status = 200, body = ExclusionList),
        (status = 401, body = Problem, content_type = "application/problem+json"),
    )
)]
async fn list_exclusions(
    AsMember(member): AsMember,
    State(services): State<Services>,
) -> Result<Json<ExclusionList>, Problem> {
    let exclusions = services.list_exclusions(member.member_id).await?;
    Ok(Json(ExclusionList { exclusions: exclusions.iter().map(ExclusionBody::from).collect() }))
}

/// Leaves something out of the analysis. It takes effect before the answer, which says what it did.
#[utoipa::path(
    post, path = "/spectrum/exclusions", tag = "control", security(("member" = [])),
    request_body = Wanted,
    responses(
        (status = 201, body = LeftOut),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such session", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn add_exclusion(
    AsMember(member): AsMember,
    State(services): State<Services>,
    Body(wanted): Body<Wanted>,
) -> Result<(StatusCode, Json<LeftOut>), Problem> {
    let scope = wanted.scope(services.ambient().now())?;
    let (exclusion, change) = services.exclude(member.member_id, scope, wanted.reason.map(Reason::from)).await?;
    let body = LeftOut { exclusion: ExclusionBody::from(&exclusion), change: change.into() };
    Ok((StatusCode::CREATED, Json(body)))
}

/// Takes an exclusion back: what no other covers is counted again, with the numbers it had.
#[utoipa::path(
    delete, path = "/spectrum/exclusions/{id}", tag = "control", security(("member" = [])),
    params(("id" = Uuid, Path, description = "The exclusion's number")),
    responses(
        (status = 200, body = WideChangeBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such exclusion", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn remove_exclusion(
    AsMember(member): AsMember,
    State(services): State<Services>,
    Path(id): Path<String>,
) -> Result<Json<WideChangeBody>, Problem> {
    Ok(Json(services.include(member.member_id, number(&id)?).await?.into()))
}

/// Ends a pause from now on. What was held during it stays left out until the exclusion is taken back.
#[utoipa::path(
    post, path = "/spectrum/exclusions/{id}/end", tag = "control", security(("member" = [])),
    params(("id" = Uuid, Path, description = "The pause's number")),
    responses(
        (status = 200, body = WideChangeBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such pause", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn end_pause(
    AsMember(member): AsMember,
    State(services): State<Services>,
    Path(id): Path<String>,
) -> Result<Json<WideChangeBody>, Problem> {
    Ok(Json(services.resume(member.member_id, number(&id)?).await?.into()))
}

fn number(text: &str) -> Result<ExclusionId, Problem> {
    text.parse().map_err(|_| Problem::bad_field("id", "must be an exclusion's number"))
}
