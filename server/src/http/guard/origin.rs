//! A request that changes something and comes with a cookie has to show that it comes from our own page.
//!
//! The library's layer refuses what says that it comes from elsewhere. It lets pass what says nothing of where it comes from,
//! for callers that are no browsers; those have no cookie.

use axum::{
    extract::{Request, State},
    http::{HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use crate::http::{problem::Problem, router::PublicUrl};

/// Refuses a request that changes something, comes with a cookie and does not show where it comes from.
pub async fn require_proof(State(PublicUrl(own)): State<PublicUrl>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let safe = [Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method());
    if !safe && headers.contains_key(header::COOKIE) {
        let says = |name: &str| headers.get(name).map(HeaderValue::as_bytes);
        let origin = says("origin");
        let ours = origin.is_some_and(|origin| origin == own.as_bytes() || host(origin) == says("host"));
        let proven = match says("sec-fetch-site") {
            Some(b"same-origin") => ours || origin.is_none(),
            // A browser that does not say it sends the origin.
            Some(b"none") | None => ours,
            Some(_) => false,
        };
        if !proven {
            return Problem::foreign_form().into_response();
        }
    }
    next.run(request).await
}

/// The host of an origin, with its port.
fn host(origin: &[u8]) -> Option<&[u8]> {
    origin.strip_prefix(b"https://").or_else(|| origin.strip_prefix(b"http://"))
}
