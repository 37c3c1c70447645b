//! Says whether use is counted, and leads back to the settings.

use leptos::prelude::*;

use super::error::ApiError;

/// Says whether how the member uses Spectrum is counted, and leads back to the settings.
#[server(prefix = "/fn", endpoint = "count_use")]
pub async fn count_use(counted: String) -> Result<(), ApiError> {
    use crate::pages::decide;

    match counted.as_str() {
        "yes" => decide::count_use(true).await,
        "no" => decide::count_use(false).await,
        _ => Err(ApiError::BadForm),
    }
}
