//! One line in the log and one measurement a request: by the route's pattern, never by the path or the query, which
//! may name a member's week or carry a code.

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderName, HeaderValue, Method},
    middleware::Next,
    response::Response,
};
use tokio::time::Instant;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::metrics;

/// The header that names a request, in and out.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Names the request, times it and logs it.
pub async fn observe(mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = method_name(request.method());
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    let id = request_id(&request);
    if let Ok(value) = HeaderValue::from_str(&id) {
        request.headers_mut().insert(REQUEST_ID, value);
    }
    let span = tracing::info_span!("request", request_id = id, method, route);
    let mut response = async {
        let response = next.run(request).await;
        let status = response.status().as_u16();
        let duration_ms = started.elapsed().as_secs_f64() * 1000.0;
        if response.status().is_server_error() {
            tracing::error!(status, duration_ms, "a request was answered with an error of ours");
        } else {
            tracing::info!(status, duration_ms, "a request was answered");
        }
        response
    }
    .instrument(span)
    .await;
    metrics::request(method, route, response.status().as_u16(), started.elapsed());
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// The caller's name for the request, if it is one of ours or looks like one, else a new one.
fn request_id(request: &Request) -> String {
    let given = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok());
    let id = given.and_then(|id| id.parse::<Uuid>().ok()).unwrap_or_else(|| {
        let mut bytes = [0; 16];
        // A request without a good name is still answered.
        let _ = getrandom::fill(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    });
    id.to_string()
}

const fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}
