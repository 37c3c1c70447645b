//! Keeps what a member says of a card, and leads back to it.

use leptos::prelude::*;

use super::error::ApiError;

/// Keeps what a member says of a card, and leads back to it. `verdict` is `useful`, `not_quite`, `wrong` or `none`, which
/// takes it back.
#[server(prefix = "/fn", endpoint = "give_feedback")]
pub async fn give_feedback(card_id: String, verdict: String) -> Result<(), ApiError> {
    use spectrum_domain::card::Verdict;

    use crate::pages::decide;

    let card = card_id.parse().map_err(|_| ApiError::BadForm)?;
    let verdict = match verdict.as_str() {
        "none" => None,
        name => Some(Verdict::from_name(name).ok_or(ApiError::BadForm)?),
    };
    decide::give_feedback(card, verdict).await
}
