//! `/exports`: everything held about a member, gathered by a job and fetched within a day.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use spectrum_core::Services;
use spectrum_domain::{export::Export, id::ExportId, member::Member};
use tokio::sync::Semaphore;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::http::{AppState, archive, extract::AsMember, problem::Problem};

pub(super) fn router(downloads: &Arc<Semaphore>) -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(request_export))
        .routes(routes!(get_export))
        .routes(routes!(fetch_archive))
        .layer(axum::Extension(downloads.clone()))
}

/// An archive and how far it has come.
#[derive(Debug, Serialize, ToSchema)]
struct ExportBody {
    /// Its number: ask with it again.
    export_id: Uuid,
    /// `gathering`, `ready`, `over`, or `replaced` by a newer one.
    state: &'static str,
    /// When it was asked for.
    asked_at: DateTime<Utc>,
    /// Since when it is ready.
    ready_at: Option<DateTime<Utc>>,
    /// Until when it can be fetched.
    expires_at: Option<DateTime<Utc>>,
    /// Bytes of its files, before they are packed.
    bytes: Option<i64>,
}

impl ExportBody {
    fn new(export: &Export, now: DateTime<Utc>) -> Self {
        let state = match (export.ready, export.at_hand(now)) {
            (None, _) if export.replaced => "replaced",
            (None, _) => "gathering",
            (Some(_), Some(_)) => "ready",
            (Some(_), None) => "over",
        };
        Self {
            export_id: export.export_id.uuid(),
            state,
            asked_at: export.asked_at,
            ready_at: export.ready.map(|ready| ready.ready_at),
            expires_at: export.ready.map(|ready| ready.expires_at),
            bytes: export.ready.map(|ready| ready.bytes),
        }
    }
}

/// Has everything held about the member gathered. While one archive is being gathered, that one is the answer.
#[utoipa::path(
    post, path = "/exports", tag = "control", security(("member" = [])),
    responses(
        (status = 202, body = ExportBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "The member is gone", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn request_export(
    AsMember(member): AsMember,
    State(services): State<Services>,
) -> Result<(StatusCode, Json<ExportBody>), Problem> {
    let export = services.request_export(member.member_id).await?;
    let export = export.ok_or_else(|| Problem::not_found("The member is gone, or is being erased."))?;
    Ok((StatusCode::ACCEPTED, Json(ExportBody::new(&export, services.ambient().now()))))
}

/// How far an archive has come.
#[utoipa::path(
    get, path = "/exports/{id}", tag = "control", security(("member" = [])),
    params(("id" = Uuid, Path, description = "The archive's number")),
    responses(
        (status = 200, body = ExportBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such archive", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The number can't be one", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn get_export(
    AsMember(member): AsMember,
    State(services): State<Services>,
    Path(id): Path<String>,
) -> Result<Json<ExportBody>, Problem> {
    let export = find(&services, &member, &id).await?;
    Ok(Json(ExportBody::new(&export, services.ambient().now())))
}

/// The archive itself, a ZIP file. It is the one answer that holds the member's words.
#[utoipa::path(
    get, path = "/exports/{id}/archive", tag = "control", security(("member" = [])),
    params(("id" = Uuid, Path, description = "The archive's number")),
    responses(
        (status = 200, description = "The archive", content_type = "application/zip", body = Vec<u8>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such archive", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It is not ready, over or replaced", body = Problem,
         content_type = "application/problem+json"),
        (status = 422, description = "The number can't be one", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn fetch_archive(
    AsMember(member): AsMember,
    State(services): State<Services>,
    axum::Extension(downloads): axum::Extension<Arc<Semaphore>>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let export = find(&services, &member, &id).await?;
    let file = archive::answer(&services, member.member_id, export, downloads)?;
    file.ok_or_else(|| {
        Problem::conflict(
            "The archive is not ready yet, its day is over or a newer one has taken its place; `GET /exports/{id}` says which.",
        )
    })
}

async fn find(services: &Services, member: &Member, id: &str) -> Result<Export, Problem> {
    let id: ExportId = id.parse().map_err(|_| Problem::bad_field("id", "must be an archive's number"))?;
    let export = services.find_export(member.member_id, id).await?;
    export.ok_or_else(|| Problem::not_found("There is no such archive, or it has been let go."))
}
