//! Tables of the team's pages as files, for whoever may see the page.

use std::collections::HashMap;

use app::{CookiePolicy, table_file};
use axum::{
    Router,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use spectrum_core::{Caller, Services};
use spectrum_domain::access::StaffRole;

use super::{AppState, problem::Problem};

/// The tables of every page that has some.
pub fn router() -> Router<AppState> {
    let of = |page: &'static str| {
        get(
            async move |State(services): State<Services>,
                        State(cookies): State<CookiePolicy>,
                        Path(file): Path<String>,
                        Query(query): Query<HashMap<String, String>>,
                        headers: HeaderMap| {
                hand_out(&services, cookies, &headers, (page, &file), &query).await
            },
        )
    };
    Router::new()
        .route("/staff/engagement/{file}", of("engagement"))
        .route("/staff/upgrades/{file}", of("upgrades"))
        .route("/staff/retention/{file}", of("retention"))
        .route("/staff/experiments/{file}", of("experiments"))
        .route("/staff/quality/{file}", of("quality"))
        .route("/staff/cost/{file}", of("cost"))
}

async fn hand_out(
    services: &Services,
    cookies: CookiePolicy,
    headers: &HeaderMap,
    (page, file): (&str, &str),
    query: &HashMap<String, String>,
) -> Result<Response, Problem> {
    let caller = match cookies.token(headers) {
        Some(token) => services.caller(&token).await?,
        None => None,
    };
    let Some(Caller::Staff(staff)) = caller else { return Err(Problem::no_staff()) };
    if !staff.is(StaffRole::Analyst) {
        return Err(Problem::other_role());
    }
    let missing = || Problem::not_found("There is no such table.");
    let name = file.strip_suffix(".csv").ok_or_else(missing)?;
    let body = table_file(services, page, name, query).await?.ok_or_else(missing)?;
    let mut response = body.into_response();
    let name = format!("attachment; filename=\"spectrum-{page}-{name}.csv\"");
    for (header, value) in [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(|_| Problem::internal())?),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff")),
    ] {
        response.headers_mut().insert(header, value);
    }
    Ok(response)
}
