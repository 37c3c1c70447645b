//! While the service is only read, nothing is changed: what would change something is told to come back.

use axum::{
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use crate::http::problem::Problem;

/// Whether nothing may be changed.
#[derive(Clone, Copy, Debug)]
pub struct ReadOnly(pub bool);

/// Mark of an answer that was refused because of it, for the page that says so.
#[derive(Clone, Copy, Debug)]
pub struct Refused;

/// Refuses what would change something. Coming in and going out change nothing of anybody's, and who can't come in can't read.
pub async fn refuse_changes(State(ReadOnly(on)): State<ReadOnly>, request: Request, next: Next) -> Response {
    let safe = [Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method());
    if !on || safe || is_door(request.uri().path()) {
        return next.run(request).await;
    }
    let mut response = Problem::read_only().into_response();
    response.extensions_mut().insert(Refused);
    response
}

fn is_door(path: &str) -> bool {
    let link = path.strip_prefix("/api/v1/members/").and_then(|rest| rest.split_once('/'));
    ["/fn/sign_in", "/fn/sign_out"].contains(&path) || link.is_some_and(|(_, rest)| rest == "links")
}
