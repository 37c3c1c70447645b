//! Erases what was chosen, once it was asked twice, and leads to the receipt.

use leptos::prelude::*;

use super::error::ApiError;

/// Erases what was chosen, once it was asked twice, and leads to the receipt.
#[server(prefix = "/fn", endpoint = "reset")]
pub async fn reset(
    depth: String,
    #[server(default)] before: String,
    #[server(default)] keep_exclusions: String,
    #[server(default)] sure: String,
) -> Result<(), ApiError> {
    use crate::pages::decide;

    let wish = decide::reset_of(&depth, &before, &keep_exclusions).ok_or(ApiError::BadForm)?;
    if sure != "yes" {
        return Err(ApiError::BadForm);
    }
    decide::reset(wish).await
}
