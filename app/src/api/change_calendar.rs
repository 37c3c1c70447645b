//! Says in which zone the member lives, and on which day their weeks begin, and leads back to where both are chosen.

use leptos::prelude::*;

use super::error::ApiError;

/// Says in which zone the member lives from now on (`Europe/London`), and on which day their weeks begin (`monday`), and leads
/// back to where both are chosen.
#[server(prefix = "/fn", endpoint = "change_calendar")]
pub async fn change_calendar(zone: String, week_start: String) -> Result<(), ApiError> {
    use spectrum_domain::member::weekday_from_name;

    use crate::pages::decide;

    let zone = zone.parse().map_err(|_| ApiError::BadForm)?;
    let week_start = weekday_from_name(&week_start).ok_or(ApiError::BadForm)?;
    decide::change_calendar(zone, week_start).await
}
