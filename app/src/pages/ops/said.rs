//! What an operator's form just did, carried over the redirect to the page that says it: in the cookie of the members' forms,
//! and read as strictly.

use spectrum_domain::{job::Queue, push::ChannelKind};

use super::address::channel_of;
use crate::{
    api::error::ApiError,
    pages::{
        ctx::{self, Cookie},
        ops::words::of,
        said::LIFETIME,
    },
};

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// So many dead jobs were put back; so many stay dead.
    Retried(u32, u32),
    /// So many jobs were buried.
    Buried(u32),
    /// Nothing was done: so many were agreed to, and so many it would be now.
    Changed(u32, u32),
    /// A queue was paused, or goes on.
    Queue(Queue, bool),
    /// A channel of pushes was stopped, or goes on.
    Channel(ChannelKind, bool),
    /// Nothing was done: something on our side failed.
    Failed,
}

impl Said {
    /// Lays it into the answer for the next page.
    pub fn carry(self) -> Result<(), ApiError> {
        ctx::carry(&self.write(), LIFETIME)
    }

    /// Takes what was carried here and clears it.
    pub fn take() -> Option<Self> {
        let said = Self::read(&ctx::cookie(Cookie::Said)?);
        // A cookie that can't be taken away tells its line again at most until it runs out.
        _ = ctx::set_cookie(Cookie::Said, "", 0);
        said
    }

    /// The line that says it.
    pub fn line(self) -> String {
        let jobs = |n: u32| of(n.into(), "job", "jobs");
        match self {
            Self::Retried(n, 0) => format!("{} put back. They are tried again at once.", jobs(n)),
            Self::Retried(n, stay) => format!(
                "{} put back. {} stayed dead: another job has the same key, and does their work or has to be put back first.",
                jobs(n),
                jobs(stay)
            ),
            Self::Buried(n) => format!("{} buried. A retry brings them back.", jobs(n)),
            Self::Changed(agreed, now) => format!(
                "Nothing was done: it would have been {} and is {} by now. Look again, and say so again if it is still right.",
                jobs(agreed),
                jobs(now)
            ),
            Self::Queue(queue, true) => format!("The queue {} is paused. What runs, runs on.", queue.name()),
            Self::Queue(queue, false) => format!("The queue {} goes on.", queue.name()),
            Self::Channel(channel, true) => format!("{} is stopped. What is on its way, arrives.", channel.name()),
            Self::Channel(channel, false) => {
                format!("{} goes on. If nothing was mended, the next answers stop it again.", channel.name())
            }
            Self::Failed => {
                "Nothing was done: something on our side did not answer. It is safe to try again.".to_owned()
            }
        }
    }

    fn write(self) -> String {
        let on = |paused: bool| if paused { "pause" } else { "resume" };
        match self {
            Self::Retried(n, stay) => format!("ops.retried.{n}.{stay}"),
            Self::Buried(n) => format!("ops.buried.{n}"),
            Self::Changed(agreed, now) => format!("ops.changed.{agreed}.{now}"),
            Self::Queue(queue, paused) => format!("ops.queue.{}.{}", queue.name(), on(paused)),
            Self::Channel(channel, paused) => format!("ops.channel.{}.{}", channel.name(), on(paused)),
            Self::Failed => "ops.failed".to_owned(),
        }
    }

    fn read(text: &str) -> Option<Self> {
        let fields: Vec<&str> = text.strip_prefix("ops.")?.split('.').collect();
        let on = |text: &str| match text {
            "pause" => Some(true),
            "resume" => Some(false),
            _ => None,
        };
        Some(match fields[..] {
            ["retried", n, stay] => Self::Retried(n.parse().ok()?, stay.parse().ok()?),
            ["buried", n] => Self::Buried(n.parse().ok()?),
            ["changed", agreed, now] => Self::Changed(agreed.parse().ok()?, now.parse().ok()?),
            ["queue", queue, paused] => Self::Queue(Queue::from_name(queue)?, on(paused)?),
            ["channel", channel, paused] => Self::Channel(channel_of(channel)?, on(paused)?),
            ["failed"] => Self::Failed,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_as_it_was_and_nothing_else_does() {
        for said in [
            Said::Retried(3, 1),
            Said::Buried(10_000),
            Said::Changed(3, 2),
            Said::Queue(Queue::Period, true),
            Said::Channel(ChannelKind::WebPush, false),
            Said::Failed,
        ] {
            assert_eq!(Said::read(&said.write()), Some(said));
            assert_eq!(Said::read(&format!("{}.x", said.write())), None, "{said:?}");
        }
        for text in ["", "ops", "ops.", "ops.retried.1", "ops.buried.-1", "ops.queue.odd.pause", "settings.paused"] {
            assert_eq!(Said::read(text), None, "{text}");
        }
    }
}
