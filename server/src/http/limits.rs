//! How much at the same moment: a class of requests has its places, and one more is told at once to come back.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use tokio::sync::Semaphore;

use super::problem::Problem;

/// The places of a class of requests.
#[derive(Clone, Debug)]
pub struct Places(Arc<Semaphore>);

impl Places {
    /// So many.
    pub fn new(most: usize) -> Self {
        Self(Arc::new(Semaphore::new(most)))
    }
}

/// Takes a place for as long as the request lasts, waiting a moment for one.
pub async fn take_place(State(places): State<Places>, request: Request, next: Next) -> Response {
    const MOMENT: std::time::Duration = std::time::Duration::from_millis(500);
    match tokio::time::timeout(MOMENT, places.0.acquire_owned()).await {
        Ok(Ok(_place)) => next.run(request).await,
        Ok(Err(_)) | Err(_) => Problem::overloaded().into_response(),
    }
}

/// Ends a request that takes too long. What it began in the database goes on to its end.
pub async fn in_time(State(longest): State<std::time::Duration>, request: Request, next: Next) -> Response {
    tokio::time::timeout(longest, next.run(request)).await.unwrap_or_else(|_| Problem::timeout().into_response())
}
