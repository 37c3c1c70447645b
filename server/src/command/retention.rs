//! `spectrum retention`: shows for how long what is kept, and whether it is so, from what the tables hold now.

use std::process::ExitCode;

use super::Failure;
use crate::{compose, config::Config};

/// Prints a line a store. Fails where rows are held that should have been let go.
pub(super) async fn run(config: &Config) -> Result<ExitCode, Failure> {
    let services = compose::services(config)?;
    let standings = services.look_at_retention().await;
    services.pools().close().await;
    let standings = standings?;
    println!("{:<14} {:<20} {:<20} {:>8}", "store", "oldest", "kept since", "overdue");
    let day = |instant: chrono::DateTime<chrono::Utc>| instant.format("%Y-%m-%d %H:%M").to_string();
    let mut overdue = 0;
    for standing in standings {
        let oldest = standing.oldest.map_or_else(|| "nothing held".to_owned(), day);
        println!("{:<14} {oldest:<20} {:<20} {:>8}", standing.store, day(standing.limit), standing.overdue);
        overdue += standing.overdue;
    }
    if overdue > 0 {
        eprintln!(
            "{overdue} rows are held past their time. The daily round lets them go; `spectrum jobs list --kind \
             purge_expired` shows whether it runs."
        );
        return Ok(ExitCode::FAILURE);
    }
    println!("Nothing is held past its time.");
    Ok(ExitCode::SUCCESS)
}
