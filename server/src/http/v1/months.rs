//! `/spectrum/months`: the months that were told, and one month's deep dive.

use axum::{
    Json,
    extract::{Path, Query, State, rejection::QueryRejection},
    http::HeaderMap,
    response::Response,
};
use spectrum_core::Services;
use spectrum_domain::{calendar::Month, card::Grain};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    editions::{EditionBody, EditionPage, PageQuery},
    weeks::feed,
};
use crate::http::{AppState, etag, extract::AsReader, problem::Problem};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_months)).routes(routes!(get_month))
}

/// The months that were told, newest first.
#[utoipa::path(
    get, path = "/spectrum/months", tag = "insight", security(("member" = [])),
    params(
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
        ("limit" = Option<i64>, Query, minimum = 1, maximum = 26, description = "Months of a page; 8 where it is not said"),
        ("If-None-Match" = Option<String>, Header, description = "The `ETag` of an answer that is at hand"),
    ),
    responses(
        (status = 200, body = EditionPage, headers(("ETag" = String, description = "Of the member's data version"))),
        (status = 304, description = "What is at hand still is so"),
        (status = 400, description = "A parameter is none of these, or comes twice", body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "By lot not shown to this member for now", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A parameter can't be used", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn list_months(
    AsReader(member): AsReader,
    State(services): State<Services>,
    page: Result<Query<PageQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    feed(&services, &member, Grain::Month, page, &headers).await
}

/// One month: its text, its cards, and what they rest on.
#[utoipa::path(
    get, path = "/spectrum/months/{month}", tag = "insight", security(("member" = [])),
    params(
        ("month" = String, Path, pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$", description = "The month's ISO 8601 name"),
        ("If-None-Match" = Option<String>, Header, description = "The `ETag` of an answer that is at hand"),
    ),
    responses(
        (status = 200, body = EditionBody, headers(("ETag" = String, description = "Of the member's data version"))),
        (status = 304, description = "What is at hand still is so"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "By lot not shown to this member for now", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "It has not ended, or nothing of it counts", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The name can't be one", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn get_month(
    AsReader(member): AsReader,
    State(services): State<Services>,
    Path(month): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let month: Month = month.parse().map_err(|_| Problem::bad_field("month", "must be a month such as 2026-10"))?;
    etag::answer(&headers, member.data_version, async || {
        let edition = services.load_edition(member.member_id, Grain::Month, month.start()).await?;
        let edition = edition.ok_or_else(|| {
            Problem::not_found("Nothing is told of this month: it has not ended, or no session of it counts.")
        })?;
        Ok(Json(EditionBody::new(&member, Grain::Month, &edition)))
    })
    .await
}
