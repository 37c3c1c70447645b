//! `spectrum erase`: shuts a member out at once and orders the erasure of everything about them; a worker carries it out.
//! After a backup was restored, erases everybody again whom it brought back.

use clap::{Args, Subcommand};
use spectrum_core::{Services, Whom};
use spectrum_domain::{erasure::AskedBy, member::ExternalRef};

use super::{Failure, host_named};
use crate::{compose, config::Config};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct EraseArgs {
    /// The host's name.
    #[arg(long, required = true)]
    host: Option<String>,
    /// The host's reference for the member.
    #[arg(long, required = true)]
    member: Option<ExternalRef>,
    #[command(subcommand)]
    command: Option<Erase>,
}

#[derive(Debug, Subcommand)]
enum Erase {
    /// Erases everybody again whom a restored backup brought back; before anything is served.
    ReplayTombstones,
}

pub(super) async fn run(config: &Config, args: EraseArgs) -> Result<(), Failure> {
    let services = compose::services(config)?;
    let done = act(config, &services, args).await;
    services.pools().close().await;
    done
}

async fn act(config: &Config, services: &Services, args: EraseArgs) -> Result<(), Failure> {
    if let Some(Erase::ReplayTombstones) = args.command {
        let erased = services.replay_tombstones().await?;
        println!("{erased} erased again");
        return Ok(());
    }
    let (Some(host), Some(member)) = (args.host, args.member) else { return Err("whom?".into()) };
    let host = host_named(config, &host).await?;
    let erasure = services.order_erasure(Whom::Reference(host, member), AskedBy::Operator).await?;
    println!("{erasure}");
    eprintln!(
        "Shut out. A worker erases everything in a moment; the receipt is then at {}/receipts/{erasure}",
        config.http.public_url
    );
    Ok(())
}
