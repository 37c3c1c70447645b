//! Ends the caller's sign-in, on the server and in the browser.

use leptos::prelude::*;

use super::error::ApiError;

/// Ends the caller's sign-in, on the server and in the browser.
#[server(prefix = "/fn", endpoint = "sign_out")]
pub async fn sign_out() -> Result<(), ApiError> {
    use crate::pages::{ctx, routes::Route};

    if let (Some(services), Some(token)) = (ctx::services(), ctx::token())
        && let Err(error) = services.sign_out(&token).await
    {
        // The browser forgets it all the same: that is what the person at this device asked for.
        ctx::log(&error);
    }
    ctx::forget()?;
    ctx::see_other(Route::SignedOut)
}
