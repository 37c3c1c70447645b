//! `spectrum experiments`: keeping some members from something by lot, so that its effect can be known.

use clap::Subcommand;
use spectrum_domain::effect::experiment::Trial;

use super::Failure;
use crate::{compose, config::Config};

#[derive(Debug, Subcommand)]
pub(super) enum Experiments {
    /// What runs, and what ran.
    List,
    /// Keeps so many of a thousand members from something, by lot, from now on. It can't be changed, only ended: each runs once.
    Start {
        /// `spectrum` (all it shows, and the push; of members who join from now on), `push` (the weekly push) or `teaser` (of free
        /// members).
        trial: Trial,
        /// Of a thousand; at most 500.
        #[arg(long, value_name = "PERMILLE", value_parser = clap::value_parser!(i16).range(1..=500))]
        holdout: i16,
        /// How many days it is meant to run: the result is read once, then.
        #[arg(long, value_name = "DAYS", default_value_t = 56, value_parser = clap::value_parser!(i16).range(14..=365))]
        days: i16,
    },
    /// Ends it: nobody is kept from it any more. What was found stays.
    End {
        /// `spectrum`, `push` or `teaser`.
        trial: Trial,
    },
}

pub(super) async fn run(config: &Config, command: Experiments) -> Result<(), Failure> {
    let services = compose::services(config)?.as_operator();
    match command {
        Experiments::List => {
            let all = services.load_experiments().await?;
            if all.is_empty() {
                println!("none");
            }
            for of in all {
                println!(
                    "{}: {} of a thousand held out since {}, to be read on {}, {}",
                    of.trial.name(),
                    of.permille,
                    of.started_at.to_rfc3339(),
                    of.due_on(),
                    of.ended_at.map_or_else(|| "running".to_owned(), |at| format!("ended {}", at.to_rfc3339()))
                );
            }
        }
        Experiments::Start { trial, holdout, days } => {
            if !services.start_experiment(trial, holdout, days).await? {
                return Err(
                    "there is one already: what runs can't be changed, and one that has ended is not run again".into(),
                );
            }
            println!("{}: {holdout} of a thousand are held out; all processes follow within a minute", trial.name());
        }
        Experiments::End { trial } => {
            if !services.end_experiment(trial).await? {
                return Err("none is running".into());
            }
            println!("{}: ended; nobody is held out any more within a minute", trial.name());
        }
    }
    services.pools().close().await;
    Ok(())
}
