//! Takes a session that was left out in again and leads back to its week, or to the list the form stands in.

use leptos::prelude::*;

use super::error::ApiError;

/// Takes a session that was left out in again and leads back to its week, or to the list the form stands in.
#[server(prefix = "/fn", endpoint = "include_session")]
pub async fn include_session(
    session_id: String,
    week: String,
    #[server(default)] back: String,
) -> Result<(), ApiError> {
    use crate::pages::{change, said::Said};

    let form = change::Form::parse(&session_id, &week).ok_or(ApiError::BadForm)?;
    let (list, done) = match change::author().await {
        Some((services, member)) => {
            let list = change::list(&services, &member, &back);
            (list, Some(services.include_session(&member, form.session_id).await.map(Said::Changed)))
        }
        None => (None, None),
    };
    change::lead_back_to(list, form, done)
}
