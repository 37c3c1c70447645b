//! Leaves all sessions of some days out and leads back to what is left out.

use leptos::prelude::*;

use super::error::ApiError;

/// Leaves all sessions of some days out and leads back to what is left out.
#[server(prefix = "/fn", endpoint = "exclude_period")]
pub async fn exclude_period(first: String, last: String, #[server(default)] reason: String) -> Result<(), ApiError> {
    use crate::pages::decide;

    match decide::days(&first, &last) {
        Some(scope) => decide::exclude(scope, &reason).await,
        None => decide::bad_days().await,
    }
}
