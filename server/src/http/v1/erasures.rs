//! `DELETE /members/{ref}` and `/erasures/{id}`: the host has a member erased and learns how far that has come.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use spectrum_core::{Services, Whom};
use spectrum_domain::{
    erasure::{AskedBy, Erasure},
    id::ErasureId,
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::members::reference;
use crate::http::{
    AppState,
    extract::{Host, ToErase},
    problem::Problem,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(delete_member)).routes(routes!(get_erasure))
}

/// An erasure and how far it has come.
#[derive(Debug, Serialize, ToSchema)]
struct ErasureBody {
    /// Its number: ask with it again.
    erasure_id: Uuid,
    /// `requested`, `rows_deleted`, `key_destroyed`, `verified` or `done`.
    #[schema(example = "done")]
    state: &'static str,
    /// When it was asked for.
    requested_at: DateTime<Utc>,
    /// When it was done.
    done_at: Option<DateTime<Utc>>,
    /// The signed receipt, once it is done. It names nobody, and the member may have it.
    #[schema(value_type = Option<Object>)]
    receipt: Option<Value>,
}

impl ErasureBody {
    fn new(erasure: Erasure, receipt: Option<Value>) -> Self {
        let Erasure { erasure_id, state, requested_at, done_at } = erasure;
        Self { erasure_id: erasure_id.uuid(), state: state.name(), requested_at, done_at, receipt }
    }
}

/// Erases everything about a member. They are shut out before the answer; the rest follows within moments.
#[utoipa::path(
    delete, path = "/members/{ref}", tag = "members", security(("host_key" = [])),
    params(("ref" = String, Path, description = "The host's own name for the member")),
    responses(
        (status = 202, description = "Shut out; the erasure is under way", body = ErasureBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key is not good for this", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such member, or erased already", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn delete_member(
    host: Host<ToErase>,
    State(services): State<Services>,
    Path(member): Path<String>,
) -> Result<(StatusCode, Json<ErasureBody>), Problem> {
    let erasure = services.order_erasure(Whom::Reference(host.id, reference(&member)?), AskedBy::Host).await?;
    let erasure = services.load_erasure(erasure, Some(host.id)).await?;
    Ok((StatusCode::ACCEPTED, Json(ErasureBody::new(erasure, None))))
}

/// How far an erasure has come, and its receipt.
#[utoipa::path(
    get, path = "/erasures/{id}", tag = "members", security(("host_key" = [])),
    params(("id" = Uuid, Path, description = "The erasure's number")),
    responses(
        (status = 200, body = ErasureBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key is not good for this", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such erasure", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The number can't be one", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn get_erasure(
    host: Host<ToErase>,
    State(services): State<Services>,
    Path(id): Path<String>,
) -> Result<Json<ErasureBody>, Problem> {
    let id: ErasureId = id.parse().map_err(|_| Problem::bad_field("id", "must be an erasure's number"))?;
    let erasure = services.load_erasure(id, Some(host.id)).await?;
    let receipt = services.load_receipt(id.uuid()).await?;
    let receipt = receipt.and_then(|document| serde_json::from_str(&document).ok());
    Ok(Json(ErasureBody::new(erasure, receipt)))
}
