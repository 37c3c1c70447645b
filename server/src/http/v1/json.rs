//! JSON bodies whose problems are told as problems.

use axum::{
    Json,
    body::Bytes,
    extract::{FromRequest, Request, rejection::JsonRejection},
};
use serde::de::DeserializeOwned;

use crate::http::{body, problem::Problem};

/// Largest body of a call that is no batch, in bytes.
pub const MAX_BODY: usize = 64 * 1024;

/// A body that has to be there.
#[derive(Debug)]
pub struct Body<T>(pub T);

/// A body that may be left out, and then says nothing.
#[derive(Debug)]
pub struct MaybeBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        parse(&read(request, state).await?).map(Self)
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Default> FromRequest<S> for MaybeBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let bytes = read(request, state).await?;
        if bytes.is_empty() {
            Ok(Self(T::default()))
        } else {
            parse::<Option<T>>(&bytes).map(|body| Self(body.unwrap_or_default()))
        }
    }
}

async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state).await.map_err(|rejection| body::refused(&rejection, MAX_BODY))
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    match Json::<T>::from_bytes(bytes) {
        Ok(Json(body)) => Ok(body),
        // PRIVACY: the parser's own words may quote what it stumbled over, so they are not passed on.
        Err(JsonRejection::JsonDataError(_)) => Err(Problem::bad_request(
            "The body lacks a field, has one this endpoint does not take, or one of another kind. Nothing was changed; \
             /api/openapi.json says what it takes.",
        )),
        Err(_) => Err(Problem::bad_request("The body is no JSON. Nothing was changed.")),
    }
}
