//! Ends a pause from now on and leads back to what is left out.

use leptos::prelude::*;

use super::error::ApiError;

/// Ends a pause from now on and leads back to what is left out.
#[server(prefix = "/fn", endpoint = "resume")]
pub async fn resume(exclusion_id: String) -> Result<(), ApiError> {
    use crate::pages::decide;

    decide::resume(exclusion_id.parse().map_err(|_| ApiError::BadForm)?).await
}
