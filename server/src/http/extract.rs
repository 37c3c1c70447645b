//! Permission as an argument: a handler that takes one of these can't be reached without it.

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{header, request::Parts},
};
use spectrum_core::Services;
use spectrum_domain::id::HostId;

use super::problem::Problem;

/// A host service that came with its key.
#[derive(Clone, Copy, Debug)]
pub struct HostService(pub HostId);

impl<S> FromRequestParts<S> for HostService
where
    S: Send + Sync,
    Services: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let key = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .ok_or_else(Problem::unauthorized)?;
        let host = Services::from_ref(state).host_of_key(key.trim().to_owned()).await?;
        host.map(Self).ok_or_else(Problem::unauthorized)
    }
}
