//! Leaves all sessions of a feature out, past and to come, and leads back to what is left out.

use leptos::prelude::*;

use super::error::ApiError;

/// Leaves all sessions of a feature out, past and to come, and leads back to what is left out.
#[server(prefix = "/fn", endpoint = "exclude_feature")]
pub async fn exclude_feature(feature: String, #[server(default)] reason: String) -> Result<(), ApiError> {
    use spectrum_domain::exclusion::Scope;

    use crate::pages::decide;

    let feature = feature.parse().map_err(|_| ApiError::BadForm)?;
    decide::exclude(Scope::Feature(feature), &reason).await
}
