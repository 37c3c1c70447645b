//! Who calls the API: a host by its key, a member by a token of their host's or by the cookie of their browser. One layer
//! before all handlers finds it out once; a credential that does not count ends the request here.

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use spectrum_core::{Caller, access::host_key::KnownHost, answers};
use spectrum_domain::member::Member;

use super::{
    AppState, body,
    problem::Problem,
    signed::{self, SIGNATURE},
};
use crate::identity::MemberTokenError;

/// What every host's key begins with.
const HOST_KEY: &str = "sp_host_";

/// Who calls.
#[derive(Clone, Debug)]
pub enum Recognised {
    /// A host service.
    Host(KnownHost),
    /// A member.
    Member(Member),
}

impl Recognised {
    /// Whose idempotency keys the request's are.
    pub fn as_caller(&self) -> answers::Caller {
        match self {
            Self::Host(host) => answers::Caller::Host(host.host_id),
            Self::Member(member) => answers::Caller::Member(member.member_id),
        }
    }
}

/// Finds out who calls and lets the request on with that. Nobody is let on too: the handler says whom it wants.
pub async fn recognise(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    match who(&state, request.headers()).await {
        Ok(Some(Recognised::Host(host))) => match check_signature(&state, host, request).await {
            Ok(request) => next.run(request).await,
            Err(problem) => problem.into_response(),
        },
        Ok(Some(member)) => {
            request.extensions_mut().insert(member);
            next.run(request).await
        }
        Ok(None) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

/// The credential of a header, without its kind.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").map(str::trim)
}

/// Whether a credential has the form of a host's key.
pub fn is_host_key(credential: &str) -> bool {
    credential.starts_with(HOST_KEY)
}

/// Whether a credential has the form of a member's token: three parts.
fn may_be_token(credential: &str) -> bool {
    credential.split('.').count() == 3
}

async fn who(state: &AppState, headers: &HeaderMap) -> Result<Option<Recognised>, Problem> {
    if headers.contains_key(header::AUTHORIZATION) {
        let credential = bearer(headers).ok_or_else(Problem::unauthorized)?;
        if is_host_key(credential) {
            let host = state.services.known_host(credential).await?;
            return host.map(Recognised::Host).map(Some).ok_or_else(Problem::unauthorized);
        }
        if !may_be_token(credential) {
            return Err(Problem::unauthorized());
        }
        return match state.identity.member_of_token(credential).await {
            Ok(member) => Ok(Some(Recognised::Member(member))),
            Err(MemberTokenError::Token(error)) if error.may_pass() => Err(Problem::overloaded()),
            Err(MemberTokenError::Token(error)) => Err(Problem::bad_token(error)),
            Err(MemberTokenError::Services(error)) => Err(error.into()),
        };
    }
    let Some(token) = state.cookies.token(headers) else { return Ok(None) };
    match state.services.caller(&token).await? {
        Some(Caller::Member(member)) => Ok(Some(Recognised::Member(member))),
        _ => Ok(None),
    }
}

/// The same request, once it is known that its signature is right, where there is one or must be one.
async fn check_signature(state: &AppState, host: KnownHost, request: Request) -> Result<Request, Problem> {
    let signed = request.headers().contains_key(SIGNATURE);
    let (mut parts, content) = request.into_parts();
    let content = match (signed, host.signed) {
        (true, _) => {
            let content = body::read(content, body::MOST).await?;
            signed::check(&state.services, host.key_id, &parts, &content).await?;
            Body::from(content)
        }
        (false, true) => return Err(Problem::unsigned()),
        (false, false) => content,
    };
    parts.extensions.insert(Recognised::Host(host));
    Ok(Request::from_parts(parts, content))
}
