//! Takes the member's word about a session back and leads back to its week.

use leptos::prelude::*;

use super::error::ApiError;

/// Takes the member's word about a session back and leads back to its week.
#[server(prefix = "/fn", endpoint = "take_correction_back")]
pub async fn take_correction_back(session_id: String, week: String) -> Result<(), ApiError> {
    use crate::pages::{
        change,
        said::{Correcting, Said},
    };

    let form = change::Form::parse(&session_id, &week).ok_or(ApiError::BadForm)?;
    let done =
        match change::author().await {
            Some((services, member)) => {
                let done = services.take_correction_back(member.member_id, form.session_id).await;
                Some(done.map(|effect| {
                    Said::Corrected(Correcting { session_id: form.session_id, corrected: false, effect })
                }))
            }
            None => None,
        };
    change::lead_back(form, done)
}
