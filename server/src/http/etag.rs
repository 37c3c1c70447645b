//! Answers that are known by the member's data version: whoever has one at hand is told that it is still so.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::problem::Problem;

/// The answer under the name of this version, made only for a caller who has none of that name.
pub async fn answer<B: IntoResponse>(
    headers: &HeaderMap,
    version: i64,
    make: impl AsyncFnOnce() -> Result<B, Problem>,
) -> Result<Response, Problem> {
    let tag = format!("\"{version}\"");
    let response =
        if at_hand(headers, &tag) { StatusCode::NOT_MODIFIED.into_response() } else { make().await?.into_response() };
    Ok(with(response, &tag))
}

/// Whether the caller has an answer of this name (RFC 9110, section 13.1.2; compared weakly).
pub fn at_hand(headers: &HeaderMap, tag: &str) -> bool {
    let lines = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim).any(|known| known.trim_start_matches("W/") == tag)
}

/// The answer under its name. Kept by whom it is for, and asked about each time.
fn with(mut response: Response, tag: &str) -> Response {
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(header::ETAG, tag);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("authorization, cookie"));
    response
}
