//! Stops a channel of pushes, or lets it go on.

use leptos::prelude::*;

use super::error::ApiError;

/// Stops a channel of pushes for one of the reasons there are, or lets it go on: `paused` is `yes` or `no`.
#[server(prefix = "/fn", endpoint = "switch_channel")]
pub async fn switch_channel(
    channel: String,
    paused: String,
    #[server(default)] because: String,
) -> Result<(), ApiError> {
    use spectrum_core::push::channels::Because;

    use crate::pages::ops::{act, address::channel_of};

    let channel = channel_of(&channel).ok_or(ApiError::BadForm)?;
    let pause = if act::on(&paused).ok_or(ApiError::BadForm)? {
        Some(Because::from_name(&because).ok_or(ApiError::BadForm)?)
    } else {
        None
    };
    act::switch_channel(channel, pause).await
}
