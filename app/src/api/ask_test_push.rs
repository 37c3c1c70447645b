//! Sends the member's devices a push to see whether it works, and leads back to where that was asked for.

use leptos::prelude::*;

use super::error::ApiError;

/// Sends it, and leads back to the page that says so.
#[server(prefix = "/fn", endpoint = "ask_test_push")]
pub async fn ask_test_push() -> Result<(), ApiError> {
    crate::pages::decide::ask_test_push().await
}
