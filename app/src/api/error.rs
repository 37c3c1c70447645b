//! Why a server function did not do what it was asked: a closed set of words.
//!
//! Leptos writes the error of a form post into the address of the page it came from, so an error may hold no text from
//! the input or the database. What a person can meet is shown by a page instead; these are left for broken callers.

use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// What may be said over the wire when a server function fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum ApiError {
    /// Fields are missing or are not what they should be.
    #[error("the form could not be read")]
    BadForm,
    /// Something on our side failed; nothing was changed.
    #[error("nothing was changed")]
    Unavailable,
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                Self::BadForm
            }
            _ => Self::Unavailable,
        }
    }
}
