//! `spectrum receipt`: whether a receipt is one, and whether the member it speaks of is gone. What looks for them goes by the
//! live catalogue and shares nothing with what erases.

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Subcommand};
use serde_json::Value;
use spectrum_core::{
    access::host_key,
    control::{
        check_receipt::{Checked, check},
        find_traces::{self, Search},
        issue_receipt::hash_of,
    },
    db::keyring::{Keyring, hex, unhex},
};
use spectrum_domain::member::ExternalRef;
use sqlx::PgConnection;

use super::Failure;
use crate::{compose, config::Config};

#[derive(Debug, Subcommand)]
pub(super) enum Receipt {
    /// Checks signature and chain, and looks for the member everywhere. Ends with 0 if all is as the receipt says, with 1 if
    /// something is not, with 2 if it could not be told.
    Verify(VerifyArgs),
}

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// The receipt.
    file: PathBuf,
    /// The public key as `/.well-known/spectrum-receipt-key.json` gives it; else that of these settings.
    #[arg(long)]
    key: Option<PathBuf>,
    /// The host's name, to look for the reference as well.
    #[arg(long, requires = "member")]
    host: Option<String>,
    /// The host's reference for the member.
    #[arg(long, requires = "host")]
    member: Option<ExternalRef>,
}

/// What came of it.
struct Outcome {
    failed: bool,
}

impl Outcome {
    fn says(&mut self, well: bool, what: &str) {
        self.failed |= !well;
        println!("{} {what}", if well { "ok  " } else { "FAIL" });
    }
}

pub(super) async fn run(config: &Config, Receipt::Verify(args): Receipt) -> Result<ExitCode, Failure> {
    match verify(config, &args).await {
        Ok(Outcome { failed: false }) => Ok(ExitCode::SUCCESS),
        Ok(Outcome { failed: true }) => Ok(ExitCode::FAILURE),
        Err(error) => {
            eprintln!("error: {}", super::causes(error.as_ref()));
            Ok(ExitCode::from(2))
        }
    }
}

async fn verify(config: &Config, args: &VerifyArgs) -> Result<Outcome, Failure> {
    let keyring = compose::keyring(&config.secrets);
    let public_key = match &args.key {
        Some(file) => read_key(&std::fs::read_to_string(file)?).ok_or("the file holds no public key")?,
        None => keyring.ledger().public_key(),
    };
    let text = std::fs::read_to_string(&args.file)?;
    let mut outcome = Outcome { failed: false };
    let receipt = match check(&text, &public_key) {
        Ok(receipt) => receipt,
        Err(why) => {
            outcome.says(false, &format!("this is no receipt: {why}"));
            return Ok(outcome);
        }
    };
    outcome.says(
        true,
        &format!(
            "receipt {} of {} {}: signed, {} rows deleted in {} places, none left",
            receipt.number, receipt.kind, receipt.id, receipt.deleted, receipt.stores
        ),
    );
    let mut connection = compose::operator_connection(config).await?;
    if !find_traces::sees_everything(&mut connection).await? {
        return Err("this login is held back by row-level security, so not finding anything would show nothing".into());
    }
    chain(&mut connection, &receipt, &mut outcome).await?;
    if receipt.kind == "erasure" {
        absence(&mut connection, &keyring, &receipt, args, &mut outcome).await?;
    }
    Ok(outcome)
}

fn read_key(text: &str) -> Option<[u8; 32]> {
    let key: Value = serde_json::from_str(text).ok()?;
    unhex(key["public_key"].as_str()?)?.try_into().ok()
}

async fn chain(connection: &mut PgConnection, receipt: &Checked, outcome: &mut Outcome) -> Result<(), Failure> {
    let there = find_traces::chain_at(connection, receipt.number).await?;
    let hash_at = |number| there.iter().find(|(known, _)| *known == number).map(|(_, document)| hash_of(document));
    match hash_at(receipt.number) {
        Some(hash) => outcome.says(hash == receipt.hash, "it is the one that this database has under its number"),
        None => outcome.says(false, "this database has a receipt under its number"),
    }
    let before = hash_at(receipt.number - 1).unwrap_or_else(|| hex(&[0; 32]));
    outcome.says(before == receipt.previous, "it hangs on the receipt before it");
    Ok(())
}

async fn absence(
    connection: &mut PgConnection,
    keyring: &Keyring,
    receipt: &Checked,
    args: &VerifyArgs,
    outcome: &mut Outcome,
) -> Result<(), Failure> {
    let search = find_traces::by_hash(connection, keyring.ledger(), &receipt.member_hash).await?;
    found(&search, "no id of the member", outcome);
    let (Some(host), Some(member)) = (&args.host, &args.member) else { return Ok(()) };
    let host = host_key::find_host(connection, host).await?.ok_or("there is no such host")?;
    let meant = keyring.ledger().reference_hash(host, member.as_str()).as_slice() == receipt.reference_hash;
    outcome.says(meant, "the receipt is about this reference");
    match find_traces::came_at(connection, host, member.as_str()).await? {
        Some(came_at) if came_at > receipt.done_at => {
            println!("note the host has given the reference to somebody who came later, so it is not looked for");
        }
        _ => found(
            &find_traces::by_reference(connection, member.as_str()).await?,
            "no mention of the reference",
            outcome,
        ),
    }
    Ok(())
}

fn found(search: &Search, what: &str, outcome: &mut Outcome) {
    outcome.says(search.traces.is_empty(), &format!("{what} in {} columns", search.columns));
    for trace in &search.traces {
        println!("     {} rows in {}", trace.rows, trace.place);
    }
}
