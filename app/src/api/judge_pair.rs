//! Keeps which of two texts a reviewer would rather show, and leads to the next pair.

use leptos::prelude::*;

use super::error::ApiError;

/// Keeps which of two texts a reviewer would rather show, and leads to the next pair. `choice` is `left`, `right` or `equal`,
/// `shown_at` the second at which the pair was shown.
#[server(prefix = "/fn", endpoint = "judge_pair")]
pub async fn judge_pair(
    pair: String,
    showing: i16,
    choice: String,
    shown_at: i64,
    #[server(default)] unfit_left: String,
    #[server(default)] unfit_right: String,
) -> Result<(), ApiError> {
    use spectrum_domain::review::{Choice, Showing};

    use crate::pages::judge::{self, Look};

    let look = Look {
        pair: pair.parse().map_err(|_| ApiError::BadForm)?,
        showing: Showing::from_number(showing).ok_or(ApiError::BadForm)?,
        choice: Choice::from_name(&choice).ok_or(ApiError::BadForm)?,
        unfit: (unfit_left == "yes", unfit_right == "yes"),
        shown_at: judge::instant(shown_at).ok_or(ApiError::BadForm)?,
    };
    judge::judge_pair(look).await
}
