//! `spectrum import`: reads an archive into a fresh member, all of it or nothing, and tells what came of it.

use std::path::Path;

use spectrum_domain::member::ExternalRef;

use super::{Failure, host_named};
use crate::{archive::ZipFile, compose, config::Config};

pub(super) async fn run(config: &Config, host: &str, member: &ExternalRef, file: &Path) -> Result<(), Failure> {
    let host = host_named(config, host).await?;
    let mut archive = ZipFile::open(file)?;
    let services = compose::services(config)?;
    let imported = services.import_member(host, member, &mut archive).await;
    services.pools().close().await;
    let imported = imported?;
    for (table, rows) in &imported.rows {
        println!("{rows:>8} {table}");
    }
    println!("{:>8} turns with their words; of {} they are past their time", imported.texts, imported.texts_left);
    println!("{:>8} days, weeks and months added up", imported.periods);
    if imported.different.is_empty() {
        println!("All of them as in the archive.");
        return Ok(());
    }
    for different in imported.different.iter().take(20) {
        println!("{} {} is not as in the archive", different.table, different.period);
    }
    println!(
        "{} are not as in the archive: a session was being read when it was gathered, or the archive was changed. What \
         was read in is added up as it should be.",
        imported.different.len()
    );
    Ok(())
}
