//! The command line: one file a command, each of which prints for people and ends with an exit code.

mod access;
mod check;
mod demo;
mod erase;
mod eval;
mod experiments;
mod export;
mod import;
mod jobs;
mod keys;
mod member;
mod prompts;
mod push;
mod reanalyse;
mod receipt;
mod replay;
mod retention;
mod serve;
mod simulate;
mod train;

use std::{ffi::OsString, path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use spectrum_core::access::host_key;
use spectrum_domain::{id::HostId, member::ExternalRef};

use crate::{
    compose,
    config::{Config, Queues, environment_name, keys, process_environment},
    embedded, http,
    lifecycle::Lifecycle,
    telemetry,
};

/// The insight layer of a reflective-conversation product.
#[derive(Debug, Parser)]
#[command(name = "spectrum", version)]
pub struct Arguments {
    /// Settings file (TOML); the environment lies over it.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Pages, API and jobs in one process.
    Serve,
    /// Pages and API.
    Web,
    /// Jobs.
    Worker {
        /// Which queues, and how many jobs of each at the same moment, as in `analysis:16,rollup:8`; else as in the
        /// settings.
        #[arg(long)]
        queues: Option<Queues>,
    },
    /// Brings the database to this version's tables.
    Migrate,
    /// A running Spectrum with sample members, from nothing.
    Demo(demo::DemoArgs),
    /// Replays a diary through the API, as a host would.
    Replay(crate::replay::ReplayArgs),
    /// Orders that sessions which another model has read be read anew, as far as their text is still held.
    Reanalyse {
        /// Only those of the member whom a host knows by this reference.
        #[arg(long)]
        member: Option<ExternalRef>,
    },
    /// The channels of the weekly push: how they stand, and their switches.
    #[command(subcommand)]
    Push(push::Push),
    /// Keeps some members from a feature by lot, so that its effect can be known.
    #[command(subcommand)]
    Experiments(experiments::Experiments),
    /// What waits, runs and is dead in the queue.
    #[command(subcommand)]
    Jobs(jobs::Jobs),
    /// Erases everything about a member, for good.
    Erase(erase::EraseArgs),
    /// What a member decides about their data, on their behalf.
    Member {
        #[command(flatten)]
        whom: member::Whom,
        #[command(subcommand)]
        decision: member::Decision,
    },
    /// Shows for how long what is kept, and whether it is so.
    Retention,
    /// Receipts of what was deleted.
    #[command(subcommand)]
    Receipt(receipt::Receipt),
    /// Master keys, members' keys and the copy of them that lies apart from backups.
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Writes everything held about a member into an archive.
    Export {
        /// The host's name.
        #[arg(long)]
        host: String,
        /// The host's reference for the member.
        #[arg(long)]
        member: ExternalRef,
        /// The archive to write; it must not be there yet.
        #[arg(long, value_name = "FILE")]
        output: PathBuf,
    },
    /// Reads an archive into a fresh member.
    Import {
        /// The host's name.
        #[arg(long)]
        host: String,
        /// The host's reference for the member, who is made if need be.
        #[arg(long)]
        member: ExternalRef,
        /// The archive.
        file: PathBuf,
    },
    /// Trains the analyzer's model.
    Train(train::TrainArgs),
    /// Judges the analyzer against labelled texts.
    Eval(eval::EvalArgs),
    /// People made up whose truth is known, and what is said of them: whether the team's numbers are right.
    #[command(subcommand)]
    Simulate(simulate::Simulate),
    /// Revisions of prompts: which is in use, and what review of them came to.
    #[command(subcommand)]
    Prompts(prompts::Prompts),
    /// People of the product team.
    #[command(subcommand)]
    Staff(access::Staff),
    /// Keys of host services.
    #[command(subcommand)]
    HostKey(access::HostKey),
    /// Issuers of the tokens that members come with.
    #[command(subcommand)]
    HostIssuer(access::HostIssuer),
    /// Prints the description of the API.
    Openapi,
    /// Prints every setting with its default and meaning, as a Markdown table.
    Settings,
    /// Says what is wrong with settings, database and front end.
    Doctor,
    /// A private PostgreSQL.
    #[command(subcommand)]
    Postgres(Postgres),
}

#[derive(Debug, Subcommand)]
enum Postgres {
    /// Runs a command on a throw-away PostgreSQL, with `DATABASE_URL` set.
    Run(RunArgs),
}

#[derive(Debug, Args)]
struct RunArgs {
    /// Commits wait for the disk, as in production.
    #[arg(long)]
    durable: bool,
    /// A setting of the server, as in `shared_buffers=1GB`.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = named_value)]
    settings: Vec<(String, String)>,
    /// The command and its arguments.
    #[arg(last = true, required = true)]
    argv: Vec<OsString>,
}

fn named_value(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("must be NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Whatever stops a command: said as a chain of causes.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Runs the command that was asked for.
pub async fn run(arguments: Arguments) -> ExitCode {
    match dispatch(arguments).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {}", causes(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

async fn dispatch(arguments: Arguments) -> Result<ExitCode, Failure> {
    let file = arguments.config;
    let load = || -> Result<Config, Failure> {
        let text = file.as_ref().map(std::fs::read_to_string).transpose()?;
        Ok(Config::load(text.as_deref(), process_environment)?)
    };
    match arguments.command {
        Command::Serve => serve::run(&load()?, crate::serve::Role::Both).await?,
        Command::Web => serve::run(&load()?, crate::serve::Role::Web).await?,
        Command::Worker { queues } => {
            let mut config = load()?;
            if let Some(queues) = queues {
                config.worker.queues = queues;
            }
            serve::run(&config, crate::serve::Role::Worker).await?;
        }
        Command::Push(command) => push::run(load, command).await?,
        Command::Experiments(command) => experiments::run(&load()?, command).await?,
        Command::Jobs(command) => jobs::run(&load()?, command).await?,
        Command::Erase(args) => erase::run(&load()?, args).await?,
        Command::Receipt(command) => return receipt::run(&load()?, command).await,
        Command::Keys(command) => keys::run(&load()?, command).await?,
        Command::Member { whom, decision } => member::run(&load()?, whom, decision).await?,
        Command::Retention => return retention::run(&load()?).await,
        Command::Export { host, member, output } => export::run(&load()?, &host, &member, &output).await?,
        Command::Import { host, member, file } => import::run(&load()?, &host, &member, &file).await?,
        Command::Migrate => serve::migrate(&load()?).await?,
        Command::Demo(args) => return demo::run(args).await,
        Command::Replay(args) => return replay::run(args).await,
        Command::Reanalyse { member } => reanalyse::run(&load()?, member).await?,
        Command::Train(args) => return train::run(&args),
        Command::Eval(args) => return eval::run(&args),
        Command::Simulate(command) => return simulate::run(&load, command).await,
        Command::Prompts(command) => prompts::run(&load()?, command).await?,
        Command::Staff(command) => access::staff(&load()?, command).await?,
        Command::HostKey(command) => access::host_key(&load()?, command).await?,
        Command::HostIssuer(command) => access::host_issuer(&load()?, command).await?,
        Command::Openapi => println!("{}", http::openapi().to_pretty_json()?),
        Command::Settings => print_settings(),
        Command::Doctor => return serve::doctor(load()).await,
        Command::Postgres(Postgres::Run(args)) => return run_on_postgres(&args).await,
    }
    Ok(ExitCode::SUCCESS)
}

async fn run_on_postgres(args: &RunArgs) -> Result<ExitCode, Failure> {
    let options = embedded::RunOptions {
        temp_dir: std::env::temp_dir(),
        bin_dir: process_environment("SPECTRUM_POSTGRES_BIN").map(PathBuf::from),
        durable: args.durable,
        settings: args.settings.clone(),
    };
    let code = embedded::run_command(options, &args.argv, &|word| eprintln!("{word}")).await?;
    Ok(ExitCode::from(code))
}

fn print_settings() {
    println!("| setting | in the environment | default | meaning |\n| --- | --- | --- | --- |");
    for row in setting_rows() {
        println!("{row}");
    }
}

/// Every setting as a row of a Markdown table.
fn setting_rows() -> impl Iterator<Item = String> {
    keys().map(|key| {
        let default = match key.default {
            None => "must be set".to_owned(),
            Some("") => "none".to_owned(),
            Some(value) => format!("`{value}`"),
        };
        format!("| `{}` | `{}` | {default} | {} |", key.name, environment_name(key.name), key.meaning)
    })
}

/// The host with this name.
async fn host_named(config: &Config, name: &str) -> Result<HostId, Failure> {
    let mut connection = compose::operator_connection(config).await?;
    Ok(host_key::find_host(&mut connection, name).await?.ok_or("there is no such host")?)
}

/// An error with what caused it, each once.
fn causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        cause = inner.source();
    }
    text
}

/// Starts logging and gives what runs and stops tasks.
fn begin(config: &Config) -> Result<Lifecycle, Failure> {
    Ok(Lifecycle::followed(telemetry::start(&config.log, &config.telemetry)?))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_readme_lists_every_setting() {
        let readme = include_str!("../../../README.md");
        for row in setting_rows() {
            assert!(readme.contains(&row), "README.md lacks this row; `spectrum settings` prints the table:\n{row}");
        }
    }
}
