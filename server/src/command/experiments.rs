//! `spectrum experiments`: keeping some members from a feature by lot, so that its effect can be known.

use clap::Subcommand;

use super::Failure;
use crate::{compose, config::Config};

#[derive(Debug, Subcommand)]
pub(super) enum Experiments {
    /// What runs, and what ran.
    List,
    /// Keeps so many of a thousand free members from the teaser, by lot, from now on. It can't be changed, only ended: run once.
    Start {
        /// Of a thousand; at most 500.
        #[arg(long, value_name = "PERMILLE", value_parser = clap::value_parser!(i16).range(1..=500))]
        holdout: i16,
    },
    /// Ends it: everybody may see the teaser. What was found stays.
    End,
}

pub(super) async fn run(config: &Config, command: Experiments) -> Result<(), Failure> {
    let services = compose::services(config)?.as_operator();
    match command {
        Experiments::List => match services.load_experiment().await? {
            None => println!("none"),
            Some(of) => println!(
                "teaser: {} of a thousand held out since {}, {}",
                of.permille,
                of.started_at.to_rfc3339(),
                of.ended_at.map_or_else(|| "running".to_owned(), |at| format!("ended {}", at.to_rfc3339()))
            ),
        },
        Experiments::Start { holdout } => {
            if !services.start_experiment(holdout).await? {
                return Err(
                    "there is one already: what runs can't be changed, and one that has ended is not run again".into(),
                );
            }
            println!("teaser: {holdout} of a thousand are held out; web processes follow within a minute");
        }
        Experiments::End => {
            if !services.end_experiment().await? {
                return Err("none is running".into());
            }
            println!("teaser: ended; everybody may see it within a minute");
        }
    }
    services.pools().close().await;
    Ok(())
}
