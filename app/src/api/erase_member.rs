//! Erases everything about the caller, once they typed the word that says they mean it.

use leptos::prelude::*;

use super::error::ApiError;

/// Erases everything about the caller, once they typed the word that says they mean it, and signs them out.
#[server(prefix = "/fn", endpoint = "erase_member")]
pub async fn erase_member(word: String) -> Result<(), ApiError> {
    use spectrum_core::Whom;
    use spectrum_domain::erasure::AskedBy;

    use crate::pages::{ctx, routes::Route, settings::is_the_word};

    let Ok((services, member)) = ctx::member().await else { return ctx::see_other(Route::Erase) };
    if !is_the_word(&word) {
        return ctx::see_other(Route::EraseNotMeant);
    }
    match services.order_erasure(Whom::Member(member.member_id), AskedBy::Member).await {
        Ok(erasure) => {
            ctx::forget()?;
            ctx::see_other(Route::Erased(erasure))
        }
        Err(error) => {
            ctx::log(&error);
            ctx::see_other(Route::EraseFailed)
        }
    }
}
