//! Removes a device of the member's: it is told nothing any more.

use leptos::prelude::*;

use super::error::ApiError;

/// Removes the device of this name, and leads back to the list.
#[server(prefix = "/fn", endpoint = "remove_device")]
pub async fn remove_device(device: String) -> Result<(), ApiError> {
    crate::pages::decide::remove_device(device.parse().map_err(|_| ApiError::BadForm)?).await
}
