//! The way of an operator's form: who may, what is done, and where it is told.

use spectrum_core::{
    ServiceError,
    push::channels::Because,
    queue::pick::{Acted, Deed},
};
use spectrum_domain::{job::Queue, push::ChannelKind};

use super::{
    address::{Ask, Ops},
    operator,
    said::Said,
};
use crate::{
    api::error::ApiError,
    pages::{ctx, routes::Route},
};

/// Puts jobs back or buries them, if it is still the number that was agreed to; else asks again.
pub async fn act_on_jobs(ask: Ask, agreed: i64) -> Result<(), ApiError> {
    // The page to which it leads says why nobody may.
    let Ok((services, staff)) = operator().await else { return ctx::see_other(Route::Ops(ask.back())) };
    let said = match services.act_on_jobs(staff, ask.deed, ask.meant(), agreed).await {
        Ok(Acted::Done { jobs, clashing }) => match ask.deed {
            Deed::Retry => Said::Retried(small(jobs), small(clashing)),
            Deed::Bury => Said::Buried(small(jobs)),
        },
        Ok(Acted::Changed { now }) => {
            Said::Changed(small(agreed), small(now)).carry()?;
            return ctx::see_asked(&ask);
        }
        Err(error) => failed(&error),
    };
    said.carry()?;
    ctx::see_other(Route::Ops(ask.back()))
}

/// Pauses a queue, or has it go on.
pub async fn switch_queue(queue: Queue, paused: bool) -> Result<(), ApiError> {
    let to = Route::Ops(Ops::Pipeline);
    let Ok((services, staff)) = operator().await else { return ctx::see_other(to) };
    let said = match services.switch_queue(staff, queue, paused).await {
        Ok(()) => Said::Queue(queue, paused),
        Err(error) => failed(&error),
    };
    said.carry()?;
    ctx::see_other(to)
}

fn failed(error: &ServiceError) -> Said {
    ctx::log(error);
    Said::Failed
}

/// A number as it is told: none of ours is beyond it.
fn small(n: impl TryInto<u32>) -> u32 {
    n.try_into().unwrap_or(u32::MAX)
}

/// Whether a form says that something is to be paused.
pub fn on(word: &str) -> Option<bool> {
    match word {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

/// Stops a channel of pushes for a reason, or lets it go on.
pub async fn switch_channel(channel: ChannelKind, pause: Option<Because>) -> Result<(), ApiError> {
    let to = Route::Ops(Ops::Push);
    let Ok((services, staff)) = operator().await else { return ctx::see_other(to) };
    let said = match services.operate_channel(staff, channel, pause).await {
        Ok(()) => Said::Channel(channel, pause.is_some()),
        Err(error) => failed(&error),
    };
    said.carry()?;
    ctx::see_other(to)
}
