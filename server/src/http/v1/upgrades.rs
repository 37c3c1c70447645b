//! `/members/{ref}/upgrades`: what the host's billing says of a member's paid plan, so that the teaser can be judged.

use axum::{
    Json,
    extract::{Path, State},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use spectrum_core::{Services, product::upgrade::Upgrade};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{json::Body, members::reference};
use crate::http::{
    AppState,
    extract::{Host, ToManage},
    problem::Problem,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(tell_upgrade))
}

/// An upgrade, or what became of it: sent again with `refunded_at` once it was paid back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpgradeBody {
    /// The host's own name for the upgrade: told twice, it is one.
    upgrade_id: Uuid,
    /// When it was paid.
    upgraded_at: DateTime<Utc>,
    /// When it was paid back.
    refunded_at: Option<DateTime<Utc>>,
}

/// What became of it.
#[derive(Debug, Serialize, ToSchema)]
struct UpgradeAnswer {
    /// Whether it is counted: only of members who agreed to that. Nothing is kept of others.
    counted: bool,
}

/// Tells that a member upgraded, or was paid back. It changes no plan: `PUT /members/{ref}` does.
#[utoipa::path(
    post, path = "/members/{ref}/upgrades", tag = "members", security(("host_key" = [])),
    params(("ref" = String, Path, pattern = "^[!-~]{1,128}$", description = "The host's own name for the member")),
    request_body = UpgradeBody,
    responses(
        (status = 200, body = UpgradeAnswer),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key is not good for this", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such member", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A field can't be used", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn tell_upgrade(
    host: Host<ToManage>,
    State(services): State<Services>,
    Path(member): Path<String>,
    Body(body): Body<UpgradeBody>,
) -> Result<Json<UpgradeAnswer>, Problem> {
    let UpgradeBody { upgrade_id, upgraded_at, refunded_at } = body;
    let now = services.ambient().now();
    for (field, at) in [("upgraded_at", Some(upgraded_at)), ("refunded_at", refunded_at)] {
        // A clock may be a little ahead of ours.
        if at.is_some_and(|at| at > now + chrono::TimeDelta::minutes(5) || at.timestamp() < 0) {
            return Err(Problem::bad_field(field, "must not be in the future"));
        }
    }
    if refunded_at.is_some_and(|refunded| refunded < upgraded_at) {
        return Err(Problem::bad_field("refunded_at", "must not be before upgraded_at"));
    }
    let upgrade = Upgrade { id: upgrade_id, upgraded_at, refunded_at };
    let counted = services.record_upgrade(host.id, reference(&member)?, upgrade).await?;
    Ok(Json(UpgradeAnswer { counted }))
}
