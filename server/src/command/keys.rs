//! `spectrum keys`: putting another master key in place of the present one, and the copy of members' keys that lies apart
//! from backups. docs/erasure.md says what an operator has to do and why.

use std::{
    fs::{File, OpenOptions, rename},
    io::{BufRead as _, BufReader, BufWriter, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use clap::Subcommand;
use serde_json::Value;
use spectrum_core::{
    Services,
    db::{
        keyring::{hex, ledger_root},
        seal::MasterKey,
    },
};
use uuid::Uuid;

use super::Failure;
use crate::{compose, config::Config, http::public_key};

#[derive(Debug, Subcommand)]
pub(super) enum Keys {
    /// How many members' keys each master key wraps.
    Status,
    /// Wraps all members' keys under the current master key, while everything runs.
    Rotate,
    /// Prints the ledger key, which must be a setting before the master key is replaced. It is a secret.
    LedgerKey,
    /// Prints the public key that receipts are checked with.
    Public,
    /// Writes members' keys, tombstones and receipts to a file that lies apart from backups and takes the place of the one
    /// before it.
    Backup {
        /// Where to.
        file: PathBuf,
    },
    /// Puts such a file back into a restored database: erases again who was erased since, then gives the others their keys.
    Restore {
        /// From where.
        file: PathBuf,
    },
}

pub(super) async fn run(config: &Config, command: Keys) -> Result<(), Failure> {
    let services = compose::services(config)?;
    let done = act(config, &services, command).await;
    services.pools().close().await;
    done
}

async fn act(config: &Config, services: &Services, command: Keys) -> Result<(), Failure> {
    match command {
        Keys::Status => status(services).await,
        Keys::Rotate => {
            println!("{} wrapped anew", services.rotate_keys().await?);
            status(services).await
        }
        Keys::LedgerKey => {
            let secrets = &config.secrets;
            let root = secrets
                .ledger_key
                .clone()
                .unwrap_or_else(|| ledger_root(&MasterKey::new(&secrets.master_key_id, secrets.master_key.clone())));
            println!("{}", hex(root.as_slice()));
            Ok(())
        }
        Keys::Public => {
            println!("{}", public_key(services));
            Ok(())
        }
        Keys::Backup { file } => {
            let lines = backup(services, &file).await?;
            println!("{lines} lines");
            Ok(())
        }
        Keys::Restore { file } => {
            let lines: Vec<Value> = BufReader::new(File::open(file)?)
                .lines()
                .map(|line| Ok(serde_json::from_str(&line?)?))
                .collect::<Result<_, Failure>>()?;
            let (erased, keys) = services.restore_keys(&lines).await?;
            println!("{erased} erased again, {keys} keys put back");
            Ok(())
        }
    }
}

async fn status(services: &Services) -> Result<(), Failure> {
    let (counts, ids) = services.count_keys().await?;
    for (place, id) in ids.iter().enumerate() {
        let keys = counts.iter().find(|(known, _)| known == id).map_or(0, |(_, keys)| *keys);
        let role = match (place, keys) {
            (0, _) => "wraps",
            (_, 0) => "is needed by nothing in this database",
            _ => "only opens",
        };
        println!("master key {id}: {keys} keys; {role}");
    }
    for (id, keys) in counts.iter().filter(|(id, _)| !ids.contains(id)) {
        println!("master key {id}: {keys} keys; NOT CONFIGURED, these do not open");
    }
    Ok(())
}

/// Written beside the file and put in its place when it is whole, so that there is always one.
async fn backup(services: &Services, file: &Path) -> Result<u64, Failure> {
    let beside = file.with_extension("new");
    let mut out = BufWriter::new(OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?);
    let mut written = 0;
    let mut write = |lines: Vec<Value>| -> std::io::Result<()> {
        for line in lines {
            writeln!(out, "{line}")?;
            written += 1;
        }
        Ok(())
    };
    write(services.copy_ledger().await?)?;
    let mut after = Uuid::nil();
    while let Some((lines, last)) = services.copy_keys(after).await? {
        write(lines)?;
        after = last;
    }
    out.into_inner()?.sync_all()?;
    rename(beside, file)?;
    Ok(written)
}
