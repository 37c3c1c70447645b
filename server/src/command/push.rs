//! `spectrum push`: how the channels stand, and their switches. Ids and figures, never an address.

use clap::Subcommand;
use spectrum_core::push::channels::MOST_TOLD;
use spectrum_domain::push::ChannelKind;
use spectrum_push::message::Mode;

use super::Failure;
use crate::{compose, config::Config, push};

#[derive(Debug, Subcommand)]
pub(super) enum Push {
    /// How the channels stand: open or stopped, what waits, and what the last day's tries came to.
    Status,
    /// Has nothing more sent by a channel, or by all; what is on its way, arrives.
    Pause {
        /// Its name: apns, fcm or `web_push`; all, where none is named.
        channel: Option<ChannelKind>,
        /// Who does it, for those who wonder.
        #[arg(long)]
        by: String,
        /// Why.
        #[arg(long)]
        because: String,
    },
    /// Has a channel, or all, go on. Do so after mending: if nothing was, the next answers stop it again.
    Resume {
        /// Its name; all, where none is named.
        channel: Option<ChannelKind>,
    },
    /// Prints a new key that browsers subscribe with, for the file that `web_push.key_file` names.
    NewKey,
    /// Makes and checks what waits, asks providers that can check without sending, and consumes nothing.
    DryRun {
        /// Its name.
        channel: ChannelKind,
    },
}

pub(super) async fn run(load: impl FnOnce() -> Result<Config, Failure>, command: Push) -> Result<(), Failure> {
    if matches!(command, Push::NewKey) {
        print!("{}", push::new_key().map_err(|_| "no key could be made")?);
        return Ok(());
    }
    let config = &load()?;
    let services = compose::services(config)?.as_operator();
    let meant = |channel: Option<ChannelKind>| channel.map_or(ChannelKind::ALL.to_vec(), |channel| vec![channel]);
    match command {
        Push::NewKey => {}
        Push::Status => {
            for standing in services.look_at_channels().await? {
                let set_up = services.push_channels().contains(&standing.channel);
                let state = match (&standing.reason, standing.paused, set_up) {
                    (_, false, true) => "open".to_owned(),
                    (_, false, false) => "not set up".to_owned(),
                    (reason, true, _) => format!(
                        "stopped by {}: {}",
                        standing.paused_by.as_deref().unwrap_or("somebody"),
                        reason.as_deref().unwrap_or("no reason given")
                    ),
                };
                let counted = |n: i64| if n < MOST_TOLD { n.to_string() } else { format!("over {}", MOST_TOLD - 1) };
                println!(
                    "{}: {state}; {} devices, {} due{}, {} planned",
                    standing.channel.name(),
                    counted(standing.devices),
                    counted(standing.due),
                    standing.oldest_seconds.map(|s| format!(" (oldest {s} s)")).unwrap_or_default(),
                    counted(standing.planned)
                );
                for ends in &standing.day {
                    println!("  {} {} ({}), median {} ms", ends.tries, ends.outcome, ends.reason, ends.median_ms);
                }
            }
        }
        Push::Pause { channel, by, because } => {
            for channel in meant(channel) {
                services.switch_channel(channel, Some((&by, &because))).await?;
                println!("{} is stopped", channel.name());
            }
        }
        Push::Resume { channel } => {
            for channel in meant(channel) {
                services.switch_channel(channel, None).await?;
                println!("{} goes on", channel.name());
            }
        }
        Push::DryRun { channel } => {
            let sender = compose::sender(config, services.ambient())?;
            let sender = sender.filter(|sender| sender.has(channel)).ok_or("this channel is not set up")?;
            let waiting = services.peek_pushes(channel).await?;
            println!("{} wait (at most {} are tried)", waiting.len(), waiting.len());
            for due in waiting {
                let name = due.held.delivery;
                let settled = sender.attempt(due, Mode::DryRun).await;
                match settled.attempt {
                    Some(attempt) => println!("{name}: {} ({})", attempt.ended.name(), attempt.reason),
                    None => println!("{name}: {:?}", settled.verdict),
                }
            }
        }
    }
    services.pools().close().await;
    Ok(())
}
