//! Pauses a queue of jobs, or has it go on.

use leptos::prelude::*;

use super::error::ApiError;

/// Pauses a queue of jobs, or has it go on: `paused` is `yes` or `no`.
#[server(prefix = "/fn", endpoint = "switch_queue")]
pub async fn switch_queue(queue: String, paused: String) -> Result<(), ApiError> {
    use spectrum_domain::job::Queue;

    use crate::pages::ops::act;

    let queue = Queue::from_name(&queue).ok_or(ApiError::BadForm)?;
    act::switch_queue(queue, act::on(&paused).ok_or(ApiError::BadForm)?).await
}
