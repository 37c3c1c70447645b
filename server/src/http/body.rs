//! Reading bodies: each comes in whole, in time and within its limit, or is a problem that says which of these it was not.

use std::error::Error;

use axum::{
    body::{Body, Bytes},
    extract::rejection::BytesRejection,
    http::StatusCode,
};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use tower_http::timeout::TimeoutError;

use super::problem::Problem;

/// The most that any endpoint takes, in bytes.
pub const MOST: usize = 4 * 1024 * 1024;

/// Reads a body of at most so many bytes.
pub async fn read(body: Body, most: usize) -> Result<Bytes, Problem> {
    match Limited::new(body, most).collect().await {
        Ok(content) => Ok(content.to_bytes()),
        Err(error) => Err(problem(error.as_ref(), most)),
    }
}

/// Why a handler did not get a body.
pub fn refused(rejection: &BytesRejection, most: usize) -> Problem {
    // The library wraps its cause once more than its chain of causes shows.
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::too_large(most)
    } else {
        problem(rejection, most)
    }
}

fn problem(error: &(dyn Error + 'static), most: usize) -> Problem {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            return Problem::too_large(most);
        }
        if error.is::<TimeoutError>() {
            return Problem::slow_body();
        }
        cause = error.source();
    }
    Problem::bad_request("The body was cut off. Nothing was kept; send the request again.")
}
