//! Figures as files: a screen's drawing as SVG and its numbers as CSV, for the browser that is signed in as the member.

use app::{CookiePolicy, FigureFile, figure_file};
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use spectrum_core::{Caller, Services};
use spectrum_domain::effect::experiment::Trial;

use super::{AppState, problem::Problem};

/// The files of both screens that have figures.
pub fn router() -> Router<AppState> {
    let of = |screen: &'static str| {
        get(
            async move |State(services): State<Services>,
                        State(cookies): State<CookiePolicy>,
                        Path((span, file)): Path<(String, String)>,
                        headers: HeaderMap| {
                hand_out(&services, cookies, &headers, (screen, &span, &file)).await
            },
        )
    };
    Router::new()
        .route("/spectrum/landscape/{span}/{file}", of("landscape"))
        .route("/spectrum/patterns/{span}/{file}", of("patterns"))
}

async fn hand_out(
    services: &Services,
    cookies: CookiePolicy,
    headers: &HeaderMap,
    (screen, span, file): (&str, &str, &str),
) -> Result<Response, Problem> {
    let caller = match cookies.token(headers) {
        Some(token) => services.caller(&token).await?,
        None => None,
    };
    // As for the page it is a figure of.
    let Some(Caller::Member(member)) = caller else { return Err(Problem::no_member()) };
    if services.is_held_out(Trial::Spectrum, member.member_id) {
        return Err(Problem::held_out());
    }
    let found = figure_file(services, &member, screen, span, file).await?;
    let FigureFile { name, kind, body } =
        found.ok_or_else(|| Problem::not_found("There is no such figure. Nothing of yours is missing."))?;
    let mut response = body.into_response();
    let name = format!("attachment; filename=\"{name}\"");
    for (header, value) in [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(|_| Problem::internal())?),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff")),
        // Opened by itself after all, it runs nothing and asks for nothing.
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox"),
        ),
    ] {
        response.headers_mut().insert(header, value);
    }
    Ok(response)
}
