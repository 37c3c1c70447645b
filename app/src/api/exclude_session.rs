//! Leaves a session out of the member's analysis and leads back to its week.

use leptos::prelude::*;

use super::error::ApiError;

/// Leaves a session out of the member's analysis and leads back to its week.
#[server(prefix = "/fn", endpoint = "exclude_session")]
pub async fn exclude_session(session_id: String, week: String) -> Result<(), ApiError> {
    use crate::pages::{change, said::Said};

    let form = change::Form::parse(&session_id, &week).ok_or(ApiError::BadForm)?;
    let done = match change::author().await {
        Some((services, member)) => Some(services.exclude_session(&member, form.session_id).await.map(Said::Changed)),
        None => None,
    };
    change::lead_back(form, done)
}
