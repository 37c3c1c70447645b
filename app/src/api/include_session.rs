//! Takes a session that was left out in again and leads back to its week.

use leptos::prelude::*;

use super::error::ApiError;

/// Takes a session that was left out in again and leads back to its week.
#[server(prefix = "/fn", endpoint = "include_session")]
pub async fn include_session(session_id: String, week: String) -> Result<(), ApiError> {
    use crate::pages::{change, said::Said};

    let form = change::Form::parse(&session_id, &week).ok_or(ApiError::BadForm)?;
    let done = match change::author().await {
        Some((services, member)) => Some(services.include_session(&member, form.session_id).await.map(Said::Changed)),
        None => None,
    };
    change::lead_back(form, done)
}
