//! Exchanges the code of a one-time link for a session cookie and leads to where the link points.

use leptos::prelude::*;

use super::error::ApiError;

/// Exchanges the code of a one-time link for a session cookie and leads to where the link points.
#[server(prefix = "/fn", endpoint = "sign_in")]
pub async fn sign_in(code: String) -> Result<(), ApiError> {
    use spectrum_core::{Destination, ServiceError};

    use crate::pages::{back, ctx, routes::Route};

    // Never an error: Leptos would lead back to the page with the code, whose form sends itself, for ever.
    let Some(services) = ctx::services() else {
        return ctx::see_other(Route::SignInFailed);
    };
    match services.redeem_link(&code).await {
        Ok(signed_in) => {
            ctx::remember(signed_in.token.expose(), signed_in.max_age_seconds)?;
            // A link that says where it leads leads there; one that does not, to where its member was.
            let to = match (signed_in.to, back::take()) {
                (Destination::Newest, Some(route)) => route,
                (to, _) => Route::from(to),
            };
            ctx::see_other(to)
        }
        // Without a code the page says what may have happened to the link and how to get a new one.
        Err(ServiceError::LinkSpent) => ctx::see_other(Route::SignIn),
        Err(error) => {
            ctx::log(&error);
            ctx::see_other(Route::SignInFailed)
        }
    }
}
