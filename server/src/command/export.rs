//! `spectrum export`: writes everything held about a member into an archive; a worker gathers it.

use std::{io::Write as _, path::Path, time::Duration};

use spectrum_core::Services;
use spectrum_domain::{audit::Actor, export::Export, id::MemberId, member::ExternalRef};

use super::{Failure, host_named};
use crate::{archive::hand_out, compose, config::Config};

/// How often it is looked whether the worker is done.
const PAUSE: Duration = Duration::from_millis(300);

pub(super) async fn run(config: &Config, host: &str, member: &ExternalRef, output: &Path) -> Result<(), Failure> {
    let host = host_named(config, host).await?;
    let services = compose::services(config)?;
    let member = services.find_member(host, member).await?;
    let file = std::fs::OpenOptions::new().write(true).create_new(true).open(output)?;
    let written = write(&services, member, file).await;
    services.pools().close().await;
    if written.is_err() {
        // Half an archive must not be taken for one.
        _ = std::fs::remove_file(output);
    }
    println!("{} bytes in {}", written?, output.display());
    Ok(())
}

async fn write(services: &Services, member: MemberId, mut file: std::fs::File) -> Result<usize, Failure> {
    let asked = services.request_export(member).await?.ok_or("the member is being erased")?;
    eprintln!("A worker gathers it; `spectrum jobs list --kind export_member` shows whether one does.");
    let ready = wait(services, member, asked).await?;
    let (mut bytes, mut written) = (hand_out(services, member, ready.export_id, Actor::Operator, ()), 0);
    while let Some(chunk) = bytes.recv().await {
        let chunk = chunk?;
        file.write_all(&chunk)?;
        written += chunk.len();
    }
    file.sync_all()?;
    Ok(written)
}

async fn wait(services: &Services, member: MemberId, asked: Export) -> Result<Export, Failure> {
    loop {
        let export = services.load_export(member).await?.ok_or("the member is gone")?;
        if export.export_id != asked.export_id {
            return Err("the member asked for another archive meanwhile; run this again".into());
        }
        if export.ready.is_some() {
            return Ok(export);
        }
        tokio::time::sleep(PAUSE).await;
    }
}
