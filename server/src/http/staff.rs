//! The team's way in, by its provider of identities: off to it, and back with its answer.

use axum::{
    Router,
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
    routing::get,
};
use serde::Deserialize;
use spectrum_core::Secret;

use super::{AppState, problem::Problem};
use crate::identity::OidcError;

/// How long a sign-in may take at the provider, in seconds.
const LIFE: i64 = 600;

/// Both halves of a sign-in.
pub fn router() -> Router<AppState> {
    Router::new().route("/staff/sign-in", get(begin)).route("/staff/callback", get(end))
}

/// What the provider sends the browser back with (RFC 6749, section 4.1.2; RFC 9207).
#[derive(Deserialize)]
struct Answer {
    state: Option<String>,
    code: Option<String>,
    iss: Option<String>,
}

async fn begin(State(state): State<AppState>) -> Result<Response, Problem> {
    let provider = state.identity.provider().ok_or_else(Problem::no_staff_sign_in)?;
    let secret = Secret::draw(state.services.ambient(), "sp_oidc_");
    let location = provider.start(secret.expose()).await.map_err(refused)?;
    let mut response = Redirect::to(&location).into_response();
    let cookie = state.cookies.begun(secret.expose(), LIFE);
    response.headers_mut().append(header::SET_COOKIE, value(&cookie)?);
    Ok(response)
}

async fn end(
    State(state): State<AppState>,
    Query(answer): Query<Answer>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let provider = state.identity.provider().ok_or_else(Problem::no_staff_sign_in)?;
    let secret = state.cookies.begun_secret(&headers).ok_or_else(|| refused(OidcError::ForeignAnswer))?;
    let (Some(given), Some(code)) = (&answer.state, &answer.code) else {
        return Err(refused(OidcError::Code));
    };
    let now = state.services.ambient().now();
    let account = provider.finish(&secret, given, code, answer.iss.as_deref(), now).await.map_err(refused)?;
    let signed_in = state.services.sign_staff_in(&account.issuer, &account.subject, &account.email).await?;
    let signed_in = signed_in.ok_or_else(Problem::not_admitted)?;
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, "/staff")]).into_response();
    for cookie in
        [state.cookies.signed_in(signed_in.token.expose(), signed_in.max_age_seconds), state.cookies.begun("", 0)]
    {
        response.headers_mut().append(header::SET_COOKIE, value(&cookie)?);
    }
    Ok(response)
}

fn value(text: &str) -> Result<HeaderValue, Problem> {
    HeaderValue::from_str(text).map_err(|_| Problem::internal())
}

fn refused(error: OidcError) -> Problem {
    tracing::warn!(error = &error as &dyn std::error::Error, "somebody of the team was not signed in");
    match error {
        OidcError::Unreachable => Problem::overloaded(),
        error => Problem::staff_refused(error),
    }
}
