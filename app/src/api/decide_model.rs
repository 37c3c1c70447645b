//! Says whether a model may put findings into other words, and leads back to the settings.

use leptos::prelude::*;

use super::error::ApiError;

/// Says whether a model may put findings into other words, and leads back to the settings.
#[server(prefix = "/fn", endpoint = "decide_model")]
pub async fn decide_model(agreed: String) -> Result<(), ApiError> {
    use crate::pages::decide;

    match agreed.as_str() {
        "yes" => decide::decide_model(true).await,
        "no" => decide::decide_model(false).await,
        _ => Err(ApiError::BadForm),
    }
}
