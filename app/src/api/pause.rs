//! Leaves out what is held from now on and leads back to what is left out.

use leptos::prelude::*;

use super::error::ApiError;

/// Leaves out what is held from now on and leads back to what is left out.
#[server(prefix = "/fn", endpoint = "pause")]
pub async fn pause(#[server(default)] reason: String) -> Result<(), ApiError> {
    crate::pages::decide::pause(&reason).await
}
