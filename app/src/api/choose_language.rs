//! Says in which language the member is written to, and leads back to the settings.

use leptos::prelude::*;

use super::error::ApiError;

/// Says in which language the member is written to, and leads back to the settings. `language` is a primary subtag such as
/// `de`; empty, or left out, it is the one the host says.
#[server(prefix = "/fn", endpoint = "choose_language")]
pub async fn choose_language(#[server(default)] language: String) -> Result<(), ApiError> {
    use spectrum_domain::card::Language;

    use crate::pages::decide;

    if language.is_empty() {
        return decide::choose_language(None).await;
    }
    let known = Language::ALL.into_iter().find(|known| known.tag() == language);
    decide::choose_language(Some(known.ok_or(ApiError::BadForm)?)).await
}
