//! Puts the member's word in the place of what was measured of a session and leads back to its week.

use leptos::prelude::*;

use super::error::ApiError;

/// Puts the member's word in the place of what was measured of a session and leads back to its week. `quadrant` and
/// `family` are names; empty, or left out, they say nothing.
#[server(prefix = "/fn", endpoint = "correct_session")]
pub async fn correct_session(
    session_id: String,
    week: String,
    #[server(default)] quadrant: String,
    #[server(default)] family: String,
) -> Result<(), ApiError> {
    use spectrum_domain::{
        affect::{Family, Quadrant},
        correction::Correction,
    };

    use crate::pages::{
        change,
        said::{Correcting, Said},
    };

    let form = change::Form::parse(&session_id, &week).ok_or(ApiError::BadForm)?;
    let known = |text: &str, found: bool| text.is_empty() || found;
    let (of, most) = (Quadrant::from_name(&quadrant), Family::from_name(&family));
    if !known(&quadrant, of.is_some()) || !known(&family, most.is_some()) {
        return Err(ApiError::BadForm);
    }
    let correction = Correction::of(of, most).ok_or(ApiError::BadForm)?;
    let done = match change::author().await {
        Some((services, member)) => {
            let done = services.correct_session(member.member_id, form.session_id, correction).await;
            Some(
                done.map(|effect| Said::Corrected(Correcting { session_id: form.session_id, corrected: true, effect })),
            )
        }
        None => None,
    };
    change::lead_back(form, done)
}
