//! Orders everything held about the member and leads back to the page that tells how far it has come.

use leptos::prelude::*;

use super::error::ApiError;

/// Orders everything held about the member and leads back to the page that tells how far it has come.
#[server(prefix = "/fn", endpoint = "request_export")]
pub async fn request_export() -> Result<(), ApiError> {
    use crate::pages::{ctx, routes::Route};

    // Where nobody is signed in, the page says so.
    if let Ok((services, member)) = ctx::member().await
        && let Err(error) = services.request_export(member.member_id).await
    {
        ctx::log(&error);
        return ctx::see_other(Route::ExportFailed);
    }
    ctx::see_other(Route::Export)
}
