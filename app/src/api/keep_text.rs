//! Says whether words are kept once they were read, and leads back to the settings.

use leptos::prelude::*;

use super::error::ApiError;

/// Says whether words are kept once they were read, and leads back to the settings.
#[server(prefix = "/fn", endpoint = "keep_text")]
pub async fn keep_text(keep: String) -> Result<(), ApiError> {
    use crate::pages::decide;

    match keep.as_str() {
        "yes" => decide::keep_text(true).await,
        "no" => decide::keep_text(false).await,
        _ => Err(ApiError::BadForm),
    }
}
