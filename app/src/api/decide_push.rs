//! Decides whether and when the member is told that a week is ready, and leads back to where that is chosen.

#![expect(clippy::too_many_arguments, reason = "one for each field of the form")]

use leptos::prelude::*;

use super::error::ApiError;

/// Decides by which of the channels that were `shown` (their names, with spaces) the member is told (`yes`, or nothing), on which day
/// (`sunday`; empty for the day after the week's last), at which hour and in which hours not, and leads back.
#[server(prefix = "/fn", endpoint = "decide_push")]
pub async fn decide_push(
    shown: String,
    #[server(default)] apns: String,
    #[server(default)] fcm: String,
    #[server(default)] web_push: String,
    day: String,
    hour: u8,
    quiet_from: u8,
    quiet_until: u8,
) -> Result<(), ApiError> {
    use spectrum_core::push::preferences::Decision;
    use spectrum_domain::{member::weekday_from_name, push::Quiet};

    use crate::pages::decide;

    let shown: Vec<&str> = shown.split(' ').collect();
    let wanted = |name: &str, value: &str| shown.contains(&name).then_some(value == "yes");
    let day = if day.is_empty() { None } else { Some(weekday_from_name(&day).ok_or(ApiError::BadForm)?) };
    if hour > 23 {
        return Err(ApiError::BadForm);
    }
    decide::decide_push(Decision {
        apns: wanted("apns", &apns),
        fcm: wanted("fcm", &fcm),
        web_push: wanted("web_push", &web_push),
        day: Some(day),
        hour: Some(hour),
        quiet: Some(Quiet::between(quiet_from, quiet_until).map_err(|_| ApiError::BadForm)?),
    })
    .await
}
