//! Puts dead jobs back or buries waiting ones, if it is still as many as an operator agreed to.

use leptos::prelude::*;

use super::error::ApiError;

/// Puts dead jobs back or buries waiting ones, if it is still as many as an operator agreed to. `jobs` are numbers parted by
/// commas; with `all` it is every one of the queue and kind.
#[server(prefix = "/fn", endpoint = "act_on_jobs")]
pub async fn act_on_jobs(
    deed: String,
    agreed: i64,
    #[server(default)] jobs: String,
    #[server(default)] all: String,
    #[server(default)] queue: String,
    #[server(default)] kind: String,
) -> Result<(), ApiError> {
    use crate::pages::ops::{act, address::Ask};

    let ask = Ask::of_form(&deed, &jobs, &all, &queue, &kind).ok_or(ApiError::BadForm)?;
    act::act_on_jobs(ask, agreed).await
}
