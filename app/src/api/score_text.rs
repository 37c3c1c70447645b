//! Keeps the points that a reviewer gave a text, and leads to the next one.
#![expect(
    clippy::too_many_arguments,
    reason = "an argument is a field of the form, and there is one for each criterion"
)]

use leptos::prelude::*;

use super::error::ApiError;

/// Keeps the points that a reviewer gave a text, 0 to 2 for each criterion, and leads to the next one.
#[server(prefix = "/fn", endpoint = "score_text")]
pub async fn score_text(
    pair: String,
    place: usize,
    grounded: u8,
    non_diagnostic: u8,
    safe: u8,
    no_leakage: u8,
    hedged: u8,
    specific: u8,
    balanced: u8,
    plain: u8,
) -> Result<(), ApiError> {
    use spectrum_domain::review::MOST_POINTS;

    use crate::pages::judge;

    let pair = pair.parse().map_err(|_| ApiError::BadForm)?;
    let points = [grounded, non_diagnostic, safe, no_leakage, hedged, specific, balanced, plain];
    if place > 1 || points.iter().any(|points| *points > MOST_POINTS) {
        return Err(ApiError::BadForm);
    }
    judge::score_text((pair, place), points).await
}
