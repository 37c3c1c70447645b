//! Exchanges the code of a one-time link for a session cookie and leads to where the link points.

use leptos::prelude::*;

use super::error::ApiError;

/// Exchanges the code of a one-time link for a session cookie and leads to where the link points.
#[server(prefix = "/fn", endpoint = "sign_in")]
pub async fn sign_in(code: String) -> Result<(), ApiError> {
    use spectrum_core::ServiceError;

    use crate::pages::{ctx, routes::Route};

    // Never an error: Leptos would lead back to the page with the code, whose form sends itself, for ever.
    let Some(services) = ctx::services() else {
        return ctx::see_other(Route::SignInFailed);
    };
    match services.redeem_link(&code).await {
        Ok(signed_in) => {
            ctx::remember(signed_in.token.expose(), signed_in.max_age_seconds)?;
            ctx::see_other(Route::from(signed_in.to))
        }
        // Without a code the page says what may have happened to the link and how to get a new one.
        Err(ServiceError::LinkSpent) => ctx::see_other(Route::SignIn),
        Err(error) => {
            ctx::log(&error);
            ctx::see_other(Route::SignInFailed)
        }
    }
}
