//! Ends the caller's sign-in, on the server and in the browser.

use leptos::prelude::*;

use super::error::ApiError;

/// Ends the caller's sign-in, on the server and in the browser.
#[server(prefix = "/fn", endpoint = "sign_out")]
pub async fn sign_out() -> Result<(), ApiError> {
    use crate::pages::{ctx, routes::Route};

    let services = ctx::services().ok_or(ApiError::Unavailable)?;
    if let Some(token) = ctx::token() {
        services.sign_out(&token).await.map_err(|error| {
            ctx::log(&error);
            ApiError::Unavailable
        })?;
    }
    ctx::forget()?;
    ctx::see_other(Route::SignedOut)
}
