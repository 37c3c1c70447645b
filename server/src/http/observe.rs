//! One line in the log and one measurement a request: by the route's pattern, never by the path or the query, which
//! may name a member's week or carry a code.

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method},
    middleware::Next,
    response::Response,
};
use spectrum_core::trace::Trace;
use tokio::time::Instant;
use uuid::Uuid;

use crate::{metrics, telemetry::Followed};

/// The header that names a request, in and out.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The header by which a host says of which trace its request is part.
const TRACE: HeaderName = HeaderName::from_static("traceparent");

/// Whether a host's recorded request goes on in the host's trace.
#[derive(Clone, Copy, Debug)]
pub struct ContinueHosts(pub bool);

/// Names the request, times it, logs it and begins its trace.
pub async fn observe(
    State(ContinueHosts(continues)): State<ContinueHosts>,
    mut request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let method = method_name(request.method());
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    let id = request_id(&request);
    if let Ok(value) = HeaderValue::from_str(&id) {
        request.headers_mut().insert(REQUEST_ID, value);
    }
    let followed = Followed::request(&id, (method, &route), traced_by_host(&request, &route), continues);
    let work = async {
        let response = next.run(request).await;
        let status = response.status().as_u16();
        let duration_ms = started.elapsed().as_secs_f64() * 1000.0;
        if response.status().is_server_error() {
            tracing::error!(status, duration_ms, "a request was answered with an error of ours");
        } else {
            tracing::info!(status, duration_ms, "a request was answered");
        }
        response
    };
    let mut response = followed.run(work).await;
    let status = response.status().as_u16();
    followed.answered(status);
    metrics::request(method, route, status, started.elapsed(), followed.trace());
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

/// Of which trace a host says that its request is part: of the API alone, as a browser's pages are part of nobody's.
fn traced_by_host(request: &Request, route: &str) -> Option<Trace> {
    let said = request.headers().get(TRACE).filter(|_| route.starts_with("/api/v1/"))?;
    said.to_str().ok()?.parse().ok()
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
