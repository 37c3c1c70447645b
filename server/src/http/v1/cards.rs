//! `/spectrum/cards/{id}/feedback`: what the member thinks of a card.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use spectrum_core::Services;
use spectrum_domain::{card::Verdict, id::CardId};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::json::Body;
use crate::http::{AppState, extract::AsMember, problem::Problem};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(give_feedback))
}

/// What the member thinks of it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FeedbackBody {
    /// In the place of what was said before; nothing takes that back.
    verdict: Option<VerdictBody>,
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum VerdictBody {
    Useful,
    NotQuite,
    Wrong,
}

impl From<VerdictBody> for Verdict {
    fn from(verdict: VerdictBody) -> Self {
        match verdict {
            VerdictBody::Useful => Self::Useful,
            VerdictBody::NotQuite => Self::NotQuite,
            VerdictBody::Wrong => Self::Wrong,
        }
    }
}

/// Keeps what the member thinks of a card, or takes it back.
#[utoipa::path(
    post, path = "/spectrum/cards/{id}/feedback", tag = "insight", security(("member" = [])),
    params(("id" = uuid::Uuid, Path, description = "The card's id")),
    request_body = FeedbackBody,
    responses(
        (status = 204, description = "Kept"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such card", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn give_feedback(
    AsMember(member): AsMember,
    State(services): State<Services>,
    Path(id): Path<String>,
    Body(body): Body<FeedbackBody>,
) -> Result<StatusCode, Problem> {
    let card: CardId = id.parse().map_err(|_| Problem::bad_field("id", "must be a card's id"))?;
    services.give_feedback(member.member_id, card, body.verdict.map(Verdict::from)).await?;
    Ok(StatusCode::NO_CONTENT)
}
