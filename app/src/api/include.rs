//! Takes an exclusion back and leads back to what is left out.

use leptos::prelude::*;

use super::error::ApiError;

/// Takes an exclusion back and leads back to what is left out.
#[server(prefix = "/fn", endpoint = "include")]
pub async fn include(exclusion_id: String) -> Result<(), ApiError> {
    use crate::pages::decide;

    decide::include(exclusion_id.parse().map_err(|_| ApiError::BadForm)?).await
}
